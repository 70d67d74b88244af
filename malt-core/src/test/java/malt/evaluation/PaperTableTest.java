package malt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PaperTableTest {
  private static final List<String> TEAMS =
      List.of(
          "MA",
          "STaR MA",
          "MALT",
          "STaR MA GF",
          "MALT GF",
          "debate",
          "MALT SF",
          "MALT, G+R",
          "MALT, shuffled critiques",
          "MALT GF, untrained verifier");

  private static List<String> names(List<Method> methods) {
    return methods.stream().map(Method::name).toList();
  }

  @Test
  void theRowsAreThePapersThenOursThenTheAblations() {
    assertThat(names(PaperTable.methods(TEAMS, 3, 3, Toy.FLAGS)))
        .containsExactly(
            "SA",
            "SA+MV",
            "MA",
            "MA+MV",
            "STaR SA",
            "STaR SA+MV",
            "STaR MA",
            "STaR MA+MV",
            "MALT",
            "MALT+MV",
            "STaR MA GF",
            "STaR MA GF+MV",
            "MALT GF",
            "MALT GF+MV",
            "MALT SF",
            "MALT SF+MV",
            "debate",
            "MALT+MV, G",
            "MALT+MV, G+V",
            "MALT+MV, G+R",
            "MALT+MV, shuffled critiques",
            "MALT GF+MV, untrained verifier");
  }

  @Test
  void aSingleAgentReadsTheFirstTurnOfItsTeam() {
    assertThat(PaperTable.methods(TEAMS, 3, 3, null))
        .contains(
            new Method("SA", "MA", new PassVote(0, 1)),
            new Method("STaR SA+MV", "STaR MA", new PassVote(0, 3)),
            new Method("MALT+MV", "MALT", new PassVote(PassVote.LAST, 3)),
            new Method("debate", "debate", new DebateVote(3)),
            new Method(
                "MALT+MV, shuffled critiques",
                "MALT, shuffled critiques",
                new PassVote(PassVote.LAST, 3)));
  }

  @Test
  void onlyTheTeamsThatWereSampledHaveRows() {
    assertThat(names(PaperTable.methods(List.of("MA"), 3, 3, null)))
        .containsExactly("SA", "SA+MV", "MA", "MA+MV");
  }

  @Test
  void withoutMaltEachMethodMeetsTheFirst() {
    List<Method> untrained = PaperTable.methods(List.of("MA"), 3, 3, null);
    assertThat(PaperTable.comparisons(untrained))
        .containsExactly(
            new Comparison("SA+MV", "SA"),
            new Comparison("MA", "SA"),
            new Comparison("MA+MV", "SA"));
    assertThat(PaperTable.comparisons(untrained.subList(0, 1))).isEmpty();
  }

  @Test
  void eachFullTeamMeetsItsBaselinesAndItsOwnAblations() {
    List<Comparison> comparisons =
        PaperTable.comparisons(PaperTable.methods(TEAMS, 3, 3, Toy.FLAGS));
    assertThat(comparisons.stream().filter(c -> c.a().equals("MALT+MV")).map(Comparison::b))
        .containsExactly(
            "SA",
            "SA+MV",
            "MA+MV",
            "STaR SA+MV",
            "STaR MA+MV",
            "debate",
            "MALT+MV, G",
            "MALT+MV, G+V",
            "MALT+MV, G+R",
            "MALT+MV, shuffled critiques");
    assertThat(comparisons.stream().filter(c -> c.a().equals("MALT GF+MV")).map(Comparison::b))
        .containsExactly(
            "SA",
            "SA+MV",
            "MA+MV",
            "STaR SA+MV",
            "STaR MA+MV",
            "debate",
            "STaR MA GF+MV",
            "MALT GF+MV, untrained verifier");
    assertThat(comparisons.stream().filter(c -> c.a().equals("MALT SF+MV")).map(Comparison::b))
        .containsExactly("SA", "SA+MV", "MA+MV", "STaR SA+MV", "STaR MA+MV", "debate");
    assertThat(comparisons).hasSize(24);
  }
}
