package malt.problem;

import java.nio.file.Path;
import java.util.List;

/** Files of problems in the layouts that say their own fields. */
final class ProblemFiles {
  private ProblemFiles() {}

  static List<Problem> read(Layout layout, Path file) {
    return whole(layout, file).problems();
  }

  /** With what is left out. */
  static ProblemFile whole(Layout layout, Path file) {
    return layout.read(file, new CustomFile("question", "answer", ""), RowSource.jsonLines());
  }
}
