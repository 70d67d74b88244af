package malt;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text file in the making, beside its place until it is complete. Closed before that, it leaves
 * what was in its place.
 */
public final class AtomicFile implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final BufferedWriter out;
  private boolean closed;

  private AtomicFile(Path file, Path part, BufferedWriter out) {
    this.file = file;
    this.part = part;
    this.out = out;
  }

  /** Begins the file; its directory is made if need be. */
  public static AtomicFile begin(Path file) {
    Path part = part(file);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return new AtomicFile(file, part, TextFiles.writer(part, false));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Where the file is in the making. */
  public static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  /** Closed by {@link #complete} or {@link #close}. */
  public Writer out() {
    return out;
  }

  /** Moves the file into its place. */
  public void complete() {
    try {
      closed = true;
      out.close();
      AtomicFiles.replace(part, file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (out) {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  /** What to throw where writing to {@link #out} failed. */
  public MaltException failed(IOException cause) {
    return failed(file, cause);
  }

  private static MaltException failed(Path file, IOException cause) {
    return new MaltException(
        "cannot write %s: %s; check the path and the space left on the disk".formatted(file, cause),
        cause);
  }
}
