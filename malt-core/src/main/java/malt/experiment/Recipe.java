package malt.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import malt.ConfigException;
import malt.StrictYaml;
import malt.credit.ValueIteration;
import malt.data.DatasetSettings;
import malt.training.DpoSettings;
import malt.training.OptimizerSettings;
import malt.training.PpoSettings;
import malt.training.SftSettings;
import malt.training.TrainingMethod;
import malt.training.TrainingRules;
import org.jspecify.annotations.Nullable;

/**
 * How a round labels the nodes of its trees, chooses sets from them, and trains: the
 * configuration's sections of these names, with what the round says otherwise.
 *
 * @param ppo null where nobody is trained by it
 */
public record Recipe(
    ValueIteration credit,
    DatasetSettings datasets,
    OptimizerSettings sft,
    DpoSettings dpo,
    @Nullable PpoSettings ppo) {

  static Recipe of(ExperimentConfig config) {
    return new Recipe(config.credit(), config.datasets(), config.sft(), config.dpo(), config.ppo());
  }

  /**
   * The same with some settings changed.
   *
   * @param settings sections by name, each with what differs
   * @param where they stand, for errors
   * @throws ConfigException naming the first key or value that does not fit
   */
  Recipe with(Map<String, Object> settings, String where) {
    List<String> changes = new ArrayList<>();
    settings.forEach((section, change) -> changes.add(section + "=" + StrictYaml.write(change)));
    return StrictYaml.parse(StrictYaml.write(this), where, changes, Recipe.class);
  }

  /** The same with another theta; null changes nothing. */
  Recipe above(@Nullable Double threshold) {
    return threshold == null
        ? this
        : new Recipe(new ValueIteration(threshold, credit.pooling()), datasets, sft, dpo, ppo);
  }

  /** What is wrong with it beyond its types; keys are named after {@code prefix}. */
  List<String> violations(String prefix) {
    List<String> found = new ArrayList<>();
    found.addAll(new TrainingRules(key -> prefix + "sft." + key).optimizer(sft));
    found.addAll(
        new TrainingRules(key -> prefix + "dpo.optimizer." + key).optimizer(dpo.optimizer()));
    found.addAll(new TrainingRules(key -> prefix + "dpo." + key).preferences(dpo));
    if (ppo != null) {
      found.addAll(
          new TrainingRules(key -> prefix + "ppo.optimizer." + key).optimizer(ppo.optimizer()));
      found.addAll(new TrainingRules(key -> prefix + "ppo." + key).policy(ppo));
    }
    return found;
  }

  TrainingMethod method(Learning method) {
    return switch (method) {
      case SFT -> new SftSettings(sft);
      case DPO -> dpo;
      case PPO -> Objects.requireNonNull(ppo); // the rules ask for it
    };
  }
}
