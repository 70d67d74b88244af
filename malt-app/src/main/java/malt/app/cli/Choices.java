package malt.app.cli;

import java.util.ArrayList;
import java.util.List;
import malt.problem.Graders;
import malt.problem.Layout;

/** Names that an option takes, for its help: {@code ${COMPLETION-CANDIDATES}}. */
final class Choices {
  private Choices() {}

  /** All graders. */
  static final class OfGraders extends ArrayList<String> {
    OfGraders() {
      super(Graders.names());
    }
  }

  /** All layouts of problem files. */
  static final class OfLayouts extends ArrayList<String> {
    OfLayouts() {
      super(List.copyOf(Layout.titles()));
    }
  }
}
