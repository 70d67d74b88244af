package malt.data;

import malt.agent.AgentRole;
import malt.model.Completion;

/** Two completions of one prompt, the first better: DPO's (x, y+, y-). */
public record PreferencePair(
    AgentRole role,
    String problemId,
    Completion chosen,
    Completion rejected,
    double chosenValue,
    double rejectedValue) {}
