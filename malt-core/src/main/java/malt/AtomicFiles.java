package malt;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are complete or absent, never half; also after the machine has lost its power. */
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

  /** Moves a file, or a directory, that was made beside its place into it. */
  public static void replace(Path part, Path place) throws IOException {
    boolean directory = Files.isDirectory(part);
    force(part, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE);
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(place.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ);
  }

  /**
   * Has the disk hold what was written; of a directory, the names in it. A channel closes itself
   * under a thread that is asked to stop, who has to save first: it is opened again.
   */
  private static void force(Path place, OpenOption how) throws IOException {
    if (Files.isDirectory(place) && !isPosix(place)) {
      return; // Windows opens no directory
    }
    boolean interrupted = false;
    try {
      boolean forced = false;
      while (!forced) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(place, how)) {
          channel.force(true);
          forced = true;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isPosix(Path place) {
    return place.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
