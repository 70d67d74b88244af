package malt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Text files that are complete or absent, never half. */
public final class AtomicFiles {
  private AtomicFiles() {}

  /** Writes beside the file, then moves into its place. */
  public static void write(Path file, String text) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new MaltException(
          "cannot write %s: %s; check the path and the space left on the disk".formatted(file, e),
          e);
    }
  }
}
