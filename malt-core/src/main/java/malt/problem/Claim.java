package malt.problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plain words with what they deny set apart: "not 20 but 18" claims 18, "D, not B" claims D, "not
 * C" denies C.
 *
 * @param words what is claimed or denied
 */
public record Claim(boolean denied, String words) {
  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
  private static final Pattern NEGATED =
      Pattern.compile(
          "^(?:definitely |certainly |clearly )?(?:not|never|neither)\\b[\\s:]*(.*)", FLAGS);
  private static final Pattern INSTEAD =
      Pattern.compile(
          "^.*?(?:\\bbut(?: (?:rather|instead))?\\b|\\brather,|[,;]\\s*(?:so )?"
              + "(?:it|the answer|that)(?:'s| is| must be| should be)|[,;]\\s*(?:it's|instead))\\s*:?(.*)",
          FLAGS);
  private static final Pattern EXCLUDED =
      Pattern.compile(
          "[\\s,;(\u2014-]*\\b(?:and not|but not|not|rather than|instead of|as opposed to|unlike)\\b.*",
          FLAGS);
  private static final Pattern REASON =
      Pattern.compile(
          "[\\s,;\u2014-]*(?<![\\\\\\p{L}])(?:because|since|as|so|which|where|when|after|given|due to"
              + "|based on|considering|assuming|if)\\b(?! (?:far|many|much|follows)).*",
          FLAGS);

  /**
   * Reads a statement's words.
   *
   * @param denied whether the mark itself denies them ("the answer is not")
   */
  public static Claim of(String words, boolean denied) {
    String said = words.strip();
    Matcher negated = NEGATED.matcher(said);
    boolean not = negated.matches();
    String rest = not ? negated.group(1) : said;
    if (denied || not) {
      Matcher instead = INSTEAD.matcher(rest);
      return instead.matches() && !instead.group(1).isBlank()
          ? new Claim(false, instead.group(1).strip())
          : new Claim(true, rest.strip());
    }
    Matcher excluded = EXCLUDED.matcher(said);
    String claimed = excluded.replaceFirst("").strip();
    return new Claim(false, claimed.isEmpty() ? said : claimed);
  }

  /** The words before a reason for them ("12 because ..."); all of them where there is none. */
  public static String withoutReason(String words) {
    String claimed = REASON.matcher(words).replaceFirst("").strip();
    return claimed.isEmpty() ? words : claimed;
  }
}
