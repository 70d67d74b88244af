package malt.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import malt.agent.AgentTeam;
import malt.app.run.Bases;
import malt.app.run.Benchmarks;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.Stages;
import malt.experiment.Teams;
import malt.model.LanguageModel;
import malt.problem.Grader;
import malt.problem.Graders;
import malt.problem.Problem;
import malt.torch.local.LocalModel;
import malt.tree.Branching;
import malt.tree.ChunkExpansion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How many chunks a minute a cluster of any size would expand: workers that sample at the same
 * time, each with times that were measured here, and one driver that sends chunks out and takes
 * them back, whose costs were measured too. What is the driver's waits its turn.
 */
@Command(
    name = "ClusterSimulation",
    mixinStandardHelpOptions = true,
    description = {
      "Measures chunks of the embedded model on one core, or of a model that makes its words up,",
      "and prints what clusters of some sizes would make of them, and what is busy how much."
    })
public final class ClusterSimulation implements Callable<Integer> {
  @Option(names = "--workers", split = ",", description = "default: ${DEFAULT-VALUE}")
  private List<Integer> workers = List.of(1, 2, 8, 64, 256, 1000);

  @Option(names = "--questions", description = "of a chunk; default: ${DEFAULT-VALUE}")
  private int questions = 8;

  @Option(names = "--chunks", description = "that are measured; default: ${DEFAULT-VALUE}")
  private int chunks = 12;

  @Option(
      names = "--seconds",
      description = "of a chunk, in place of what the embedded model takes; goes with --tokens")
  private double seconds;

  @Option(names = "--tokens", description = "of a completion of the model that makes words up")
  private int tokens;

  @Option(
      names = "--dispatch-milliseconds",
      description = "what Spark takes to start a task and end it; default: ${DEFAULT-VALUE}")
  private double dispatch = 4;

  @Option(names = "--gigabits", description = "of the driver's network; default: ${DEFAULT-VALUE}")
  private double gigabits = 10;

  private ClusterSimulation() {}

  public static void main(String[] arguments) {
    Launcher.launch(new ClusterSimulation(), arguments);
  }

  @Override
  public Integer call() throws Exception {
    ChunkCosts costs = tokens > 0 ? pretended() : embedded();
    System.out.printf(
        "a chunk of %d questions: %.2f s on a worker (%.2f to %.2f); out %,.0f bytes, back %,.0f; driver: unpacking %.1f ms, journal %.1f ms, trees %.1f ms, dispatch %.1f ms%n",
        questions,
        costs.mean(),
        costs.seconds().stream().min(Comparator.naturalOrder()).orElseThrow(),
        costs.seconds().stream().max(Comparator.naturalOrder()).orElseThrow(),
        costs.taskBytes(),
        costs.resultBytes(),
        1e3 * costs.unpacking(),
        1e3 * costs.journal(),
        1e3 * costs.trees(),
        dispatch);
    for (int size : workers) {
      System.out.println(new Cluster(costs, size).line());
    }
    return 0;
  }

  private List<ChunkExpansion> chunks(AgentTeam team, List<Problem> problems) {
    List<ChunkExpansion> all = new ArrayList<>();
    for (int i = 0; i <= chunks; i++) {
      List<Problem> its = problems.subList(i * questions, (i + 1) * questions);
      Branching branching = new Branching(List.of(3, 3, 3));
      all.add(new ChunkExpansion(team, its, branching, null, null, "scale", 1));
    }
    return all;
  }

  private ChunkCosts embedded() throws Exception {
    Path home = Path.of(System.getProperty("malt.home", "."));
    ExperimentConfig config =
        ExperimentConfig.read(
            home.resolve("configs/nano.yaml"),
            List.of("machine.threads=1", "problems.train=" + (chunks + 1) * questions));
    AgentTeam team = Teams.untrained(config);
    try (LocalModel model = Bases.open(config)) {
      LanguageModel sampler =
          model.sampler(Bases.codec(model, config.model()), Bases.generation(config.machine()));
      Path root = Files.createTempDirectory("cluster-simulation");
      try (RunDirectory run = RunDirectory.open(root, config)) {
        List<Problem> problems = Benchmarks.of(config, run, Stages.silent()).train(1);
        return ChunkCosts.measure(
            team, chunks(team, problems), sampler, Graders.named(config.problems().grader()));
      }
    }
  }

  private ChunkCosts pretended() throws Exception {
    Path home = Path.of(System.getProperty("malt.home", "."));
    ExperimentConfig config =
        ExperimentConfig.read(home.resolve("configs/gsm8k-llama-3.1-8b.yaml"), List.of());
    AgentTeam team = Teams.untrained(config);
    Grader grader = Graders.named("number");
    ChunkCosts measured =
        ChunkCosts.measure(
            team,
            chunks(team, Pretender.problems((chunks + 1) * questions)),
            new Pretender(tokens, 1 << 16),
            grader);
    return new ChunkCosts(
        List.of(seconds),
        measured.taskBytes(),
        measured.resultBytes(),
        measured.unpacking(),
        measured.journal(),
        measured.trees());
  }

  /** What does one thing at a time, in the order in which it comes. */
  private static final class Station {
    private final String name;
    private final double seconds; // for each
    private double free;
    private double busy;

    Station(String name, double seconds) {
      this.name = name;
      this.seconds = seconds;
    }

    double pass(double comes) {
      free = Math.max(free, comes) + seconds;
      busy += seconds;
      return free;
    }
  }

  /** A chunk comes to the next of its stations. */
  private record Arrival(double time, int chunk, int station) {}

  /** One run of many chunks, event by event. */
  private final class Cluster {
    private static final int ROUNDS = 40; // chunks of each worker
    private static final int WORKER = 2; // the place of the sampling among the stations

    private final ChunkCosts costs;
    private final int size;
    private final List<Station> stations;
    private double end;

    Cluster(ChunkCosts costs, int size) {
      this.costs = costs;
      this.size = size;
      double bytes = gigabits * 1e9 / 8; // a second
      stations =
          List.of(
              new Station("dispatch", dispatch / 1e3),
              new Station("network out", costs.taskBytes() / bytes),
              new Station("worker", 0), // one each, so that none waits
              new Station("network in", costs.resultBytes() / bytes),
              new Station("unpacking", costs.unpacking() / 4), // Spark has four threads for it
              new Station("journal and trees", costs.journal() + costs.trees()));
      PriorityQueue<Arrival> coming =
          new PriorityQueue<>(Comparator.comparingDouble(Arrival::time));
      int begun = 0;
      while (begun < size) {
        coming.add(new Arrival(0, begun++, 0));
      }
      while (!coming.isEmpty()) {
        Arrival now = coming.remove();
        double done = stations.get(now.station()).pass(now.time());
        if (now.station() == WORKER) {
          done += costs.seconds().get(now.chunk() % costs.seconds().size());
          if (begun < ROUNDS * size) {
            coming.add(new Arrival(done, begun++, 0));
          }
        }
        if (now.station() + 1 < stations.size()) {
          coming.add(new Arrival(done, now.chunk(), now.station() + 1));
        }
        end = Math.max(end, done);
      }
    }

    String line() {
      double ideal = size * 60 / costs.mean();
      double found = ROUNDS * size * 60 / end;
      StringBuilder line =
          new StringBuilder(
              "%,5d workers: %,9.1f chunks a minute, %3.0f %% of ideal; busy:"
                  .formatted(size, found, 100 * found / ideal));
      for (Station station : stations) {
        if (station.busy > 0) {
          line.append("  %s %.1f %%".formatted(station.name, 100 * station.busy / end));
        }
      }
      return line.toString();
    }
  }
}
