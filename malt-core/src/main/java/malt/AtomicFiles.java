package malt;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Text files that are complete or absent, never half. */
public final class AtomicFiles {
  private AtomicFiles() {}

  /** Writes a file's text. */
  public interface Content {
    void writeTo(Writer out) throws IOException;
  }

  /** Writes beside the file, then moves into its place; its directory is made if need be. */
  public static void write(Path file, String text) {
    write(file, out -> out.write(text));
  }

  /** As {@link #write(Path, String)}, for text that need not be held as a whole. */
  public static void write(Path file, Content content) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (BufferedWriter out = Files.newBufferedWriter(part)) {
        content.writeTo(out);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new MaltException(
          "cannot write %s: %s; check the path and the space left on the disk".formatted(file, e),
          e);
    }
  }
}
