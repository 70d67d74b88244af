package malt.torch.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import malt.ConfigException;
import malt.Interruption;
import malt.TrainingDivergedException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.AdaptedForward.Keep;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.training.OptimizerSettings;
import malt.training.TrainingStep;
import org.bytedeco.pytorch.Tensor;

/** Minimises an objective over one adapter, in place. */
final class TrainingRun {
  private final String job;
  private final CausalLm model;
  private final LoraAdapter adapter;
  private final OptimizerSettings settings;
  private final TrainingMemory memory;

  TrainingRun(
      String job,
      CausalLm model,
      LoraAdapter adapter,
      OptimizerSettings settings,
      TrainingMemory memory) {
    if (settings.batchSize() < 1 || settings.epochs() < 1) {
      throw new ConfigException(
          "%s: batchSize %d and epochs %d must be at least 1"
              .formatted(job, settings.batchSize(), settings.epochs()));
    }
    this.job = job;
    this.model = model;
    this.adapter = adapter;
    this.settings = settings;
    this.memory = memory;
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
    for (int[] examples : Batches.micro(all, objective, memory.microBatchTokens())) {
      try (TensorScope scope = new TensorScope();
          GradMode off = GradMode.off()) {
        float[] values =
            Tensors.floats(
                read.apply(
                    SequenceLogProbs.of(model, adapter, rows(objective, examples), Keep.NOTHING)));
        int from = 0;
        for (int example : examples) {
          int its = objective.sequences(example).stream().mapToInt(count).sum();
          found[example] = Arrays.copyOfRange(values, from, from + its);
          from += its;
        }
      }
    }
    return List.of(found);
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
      List<int[]> batches = batches(objective.examples(), seed);
      LearningRate rate = new LearningRate(settings, batches.size());
      while (taken.size() < batches.size()) {
        boolean stopped = Thread.currentThread().isInterrupted();
        if (stopped || checkpoint.due()) {
          checkpoint.save(parameters, optimizer, taken);
        }
        Interruption.check("training");
        int[] batch = batches.get(taken.size());
        int step = taken.size() + 1;
        String where = "%s, step %d of %d".formatted(job, step, batches.size());
        Map<String, Double> metrics = backward(objective, batch, where);
        metrics.put("grad_norm", optimizer.step(rate.at(step), where));
        metrics.put("learning_rate", rate.at(step));
        taken.add(
            new TrainingStep(step, batches.size(), completionTokens(objective, batch), metrics));
        listener.accept(taken.get(step - 1));
      }
    }
  }

  /** Those of all epochs. */
  private List<int[]> batches(int examples, long seed) {
    List<int[]> batches = new ArrayList<>();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      batches.addAll(Batches.of(Batches.shuffled(examples, seed, epoch), settings.batchSize()));
    }
    return batches;
  }

  /** Adds the gradient of the batch's mean loss to the adapter's, micro-batch by micro-batch. */
  Map<String, Double> backward(Objective objective, int[] batch, String where) {
    double total = 0;
    for (int example : batch) {
      total += objective.share(example);
    }
    Metrics metrics = new Metrics();
    for (int[] examples : Batches.micro(batch, objective, memory.microBatchTokens())) {
      try (TensorScope scope = new TensorScope();
          GradMode on = GradMode.on()) {
        Keep keep = memory.recompute() ? Keep.INPUTS : Keep.ACTIVATIONS;
        SequenceLogProbs forward =
            SequenceLogProbs.of(model, adapter, rows(objective, examples), keep);
        finite(objective.loss(examples, forward, total, metrics), metrics, where).backward();
        forward.backward();
      }
    }
    return new LinkedHashMap<>(metrics.values());
  }

  private static Tensor finite(Tensor loss, Metrics metrics, String where) {
    if (!Double.isFinite(metrics.get("loss"))) {
      throw new TrainingDivergedException(
          "%s: the loss is %s; try a lower learning rate".formatted(where, metrics.get("loss")));
    }
    return loss;
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
    List<Tensor> tensors = new ArrayList<>();
    for (LoraAdapter.Pair pair : adapter.pairs().values()) {
      tensors.add(pair.a());
      tensors.add(pair.b());
    }
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
}
