package malt.app.cli;

import java.io.PrintStream;
import malt.torch.weights.CheckpointWriter;

/** A line for each file of a checkpoint that is complete. */
final class FileLines {
  private FileLines() {}

  static CheckpointWriter.Listener on(PrintStream out) {
    long start = System.nanoTime();
    return (file, done, all) -> {
      double seconds = (System.nanoTime() - start) / 1e9;
      out.printf(
          "wrote %s  %.1f of %.1f GB  %.0f s  eta %.0f s%n",
          file.getFileName(), done / 1e9, all / 1e9, seconds, seconds * (all - done) / done);
    };
  }
}
