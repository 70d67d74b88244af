package malt.data;

import java.util.Arrays;
import malt.agent.AgentRole;
import malt.model.Completion;
import malt.model.Prompt;

/**
 * Two completions of one prompt, the first better: DPO's (x, y+, y-).
 *
 * @param prompt its messages as plain text, for people and other trainers; the ids that count are
 *     the completions' own, equal on both sides
 */
public record PreferencePair(
    AgentRole role,
    String problemId,
    Prompt prompt,
    Completion chosen,
    Completion rejected,
    double chosenValue,
    double rejectedValue) {
  public PreferencePair {
    if (!Arrays.equals(chosen.promptIds(), rejected.promptIds())) {
      throw new IllegalArgumentException(
          "the sides of a pair answer different prompts of problem " + problemId);
    }
  }
}
