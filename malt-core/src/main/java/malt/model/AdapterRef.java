package malt.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Names the adapter that a request runs under. The adapter is an argument, not a mode: base,
 * generator, verifier, refiner and DPO's reference are values over one frozen base.
 *
 * @param name for logs, journals and reports; "base" for none
 * @param directory in PEFT's format; null for the base
 */
public record AdapterRef(String name, @Nullable Path directory) {
  /** The frozen base itself. */
  public static final AdapterRef BASE = new AdapterRef("base", null);

  public boolean isBase() {
    return directory == null;
  }
}
