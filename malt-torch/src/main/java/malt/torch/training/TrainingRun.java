package malt.torch.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.Interruption;
import malt.TrainingDivergedException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.AdaptedForward.Keep;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.ProcessGroup;
import malt.torch.tensor.Team;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.training.OptimizerSettings;
import malt.training.TrainingStep;
import org.bytedeco.pytorch.Tensor;

/**
 * Minimises an objective over one adapter, in place. A batch's parts are worked on side by side, a
 * thread each: operations are too small to be shared. Their gradients are summed in one order, and
 * then over the processes that train together, which all take the same step.
 */
final class TrainingRun implements AutoCloseable {
  private final String job;
  private final CausalLm model;
  private final LoraAdapter adapter;
  private final OptimizerSettings settings;
  private final TrainingResources resources;
  private final ProcessGroup group;
  private final Team team;

  TrainingRun(
      String job,
      CausalLm model,
      LoraAdapter adapter,
      OptimizerSettings settings,
      TrainingResources resources) {
    if (settings.batchSize() < 1 || settings.epochs() < 1) {
      throw new ConfigException(
          "%s: batchSize %d and epochs %d must be at least 1"
              .formatted(job, settings.batchSize(), settings.epochs()));
    }
    this.job = job;
    this.model = model;
    this.adapter = adapter;
    this.settings = settings;
    this.resources = resources;
    group = resources.group();
    team = new Team(resources.threads());
  }

  /** log pi(y|x) of every example's sequences under the adapter as it is now; no gradients. */
  List<float[]> logProbs(Objective objective) {
    return of(objective, SequenceLogProbs::sums, sequence -> 1);
  }

  /** The same of every completion id, sequence after sequence. */
  List<float[]> tokenLogProbs(Objective objective) {
    return of(objective, SequenceLogProbs::tokens, sequence -> sequence.completion().length);
  }

  /**
   * @param read what is asked for
   * @param count how many numbers that is for a sequence
   */
  private List<float[]> of(
      Objective objective,
      Function<SequenceLogProbs, Tensor> read,
      ToIntFunction<TokenSequence> count) {
    int[] all = Batches.shuffled(objective.examples(), 0, 0);
    float[][] found = new float[all.length][];
    for (int example = 0; example < found.length; example++) {
      found[example] = new float[objective.sequences(example).stream().mapToInt(count).sum()];
    }
    List<int[]> parts = parts(all, objective);
    sideBySide(
        objective,
        parts,
        (part, examples) -> {
          try (TensorScope scope = new TensorScope();
              GradMode off = GradMode.off()) {
            float[] values =
                Tensors.floats(
                    read.apply(
                        SequenceLogProbs.of(
                            model, adapter, rows(objective, examples), Keep.NOTHING)));
            int from = 0;
            for (int example : examples) {
              System.arraycopy(values, from, found[example], 0, found[example].length);
              from += found[example].length;
            }
          }
        });
    share(found);
    return List.of(found);
  }

  /** Gives every process what each has found, where the others have zeros. */
  private void share(float[][] found) {
    if (group.size() == 1) {
      return;
    }
    double[] all =
        Stream.of(found)
            .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
            .toArray();
    group.sum(all);
    int from = 0;
    for (float[] row : found) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) all[from++];
      }
    }
  }

  /** This process's part of a batch, divided among its threads; empty where others have it all. */
  private List<int[]> parts(int[] batch, Objective objective) {
    List<int[]> shares = Batches.parts(batch, objective, group.size());
    return group.rank() < shares.size()
        ? Batches.parts(shares.get(group.rank()), objective, team.size())
        : List.of();
  }

  /** What is done with a micro-batch of a part. */
  private interface Work {
    void with(int part, int[] examples);
  }

  /** Does all parts at the same time, each one's micro-batches in turn. */
  private void sideBySide(Objective objective, List<int[]> parts, Work work) {
    if (parts.isEmpty()) {
      return;
    }
    int tokens = Math.max(1, resources.microBatchTokens() / parts.size());
    team.together(
        member -> {
          if (member < parts.size()) {
            LibTorch.setThreads(team.size() / parts.size());
            for (int[] examples : Batches.micro(parts.get(member), objective, tokens)) {
              work.with(member, examples);
            }
          }
        });
  }

  /**
   * Runs all epochs, from where the checkpoint says.
   *
   * @param listener is told of the checkpoint's steps too
   */
  void train(
      Objective objective,
      long seed,
      TrainingCheckpoint checkpoint,
      Consumer<TrainingStep> listener) {
    List<Tensor> parameters = trainable();
    try (Optimizer optimizer = new Optimizer(parameters, settings)) {
      List<TrainingStep> taken = new ArrayList<>(checkpoint.restore(parameters, optimizer));
      taken.forEach(listener);
      List<PlannedStep> plan = PlannedStep.of(objective.examples(), settings, seed);
      while (taken.size() < plan.size()) {
        boolean stopped = Thread.currentThread().isInterrupted();
        if (group.leads() && (stopped || checkpoint.due())) {
          checkpoint.save(parameters, optimizer, taken);
        }
        Interruption.check("training");
        PlannedStep planned = plan.get(taken.size());
        int[] batch = planned.rows();
        int step = taken.size() + 1;
        String where = "%s, step %d of %d".formatted(job, step, plan.size());
        Map<String, Double> metrics = backward(objective, batch, where);
        metrics.put("grad_norm", optimizer.step(planned.learningRate(), where));
        metrics.put("learning_rate", planned.learningRate());
        taken.add(new TrainingStep(step, plan.size(), completionTokens(objective, batch), metrics));
        listener.accept(taken.get(step - 1));
      }
    }
  }

  /** Adds the gradient of the batch's mean loss to the adapter's. */
  Map<String, Double> backward(Objective objective, int[] batch, String where) {
    double total = 0;
    for (int example : batch) {
      total += objective.share(example);
    }
    BatchLoss loss = new BatchLoss(objective, total);
    List<int[]> parts = parts(batch, objective);
    Metrics metrics = new Metrics();
    try (TensorScope scope = new TensorScope()) {
      List<Learner> learners = new ArrayList<>();
      for (int part = 0; part < parts.size(); part++) {
        learners.add(new Learner(part == 0 ? adapter : adapter.replica(), new Metrics()));
      }
      sideBySide(
          objective, parts, (part, examples) -> backward(loss, examples, learners.get(part)));
      for (Learner each : learners) {
        if (each.adapter != adapter) {
          Gradients.move(each.adapter.tensors(), adapter.tensors());
        }
        metrics.addAll(each.metrics);
      }
    }
    metrics.sum(group);
    requireFinite(metrics, where);
    Gradients.sum(adapter.tensors(), group);
    return new LinkedHashMap<>(metrics.values());
  }

  /** The loss of a batch whose shares are {@code total} together. */
  private record BatchLoss(Objective objective, double total) {}

  /** What a part of a batch adds to: an adapter's gradients, and metrics. */
  private record Learner(LoraAdapter adapter, Metrics metrics) {}

  private void backward(BatchLoss batch, int[] examples, Learner to) {
    try (TensorScope scope = new TensorScope();
        GradMode on = GradMode.on()) {
      Keep keep = resources.recompute() ? Keep.INPUTS : Keep.ACTIVATIONS;
      SequenceLogProbs forward =
          SequenceLogProbs.of(model, to.adapter, rows(batch.objective, examples), keep);
      batch.objective.loss(examples, forward, batch.total, to.metrics).backward();
      forward.backward();
    }
  }

  /** Of all processes, so that none waits for one that has given up. */
  private static void requireFinite(Metrics metrics, String where) {
    if (!Double.isFinite(metrics.get("loss"))) {
      throw new TrainingDivergedException(
          "%s: the loss is %s; try a lower learning rate".formatted(where, metrics.get("loss")));
    }
  }

  private static List<TokenSequence> rows(Objective objective, int[] examples) {
    List<TokenSequence> rows = new ArrayList<>();
    for (int example : examples) {
      rows.addAll(objective.sequences(example));
    }
    return rows;
  }

  /** The adapter's tensors as leaves that collect gradients. */
  List<Tensor> trainable() {
    List<Tensor> tensors = adapter.tensors();
    try (TensorScope scope = new TensorScope()) {
      tensors.forEach(tensor -> tensor.set_requires_grad(true));
    }
    return tensors;
  }

  private static long completionTokens(Objective objective, int[] batch) {
    long tokens = 0;
    for (int example : batch) {
      for (TokenSequence sequence : objective.sequences(example)) {
        tokens += sequence.completion().length;
      }
    }
    return tokens;
  }

  @Override
  public void close() {
    team.close();
  }
}
