package malt.data;

import java.util.Collections;
import java.util.List;

/** The training sets of one role; a list that reads its file stays one. */
public record RoleDataset(
    List<SftExample> examples, List<PreferencePair> pairs, List<PolicyExample> policy) {
  public RoleDataset {
    examples = Collections.unmodifiableList(examples);
    pairs = Collections.unmodifiableList(pairs);
    policy = Collections.unmodifiableList(policy);
  }
}
