package malt.problem;

import java.io.Serializable;

/**
 * One question with its reference answer.
 *
 * @param id unique within its benchmark; part of every seed, so it must not depend on order
 * @param question the text put into prompts
 * @param answer the reference answer as graders compare it (GSM8K: what follows {@code ####})
 * @param cluster what it shares with the other instances of one template, whose answers are right
 *     or wrong together; the id where it stands alone
 */
public record Problem(String id, String question, String answer, String cluster)
    implements Serializable {
  /** A problem that stands alone. */
  public Problem(String id, String question, String answer) {
    this(id, question, answer, id);
  }
}
