package malt.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a role is trained. */
public enum Learning {
  /** Supervised fine-tuning on the role's good completions. */
  @JsonProperty("sft")
  SFT("sft"),
  /** Direct preference optimisation on its pairs of good and bad ones. */
  @JsonProperty("dpo")
  DPO("dpo"),
  /** Proximal policy optimisation on all its completions, by what their nodes are worth. */
  @JsonProperty("ppo")
  PPO("ppo");

  private final String label;

  Learning(String label) {
    this.label = label;
  }

  /** As it is called in files, adapters' names and progress. */
  public String label() {
    return label;
  }
}
