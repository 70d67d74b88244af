package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a row of the table is: who answers, and which answer counts. A name is made of this, here
 * alone, and nothing is read out of a name.
 *
 * @param schedule that trained the team; null where nothing was trained
 * @param label of the schedule in names; "" for the paper's own, and where there is none
 * @param study what was changed in the team; null for the team itself
 * @param alone whether it is the first turn as a single agent
 * @param voted whether several answers to a question are put to the vote
 * @param votes how many answers to a question are read
 * @param matched whether the votes are so many that the row costs the calls of the whole team's
 *     vote
 * @param sentence all of this, in words
 * @param note what a reader must know before comparing with the row; "" for nothing
 */
public record Meaning(
    Kind kind,
    @Nullable String schedule,
    String label,
    @Nullable Study study,
    boolean alone,
    boolean voted,
    int votes,
    boolean matched,
    String sentence,
    String note) {
  private static final String OWN = "was right by itself, whatever came of it";

  /** How a team came to be. */
  public enum Kind {
    /** Untrained. */
    @JsonProperty("base")
    BASE("SA", "MA"),
    /** As the run began with it, where that is not the base. */
    @JsonProperty("start")
    START("start SA", "start MA"),
    /** Trained by SFT alone, each role on what its own standard lets through: STaR. */
    @JsonProperty("star")
    STAR("STaR SA", "STaR MA"),
    /** Trained by SFT alone on what the values of a tree label correct: MALT before preferences. */
    @JsonProperty("sft")
    SFT("SFT SA", "SFT MA"),
    /** Trained by a whole schedule. */
    @JsonProperty("malt")
    MALT("MALT", "MALT"),
    /** One model alone, trained by SFT on what a team came to. */
    @JsonProperty("distilled")
    DISTILLED("distilled", "distilled"),
    /** Untrained agents that debate. */
    @JsonProperty("debate")
    DEBATE("debate", "debate");

    private final String alone;
    private final String whole;

    Kind(String alone, String whole) {
      this.alone = alone;
      this.whole = whole;
    }
  }

  /** One pass of an untrained team. */
  public static Meaning base(List<Turn> turns) {
    String last = turns.get(Turn.answering(turns, turns.size())).role();
    String sentence =
        turns.size() == 1
            ? single(turns)
            : "untrained %s speak in turn; the %s's answer counts"
                .formatted(Words.list(roles(turns)), last);
    return new Meaning(Kind.BASE, null, "", null, false, false, 1, false, sentence, "");
  }

  /**
   * One pass of the team that a run begins with.
   *
   * @param team which it is, in words
   */
  public static Meaning start(String team) {
    return new Meaning(
        Kind.START,
        null,
        "",
        null,
        false,
        false,
        1,
        false,
        "as this run began with it, %s".formatted(team),
        "trained before this run, which is counted in no row");
  }

  private static String single(List<Turn> turns) {
    return "one answer of the untrained " + turns.get(0).role();
  }

  /**
   * One pass of a team after SFT alone.
   *
   * @param ownFilter whether each role imitated what is right by its own standard, not what the
   *     values of the trees label correct
   * @param remark what must be known of the schedule; "" for nothing
   */
  public static Meaning imitation(
      String schedule, String label, String remark, List<Turn> turns, boolean ownFilter) {
    List<String> roles = roles(turns);
    String sentence =
        "%s%s trained by SFT on what %s"
            .formatted(
                Words.list(roles),
                roles.size() == 1 ? "," : ", each",
                ownFilter ? OWN : "the trees' values label correct");
    return trained(ownFilter ? Kind.STAR : Kind.SFT, schedule, label, sentence, remark);
  }

  /**
   * One pass of a team after its whole schedule.
   *
   * @param methods what each role was trained by, such as SFT and DPO; no entry where by nothing
   * @param remark what must be known of the schedule; "" for nothing
   */
  public static Meaning malt(
      String schedule,
      String label,
      String remark,
      List<Turn> turns,
      Map<String, List<String>> methods) {
    Map<String, List<String>> alike = new LinkedHashMap<>();
    for (String role : roles(turns)) {
      String by = String.join(" and then ", methods.getOrDefault(role, List.of("nothing")));
      alike.computeIfAbsent(by, key -> new ArrayList<>()).add(role);
    }
    List<String> parts = new ArrayList<>();
    alike.forEach(
        (by, those) ->
            parts.add(Words.list(those) + (parts.isEmpty() ? " trained by " : " by ") + by));
    return trained(Kind.MALT, schedule, label, String.join("; ", parts), remark);
  }

  /**
   * One answer of a single model that was taught what a team came to.
   *
   * @param conversation whether it learned to say all that the team said up to its answer
   * @param remark what must be known of the schedule; "" for nothing
   */
  public static Meaning distilled(
      String schedule, String label, String remark, boolean conversation) {
    String sentence =
        "one model alone, trained by SFT to say at once %s where that was right"
            .formatted(
                conversation
                    ? "all that the team said up to its answer,"
                    : "what the team answered");
    return trained(Kind.DISTILLED, schedule, label, sentence, remark);
  }

  private static Meaning trained(
      Kind kind, String schedule, String label, String sentence, String remark) {
    String whole = remark.isEmpty() ? sentence : sentence + "; " + remark;
    return new Meaning(kind, schedule, label, null, false, false, 1, false, whole, "");
  }

  /**
   * The vote of a debate's last round.
   *
   * @param note what must be known of these debaters; "" for nothing
   */
  public static Meaning debate(int debaters, String note) {
    return new Meaning(
        Kind.DEBATE,
        null,
        "",
        null,
        false,
        true,
        debaters,
        false,
        "untrained agents that read each other's answers and answer again; majority vote",
        note);
  }

  /** The same team with something changed. */
  public Meaning with(Study change) {
    return new Meaning(
        kind,
        schedule,
        label,
        change,
        alone,
        voted,
        votes,
        matched,
        sentence + "; " + change.sentence(),
        note);
  }

  /** The first turn's answer instead of the team's. */
  Meaning firstAlone(List<Turn> turns) {
    String single =
        switch (kind) {
          case BASE -> single(turns);
          case START -> "the %s alone, %s".formatted(turns.get(0).role(), sentence);
          default ->
              "the %s alone, trained by SFT on what %s"
                  .formatted(
                      turns.get(0).role(),
                      kind == Kind.STAR ? OWN : "the values of the team's trees label correct");
        };
    return new Meaning(kind, schedule, label, study, true, voted, votes, matched, single, note);
  }

  /** The vote of several passes. */
  Meaning vote(int passes) {
    return new Meaning(
        kind,
        schedule,
        label,
        study,
        alone,
        true,
        passes,
        matched,
        "%s; majority vote over %d passes".formatted(sentence, passes),
        note);
  }

  /**
   * The vote of the first turn alone over so many passes that it costs what the team's vote does.
   *
   * @param passes of the team's vote
   */
  public Meaning matching(List<Turn> turns, int passes) {
    Meaning many = firstAlone(turns).vote(passes * turns.size());
    return new Meaning(
        kind,
        schedule,
        label,
        study,
        true,
        true,
        many.votes,
        true,
        many.sentence + ", as many calls as the team makes",
        note);
  }

  /** As reports show it, such as "STaR SA", "MALT GF+MV, shuffled critiques". */
  public String name() {
    String trained = (alone ? kind.alone : kind.whole) + (label.isEmpty() ? "" : " " + label);
    return trained
        + (voted && kind != Kind.DEBATE ? "+MV" : "")
        + (matched ? votes : "")
        + (study == null ? "" : ", " + study.name());
  }

  /** A team after a whole schedule, unchanged, with its vote: what an experiment is about. */
  public boolean full() {
    return kind == Kind.MALT && study == null && voted;
  }

  /** Whether it is something else than MALT or a part of it. */
  public boolean baseline() {
    return switch (kind) {
      case BASE, START, STAR, DEBATE -> true;
      case SFT, MALT, DISTILLED -> false;
    };
  }

  private static List<String> roles(List<Turn> turns) {
    return turns.stream().map(Turn::role).distinct().toList();
  }
}
