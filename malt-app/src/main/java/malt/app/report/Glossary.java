package malt.app.report;

import java.util.Map;

/** Says in one line what a method's name means. */
final class Glossary {
  private static final String FIRST = " GF";
  private static final Map<String, String> PLAIN =
      Map.of(
          "SA", "one answer of the untrained generator",
          "MA",
              "untrained generator, verifier and refiner speak in turn; the refiner's answer counts",
          "STaR SA", "the generator alone, trained by SFT on its own correct answers",
          "STaR MA", "the three roles, each trained by SFT on its nodes labelled correct",
          "MALT", "the generator trained by SFT; verifier and refiner by SFT and then DPO",
          "debate",
              "untrained agents that read each other's answers and answer again; majority vote");

  private Glossary() {}

  /** Explains the name; empty where nothing is known of it. */
  static String explain(String method, long votes) {
    int comma = method.indexOf(", ");
    String remark = comma < 0 ? "" : method.substring(comma + 2);
    String name = comma < 0 ? method : method.substring(0, comma);
    boolean voted = MethodGroup.isVoted(name);
    String unvoted = MethodGroup.withoutVote(name);
    boolean first = unvoted.endsWith(FIRST);
    String plain = first ? unvoted.substring(0, unvoted.length() - FIRST.length()) : unvoted;
    String meaning = PLAIN.getOrDefault(plain, "");
    if (meaning.isEmpty()) {
      return "";
    }
    return meaning
        + (first ? "; the generator trained first, the others on trees sampled with it" : "")
        + (voted ? "; majority vote over " + votes + " passes" : "")
        + (remark.isEmpty() ? "" : "; here with " + remark);
  }
}
