package malt.data;

import malt.agent.AgentRole;
import malt.model.Completion;

/** A prompt with a completion worth imitating. The prompt's ids are the completion's own. */
public record SftExample(AgentRole role, String problemId, Completion completion, double value) {}
