package malt.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In which order trees are sampled and roles trained. */
public enum Schedule {
  /** The paper's: one tree sampled from the base, every role trained from it. */
  @JsonProperty("joint")
  JOINT("joint", ""),

  /**
   * Ours: the first role is trained on the base's tree; a second tree is sampled with it, and the
   * others are trained on that. The first role's adapters are those of {@link #JOINT} under every
   * schedule.
   */
  @JsonProperty("generator-first")
  GENERATOR_FIRST("generator-first", " GF"),

  /**
   * Ours: every role is trained by SFT on the base's tree; a second tree is sampled with that team,
   * and DPO prefers among what its own reference policies say. Elsewhere that is a round of
   * on-policy, or iterative, DPO (Xu et al. 2023); with {@code dpo.nll_weight} above 0, of
   * iterative RPO (Pang et al. 2024).
   */
  @JsonProperty("sft-first")
  SFT_FIRST("sft-first", " SF");

  private final String directory;
  private final String suffix;

  Schedule(String directory, String suffix) {
    this.directory = directory;
    this.suffix = suffix;
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

  /** What reports put behind a method's name. */
  public String suffix() {
    return suffix;
  }
}
