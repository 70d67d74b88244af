package malt.app.report;

import java.util.Map;

/** Says in one line what a method's name means. */
final class Glossary {
  private static final Map<String, String> SCHEDULES =
      Map.of(
          " GF",
          "; the generator trained first, the others on trees sampled with it",
          " SF",
          "; SFT first, DPO on trees sampled with the team after SFT (a round of on-policy"
              + " DPO)");

  /** What must be known of an ablation to read its number. */
  private static final Map<String, String> CAUTIONS =
      Map.of(
          "G+R",
          " (no verifier: the review is empty, a prompt that nobody was trained on, so a loss is"
              + " not all the verifier's worth)");

  private static final Map<String, String> PLAIN =
      Map.of(
          "SA", "one answer of the untrained generator",
          "MA",
              "untrained generator, verifier and refiner speak in turn; the refiner's answer"
                  + " counts",
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
    String schedule = SCHEDULES.keySet().stream().filter(unvoted::endsWith).findFirst().orElse("");
    String plain = unvoted.substring(0, unvoted.length() - schedule.length());
    String meaning = PLAIN.getOrDefault(plain, "");
    if (meaning.isEmpty()) {
      return "";
    }
    return meaning
        + SCHEDULES.getOrDefault(schedule, "")
        + (voted ? "; majority vote over " + votes + " passes" : "")
        + (remark.isEmpty() ? "" : "; here with " + remark + CAUTIONS.getOrDefault(remark, ""));
  }
}
