package malt.experiment;

import java.nio.file.Path;
import malt.agent.AgentRole;
import malt.model.AdapterRef;

/** Where a run keeps everything that it made: the one home of its paths. */
public record RunLayout(Path root) {
  public Path lock() {
    return root.resolve(".lock");
  }

  public Path config() {
    return root.resolve("config.yaml");
  }

  public Path manifest() {
    return root.resolve("manifest.json");
  }

  /** How far the work is, line by line, for whoever watches the run. */
  public Path progress() {
    return root.resolve("progress.jsonl");
  }

  /** What a tracking server was told of the run. */
  public Path tracking() {
    return root.resolve("tracking.json");
  }

  /** The problems of a split, "train", "dev" or "test", or what a seed alone trains on. */
  public Path data(String split) {
    return root.resolve("data").resolve(split + ".jsonl");
  }

  /** What a seed trains on where each has problems of its own. */
  public Path train(long seed) {
    return data("train-seed-" + seed);
  }

  /**
   * The numbers of the run's own evaluation; another one's stand alike in a directory of its own.
   */
  public Path evaluation() {
    return root.resolve("evaluation.json");
  }

  /** Each question's answers in that evaluation. */
  public Path outcomes() {
    return root.resolve("outcomes.jsonl");
  }

  /** What other labels changed, in a run that was made of another's trees. */
  public Path changes() {
    return root.resolve("changes.jsonl");
  }

  /** The report as one page. */
  public Path page() {
    return root.resolve("report").resolve("index.html");
  }

  public Seed seed(long seed) {
    return new Seed(root.resolve("seed-" + seed));
  }

  /** One seed's part of a run. */
  public record Seed(Path root) {
    public Path journal() {
      return root.resolve("journal.db");
    }

    public Path timings() {
      return root.resolve("timings.json");
    }

    public Path remarks() {
      return root.resolve("remarks.json");
    }

    public Round round(String name) {
      return new Round(root.resolve(name));
    }

    /** Copy of the adapter that a role begins with. */
    public Path start(AgentRole role) {
      return root.resolve(StartTeam.NAME).resolve(role.name());
    }

    /** An adapter under its name, whether it is there or not. */
    public AdapterRef adapter(Plan.Adapter adapter) {
      Learning method = adapter.method();
      return new AdapterRef(
          adapter.name(),
          method == null
              ? start(adapter.role())
              : round(adapter.round()).adapter(adapter.role(), method));
    }
  }

  /** What a round made in one seed. */
  public record Round(Path root) {
    /** What the trees gave; it is written last, so that the training sets are complete with it. */
    public Path statistics() {
      return root.resolve("statistics.json");
    }

    /** How the team spoke that sampled the trees. */
    public Path diagnosis() {
      return root.resolve("diagnosis.json");
    }

    /**
     * In the first repetition: how the teams before it and after each answered the dev questions.
     */
    public Path dev() {
      return root.resolve("dev.json");
    }

    /** A role's training set for a method. */
    public Path set(AgentRole role, Learning method) {
      return root.resolve(role.name()).resolve(method.label() + ".jsonl");
    }

    /** Directory of a role's adapter. */
    public Path adapter(AgentRole role, Learning method) {
      return root.resolve("adapters").resolve(role.name()).resolve(method.label());
    }

    /**
     * The metrics of a role's adapter, step by step; while it is trained, those of the steps so far
     * stand beside it ({@link malt.AtomicFile#part}).
     */
    public Path metrics(AgentRole role, Learning method) {
      return root.resolve("metrics").resolve("%s-%s.jsonl".formatted(role, method.label()));
    }
  }
}
