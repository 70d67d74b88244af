package malt.app.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the files that come with the project from whatever directory the command is called. */
public final class Home {
  private Home() {}

  /** The path itself if it is there or absolute, otherwise the same path in the project. */
  public static Path resolve(Path path) {
    String home = System.getProperty("malt.home");
    if (path.isAbsolute() || home == null || Files.exists(path)) {
      return path;
    }
    Path ours = Path.of(home).resolve(path);
    return Files.exists(ours) ? ours : path;
  }
}
