package malt.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.generation.PromptCodec;

/**
 * Prompts of random ids from {@code first} to below {@code end}: a text is a seed and how many ids
 * it stands for, sampled parts keep their own. Nothing ends a completion.
 */
record RandomIds(int first, int end) implements PromptCodec {
  static Message.Part part(long seed, int count) {
    return new Message.Text(seed + ":" + count);
  }

  @Override
  public int[] encode(Prompt prompt) {
    return prompt.messages().stream()
        .flatMap(message -> message.parts().stream())
        .flatMapToInt(this::ids)
        .toArray();
  }

  private IntStream ids(Message.Part part) {
    if (part instanceof Message.Sampled sampled) {
      return Arrays.stream(sampled.completion().ids());
    }
    String[] seedAndCount = part.text().split(":", 2);
    return new SplittableRandom(Long.parseLong(seedAndCount[0]))
        .ints(Integer.parseInt(seedAndCount[1]), first, end);
  }

  @Override
  public String decode(int[] ids) {
    return "";
  }

  @Override
  public boolean isEnd(int id) {
    return false;
  }
}
