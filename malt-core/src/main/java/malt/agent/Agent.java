package malt.agent;

import java.io.Serializable;
import malt.model.AdapterRef;
import malt.model.SamplingParams;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks on a turn: a role with its prompt, under an adapter of the base.
 *
 * @param turn its name, unlike every other of the team; a role that speaks once gives it its own
 * @param judges what its words say of an earlier answer; null where they are an answer
 */
public record Agent(
    String turn,
    AgentRole role,
    PromptTemplate prompt,
    SamplingParams sampling,
    AdapterRef adapter,
    @Nullable Judgement judges)
    implements Serializable {

  /** A role that speaks once, and answers. */
  public Agent(AgentRole role, PromptTemplate prompt, SamplingParams sampling, AdapterRef adapter) {
    this(role.name(), role, prompt, sampling, adapter, null);
  }

  public Agent withAdapter(AdapterRef other) {
    return new Agent(turn, role, prompt, sampling, other, judges);
  }

  /** The same, whose words are a judgement. */
  public Agent judging(Judgement judgement) {
    return new Agent(turn, role, prompt, sampling, adapter, judgement);
  }
}
