package malt.model;

import java.io.File;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names the adapter that a request runs under. The adapter is an argument, not a mode: base,
 * generator, verifier, refiner and DPO's reference are values over one frozen base.
 *
 * @param name for logs, journals and reports; "base" for none
 * @param directory in PEFT's format; null for the base
 */
public record AdapterRef(String name, @Nullable Path directory) implements Serializable {
  /** The frozen base itself. */
  public static final AdapterRef BASE = new AdapterRef("base", null);

  /** Reads back what {@link #directoryFrom} wrote. */
  public static AdapterRef at(String name, @Nullable String directory, Path folder) {
    return new AdapterRef(name, directory == null ? null : folder.resolve(directory).normalize());
  }

  /**
   * The directory as seen from {@code folder}, so that a run directory can be moved; null for the
   * base.
   */
  public @Nullable String directoryFrom(Path folder) {
    if (directory == null) {
      return null;
    }
    Path from = folder.toAbsolutePath().normalize();
    Path to = directory.toAbsolutePath().normalize();
    Path seen = Objects.equals(from.getRoot(), to.getRoot()) ? from.relativize(to) : to;
    return seen.toString().replace(File.separatorChar, '/');
  }

  public boolean isBase() {
    return directory == null;
  }

  /** Goes to other processes, whose working directory is another. */
  private Object writeReplace() {
    return new Sent(name, directory == null ? null : directory.toAbsolutePath().toString());
  }

  /** An adapter on the way; paths are not serializable. */
  private record Sent(String name, @Nullable String directory) implements Serializable {
    private Object readResolve() {
      return new AdapterRef(name, directory == null ? null : Path.of(directory));
    }
  }
}
