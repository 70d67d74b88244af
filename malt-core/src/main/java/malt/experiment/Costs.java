package malt.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.data.DatasetSettings;
import malt.data.Distillation;
import malt.experiment.ExperimentConfig.DistilSettings;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.problem.Problem;
import malt.tree.Branching;
import malt.tree.Lineage;

/**
 * What one seed of a run takes, stage by stage, worked out from its configuration before anything
 * is sampled. Upper bounds are of the configuration: every completion as long as its limit, every
 * set as large as its caps allow. What is expected rests on {@link Assumed}.
 */
public final class Costs {
  private static final int CHARACTERS_OF_A_TOKEN = 4; // of English prose, roughly

  /** Of a completion in the journal: its ids, log-probabilities and text, 4 bytes each. */
  private static final int BYTES_OF_A_TOKEN = 12;

  private static final int BYTES_OF_A_PROMPTS_TOKEN = 4;
  private static final int BYTES_OF_A_ROW = 220; // measured: keys, seed, values, SQLite's own

  /** Of what could enter a set, the share that does. */
  private static final double SHARE_OF_SETS = 0.5;

  /**
   * What no configuration says.
   *
   * @param train training questions
   * @param test questions of the evaluation
   * @param questionTokens of a question on the average
   * @param fill length of a completion on the average, as a share of its limit
   */
  public record Assumed(int train, int test, int questionTokens, double fill) {}

  /**
   * A stage.
   *
   * @param calls of the model, each of them a transaction of the journal; 0 of training
   * @param sequences completions sampled, or sequences trained on in each epoch
   * @param most tokens sampled or trained on, at most
   * @param expected likewise, as is assumed
   * @param read tokens of the prompts, each prompt once; 0 of training
   * @param bytes that the journal grows by
   */
  public record Stage(
      String name,
      boolean trains,
      long calls,
      long sequences,
      long most,
      long expected,
      long read,
      long bytes) {}

  private final ExperimentConfig config;
  private final Plan plan;
  private final Assumed assumed;
  private final Problem question;

  private Costs(ExperimentConfig config, Assumed assumed) {
    this.config = config;
    this.plan = Plan.of(config);
    this.assumed = assumed;
    this.question = new Problem("", text(assumed.questionTokens()), "");
  }

  /** Of one seed, in the order in which a run goes through them. */
  public static List<Stage> of(ExperimentConfig config, Assumed assumed) {
    return new Costs(config, assumed).stages();
  }

  private List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    for (Plan.Round round : plan.rounds()) {
      round.own().ifPresent(own -> stages.add(collecting(own)));
      for (Plan.Step step : round.steps()) {
        stages.add(training(round, step));
      }
      if (round.stop() != null) {
        stages.add(measuring(round, round.stop()));
      }
    }
    stages.addAll(evaluating());
    return stages;
  }

  private Stage collecting(Plan.Trees trees) {
    AgentTeam team = TeamChain.of(config, config.sampling()::tree);
    List<Long> nodes = new ArrayList<>();
    List<Long> prompts = new ArrayList<>();
    long level = assumed.train();
    for (int turn = 0; turn < team.turns(); turn++) {
      prompts.add(level);
      level *= trees.branching().at(turn);
      nodes.add(level);
    }
    return sampling("collect " + trees.round(), team, assumed.train(), nodes, prompts);
  }

  /** The passes over the dev questions that tell whether repetitions end early. */
  private Stage measuring(Plan.Round round, Plan.EarlyStop stop) {
    AgentTeam team = TeamChain.of(config, config.sampling()::evaluation);
    int teams = stop.rounds().get(0).equals(round.name()) ? 2 : 1; // the one before them, too
    int questions = Math.max(config.problems().dev(), config.problems().devFromTrain()) * teams;
    long passes = (long) questions * config.evaluation().votes();
    List<Long> nodes = Collections.nCopies(team.turns(), passes);
    List<Long> prompts = new ArrayList<>(nodes);
    prompts.set(0, (long) questions);
    return sampling("measure " + round.name(), team, questions, nodes, prompts);
  }

  /** Teams that share their first agents share those completions, as in a run. */
  private List<Stage> evaluating() {
    Teams teams = Teams.planned(config, new RunLayout(Path.of("")).seed(config.seeds().get(0)));
    Map<Lineage, Integer> held = new HashMap<>();
    List<Stage> stages = new ArrayList<>();
    for (Contestant contestant : Contestant.all(config, plan, config.evaluation(), teams)) {
      Branching passes = contestant.branching();
      List<Long> nodes = new ArrayList<>();
      for (int turn = 0; turn < contestant.team().turns(); turn++) {
        Lineage lineage = Lineage.of(contestant.team(), turn, contestant.substitution());
        int before = held.getOrDefault(lineage, 0);
        int wanted = Math.max(before, passes.at(0));
        held.put(lineage, wanted);
        nodes.add((long) (wanted - before) * assumed.test());
      }
      List<Long> prompts = new ArrayList<>(nodes);
      prompts.set(0, nodes.get(0) == 0 ? 0L : assumed.test());
      stages.add(
          sampling(
              "evaluate " + contestant.name(), contestant.team(), assumed.test(), nodes, prompts));
    }
    return stages;
  }

  private Stage sampling(
      String name, AgentTeam team, int questions, List<Long> nodes, List<Long> prompts) {
    int perCall = config.sampling().problemsPerCall();
    long calls = 0;
    long sequences = 0;
    long most = 0;
    long expected = 0;
    long read = 0;
    for (int turn = 0; turn < team.turns(); turn++) {
      int limit = team.agents().get(turn).sampling().maxTokens();
      calls += nodes.get(turn) == 0 ? 0 : (questions + perCall - 1) / perCall;
      sequences += nodes.get(turn);
      most += nodes.get(turn) * limit;
      expected += Math.round(nodes.get(turn) * limit * assumed.fill());
      read += prompts.get(turn) * promptTokens(team, turn);
    }
    long bytes =
        sequences * BYTES_OF_A_ROW + expected * BYTES_OF_A_TOKEN + read * BYTES_OF_A_PROMPTS_TOKEN;
    return new Stage(name, false, calls, sequences, most, expected, read, bytes);
  }

  /** Of a turn's prompt, whose earlier turns spoke as long as is expected of them. */
  private long promptTokens(AgentTeam team, int turn) {
    List<Completion> said =
        team.agents().subList(0, turn).stream().map(agent -> said(agent)).toList();
    long characters = 0;
    for (Message message : team.prompt(question, said).messages()) {
      characters += message.text().length();
    }
    return characters / CHARACTERS_OF_A_TOKEN;
  }

  private Completion said(Agent agent) {
    String text = text(Math.round(agent.sampling().maxTokens() * assumed.fill()));
    return new Completion(
        text, new int[0], new int[0], new float[0], FinishReason.STOP, agent.adapter(), 0);
  }

  private static String text(long tokens) {
    return "x".repeat(Math.toIntExact(tokens * CHARACTERS_OF_A_TOKEN));
  }

  private Stage training(Plan.Round round, Plan.Step step) {
    double sequences = 0;
    double most = 0;
    double expected = 0;
    for (Plan.Training training : step.trainings()) {
      double wanted = 0; // sequences of the set at most
      double tokens = 0; // of them, where completions are as long as their limits
      double likely = 0;
      for (Plan.Trees trees : round.trees()) {
        AgentTeam team = TeamChain.of(config, config.sampling()::tree);
        double prompts = assumed.train();
        for (int turn = 0; turn < team.turns(); turn++) {
          Agent agent = team.agents().get(turn);
          int siblings = trees.branching().at(turn);
          if (agent.role().equals(training.adapter().role())) {
            double found = prompts * perPrompt(round.recipe().datasets(), step.method(), siblings);
            int limit = agent.sampling().maxTokens();
            long prompt = promptTokens(team, turn);
            wanted += found;
            tokens += found * (prompt + limit);
            likely += found * (prompt + limit * assumed.fill());
          }
          prompts *= siblings;
        }
        DistilSettings distil = round.distil();
        if (distil != null && training.adapter().role().equals(Distillation.STUDENT)) {
          double leaves = prompts / assumed.train();
          int cap = round.recipe().datasets().maxExamplesPerPrompt();
          double found = assumed.train() * capped(leaves, cap);
          AgentTeam alone =
              TeamChain.student(distil, config.sampling().evaluation(distil.maxTokens()));
          long prompt = promptTokens(alone, 0);
          wanted += found;
          tokens += found * (prompt + distil.maxTokens());
          likely += found * (prompt + distil.maxTokens() * assumed.fill());
        }
      }
      double kept =
          kept(round.recipe().datasets(), step.method(), training.adapter().role(), wanted);
      double share = wanted == 0 ? 0 : kept / wanted;
      double usual = step.method() == Learning.PPO ? 1 : SHARE_OF_SETS;
      double entered = wanted == 0 ? 0 : Math.min(kept, wanted * usual) / wanted;
      int epochs = epochs(round.recipe(), step.method());
      sequences += kept;
      most += tokens * share * epochs;
      expected += likely * entered * epochs;
    }
    String name = "train %s %s".formatted(round.name(), step.method().label());
    return new Stage(
        name, true, 0, Math.round(sequences), Math.round(most), Math.round(expected), 0, 0);
  }

  /** Sequences that one prompt's completions can give; two of a pair. */
  private static double perPrompt(DatasetSettings settings, Learning method, int siblings) {
    return switch (method) {
      case SFT -> capped(siblings, settings.maxExamplesPerPrompt());
      case DPO -> 2 * capped(mostPairs(siblings), settings.maxPairsPerPrompt());
      case PPO -> siblings;
    };
  }

  /** Half of the siblings right and half of them wrong. */
  private static int mostPairs(int siblings) {
    return siblings * siblings / 4;
  }

  private double kept(DatasetSettings settings, Learning method, AgentRole role, double found) {
    if (method == Learning.PPO) {
      return found;
    }
    boolean balanced = settings.balance() && !role.equals(config.roles().get(0));
    int times = settings.maxRepeat();
    double repeated = balanced ? found * Math.max(1, 2.0 * times / (times + 1)) : found;
    return method == Learning.SFT
        ? capped(repeated, settings.maxExamples())
        : capped(repeated, 2 * settings.maxPairs());
  }

  private static double capped(double found, int cap) {
    return cap == 0 ? found : Math.min(found, cap);
  }

  private static int epochs(Recipe recipe, Learning method) {
    return switch (method) {
      case SFT -> recipe.sft().epochs();
      case DPO -> recipe.dpo().optimizer().epochs();
      case PPO -> recipe.ppo() == null ? 0 : recipe.ppo().optimizer().epochs();
    };
  }

  /** The sum of some stages. */
  public static Stage sum(String name, Collection<Stage> stages) {
    Stage sum = new Stage(name, false, 0, 0, 0, 0, 0, 0);
    for (Stage each : stages) {
      sum =
          new Stage(
              name,
              each.trains(),
              sum.calls() + each.calls(),
              sum.sequences() + each.sequences(),
              sum.most() + each.most(),
              sum.expected() + each.expected(),
              sum.read() + each.read(),
              sum.bytes() + each.bytes());
    }
    return sum;
  }
}
