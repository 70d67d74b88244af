package malt.experiment;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import malt.StrictYaml;
import malt.agent.AgentRole;
import malt.agent.PromptTemplate;
import malt.credit.ValueIteration;
import malt.data.DatasetSettings;
import malt.evaluation.PaperNumbers;
import malt.evaluation.Study;
import malt.model.Dtype;
import malt.model.Message;
import malt.model.SamplingParams;
import malt.model.remote.RemoteSettings;
import malt.problem.CustomFile;
import malt.problem.Layout;
import malt.problem.Take;
import malt.problem.TaskVariant;
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.PpoSettings;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides a run; configs/nano.yaml explains each key. No key has a default; those
 * that may be left out mean by their absence that there is no such thing.
 *
 * @param machine how the model is run: what changes results by rounding at most
 * @param tracking who is told of the run as it goes; null for nobody. A run may go on under another
 * @param remote a server that samples; null for none
 * @param team its turns by name, in the order in which they speak
 * @param loop turns that are repeated; null where each speaks once
 * @param voters last turns that are put to the vote; null for the last answer alone
 * @param training who trains; null for the local trainer
 * @param ppo null where no schedule of the run trains by it
 * @param start the team that schedules begin with; null for the untrained base
 * @param schedules who samples and who is trained when, by name
 * @param run names of the schedules that this run carries out
 */
public record ExperimentConfig(
    String name,
    List<Long> seeds,
    ModelSettings model,
    MachineSettings machine,
    @Nullable TrackingSettings tracking,
    @Nullable RemoteSection remote,
    ProblemSettings problems,
    Map<String, TurnSettings> team,
    @Nullable LoopSettings loop,
    @Nullable Integer voters,
    Sampling sampling,
    ValueIteration credit,
    DatasetSettings datasets,
    @Nullable TrainingSettings training,
    LoraSettings lora,
    OptimizerSettings sft,
    DpoSettings dpo,
    @Nullable PpoSettings ppo,
    @Nullable StartSettings start,
    Map<String, ScheduleSettings> schedules,
    List<String> run,
    EvaluationSettings evaluation,
    ReportSettings report) {

  /**
   * The base model and how it is spoken to.
   *
   * @param layout how prompts are laid out
   * @param templateVariables what the chat template reads besides the messages, by name
   * @param date the day that a template which prints the date is told, in ISO 8601
   * @param stop texts that end a completion besides end-of-text; they are not part of its text
   */
  public record ModelSettings(
      String path,
      PromptForm layout,
      Map<String, Object> templateVariables,
      String date,
      List<String> stop,
      Dtype dtype) {
    public ModelSettings {
      templateVariables = ordered(templateVariables);
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
   * How the model is run here; a run may be continued under other settings of this section.
   *
   * @param device where the model computes: cpu, cuda:0 (the number of the card) or mps; null for
   *     cpu
   * @param threads batches sampled, and roles trained, side by side; on a card one after the other
   * @param operationThreads threads of the processor that share each forward, or batch of training,
   *     of one of them
   * @param batchRows most completions decoded together
   * @param trainingBatchTokens most tokens of one adapter whose activations are there together
   * @param trainingLauncher what starts a trainer that is a process, such as python3; null where
   *     its command needs none
   * @param trainingJobs such processes side by side; null for one
   */
  public record MachineSettings(
      @Nullable String device,
      int threads,
      int operationThreads,
      int batchRows,
      int trainingBatchTokens,
      boolean recomputeActivations,
      @Nullable List<String> trainingLauncher,
      @Nullable Integer trainingJobs) {
    public MachineSettings {
      trainingLauncher = trainingLauncher == null ? null : List.copyOf(trainingLauncher);
    }

    /** Where the model computes. */
    public String deviceName() {
      return device == null ? "cpu" : device;
    }
  }

  /**
   * A server that keeps experiments.
   *
   * @param mlflow the address of MLflow, such as http://127.0.0.1:5000
   * @param experiment under which the run is kept there; null for "malt"
   */
  public record TrackingSettings(String mlflow, @Nullable String experiment) {}

  /**
   * Who trains adapters.
   *
   * @param command of a process: a program and its arguments; null for the local trainer
   */
  public record TrainingSettings(With with, @Nullable List<String> command) {
    public TrainingSettings {
      command = command == null ? null : List.copyOf(command);
    }

    /** What a job is given to. */
    public enum With {
      /** The trainer of this program. */
      LOCAL,
      /** Another program, as docs/trainers.md says. */
      PROCESS
    }
  }

  /** The command of the process that trains; empty where the local trainer does. */
  public List<String> trainerCommand() {
    return training == null || training.command() == null ? List.of() : training.command();
  }

  /**
   * A server that samples in place of the local model.
   *
   * @param stages what it samples
   */
  public record RemoteSection(List<RemoteStage> stages, RemoteSettings server) {
    public RemoteSection {
      stages = List.copyOf(stages);
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

  /** Whether a server samples this. */
  public boolean samplesThere(RemoteStage stage) {
    return remote != null && remote.stages().contains(stage);
  }

  /** Whether a server samples for teams that this run trains. */
  public boolean trainedSampleThere() {
    boolean later =
        samplesThere(RemoteStage.COLLECT)
            && Plan.of(this).rounds().stream()
                .flatMap(round -> round.own().stream())
                .anyMatch(own -> !own.sampling().adapters().isEmpty());
    return later || samplesThere(RemoteStage.EVALUATE);
  }

  /**
   * Which problems, and who grades them.
   *
   * @param source "nano", or the {@link Layout} of the files
   * @param fields of files in the layout "custom"
   * @param devFromTrain so many problems of the training file are the dev set instead, drawn by the
   *     seed; 0 for none
   * @param train how many: of generated problems exactly, of a file's at most; 0 for all of a file
   * @param trainBySeed whether each training seed has training problems of its own, drawn by it;
   *     null where all share theirs
   * @param take which of a file's, where not all are wanted
   * @param seed of generated problems, and of what is drawn from files
   * @param variant of generated problems to train on
   * @param testVariant of those of dev and test
   */
  public record ProblemSettings(
      String source,
      String trainFile,
      String devFile,
      String testFile,
      CustomFile fields,
      int devFromTrain,
      int train,
      @Nullable Boolean trainBySeed,
      int dev,
      int test,
      Take take,
      long seed,
      TaskVariant variant,
      TaskVariant testVariant,
      String grader,
      String evaluateOn) {
    /** Generated problems of the embedded model's task. */
    public static final String NANO = "nano";

    /** Whether each training seed has training problems of its own. */
    public boolean ownBySeed() {
      return Boolean.TRUE.equals(trainBySeed);
    }

    /** Whether the problems are generated, not read from files. */
    public boolean generated() {
      return source.equals(NANO);
    }
  }

  /**
   * A turn of the team: all that is its own.
   *
   * @param role who speaks; null for a role named as the turn
   * @param branching completions of each prompt in a training tree
   * @param maxTokens limit of a completion
   * @param judges whether its words are of the last answer, not one themselves; null for no
   * @param flag of a turn that judges: an expression that words which call the answer wrong hold;
   *     null where nothing tells
   * @param learns what its role is trained by
   * @param prompt messages, each under its sender
   */
  public record TurnSettings(
      @Nullable AgentRole role,
      int branching,
      int maxTokens,
      @Nullable Boolean judges,
      @Nullable String flag,
      List<Learning> learns,
      List<Map<Message.Role, String>> prompt) {
    public TurnSettings {
      learns = List.copyOf(learns);
      prompt = List.copyOf(prompt);
    }

    boolean judging() {
      return Boolean.TRUE.equals(judges);
    }
  }

  /**
   * Turns that go on until one of them that judges does not object.
   *
   * @param turns the last ones of the team, in their order
   * @param times at most
   */
  public record LoopSettings(List<String> turns, int times) {
    public LoopSettings {
      turns = List.copyOf(turns);
    }
  }

  /**
   * How trees and evaluation passes are sampled.
   *
   * @param adaptive how trees grow; null for whole ones at once
   */
  public record Sampling(
      double treeTemperature,
      double evaluationTemperature,
      double topP,
      int problemsPerCall,
      @Nullable AdaptiveSettings adaptive) {
    SamplingParams tree(int maxTokens) {
      return new SamplingParams(treeTemperature, topP, maxTokens);
    }

    SamplingParams evaluation(int maxTokens) {
      return new SamplingParams(evaluationTemperature, topP, maxTokens);
    }
  }

  /**
   * Trees that grow where their labels are uncertain, up to the branching.
   *
   * @param first completions of each prompt in the beginning, by turn
   * @param agree answers that decide a node where all of them agree
   */
  public record AdaptiveSettings(List<Integer> first, int agree) {
    public AdaptiveSettings {
      first = List.copyOf(first);
    }
  }

  /**
   * Rounds of sampling and training, one after the other.
   *
   * @param label what reports put behind the names of its teams; "" for the plain ones
   * @param about a sentence for readers of the report; null for none
   * @param fromBase whether it begins with the untrained base where the run has a start; null for
   *     no
   */
  public record ScheduleSettings(
      String label,
      @Nullable String about,
      @Nullable Boolean fromBase,
      List<RoundSettings> rounds) {
    public ScheduleSettings {
      rounds = List.copyOf(rounds);
    }
  }

  /**
   * Trees of each training problem, and what is trained from them.
   *
   * @param name of its directory and of its seeds; schedules that name the same round share it
   * @param sample who grows the trees; null for the team as it is trained so far
   * @param branching by turn; null for the team's own
   * @param trees whose trees it labels and trains from: names of rounds of its schedule, itself or
   *     earlier ones, all repetitions so far of one that is repeated; {@link #OWN} for those that
   *     it samples, {@link #ALL} for these and every earlier round's; null for its own. A round
   *     that is not among them samples none
   * @param threshold theta of its labels, by repetition; the last one holds from there on. null for
   *     {@code credit.threshold}
   * @param settings of the sections credit, datasets, sft, dpo and ppo, what is otherwise in this
   *     round; null for nothing
   * @param repeat how often, the later ones as NAME-2 and so on; null for once
   * @param patience after so many repetitions without a better accuracy on the dev questions no
   *     other follows, and the best one's adapters are kept; null to repeat in any case
   * @param train steps, one after the other
   * @param distil a single model that is trained from the round's trees; null for none
   */
  public record RoundSettings(
      String name,
      @Nullable Sample sample,
      @Nullable List<Integer> branching,
      @JsonFormat(
              with = {
                JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
              })
          @Nullable List<String> trees,
      @JsonFormat(
              with = {
                JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
              })
          @Nullable List<Double> threshold,
      @Nullable Map<String, Object> settings,
      @Nullable Integer repeat,
      @Nullable Integer patience,
      List<TrainSettings> train,
      @Nullable DistilSettings distil) {
    /** In {@code trees}: those that the round samples. */
    public static final String OWN = "own";

    /** In {@code trees}: those that the round samples, and those of every round before it. */
    public static final String ALL = "all";

    public RoundSettings {
      branching = branching == null ? null : List.copyOf(branching);
      trees = trees == null ? null : List.copyOf(trees);
      threshold = threshold == null ? null : List.copyOf(threshold);
      settings = settings == null ? null : ordered(settings);
      train = List.copyOf(train);
    }

    /** Whether it samples trees. */
    boolean samples() {
      return trees == null || trees.contains(OWN) || trees.contains(ALL) || trees.contains(name);
    }

    /** Who grows the trees. */
    public enum Sample {
      /**
       * The team as it is trained so far; in the first round the one that the schedule begins with.
       */
      CURRENT,
      /** The untrained base. */
      BASE
    }
  }

  /**
   * One model alone, trained by SFT on a fresh adapter to say at once what the team came to where
   * that was right.
   *
   * @param says what it learns to say
   * @param maxTokens limit of its completion
   * @param prompt messages that show the question
   */
  public record DistilSettings(Says says, int maxTokens, List<Map<Message.Role, String>> prompt) {
    public DistilSettings {
      prompt = List.copyOf(prompt);
    }

    /** What is learned of a trajectory. */
    public enum Says {
      /** The team's answer. */
      ANSWER,
      /** All that was said up to the answer, turn by turn. */
      CONVERSATION
    }
  }

  /**
   * Trains roles side by side.
   *
   * @param roles null for all that learn by the method
   * @param from null for what the method asks for: SFT begins anew, DPO and PPO go on
   */
  public record TrainSettings(
      Learning method, @Nullable List<AgentRole> roles, @Nullable From from) {
    public TrainSettings {
      roles = roles == null ? null : List.copyOf(roles);
    }

    /** The adapter that a training starts from. */
    public enum From {
      /** A fresh one on the base. */
      BASE,
      /** The role's last one. */
      CURRENT
    }
  }

  /**
   * What is evaluated beyond the main rows.
   *
   * @param equalCalls whether single agents also vote with as many calls as the team's vote makes
   * @param ablated schedules whose team the ablations are made of, where the run carries them out
   * @param debate by the untrained base; null for none
   * @param paper title of the {@link PaperNumbers} that the table shows beside its own; "" for none
   */
  public record EvaluationSettings(
      int votes,
      boolean equalCalls,
      List<Study.Change> ablations,
      List<String> ablated,
      @Nullable DebateSettings debate,
      String paper) {
    public EvaluationSettings {
      ablations = List.copyOf(ablations);
      ablated = List.copyOf(ablated);
    }

    /** The same with every study of every schedule. */
    EvaluationSettings widest(List<String> schedules) {
      return new EvaluationSettings(
          votes, true, List.of(Study.Change.values()), schedules, debate, paper);
    }
  }

  /**
   * Multi-agent debate by the untrained base (Du et al. 2023).
   *
   * @param first prompt of the first round
   * @param again prompt of later rounds; {own} is the agent's previous answer, {others} the others'
   *     answers joined by the separator
   * @param note what reports say under a table with its row; null for nothing
   */
  public record DebateSettings(
      int agents,
      int rounds,
      int maxTokens,
      String separator,
      List<Map<Message.Role, String>> first,
      List<Map<Message.Role, String>> again,
      @Nullable String note) {
    public DebateSettings {
      first = List.copyOf(first);
      again = List.copyOf(again);
    }
  }

  /** How much the report shows. */
  public record ReportSettings(int trees) {}

  public ExperimentConfig {
    seeds = List.copyOf(seeds);
    team = ordered(team);
    schedules = ordered(schedules);
    run = List.copyOf(run);
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map)); // in the file's order
  }

  /** Reads a preset, applies overrides, and reports everything wrong with it at once. */
  public static ExperimentConfig read(Path file, List<String> overrides) {
    return read(List.of(file), overrides);
  }

  /** The same of several files, of which each changes what those before it say. */
  public static ExperimentConfig read(List<Path> files, List<String> overrides) {
    ExperimentConfig config = StrictYaml.read(files, overrides, ExperimentConfig.class);
    String source = files.stream().map(Path::toString).collect(Collectors.joining(", "));
    ConfigRules.check(config, source);
    return config;
  }

  /** The same experiment with some settings changed, such as "credit.threshold=0.7". */
  public ExperimentConfig with(String... overrides) {
    return parse(yaml(), name + " changed", List.of(overrides));
  }

  /** All of it as a preset has it. */
  public String yaml() {
    return StrictYaml.write(this);
  }

  /**
   * Reads what {@link #yaml} wrote.
   *
   * @param source named in errors
   */
  public static ExperimentConfig parse(String yaml, String source) {
    return parse(yaml, source, List.of());
  }

  private static ExperimentConfig parse(String yaml, String source, List<String> overrides) {
    ExperimentConfig config = StrictYaml.parse(yaml, source, overrides, ExperimentConfig.class);
    ConfigRules.check(config, source);
    return config;
  }

  /** The same experiment as it is run and tracked by another configuration. */
  ExperimentConfig on(ExperimentConfig other) {
    TrackingSettings told = other.tracking;
    return with( // without what it leaves out
        "machine=null",
        "machine=" + StrictYaml.write(other.machine),
        "tracking=" + (told == null ? "null" : StrictYaml.write(told)));
  }

  /** Every role once, in the order in which they first speak. */
  public List<AgentRole> roles() {
    return team.entrySet().stream()
        .map(turn -> role(turn.getKey(), turn.getValue()))
        .distinct()
        .toList();
  }

  static AgentRole role(String turn, TurnSettings settings) {
    return settings.role() == null ? new AgentRole(turn) : settings.role();
  }

  /** The roles that learn by a method. */
  public List<AgentRole> learners(Learning method) {
    return team.entrySet().stream()
        .filter(turn -> turn.getValue().learns().contains(method))
        .map(turn -> role(turn.getKey(), turn.getValue()))
        .distinct()
        .toList();
  }

  static PromptTemplate template(List<Map<Message.Role, String>> messages) {
    return new PromptTemplate(
        messages.stream()
            .flatMap(message -> message.entrySet().stream())
            .map(entry -> new PromptTemplate.Entry(entry.getKey(), entry.getValue()))
            .toList());
  }
}
