package malt.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a training must satisfy, whoever asks for it. Each violation is a line that names the
 * setting, what it may be and what was found.
 *
 * @param name how a setting such as "learning_rate" is called where it was given
 */
public record TrainingRules(UnaryOperator<String> name) {

  /** What is wrong with an optimizer's settings. */
  public List<String> optimizer(OptimizerSettings settings) {
    Found found = new Found();
    found.positive("learning_rate", settings.learningRate());
    found.require(decay(settings.beta1()), "beta1", "in [0, 1)", settings.beta1());
    found.require(decay(settings.beta2()), "beta2", "in [0, 1)", settings.beta2());
    found.notNegative("weight_decay", settings.weightDecay());
    found.require(decay(settings.warmup()), "warmup", "in [0, 1)", settings.warmup());
    found.require(
        settings.finalLearningRate() >= 0 && settings.finalLearningRate() <= 1,
        "final_learning_rate",
        "a share of the peak in [0, 1]",
        settings.finalLearningRate());
    found.require(
        settings.maxGradientNorm() > 0,
        "max_gradient_norm",
        "above 0; what is large clips nothing",
        settings.maxGradientNorm());
    found.atLeastOne("batch_size", settings.batchSize());
    found.atLeastOne("epochs", settings.epochs());
    return found.lines;
  }

  /** What is wrong with the loss of preferences, its optimizer aside. */
  public List<String> preferences(DpoSettings settings) {
    Found found = new Found();
    found.positive("beta", settings.beta());
    found.notNegative("nll_weight", settings.nllWeight());
    return found.lines;
  }

  /** What is wrong with the loss of a policy, its optimizer aside. */
  public List<String> policy(PpoSettings settings) {
    Found found = new Found();
    found.require(
        settings.clipLow() > 0, "clip_low", "above 0; 1 or more clips nothing", settings.clipLow());
    found.require(
        settings.clipHigh() > 0,
        "clip_high",
        "above 0; what is large clips nothing",
        settings.clipHigh());
    found.notNegative("kl_weight", settings.klWeight());
    return found.lines;
  }

  /** What is wrong with an adapter's shape. */
  public List<String> adapter(LoraSettings settings) {
    Found found = new Found();
    found.atLeastOne("rank", settings.rank());
    found.positive("alpha", settings.alpha());
    List<String> targets = settings.targets();
    found.require(
        !targets.isEmpty()
            && LoraSettings.TARGETS.containsAll(targets)
            && new HashSet<>(targets).size() == targets.size(),
        "targets",
        "one or more of %s, each once".formatted(String.join(", ", LoraSettings.TARGETS)),
        targets);
    return found.lines;
  }

  private static boolean decay(double value) {
    return value >= 0 && value < 1;
  }

  private final class Found {
    private final List<String> lines = new ArrayList<>();

    void require(boolean holds, String setting, String wanted, @Nullable Object value) {
      if (!holds) {
        lines.add("%s: %s, found %s".formatted(name.apply(setting), wanted, value));
      }
    }

    void positive(String setting, double value) {
      require(value > 0 && Double.isFinite(value), setting, "above 0", value);
    }

    void notNegative(String setting, double value) {
      require(value >= 0 && Double.isFinite(value), setting, "0 or more", value);
    }

    void atLeastOne(String setting, int value) {
      require(value >= 1, setting, "1 or more", value);
    }
  }
}
