package malt.agent;

import java.util.ArrayList;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.SamplingParams;

/** The paper's three roles with short prompts, all on the base. */
public final class ToyTeam {
  private static final SamplingParams SAMPLING = new SamplingParams(1.0, 1.0, 64);

  private static final String QUESTION = "{question}";
  private static final String ANSWER = "{generator}";
  private static final String CHECK = "Check the answer.";
  private static final String CRITIQUE = "{verifier}";
  private static final String IMPROVE = "Improve the answer.";

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

  private static Agent agent(AgentRole role, String... messages) {
    return new Agent(role, PromptTemplate.of(messages), SAMPLING, AdapterRef.BASE);
  }
}
