package malt.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.problem.math.MathGrader;
import malt.problem.math.StrictMathGrader;

/** Every grader under the name by which configurations, commands and reports know it. */
public final class Graders {
  private static final Map<String, Grader> BY_NAME = new LinkedHashMap<>();

  static {
    List.of(
            NumberGrader.strict(),
            NumberGrader.lenient(),
            MathGrader.strict(),
            MathGrader.lenient(),
            new StrictMathGrader(),
            ChoiceGrader.strict(),
            ChoiceGrader.lenient())
        .forEach(grader -> BY_NAME.put(grader.name(), grader));
  }

  private Graders() {}

  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * The grader of a name.
   *
   * @throws ConfigException if there is none
   */
  public static Grader named(String name) {
    Grader grader = BY_NAME.get(name);
    if (grader == null) {
      throw new ConfigException(
          "there is no grader '%s'; known: %s".formatted(name, String.join(", ", names())));
    }
    return grader;
  }
}
