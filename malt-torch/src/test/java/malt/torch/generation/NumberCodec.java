package malt.torch.generation;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import malt.model.Prompt;

/** A codec for tests: the text "3 1 4" is the ids 3, 1, 4. */
record NumberCodec(Set<Integer> ends, List<String> stop) implements PromptCodec {
  NumberCodec(Set<Integer> ends) {
    this(ends, List.of());
  }

  @Override
  public int[] encode(Prompt prompt) {
    return prompt.messages().stream()
        .flatMap(message -> Arrays.stream(message.text().split(" ")))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  @Override
  public String decode(int[] ids) {
    return Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  @Override
  public boolean isEnd(int id) {
    return ends.contains(id);
  }

  @Override
  public List<String> stop() {
    return stop;
  }
}
