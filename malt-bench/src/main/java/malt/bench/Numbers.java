package malt.bench;

import java.util.Arrays;
import java.util.List;
import malt.ConfigException;

/** Whole numbers of command lines. */
final class Numbers {
  private Numbers() {}

  /** Of "1,8,32". */
  static List<Integer> list(String text) {
    try {
      return Arrays.stream(text.split(",", -1)).map(String::strip).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new ConfigException("%s is not a list of numbers such as 1,8,32".formatted(text), e);
    }
  }
}
