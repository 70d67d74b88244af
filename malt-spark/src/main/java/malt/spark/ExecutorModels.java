package malt.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import malt.model.LanguageModel;
import malt.model.ModelSource;

/** The models of this process, opened when they are first needed and shared by its tasks. */
final class ExecutorModels {
  private static final Map<ModelSource, LanguageModel> OPEN = new LinkedHashMap<>();

  private ExecutorModels() {}

  static LanguageModel of(ModelSource source) {
    synchronized (OPEN) {
      return OPEN.computeIfAbsent(source, ModelSource::open);
    }
  }

  /** Where the executor is the driver's own process; others end with their models. */
  static void close() {
    synchronized (OPEN) {
      OPEN.values().forEach(LanguageModel::close);
      OPEN.clear();
    }
  }
}
