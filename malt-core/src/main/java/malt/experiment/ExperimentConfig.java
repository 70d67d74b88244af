package malt.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import malt.StrictYaml;
import malt.agent.AgentRole;
import malt.agent.PromptTemplate;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.data.DatasetSettings;
import malt.evaluation.PaperNumbers;
import malt.model.Dtype;
import malt.model.Message;
import malt.model.SamplingParams;
import malt.model.remote.RemoteSettings;
import malt.problem.CustomFile;
import malt.problem.Layout;
import malt.problem.Take;
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;

/** Everything that decides a run; configs/nano.yaml explains each key. No key has a default. */
public record ExperimentConfig(
    String name,
    List<Long> seeds,
    ModelSettings model,
    RemoteSection remote,
    ProblemSettings problems,
    List<RoleSettings> team,
    Map<String, List<Map<Message.Role, String>>> prompts,
    Sampling sampling,
    ValueIteration credit,
    DatasetSettings datasets,
    LoraSettings lora,
    OptimizerSettings sft,
    DpoSettings dpo,
    List<Schedule> schedules,
    List<Integer> secondTreeBranching,
    EvaluationSettings evaluation,
    ReportSettings report) {

  /**
   * The base model, how it is spoken to and how it is run.
   *
   * @param layout how prompts are laid out
   * @param templateVariables what the chat template reads besides the messages, by name
   * @param date the day that a template which prints the date is told, in ISO 8601
   * @param stop texts that end a completion besides end-of-text; they are not part of its text
   * @param threads batches sampled, and roles trained, side by side
   * @param operationThreads threads that share each forward of one of them
   */
  public record ModelSettings(
      String path,
      PromptForm layout,
      Map<String, Object> templateVariables,
      String date,
      List<String> stop,
      Dtype dtype,
      int threads,
      int operationThreads,
      int batchRows,
      int trainingBatchTokens,
      boolean recomputeActivations) {
    public ModelSettings {
      templateVariables = Collections.unmodifiableMap(new LinkedHashMap<>(templateVariables));
      stop = List.copyOf(stop);
    }
  }

  /** How a prompt becomes the text that the model goes on from. */
  public enum PromptForm {
    /** By the model's chat template. */
    CHAT,
    /** The messages' texts with a blank line between them: for base models. */
    PLAIN
  }

  /**
   * A server that samples in place of the local model.
   *
   * @param stages what it samples; nothing if empty
   */
  public record RemoteSection(List<RemoteStage> stages, RemoteSettings server) {
    public RemoteSection {
      stages = List.copyOf(stages);
    }

    public boolean samples(RemoteStage stage) {
      return stages.contains(stage);
    }
  }

  /** What a remote model can sample. */
  public enum RemoteStage {
    /** The trees of the training problems. */
    @JsonProperty("collect")
    COLLECT,
    /** The passes over the questions of the evaluation. */
    @JsonProperty("evaluate")
    EVALUATE
  }

  /**
   * Which problems, and who grades them.
   *
   * @param source "nano", or the {@link Layout} of the files
   * @param fields of files in the layout "custom"
   * @param devFromTrain so many problems of the training file are the dev set instead, drawn by the
   *     seed; 0 for none
   * @param train how many: of generated problems exactly, of a file's at most; 0 for all of a file
   * @param take which of a file's, where not all are wanted
   * @param seed of generated problems, and of what is drawn from files
   */
  public record ProblemSettings(
      String source,
      String trainFile,
      String devFile,
      String testFile,
      CustomFile fields,
      int devFromTrain,
      int train,
      int dev,
      int test,
      Take take,
      long seed,
      String grader,
      String evaluateOn) {
    /** Generated problems of the embedded model's task. */
    public static final String NANO = "nano";

    /** Whether the problems are generated, not read from files. */
    public boolean generated() {
      return source.equals(NANO);
    }
  }

  /** A role of the chain and its branching. */
  public record RoleSettings(AgentRole role, int branching, int maxTokens) {}

  /** How trees and evaluation passes are sampled. */
  public record Sampling(
      double treeTemperature, double evaluationTemperature, double topP, int problemsPerCall) {
    SamplingParams tree(int maxTokens) {
      return new SamplingParams(treeTemperature, topP, maxTokens);
    }

    SamplingParams evaluation(int maxTokens) {
      return new SamplingParams(evaluationTemperature, topP, maxTokens);
    }
  }

  /**
   * What is evaluated beyond the main rows.
   *
   * @param ablated schedules whose team the ablations are made of
   * @param paper title of the {@link PaperNumbers} that the table shows beside its own; "" for none
   */
  public record EvaluationSettings(
      int votes,
      String flag,
      List<Ablation> ablations,
      List<Schedule> ablated,
      DebateSettings debate,
      String paper) {
    /** The same with every study that the team and the prompts allow. */
    EvaluationSettings widest(ExperimentConfig config) {
      return new EvaluationSettings(
          votes,
          flag,
          List.of(Ablation.values()),
          config.schedules,
          debate.enabled(config.prompts.keySet().containsAll(DebateSettings.PROMPTS)),
          paper);
    }
  }

  /** Studies of a trained team; each is a row of the report. */
  public enum Ablation {
    /** One role after the other played by the untrained base. */
    @JsonProperty("untrained-role")
    UNTRAINED_ROLE,
    /** Roles left out: of three, G, G+V and G+R. */
    @JsonProperty("dropped-role")
    DROPPED_ROLE,
    /** Those who speak after a critique see another question's. */
    @JsonProperty("shuffled-critiques")
    SHUFFLED_CRITIQUES,
    /** A verifier and who speaks after it swap adapters. */
    @JsonProperty("swapped-adapters")
    SWAPPED_ADAPTERS
  }

  /** Multi-agent debate by the untrained base (Du et al. 2023). */
  public record DebateSettings(
      boolean enabled, int agents, int rounds, int maxTokens, String separator) {
    /** Key of the prompt of the first round. */
    public static final String FIRST = "debate-first";

    /**
     * Key of the prompt of later rounds; {own} is the agent's previous answer, {others} the others'
     * answers joined by the separator.
     */
    public static final String AGAIN = "debate-again";

    static final Set<String> PROMPTS = Set.of(FIRST, AGAIN);

    DebateSettings enabled(boolean whether) {
      return new DebateSettings(whether, agents, rounds, maxTokens, separator);
    }
  }

  /** How much the report shows. */
  public record ReportSettings(int trees) {}

  public ExperimentConfig {
    seeds = List.copyOf(seeds);
    team = List.copyOf(team);
    prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts)); // in the file's order
    schedules = List.copyOf(schedules);
    secondTreeBranching = List.copyOf(secondTreeBranching);
  }

  /** Reads a preset, applies overrides, and reports everything wrong with it at once. */
  public static ExperimentConfig read(Path file, List<String> overrides) {
    ExperimentConfig config = StrictYaml.read(file, overrides, ExperimentConfig.class);
    ConfigRules.check(config, file.toString());
    return config;
  }

  public List<AgentRole> roles() {
    return team.stream().map(RoleSettings::role).toList();
  }

  /** The prompt of a role or of the debate; the rules have seen that it is there. */
  PromptTemplate template(String key) {
    return template(Objects.requireNonNull(prompts.get(key), key));
  }

  static PromptTemplate template(List<Map<Message.Role, String>> messages) {
    return new PromptTemplate(
        messages.stream()
            .flatMap(message -> message.entrySet().stream())
            .map(entry -> new PromptTemplate.Entry(entry.getKey(), entry.getValue()))
            .toList());
  }

  /** The same experiment under another name and rule of credit. */
  public ExperimentConfig withCredit(String newName, double threshold, Pooling pooling) {
    return with(newName, problems, new ValueIteration(threshold, pooling));
  }

  /** The same experiment under another name and grader. */
  public ExperimentConfig withGrader(String newName, String grader) {
    ProblemSettings p = problems;
    ProblemSettings graded =
        new ProblemSettings(
            p.source,
            p.trainFile,
            p.devFile,
            p.testFile,
            p.fields,
            p.devFromTrain,
            p.train,
            p.dev,
            p.test,
            p.take,
            p.seed,
            grader,
            p.evaluateOn);
    return with(newName, graded, credit);
  }

  private ExperimentConfig with(String newName, ProblemSettings asked, ValueIteration rule) {
    ExperimentConfig changed =
        new ExperimentConfig(
            newName,
            seeds,
            model,
            remote,
            asked,
            team,
            prompts,
            sampling,
            rule,
            datasets,
            lora,
            sft,
            dpo,
            schedules,
            secondTreeBranching,
            evaluation,
            report);
    ConfigRules.check(changed, newName);
    return changed;
  }
}
