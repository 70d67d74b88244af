package malt.data;

import malt.agent.AgentRole;
import malt.model.Completion;
import malt.model.Prompt;

/**
 * A completion as a policy drew it, good or bad.
 *
 * @param prompt its messages as plain text, for people and other trainers; the ids that count are
 *     the completion's own
 * @param value V of the node it came from, in [0, 1]
 * @param advantage by how much it is better than what else was drawn for its prompt
 */
public record PolicyExample(
    AgentRole role,
    String problemId,
    Prompt prompt,
    Completion completion,
    double value,
    double advantage) {}
