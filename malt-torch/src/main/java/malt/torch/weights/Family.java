package malt.torch.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An architecture that is supported, with what transformers' configuration class of it assumes
 * where config.json leaves a key out.
 */
enum Family {
  LLAMA("LlamaForCausalLM", 2048, 0, 0, 0),
  MISTRAL("MistralForCausalLM", 131_072, 8, 0, 4096),
  QWEN2("Qwen2ForCausalLM", 32_768, 32, 0, 0),
  QWEN3("Qwen3ForCausalLM", 32_768, 32, 128, 0),
  GEMMA3("Gemma3ForCausalLM", 131_072, 4, 256, 4096);

  /** Assumed by all of them. */
  static final double NORM_EPSILON = 1e-6;

  private final String architecture;
  private final int maxPositions;
  private final int keyValueHeads;
  private final int headSize;
  private final int slidingWindow;

  Family(
      String architecture, int maxPositions, int keyValueHeads, int headSize, int slidingWindow) {
    this.architecture = architecture;
    this.maxPositions = maxPositions;
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
    this.slidingWindow = slidingWindow;
  }

  /** The family whose architecture has that name in config.json. */
  static Optional<Family> named(String architecture) {
    return Arrays.stream(values())
        .filter(family -> family.architecture.equals(architecture))
        .findFirst();
  }

  /** Names of all architectures, for messages. */
  static String architectures() {
    return Arrays.stream(values())
        .map(family -> family.architecture)
        .collect(Collectors.joining(", "));
  }

  int maxPositions() {
    return maxPositions;
  }

  /** As many as there are heads where the family assumes no number of its own. */
  int keyValueHeads(int heads) {
    return keyValueHeads == 0 ? heads : keyValueHeads;
  }

  /** The heads' share of the hidden size where the family assumes no number of its own. */
  int headSize(int hiddenSize, int heads) {
    return headSize == 0 ? hiddenSize / heads : headSize;
  }

  double ropeTheta() {
    return this == GEMMA3 ? 1_000_000 : 10_000;
  }

  /** Whether the head is the embedding. */
  boolean tiedHead() {
    return this == GEMMA3;
  }

  /** In tokens; 0 for none. */
  int slidingWindow() {
    return slidingWindow;
  }
}
