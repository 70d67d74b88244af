package malt.app.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import malt.MaltException;

/** Files of a report. */
final class ReportFiles {
  private ReportFiles() {}

  /** Writes a file complete or not at all; its directory is made if need be. */
  static void write(Path file, String text) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new MaltException("the report " + file + " has no directory to stand in");
    }
    try {
      Files.createDirectories(directory);
      Path half = directory.resolve("." + file.getFileName() + ".half");
      Files.writeString(half, text);
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new MaltException("the report " + file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** A style sheet or script that ships with this package. */
  static String resource(String name) {
    try (InputStream in = ReportFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
