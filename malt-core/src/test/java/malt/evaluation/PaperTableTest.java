package malt.evaluation;

import static malt.evaluation.Toy.FLAG;
import static malt.evaluation.Toy.TURNS;
import static malt.evaluation.Toy.imitation;
import static malt.evaluation.Toy.malt;
import static malt.evaluation.Toy.star;
import static malt.evaluation.Toy.studied;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaperTableTest {
  private static final EvaluatedTeam DEBATE =
      new EvaluatedTeam(
          Meaning.debate(3, ""), Toy.chain(List.of("a", "b", "c", "d", "e", "f"), ""), 3, false);
  private static final EvaluatedTeam JOINT = malt("joint", "", true);
  private static final EvaluatedTeam GENERATOR_FIRST = malt("generator-first", "GF", false);
  private static final List<EvaluatedTeam> TEAMS =
      List.of(
          Toy.BASE,
          star("star", ""),
          imitation("joint", ""),
          JOINT,
          studied(JOINT, Study.silenced(TURNS, 1)),
          studied(JOINT, Study.shuffled(TURNS, 1)),
          imitation("generator-first", "GF"),
          GENERATOR_FIRST,
          studied(GENERATOR_FIRST, Study.untrained(TURNS, "verifier")),
          malt("sft-first", "SF", false),
          DEBATE);

  private static List<String> names(List<Method> methods) {
    return methods.stream().map(Method::name).toList();
  }

  @Test
  void the_rows_are_the_papers_then_ours_then_the_ablations() {
    assertThat(names(PaperTable.methods(TEAMS, 3)))
        .containsExactly(
            "SA",
            "SA+MV",
            "MA",
            "MA+MV",
            "STaR SA",
            "STaR SA+MV",
            "STaR MA",
            "STaR MA+MV",
            "SFT SA",
            "SFT SA+MV",
            "SFT MA",
            "SFT MA+MV",
            "MALT",
            "MALT+MV",
            "SFT MA GF",
            "SFT MA GF+MV",
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
  void each_row_reads_its_passes_as_its_meaning_says() {
    assertThat(PaperTable.methods(TEAMS, 3))
        .extracting(method -> method.name() + " | " + method.team() + " | " + method.strategy())
        .contains(
            "SA | MA | PassVote[turn=0, passes=1, voters=1]",
            "STaR SA+MV | STaR MA | PassVote[turn=0, passes=3, voters=1]",
            "MALT+MV | MALT | PassVote[turn=-1, passes=3, voters=1]",
            "MALT+MV, G | MALT | PassVote[turn=0, passes=3, voters=1]",
            "MALT+MV, G+V | MALT | UnflaggedVote[passes=3, critique=1,"
                + " judges=Judgement[turn=0, flag=\\bwrong\\b, ends=false]]",
            "debate | debate | PassVote[turn=-1, passes=1, voters=3]",
            "MALT+MV, shuffled critiques | MALT, shuffled critiques"
                + " | PassVote[turn=-1, passes=3, voters=1]");
  }

  @Test
  void each_rows_sentence_says_who_answers_and_what_counts() {
    assertThat(PaperTable.methods(TEAMS, 3))
        .extracting(method -> method.name() + ": " + method.meaning().sentence())
        .contains(
            "SA: one answer of the untrained generator",
            "MA: untrained generator, verifier and refiner speak in turn; the refiner's answer"
                + " counts",
            "STaR SA+MV: the generator alone, trained by SFT on what was right by itself, whatever"
                + " came of it; majority vote over 3 passes",
            "STaR MA: generator, verifier and refiner, each trained by SFT on what was right by"
                + " itself, whatever came of it",
            "SFT SA+MV: the generator alone, trained by SFT on what the values of the team's trees"
                + " label correct; majority vote over 3 passes",
            "SFT MA: generator, verifier and refiner, each trained by SFT on what the trees'"
                + " values label correct",
            "MALT: generator trained by SFT; verifier and refiner by SFT and then DPO",
            "MALT+MV, G: generator trained by SFT; verifier and refiner by SFT and then DPO; here"
                + " without verifier and refiner; majority vote over 3 passes");
  }

  @Test
  void without_a_way_to_read_critiques_no_row_ends_with_one() {
    List<Turn> unread = Toy.chain(Toy.ROLES, "");
    EvaluatedTeam team = new EvaluatedTeam(JOINT.meaning(), unread, true);
    assertThat(names(PaperTable.methods(List.of(team), 3)))
        .containsExactly("MALT", "MALT+MV", "MALT+MV, G");
  }

  private static List<String> rows(List<String> roles) {
    List<Turn> turns = Toy.chain(roles, FLAG);
    EvaluatedTeam full =
        new EvaluatedTeam(Meaning.malt("joint", "", "", turns, Map.of()), turns, true);
    List<EvaluatedTeam> teams =
        new ArrayList<>(List.of(new EvaluatedTeam(Meaning.base(turns), turns, false), full));
    roles.stream().distinct().forEach(r -> teams.add(studied(full, Study.untrained(turns, r))));
    for (int turn = 0; turn < turns.size() - 1; turn++) {
      if (turns.get(turn).judges() != null) {
        teams.add(studied(full, Study.silenced(turns, turn)));
        teams.add(studied(full, Study.shuffled(turns, turn)));
        teams.add(studied(full, Study.swapped(turns, turn)));
      }
    }
    return names(PaperTable.methods(teams, 3));
  }

  @Test
  void a_chain_of_two_has_its_rows() {
    assertThat(rows(List.of("solver", "verifier")))
        .containsExactly(
            "SA",
            "SA+MV",
            "MA",
            "MA+MV",
            "MALT",
            "MALT+MV",
            "MALT+MV, S",
            "MALT+MV, untrained solver",
            "MALT+MV, untrained verifier");
  }

  @Test
  void a_chain_of_five_with_two_verifiers_has_its_rows_each_once() {
    assertThat(rows(List.of("generator", "verifier", "refiner", "verifier", "refiner")))
        .doesNotHaveDuplicates()
        .endsWith(
            "MALT+MV, G",
            "MALT+MV, G+V",
            "MALT+MV, G+V+R",
            "MALT+MV, G+V+R+V2",
            "MALT+MV, untrained generator",
            "MALT+MV, untrained verifier",
            "MALT+MV, untrained refiner",
            "MALT+MV, G+R+V2+R2",
            "MALT+MV, shuffled critiques of verifier",
            "MALT+MV, swapped adapters of verifier and refiner",
            "MALT+MV, G+V+R+R2",
            "MALT+MV, shuffled critiques of verifier-2",
            "MALT+MV, swapped adapters of verifier-2 and refiner-2");
  }

  @Test
  void roles_of_one_initial_are_named_in_full() {
    assertThat(rows(List.of("reader", "reviewer", "editor")))
        .contains("MALT+MV, reader", "MALT+MV, reader+reviewer");
  }

  @Test
  void only_the_teams_that_were_sampled_have_rows() {
    assertThat(names(PaperTable.methods(List.of(Toy.BASE), 3)))
        .containsExactly("SA", "SA+MV", "MA", "MA+MV");
  }

  @Test
  void without_malt_each_method_meets_the_first() {
    List<Method> untrained = PaperTable.methods(List.of(Toy.BASE), 3);
    assertThat(PaperTable.comparisons(untrained))
        .containsExactly(
            new Comparison("SA+MV", "SA"),
            new Comparison("MA", "SA"),
            new Comparison("MA+MV", "SA"));
    assertThat(PaperTable.comparisons(untrained.subList(0, 1))).isEmpty();
  }

  @Test
  void each_full_team_meets_its_baselines_and_its_own_ablations() {
    List<Comparison> comparisons = PaperTable.comparisons(PaperTable.methods(TEAMS, 3));
    assertThat(comparisons.stream().filter(c -> c.a().equals("MALT+MV")).map(Comparison::b))
        .containsExactly(
            "SA",
            "SA+MV",
            "MA+MV",
            "STaR SA+MV",
            "STaR MA+MV",
            "debate",
            "SFT SA+MV",
            "SFT MA+MV",
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
            "SFT MA GF+MV",
            "MALT+MV",
            "MALT GF+MV, untrained verifier");
    assertThat(comparisons.stream().filter(c -> c.a().equals("MALT SF+MV")).map(Comparison::b))
        .containsExactly(
            "SA", "SA+MV", "MA+MV", "STaR SA+MV", "STaR MA+MV", "debate", "MALT+MV", "MALT GF+MV");
    assertThat(comparisons).hasSize(29);
  }
}
