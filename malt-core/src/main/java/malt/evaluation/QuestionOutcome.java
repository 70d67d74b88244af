package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import malt.problem.Grade;
import org.jspecify.annotations.Nullable;

/**
 * What a method made of one question.
 *
 * @param cluster the question's; its own id where it stands alone
 * @param answer the answer voted for; null where no ballot states one
 * @param grade UNGRADABLE where every ballot failed or the reference is broken: such a question
 *     stays in n, is not correct, and is counted by itself
 */
public record QuestionOutcome(
    String method,
    long seed,
    @JsonProperty("id") String problemId,
    String cluster,
    @Nullable String answer,
    Grade grade) {
  public boolean correct() {
    return grade == Grade.CORRECT;
  }
}
