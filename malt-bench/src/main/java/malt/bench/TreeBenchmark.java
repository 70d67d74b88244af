package malt.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import malt.MaltException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.weights.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Seconds a question of the tree workload, by stage; see {@link TreeWorkload}. */
@Command(
    name = "TreeBenchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Samples questions' trees of fixed lengths from a model.",
      "Prints seconds a question, of them each stage's, tokens/s and peak memory."
    })
public final class TreeBenchmark implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "a model directory; its tokenizer is not used")
  private Path directory = Path.of("");

  @Option(names = "--dtype", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.FLOAT32;

  @Option(names = "--batches", description = "decoded at a time; default: ${DEFAULT-VALUE}")
  private int batches = 1;

  @Option(names = "--threads", description = "of an operation; default: all processors")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--rows", description = "of a batch, at most; default: a level's, up to 512")
  private int rows = 0;

  @Option(names = "--questions", description = "asked at once; default: ${DEFAULT-VALUE}")
  private int questions = 1;

  @Option(names = "--runs", description = "the first one warms up; default: ${DEFAULT-VALUE}")
  private int runs = 2;

  @Option(names = "--workload", paramLabel = "FILE", description = "default: the standard tree")
  private @Nullable Path file;

  @Option(
      names = "--branching",
      paramLabel = "N,N,N",
      description = "completions of a prompt by level; given again, one tree after the other")
  private List<String> branching = List.of();

  @Option(names = "--json", description = "a line of JSON for each run instead")
  private boolean json;

  private TreeBenchmark() {}

  public static void main(String[] arguments) {
    Launcher.launch(new TreeBenchmark(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    TreeWorkload workload = file == null ? TreeWorkload.standard() : TreeWorkload.read(file);
    List<TreeWorkload> trees = new ArrayList<>();
    for (String samples : branching) {
      trees.add(workload.branching(Numbers.list(samples)));
    }
    LibTorch.setThreads(threads);
    try (CausalLm model = CausalLm.load(directory, precision)) {
      for (TreeWorkload tree : trees.isEmpty() ? List.of(workload) : trees) {
        measure(model, tree);
      }
    }
    return 0;
  }

  private void measure(CausalLm model, TreeWorkload tree) throws IOException {
    int most = rows > 0 ? rows : Math.min(512, questions * tree.leaves());
    int end = Math.min(tree.lastId() + 1, model.config().vocabularySize());
    if (!json) {
      System.out.printf(
          "%s, %s, %d batches of %d threads, %d rows, %d questions of branching %s%n",
          directory,
          precision,
          batches,
          threads,
          most,
          questions,
          tree.stages().stream().map(TreeWorkload.Stage::samples).toList());
    }
    try (TorchLanguageModel sampler =
        new TorchLanguageModel(
            new RandomIds(tree.firstId(), end),
            new AdapterStore(
                model, PackedModel.Packing.of(model, threads), adapter -> LoraAdapter.NONE),
            new GenerationSettings(batches, most))) {
      for (int run = 0; run < runs; run++) {
        Measurement measured = run(sampler, tree, run);
        System.out.println(
            json
                ? measured.json()
                : "%.1f s a question (%s), %.0f tokens/s, peak memory %.2f GB"
                    .formatted(
                        measured.seconds() / questions,
                        measured.stages(questions),
                        measured.tokensPerSecond(),
                        PeakMemory.ofThisProcess() / 1e9));
      }
    }
  }

  /** A run's questions are its own, so that no run finds the work of another. */
  private Measurement run(LanguageModel model, TreeWorkload tree, int run) {
    List<List<Message.Part>> paths = new ArrayList<>();
    for (int question = 0; question < questions; question++) {
      long seed = 1000L + (long) run * questions + question;
      paths.add(List.of(RandomIds.part(seed, tree.questionTokens())));
    }
    List<Double> seconds = new ArrayList<>();
    long tokens = 0;
    for (int level = 0; level < tree.stages().size(); level++) {
      TreeWorkload.Stage stage = tree.stages().get(level);
      List<SamplingRequest> requests = new ArrayList<>();
      for (List<Message.Part> path : paths) {
        requests.add(request(path, stage, level, tree.temperature()));
      }
      long start = System.nanoTime();
      List<List<Completion>> sampled = model.sample(requests);
      seconds.add((System.nanoTime() - start) / 1e9);
      List<List<Message.Part>> longer = new ArrayList<>();
      for (int path = 0; path < paths.size(); path++) {
        for (Completion completion : sampled.get(path)) {
          requireLength(completion, stage);
          tokens += completion.ids().length;
          List<Message.Part> parts = new ArrayList<>(paths.get(path));
          parts.add(new Message.Sampled(completion));
          longer.add(parts);
        }
      }
      paths = longer;
    }
    return new Measurement(seconds, tokens);
  }

  private static void requireLength(Completion completion, TreeWorkload.Stage stage) {
    if (completion.ids().length != stage.newTokens()) {
      throw new MaltException(
          "a completion of %s has %d tokens instead of %d after a prompt of %d: does the model have that many positions?"
              .formatted(
                  stage.name(),
                  completion.ids().length,
                  stage.newTokens(),
                  completion.promptIds().length));
    }
  }

  private static SamplingRequest request(
      List<Message.Part> path, TreeWorkload.Stage stage, int level, double temperature) {
    List<Message.Part> parts = new ArrayList<>();
    parts.add(RandomIds.part(2L * level, stage.headTokens()));
    parts.addAll(path);
    parts.add(RandomIds.part(2L * level + 1, stage.tailTokens()));
    return new SamplingRequest(
        new Prompt(List.of(new Message(Message.Role.USER, parts))),
        AdapterRef.BASE,
        new SamplingParams(temperature, 1, stage.newTokens()),
        LongStream.range(0, stage.samples()).boxed().toList());
  }
}
