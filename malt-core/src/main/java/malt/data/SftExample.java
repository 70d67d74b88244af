package malt.data;

import malt.agent.AgentRole;
import malt.model.Completion;
import malt.model.Prompt;

/**
 * A prompt with a completion worth imitating.
 *
 * @param prompt its messages as plain text, for people and other trainers; the ids that count are
 *     the completion's own
 * @param value V of the node it came from, in [0, 1]
 */
public record SftExample(
    AgentRole role, String problemId, Prompt prompt, Completion completion, double value) {}
