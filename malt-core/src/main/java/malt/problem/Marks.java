package malt.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The marks that a grader knows, as one pattern with a group named like each {@link Mark}; what
 * matches none of them begins a new question.
 */
public enum Marks {
  /** Of answers that are numbers or formulas. */
  ANSWERS(Marks.ANSWER, "", "|(?<![^\\n])[ \\t]*A:", "(?!)"),
  /** Of answers that are one of several choices. */
  CHOICES(
      "(?:"
          + Marks.ANSWER
          + "|(?:best|correct|right|my|final|only|remaining|likely|logical|appropriate|suitable|fitting)"
          + " (?:choice|option|selection|pick|letter|one)\\b)",
      "|correct\\b|right\\b|choice\\b|option\\b",
      "",
      ChoiceText.CHOOSING);

  private static final String ANSWER =
      "(?:\\b(?:ans(?:wer)?|antwort|r[\u00e9e]ponse|respuesta|risposta|resposta)\\b|\u7b54\u6848|\u7b54\u3048|\uc815\ub2f5|\u043e\u0442\u0432\u0435\u0442(?!\\p{L}))";
  private static final String ORNAMENT = "[\\s*_\"'`)]{0,8}";
  private static final String ASIDE = "(?:[ \\t]?\\([^()\\n]{1,40}\\))?";
  private static final String COPULA =
      "(?:(?:must|should|would|will|could|has to|have to|seems? to|appears? to|turns? out to|can|may|might)"
          + "(?<not1>n't| not|not)? (?:only )?be|(?:is|are|was)(?<not2>n't| not\\b)?"
          + "|equals?|comes (?:out )?to|becomes|ist|est|es|\u00e8|\u00e9)(?![\\p{L}\\d'])|\u662f|\u4e3a|\u306f";
  private static final String SIGN = "[:=](?!=)|[-=]?->|=>|[\u2192\u21d2\u2014]";

  private final Pattern pattern;

  /**
   * @param noun what is said to be the answer, as a pattern
   * @param behind what else says so behind it
   * @param line what else says so before it
   * @param chosen clauses that choose
   */
  Marks(String noun, String behind, String line, String chosen) {
    String named =
        noun
            + ASIDE
            + "(?: (?:to|for|of|in) (?:the|this|that|part|question|problem)[^.:\\n]{0,60}?)??"
            + ORNAMENT
            + "(?:"
            + COPULA
            + "|"
            + SIGN
            + ")"
            + line;
    String finally_ =
        "\\bfinal answer\\b"
            + ASIDE
            + "(?:"
            + ORNAMENT
            + "(?:is\\b[\\s*_]{0,8})?(?:"
            + SIGN
            + "|\u2014)|"
            + ORNAMENT
            + "is\\b(?! not\\b|n't)|[*_#:\\s]*(?=\\n)|[ \\t]+(?=[-+$\\\\(]{0,3}\\d))";
    this.pattern =
        Pattern.compile(
            "(?:(?=[#<\"\\\\])|(?<![a-zA-Z])(?=[ \\t*_>\\p{L}]))(?:(?<hashes>#{4,})"
                + "|(?<tag><(?:final_?)?answer>)"
                + "|(?<field>\"(?:final_?)?answer\"\\s{0,3}:)"
                + "|(?<final>"
                + finally_
                + "|(?<![^\\n])[ \\t]*(?:#{1,6}[ \\t]*[*_]{0,3}|[*_]{2,3})?(?:correct |my )?answer[ \\t]*[*_:]*[ \\t]*(?=\\n))"
                + "|(?<named>"
                + named
                + ")"
                + "|(?<behind>\\bis(?<not3>n't| not)? (?:the )?(?:(?:best|correct|right|final|only)[ ,]{1,2}){0,2}(?:"
                + noun
                + behind
                + ")(?!\\s*(?:is\\b|was\\b|[:=]|to\\b|that\\b)))"
                + "|(?<chosen>"
                + chosen
                + ")"
                + "|(?<box>\\\\(?:boxed|fbox) ?\\{(?=\\s*[^\\s}]))"
                + "|(?:(?<![^\\n])[ \\t#*_>]*(?:(?:new|next|another|practice|follow-up)[ ])?"
                + "(?:(?:question|problem|exercise|user|human|instruction)[ \\t]*#?\\d{0,4}[ \\t]*[*_]*[ \\t]*:"
                + "|Q ?\\d{0,3} ?[:.]"
                + "|#{1,6}[ \\t]*[*_]*(?:question|problem|exercise|instruction)\\b[ \\t]*#?\\d{0,4}[ \\t]*[*_:]*[ \\t]*(?=\\n)"
                + "|(?:question|problem|exercise)[ \\t]+#?\\d{1,4}[ \\t]*[*_]*[ \\t]*[.)\\n])))",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /**
   * A mark in a text.
   *
   * @param mark null where a new question begins
   * @param denied whether it says what the answer is not
   */
  record Place(@Nullable Mark mark, boolean denied, int start, int end) {}

  /** All marks of a text, in order. */
  List<Place> in(String text) {
    List<Place> places = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      boolean denied =
          matcher.group("not1") != null
              || matcher.group("not2") != null
              || matcher.group("not3") != null;
      places.add(new Place(mark(matcher), denied, matcher.start(), matcher.end()));
    }
    return places;
  }

  private static @Nullable Mark mark(Matcher found) {
    for (Mark mark : Mark.values()) {
      if (found.group(mark.name().toLowerCase(Locale.ROOT)) != null) {
        return mark;
      }
    }
    return null;
  }
}
