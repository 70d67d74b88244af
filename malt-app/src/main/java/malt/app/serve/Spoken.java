package malt.app.serve;

import java.util.List;
import java.util.stream.Stream;
import malt.app.team.TeamAnswer;
import malt.model.Completion;
import org.jspecify.annotations.Nullable;

/**
 * One choice of an answer.
 *
 * @param completion the answer itself
 * @param team how it came about; null where one model spoke alone
 */
record Spoken(Completion completion, @Nullable TeamAnswer team) {
  private Stream<Completion> all() {
    return team == null ? Stream.of(completion) : team.passes().stream().flatMap(List::stream);
  }

  /** Prompt tokens of every call of the model that it took. */
  long promptTokens() {
    return all().mapToLong(one -> one.promptIds().length).sum();
  }

  /** Tokens sampled, likewise. */
  long completionTokens() {
    return all().mapToLong(one -> one.ids().length).sum();
  }
}
