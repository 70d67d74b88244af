package malt.data;

import java.util.List;

/** The training sets of one role. */
public record RoleDataset(List<SftExample> examples, List<PreferencePair> pairs) {
  public RoleDataset {
    examples = List.copyOf(examples);
    pairs = List.copyOf(pairs);
  }
}
