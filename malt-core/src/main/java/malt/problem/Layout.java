package malt.problem;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import malt.ConfigException;
import org.jspecify.annotations.Nullable;

/** How a file of problems is laid out, and which graders its answers ask for. */
public enum Layout {
  /** {@link Gsm8kFile}; GSM-Symbolic too. */
  GSM8K("number", "number-lenient"),
  /** {@link MathFile}; MATH-500 too. */
  MATH("math", "math-lenient"),
  /** {@link CsqaFile}. */
  CSQA("choice", "choice-lenient"),
  /** {@link CustomFile}, whose grader the user names. */
  CUSTOM(null, null);

  private final @Nullable String grader;
  private final @Nullable String looseGrader;

  Layout(@Nullable String grader, @Nullable String looseGrader) {
    this.grader = grader;
    this.looseGrader = looseGrader;
  }

  /** The layout of a name such as "gsm8k". */
  public static Layout named(String name) {
    for (Layout layout : values()) {
      if (layout.title().equals(name)) {
        return layout;
      }
    }
    throw new ConfigException(
        "there is no benchmark '%s'; known: %s".formatted(name, String.join(", ", titles())));
  }

  /** Names of all layouts. */
  public static List<String> titles() {
    return Arrays.stream(values()).map(Layout::title).toList();
  }

  /** Name in configurations and commands. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Name of the grader that rewards: it guesses nothing. Empty where the user must name one. */
  public Optional<String> grader() {
    return Optional.ofNullable(grader);
  }

  /** Name of the grader of texts that need not mark their answer. */
  public Optional<String> looseGrader() {
    return Optional.ofNullable(looseGrader);
  }

  /**
   * The problems of a file in order.
   *
   * @param custom the fields, for {@link #CUSTOM} only
   * @throws malt.MalformedDataException listing each row that cannot be used
   */
  public ProblemFile read(Path file, CustomFile custom, RowSource source) {
    return JsonLines.read(
        file,
        source,
        switch (this) {
          case GSM8K -> Gsm8kFile::row;
          case MATH -> MathFile::row;
          case CSQA -> CsqaFile::row;
          case CUSTOM -> custom::row;
        });
  }
}
