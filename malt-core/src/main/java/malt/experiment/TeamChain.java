package malt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import malt.agent.PromptTemplate;
import malt.data.Distillation;
import malt.experiment.ExperimentConfig.DebateSettings;
import malt.experiment.ExperimentConfig.DistilSettings;
import malt.experiment.ExperimentConfig.LoopSettings;
import malt.experiment.ExperimentConfig.TurnSettings;
import malt.model.AdapterRef;
import malt.model.SamplingParams;

/** The teams that a configuration describes, all on the base. */
final class TeamChain {
  private TeamChain() {}

  /** How the completions of a turn are drawn. */
  interface Drawn {
    SamplingParams of(int maxTokens);
  }

  /** The team, its loop unrolled: a turn that comes again is called NAME-2 and so on. */
  static AgentTeam of(ExperimentConfig config, Drawn drawn) {
    List<Agent> agents = new ArrayList<>();
    Map<String, TurnSettings> turns = turns(config);
    List<String> looped = config.loop() == null ? List.of() : looped(config.loop());
    int answer = 0;
    for (Map.Entry<String, TurnSettings> entry : turns.entrySet()) {
      TurnSettings settings = entry.getValue();
      boolean ends = looped.contains(entry.getKey()) && settings.judging();
      String flag = settings.flag() == null ? "" : settings.flag();
      agents.add(
          new Agent(
              entry.getKey(),
              ExperimentConfig.role(entry.getKey(), settings),
              ExperimentConfig.template(settings.prompt()),
              drawn.of(settings.maxTokens()),
              AdapterRef.BASE,
              settings.judging() ? new Judgement(answer, flag, ends) : null));
      if (!settings.judging()) {
        answer = agents.size() - 1;
      }
    }
    return new AgentTeam(agents, config.voters() == null ? 1 : config.voters());
  }

  /** Every turn by its name, those of a loop as often as they come; roles are written out. */
  static Map<String, TurnSettings> turns(ExperimentConfig config) {
    Map<String, TurnSettings> turns = new LinkedHashMap<>();
    config.team().forEach((name, turn) -> turns.put(name, named(name, turn)));
    LoopSettings loop = config.loop();
    for (int time = 2; loop != null && time <= loop.times(); time++) {
      for (String name : loop.turns()) {
        TurnSettings again = config.team().get(name);
        if (again != null) {
          turns.put(again(name, time), named(name, again));
        }
      }
    }
    return turns;
  }

  /** Whether a turn judges, and another one after it can hear that. */
  static boolean heardJudge(ExperimentConfig config) {
    List<TurnSettings> turns = List.copyOf(turns(config).values());
    return turns.stream().limit(Math.max(0, turns.size() - 1)).anyMatch(TurnSettings::judging);
  }

  private static String again(String name, int time) {
    return time == 1 ? name : name + "-" + time;
  }

  private static TurnSettings named(String name, TurnSettings turn) {
    return new TurnSettings(
        ExperimentConfig.role(name, turn),
        turn.branching(),
        turn.maxTokens(),
        turn.judges(),
        turn.flag(),
        turn.learns(),
        turn.prompt());
  }

  private static List<String> looped(LoopSettings loop) {
    List<String> names = new ArrayList<>();
    for (int time = 1; time <= loop.times(); time++) {
      for (String name : loop.turns()) {
        names.add(again(name, time));
      }
    }
    return names;
  }

  /** A single model that was taught what the team came to. */
  static AgentTeam student(DistilSettings distil, SamplingParams sampling) {
    return new AgentTeam(
        List.of(
            new Agent(
                Distillation.STUDENT,
                ExperimentConfig.template(distil.prompt()),
                sampling,
                AdapterRef.BASE)));
  }

  /** A debate of the untrained base as one long chain: round by round, agent by agent. */
  static AgentTeam debate(DebateSettings debate, SamplingParams sampling) {
    List<Agent> agents = new ArrayList<>();
    for (int round = 1; round <= debate.rounds(); round++) {
      for (int agent = 1; agent <= debate.agents(); agent++) {
        agents.add(
            new Agent(
                new AgentRole(debater(agent, round)),
                round == 1
                    ? ExperimentConfig.template(debate.first())
                    : again(debate, agent, round - 1),
                sampling,
                AdapterRef.BASE));
      }
    }
    return new AgentTeam(agents, debate.agents());
  }

  private static String debater(int agent, int round) {
    return "debater%d-round%d".formatted(agent, round);
  }

  private static PromptTemplate again(DebateSettings debate, int agent, int before) {
    List<String> others = new ArrayList<>();
    for (int other = 1; other <= debate.agents(); other++) {
      if (other != agent) {
        others.add("{" + debater(other, before) + "}");
      }
    }
    String joined = String.join(debate.separator(), others);
    String own = "{" + debater(agent, before) + "}";
    return new PromptTemplate(
        ExperimentConfig.template(debate.again()).entries().stream()
            .map(
                entry ->
                    new PromptTemplate.Entry(
                        entry.role(),
                        entry.content().replace("{own}", own).replace("{others}", joined)))
            .toList());
  }
}
