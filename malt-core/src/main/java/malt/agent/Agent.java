package malt.agent;

import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.SamplingParams;

/** A role with its prompt, and the model and adapter that play it. */
public record Agent(
    AgentRole role,
    PromptTemplate prompt,
    SamplingParams sampling,
    LanguageModel model,
    AdapterRef adapter) {
  public Agent withAdapter(AdapterRef other) {
    return new Agent(role, prompt, sampling, model, other);
  }

  public Agent withSampling(SamplingParams other) {
    return new Agent(role, prompt, other, model, adapter);
  }
}
