package malt.torch.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import malt.Interruption;
import malt.TrainingDivergedException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.LogProbs;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.Team;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.SafetensorsWriter;
import malt.training.OptimizerSettings;
import malt.training.TrainingStep;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains all weights of a small decoder from scratch on weighted documents. A step's batch is split
 * over a fixed number of shards, one thread each; so the result does not depend on the machine.
 */
public final class Pretrainer {
  private static final int SHARDS = 2;
  private static final int ROWS_PER_FORWARD = 32;
  private static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(1);

  private final ModelConfig config;
  private final Map<String, Tensor> parameters;
  private final OptimizerSettings settings;
  private final int steps;

  /**
   * @param parameters trained in place; the caller owns them
   * @param settings batchSize counts documents; epochs must be 1, the corpus is endless
   */
  public Pretrainer(
      ModelConfig config, Map<String, Tensor> parameters, OptimizerSettings settings, int steps) {
    this.config = config;
    this.parameters = parameters;
    this.settings = settings;
    this.steps = steps;
  }

  /**
   * Runs all steps and writes the weights. While it trains, a checkpoint lies beside {@code
   * output}; a training that was stopped goes on from there and ends with the same weights, bit for
   * bit.
   *
   * @param corpus document by index
   * @param about all that the corpus depends on; a checkpoint of another one is refused
   * @param output safetensors
   * @param listener is told of the steps that are taken now
   */
  public void train(
      LongFunction<WeightedSequence> corpus,
      String about,
      Path output,
      Consumer<TrainingStep> listener) {
    LibTorch.setThreads(1);
    LearningRate rate = new LearningRate(settings, steps);
    List<Replica> replicas = new ArrayList<>();
    try (Team team = new Team(SHARDS)) {
      for (int shard = 0; shard < SHARDS; shard++) {
        replicas.add(Replica.over(config, parameters));
      }
      List<Tensor> leaves = replicas.get(0).parameters();
      TrainingCheckpoint checkpoint =
          new TrainingCheckpoint(
              output, JobKey.of(about + settings + steps, leaves), CHECKPOINT_EVERY);
      try (Optimizer optimizer = new Optimizer(leaves, settings)) {
        List<TrainingStep> last = checkpoint.restore(leaves, optimizer);
        while (last.isEmpty() || last.get(0).step() < steps) {
          if (!last.isEmpty() && (Thread.currentThread().isInterrupted() || checkpoint.due())) {
            checkpoint.save(leaves, optimizer, last);
          }
          Interruption.check("pre-training");
          int step = last.isEmpty() ? 1 : last.get(0).step() + 1;
          last = List.of(step(step, corpus, replicas, team, optimizer, rate.at(step)));
          listener.accept(last.get(0));
        }
      }
      SafetensorsWriter.write(output, parameters, Map.of("format", "pt"));
      checkpoint.remove();
    } finally {
      replicas.forEach(Replica::close);
    }
  }

  private TrainingStep step(
      int step,
      LongFunction<WeightedSequence> corpus,
      List<Replica> replicas,
      Team team,
      Optimizer optimizer,
      double learningRate) {
    List<WeightedSequence> batch = new ArrayList<>();
    double total = 0;
    long tokens = 0;
    for (int i = 0; i < settings.batchSize(); i++) {
      WeightedSequence sequence = corpus.apply((long) (step - 1) * settings.batchSize() + i);
      batch.add(sequence);
      tokens += sequence.ids().length;
      for (int t = 1; t < sequence.weights().length; t++) {
        total += sequence.weights()[t];
      }
    }
    batch.sort(Comparator.comparingInt(sequence -> sequence.ids().length));
    double scale = 1 / total;
    double[] losses = new double[SHARDS];
    team.together(
        shard -> {
          List<WeightedSequence> part = new ArrayList<>();
          for (int i = shard; i < batch.size(); i += SHARDS) {
            part.add(batch.get(i));
          }
          losses[shard] = backward(replicas.get(shard).model(), part, scale);
        });
    double loss = 0;
    for (double each : losses) {
      loss += each;
    }
    if (!Double.isFinite(loss)) {
      throw new TrainingDivergedException(
          "pre-training: the loss of step %d is %s".formatted(step, loss));
    }
    for (Replica other : replicas.subList(1, SHARDS)) {
      Gradients.move(other.parameters(), replicas.get(0).parameters());
    }
    double norm = optimizer.step(learningRate, "pre-training, step " + step);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", loss);
    metrics.put("grad_norm", norm);
    metrics.put("learning_rate", learningRate);
    return new TrainingStep(step, steps, tokens, metrics);
  }

  /** Weighted negative log-likelihood of a shard, times {@code scale}; adds to the gradients. */
  private static double backward(CausalLm model, List<WeightedSequence> part, double scale) {
    double sum = 0;
    for (int from = 0; from < part.size(); from += ROWS_PER_FORWARD) {
      List<WeightedSequence> rows =
          part.subList(from, Math.min(part.size(), from + ROWS_PER_FORWARD));
      try (TensorScope scope = new TensorScope();
          GradMode on = GradMode.on()) {
        Tensor loss = loss(model, rows).mul(Tensors.scalar(scale));
        loss.backward();
        sum += loss.item_double();
      }
    }
    return sum;
  }

  private static Tensor loss(CausalLm model, List<WeightedSequence> rows) {
    int length = rows.stream().mapToInt(row -> row.ids().length).max().orElseThrow();
    long[] tokens = new long[rows.size() * length];
    List<Long> positions = new ArrayList<>(); // flat (B T) positions that predict a weighted id
    List<Long> targets = new ArrayList<>();
    List<Float> weights = new ArrayList<>();
    for (int b = 0; b < rows.size(); b++) {
      WeightedSequence row = rows.get(b);
      for (int t = 0; t < row.ids().length; t++) {
        tokens[b * length + t] = row.ids()[t];
        if (t > 0 && row.weights()[t] > 0) {
          positions.add((long) b * length + t - 1);
          targets.add((long) row.ids()[t]);
          weights.add(row.weights()[t]);
        }
      }
    }
    Tensors place = model.tensors();
    Tensor hidden = model.forward(place.ofLongs(tokens, rows.size(), length), LoraAdapter.NONE);
    Tensor wanted =
        hidden.view(-1, hidden.size(2)).index_select(0, place.ofLongs(longs(positions), -1));
    Tensor chosen = LogProbs.of(model.logits(wanted), place.ofLongs(longs(targets), -1));
    float[] w = new float[weights.size()];
    for (int i = 0; i < w.length; i++) {
      w[i] = weights.get(i);
    }
    return chosen.mul(place.ofFloats(w, -1)).sum().neg();
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
