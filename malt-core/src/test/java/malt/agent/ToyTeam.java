package malt.agent;

import static malt.model.Message.Role.ASSISTANT;
import static malt.model.Message.Role.USER;

import java.util.ArrayList;
import java.util.List;
import malt.agent.PromptTemplate.Entry;
import malt.model.AdapterRef;
import malt.model.SamplingParams;

/** The paper's three roles with short prompts, all on the base. */
public final class ToyTeam {
  private static final SamplingParams SAMPLING = new SamplingParams(1.0, 1.0, 64);

  private static final Entry QUESTION = new Entry(USER, "{question}");
  private static final Entry ANSWER = new Entry(ASSISTANT, "{generator}");
  private static final Entry CHECK = new Entry(USER, "Check the answer.");
  private static final Entry CRITIQUE = new Entry(ASSISTANT, "{verifier}");
  private static final Entry IMPROVE = new Entry(USER, "Improve the answer.");

  private ToyTeam() {}

  /** Generator, verifier and refiner; nothing tells what a critique says. */
  public static AgentTeam of() {
    return judged("", false);
  }

  /** The same, with an expression that critiques of wrong answers hold. */
  public static AgentTeam judged(String flag, boolean ends) {
    return new AgentTeam(
        List.of(
            agent(AgentRole.GENERATOR, QUESTION),
            agent(AgentRole.VERIFIER, QUESTION, ANSWER, CHECK)
                .judging(new Judgement(0, flag, ends)),
            agent(AgentRole.REFINER, QUESTION, ANSWER, CHECK, CRITIQUE, IMPROVE)));
  }

  /** The generator alone. */
  public static AgentTeam single() {
    return new AgentTeam(List.of(agent(AgentRole.GENERATOR, QUESTION)));
  }

  /** A generator, and others who each answer anew. */
  public static AgentTeam chain(int turns) {
    List<Agent> agents = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      agents.add(agent(turn == 0 ? AgentRole.GENERATOR : new AgentRole("r" + turn), QUESTION));
    }
    return new AgentTeam(agents);
  }

  private static Agent agent(AgentRole role, Entry... entries) {
    return new Agent(role, new PromptTemplate(List.of(entries)), SAMPLING, AdapterRef.BASE);
  }
}
