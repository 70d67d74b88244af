package malt.agent;

import static malt.model.Message.Role.ASSISTANT;
import static malt.model.Message.Role.USER;

import java.util.List;
import malt.agent.PromptTemplate.Entry;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.SamplingParams;

/** The paper's three roles with short prompts, all played by one base model. */
public final class ToyTeam {
  private static final SamplingParams SAMPLING = new SamplingParams(1.0, 1.0, 64);

  private static final Entry QUESTION = new Entry(USER, "{question}");
  private static final Entry ANSWER = new Entry(ASSISTANT, "{generator}");
  private static final Entry CHECK = new Entry(USER, "Check the answer.");
  private static final Entry CRITIQUE = new Entry(ASSISTANT, "{verifier}");
  private static final Entry IMPROVE = new Entry(USER, "Improve the answer.");

  private ToyTeam() {}

  /** Generator, verifier and refiner. */
  public static AgentTeam of(LanguageModel model) {
    return new AgentTeam(
        List.of(
            agent(AgentRole.GENERATOR, model, QUESTION),
            agent(AgentRole.VERIFIER, model, QUESTION, ANSWER, CHECK),
            agent(AgentRole.REFINER, model, QUESTION, ANSWER, CHECK, CRITIQUE, IMPROVE)));
  }

  /** The generator alone. */
  public static AgentTeam single(LanguageModel model) {
    return new AgentTeam(List.of(agent(AgentRole.GENERATOR, model, QUESTION)));
  }

  private static Agent agent(AgentRole role, LanguageModel model, Entry... entries) {
    return new Agent(role, new PromptTemplate(List.of(entries)), SAMPLING, model, AdapterRef.BASE);
  }
}
