package malt.spark;

import java.io.Serializable;
import malt.ConfigException;
import malt.MaltException;
import malt.ModelException;
import org.apache.spark.util.Utils;

/** What went wrong on an executor, to be thrown again on the driver. */
record Failure(String message, Kind kind) implements Serializable {
  /** What is thrown. */
  enum Kind {
    REFUSED,
    RETRIABLE,
    MODEL,
    CONFIG,
    OTHER
  }

  static Failure of(MaltException e) {
    Kind kind = e instanceof ConfigException ? Kind.CONFIG : Kind.OTHER;
    if (e instanceof ModelException model) {
      kind = model.refused() ? Kind.REFUSED : model.retriable() ? Kind.RETRIABLE : Kind.MODEL;
    }
    return new Failure(
        "%s (on the executor at %s)".formatted(e.getMessage(), Utils.localHostName()), kind);
  }

  boolean refused() {
    return kind == Kind.REFUSED;
  }

  MaltException exception() {
    return switch (kind) {
      case REFUSED -> ModelException.refused(message);
      case RETRIABLE -> new ModelException(message, true);
      case MODEL -> new ModelException(message, false);
      case CONFIG -> new ConfigException(message);
      case OTHER -> new MaltException(message);
    };
  }
}
