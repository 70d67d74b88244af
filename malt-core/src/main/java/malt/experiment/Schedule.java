package malt.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In which order trees are sampled and roles trained. */
public enum Schedule {
  /** The paper's: one tree sampled from the base, every role trained from it. */
  @JsonProperty("joint")
  JOINT("joint", ""),

  /**
   * Ours: the first role is trained on the base's tree; a second tree is sampled with it, and the
   * others are trained on that.
   */
  @JsonProperty("generator-first")
  GENERATOR_FIRST("generator-first", " GF");

  private final String directory;
  private final String suffix;

  Schedule(String directory, String suffix) {
    this.directory = directory;
    this.suffix = suffix;
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
