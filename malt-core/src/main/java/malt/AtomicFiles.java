package malt;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;

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
    try (AtomicFile target = AtomicFile.begin(file)) {
      try {
        content.writeTo(target.out());
      } catch (IOException e) {
        throw target.failed(e);
      }
      target.complete();
    }
  }
}
