package malt.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In which order trees are sampled and roles trained. */
public enum Schedule {
  /** The paper's: one tree sampled from the base, every role trained from it. */
  @JsonProperty("joint")
  JOINT("joint", "", ""),

  /**
   * Ours: the first role is trained on the base's tree; a second tree is sampled with it, and the
   * others are trained on that. The first role's adapters are those of {@link #JOINT} under every
   * schedule.
   */
  @JsonProperty("generator-first")
  GENERATOR_FIRST(
      "generator-first", "GF", "the first role trained first, the others on trees sampled with it"),

  /**
   * Ours: every role is trained by SFT on the base's tree; a second tree is sampled with that team,
   * and DPO prefers among what its own reference policies say. Elsewhere that is a round of
   * on-policy, or iterative, DPO (Xu et al. 2023); with {@code dpo.nll_weight} above 0, of
   * iterative RPO (Pang et al. 2024).
   */
  @JsonProperty("sft-first")
  SFT_FIRST(
      "sft-first",
      "SF",
      "SFT first, DPO on trees sampled with the team after SFT (a round of on-policy DPO)");

  private final String directory;
  private final String label;
  private final String remark;

  Schedule(String directory, String label, String remark) {
    this.directory = directory;
    this.label = label;
    this.remark = remark;
  }

  /**
   * The schedule under which a role's adapter of a stage, "sft" or "dpo", is trained: this one, or
   * {@link #JOINT} where this one takes it over.
   */
  Schedule origin(boolean firstRole, String stage) {
    boolean takenOver = firstRole || (this == SFT_FIRST && stage.equals("sft"));
    return takenOver ? JOINT : this;
  }

  /** Name of its directory, and of its scope in the journal. */
  public String directory() {
    return directory;
  }

  /** What tells its teams from those of {@link #JOINT} in the names of rows. */
  String label() {
    return label;
  }

  /** What must be known of it to read its rows; "" for nothing. */
  String remark() {
    return remark;
  }
}
