package malt.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import malt.ConfigException;
import malt.torch.tensor.Processor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ours and the installed peers in turn, round by round, on the same weights and data. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Runs ours and each peer that is named by an option or the environment, in turn, and prints",
      "seconds, tokens/s, peak memory and how many times as long as ours each takes (medians).",
      "malt-bench/README.md says how peers are installed; one that is not named is left out."
    })
public final class Comparison implements Callable<Integer> {
  private static final String OURS = "ours";

  /** What is compared. */
  enum Workload {
    TREE,
    SFT,
    DPO
  }

  @Parameters(index = "0", paramLabel = "WORKLOAD", description = "${COMPLETION-CANDIDATES}")
  private Workload workload = Workload.TREE;

  @Parameters(index = "1", paramLabel = "DIR", description = "a model directory")
  private Path directory = Path.of("");

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "FILE",
      description = "for sft and dpo: JSON lines of texts under TRL's keys")
  private @Nullable Path data;

  @Option(names = "--dtype", description = "float32 or bfloat16; default: ${DEFAULT-VALUE}")
  private String dtype = "float32";

  @Option(names = "--threads", description = "default: all processors")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--rounds", description = "of all in turn; default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(names = "--questions", description = "tree: asked at once; default: ${DEFAULT-VALUE}")
  private int questions = 1;

  @Option(names = "--runs", description = "tree: the last one counts; default: ${DEFAULT-VALUE}")
  private int runs = 2;

  @Option(names = "--workload", paramLabel = "FILE", description = "tree: default: the standard")
  private @Nullable Path tree;

  @Option(names = "--batch", description = "sft, dpo: rows of a step; default: ${DEFAULT-VALUE}")
  private int batch = 4;

  @Option(names = "--steps", description = "sft, dpo: default: ${DEFAULT-VALUE}")
  private int steps = 4;

  @Option(
      names = "--vllm",
      paramLabel = "PYTHON",
      defaultValue = "${env:MALT_VLLM_PYTHON:-}",
      description = "a Python with vLLM's CPU build; else MALT_VLLM_PYTHON")
  private String vllm = "";

  @Option(
      names = "--llama-server",
      paramLabel = "PROGRAM",
      defaultValue = "${env:MALT_LLAMA_SERVER:-}",
      description = "llama.cpp's llama-server; else MALT_LLAMA_SERVER")
  private String llamaServer = "";

  @Option(
      names = "--gguf",
      paramLabel = "FILE",
      defaultValue = "${env:MALT_LLAMA_GGUF:-}",
      description = "the model for llama.cpp, by malt-bench/peers/gguf_model.py")
  private String gguf = "";

  @Option(
      names = "--python",
      paramLabel = "PYTHON",
      defaultValue = "${env:MALT_PYTHON:-python3}",
      description = "any Python 3, which asks llama-server; default: ${DEFAULT-VALUE}")
  private String python = "python3";

  @Option(
      names = "--trl",
      paramLabel = "PYTHON",
      defaultValue = "${env:MALT_TRL_PYTHON:-}",
      description = "a Python with TRL and PEFT; else MALT_TRL_PYTHON")
  private String trl = "";

  private Comparison() {}

  public static void main(String[] arguments) {
    Launcher.launch(new Comparison(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1) {
      throw new ConfigException("--rounds must be 1 or more, not " + rounds);
    }
    System.out.println(Processor.here().describe());
    Path file = Files.createTempFile("tree-workload", ".json");
    try {
      (tree == null ? TreeWorkload.standard() : TreeWorkload.read(tree)).write(file);
      List<Contender> contenders = workload == Workload.TREE ? samplers(file) : trainers();
      Rounds all = Rounds.run(contenders, rounds);
      System.out.printf(
          "%n%s, %s, %s, %d threads, medians of %d rounds%n",
          workload, directory, dtype, threads, rounds);
      System.out.print(
          workload == Workload.TREE
              ? all.table("question", questions, OURS)
              : all.table("step", steps, OURS));
    } finally {
      Files.delete(file);
    }
    return 0;
  }

  private List<Contender> samplers(Path file) {
    List<String> told =
        List.of(
            "--workload", file.toString(),
            "--dtype", dtype,
            "--threads", String.valueOf(threads),
            "--questions", String.valueOf(questions),
            "--runs", String.valueOf(runs));
    List<Contender> all = new ArrayList<>();
    all.add(ours("TreeBenchmark", joined(List.of(directory.toString(), "--json"), told)));
    if (present("vLLM", vllm, "--vllm or MALT_VLLM_PYTHON")) {
      List<String> script = script(vllm, "vllm_tree", directory.toString());
      all.add(new Contender("vLLM", joined(script, told), false));
    }
    if (present("llama.cpp", llamaServer, "--llama-server or MALT_LLAMA_SERVER")
        && present("llama.cpp", gguf, "--gguf or MALT_LLAMA_GGUF")) {
      List<String> server = script(python, "llama_tree", gguf, "--server", llamaServer);
      all.add(new Contender("llama.cpp", joined(server, told), false));
    }
    return all;
  }

  private List<Contender> trainers() {
    if (data == null) {
      throw new ConfigException("%s wants a file of rows after the model".formatted(workload));
    }
    String loss = workload.name().toLowerCase(Locale.ROOT);
    List<String> told =
        List.of(
            loss,
            directory.toString(),
            data.toString(),
            "--dtype",
            dtype,
            "--threads",
            String.valueOf(threads),
            "--batch",
            String.valueOf(batch),
            "--steps",
            String.valueOf(steps));
    List<Contender> all = new ArrayList<>();
    all.add(ours("TrainingBenchmark", joined(told, List.of("--json"))));
    if (present("TRL", trl, "--trl or MALT_TRL_PYTHON")) {
      all.add(new Contender("TRL", joined(script(trl, "trl_train"), told), false));
    }
    return all;
  }

  private static boolean present(String name, String program, String option) {
    boolean named = !program.isBlank();
    if (!named) {
      System.out.printf("%s is left out: %s is not set%n", name, option);
    }
    return named;
  }

  /** Ours in a process of its own, with this one's JVM, options and classes. */
  private static Contender ours(String benchmark, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Comparison.class.getPackageName() + "." + benchmark);
    command.addAll(arguments);
    return new Contender(OURS, command, true);
  }

  private static List<String> script(String python, String name, String... arguments) {
    Path file = Path.of(System.getProperty("malt.home"), "malt-bench", "peers", name + ".py");
    return joined(List.of(python, file.toString()), List.of(arguments));
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
