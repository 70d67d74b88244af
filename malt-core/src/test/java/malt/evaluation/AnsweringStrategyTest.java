package malt.evaluation;

import static malt.evaluation.Toy.pass;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import malt.agent.Judgement;
import malt.model.Completion;
import org.junit.jupiter.api.Test;

class AnsweringStrategyTest {
  private static final List<String> FIVE =
      List.of("generator", "verifier", "refiner", "verifier", "refiner");

  private static List<Pass> passes(List<?>... passes) {
    return Stream.of(passes)
        .map(pass -> new Pass(pass.stream().map(Completion.class::cast).toList()))
        .toList();
  }

  private static List<String> texts(List<Ballot> ballots) {
    return ballots.stream()
        .map(ballot -> ballot.failed() ? Toy.FAILED : ballot.completion().text())
        .toList();
  }

  @Test
  void a_single_agent_is_turn_zero_of_the_same_passes_at_a_third_of_the_calls() {
    List<Pass> passes = passes(pass("=1", "ok", "=2"), pass("=3", "ok", "=4"));
    PassVote single = new PassVote(0, 2);
    PassVote team = new PassVote(PassVote.LAST, 2);
    assertThat(texts(single.ballots(passes, Toy.TURNS))).containsExactly("=1", "=3");
    assertThat(texts(team.ballots(passes, Toy.TURNS))).containsExactly("=2", "=4");
    assertThat(single.calls(3)).isEqualTo(2);
    assertThat(team.calls(3)).isEqualTo(6);
  }

  @Test
  void the_teams_answer_is_read_from_its_last_text_only() {
    List<Pass> passes = passes(pass("=1", "ok", "I agree"));
    assertThat(texts(new PassVote(PassVote.LAST, 1).ballots(passes, Toy.TURNS)))
        .containsExactly("I agree");
  }

  @Test
  void a_failed_turn_fails_the_turns_that_rest_on_it_and_no_others() {
    List<Pass> passes = passes(pass("=1", Toy.FAILED));
    assertThat(texts(new PassVote(0, 1).ballots(passes, Toy.TURNS))).containsExactly("=1");
    assertThat(texts(new PassVote(1, 1).ballots(passes, Toy.TURNS))).containsExactly(Toy.FAILED);
    assertThat(texts(new PassVote(PassVote.LAST, 1).ballots(passes, Toy.TURNS)))
        .containsExactly(Toy.FAILED);
  }

  @Test
  void without_a_refiner_the_answers_not_flagged_vote() {
    UnflaggedVote vote = new UnflaggedVote(3, 1, new Judgement(0, Toy.FLAG, false));
    List<Pass> passes =
        passes(
            pass("=1", "this is wrong", "=9"), pass("=1", "wrong", "=9"), pass("=2", "ok", "=9"));
    assertThat(texts(vote.ballots(passes, Toy.TURNS))).containsExactly("=2");
    assertThat(vote.calls(3)).isEqualTo(6);
  }

  @Test
  void without_a_refiner_all_answers_vote_where_all_are_flagged() {
    UnflaggedVote vote = new UnflaggedVote(2, 1, new Judgement(0, Toy.FLAG, false));
    List<Pass> passes = passes(pass("=1", "wrong", "=9"), pass("=2", "wrong", "=9"));
    assertThat(texts(vote.ballots(passes, Toy.TURNS))).containsExactly("=1", "=2");
  }

  @Test
  void without_a_refiner_a_flagged_answer_counts_before_a_failed_one() {
    UnflaggedVote vote = new UnflaggedVote(2, 1, new Judgement(0, Toy.FLAG, false));
    List<Pass> passes = passes(pass("=1", "wrong", "=9"), pass(Toy.FAILED));
    assertThat(texts(vote.ballots(passes, Toy.TURNS))).containsExactly("=1", Toy.FAILED);
  }

  @Test
  void a_later_critique_judges_the_answer_before_itself() {
    UnflaggedVote vote = new UnflaggedVote(3, 3, new Judgement(2, Toy.FLAG, false));
    List<Pass> passes =
        passes(
            pass("=1", "wrong", "=2", "ok", "=9"),
            pass("=1", "ok", "=3", "wrong", "=9"),
            pass(Toy.FAILED));
    assertThat(texts(vote.ballots(passes, Toy.chain(FIVE, Toy.FLAG))))
        .containsExactly("=2", Toy.FAILED);
    assertThat(vote.calls(5)).isEqualTo(12);
  }

  @Test
  void a_debate_votes_over_its_last_round() {
    PassVote vote = new PassVote(PassVote.LAST, 1, 2);
    List<Pass> passes = passes(pass("=1", "=2", "=3", "=4"));
    assertThat(texts(vote.ballots(passes, Toy.chain(List.of("a", "b", "a", "b"), ""))))
        .containsExactly("=3", "=4");
    assertThat(vote.calls(4)).isEqualTo(4);
    assertThat(vote.passes()).isEqualTo(1);
  }

  @Test
  void a_debaters_failure_in_the_last_round_leaves_the_other_votes() {
    List<Pass> passes = passes(pass("=1", "=2", "=3", Toy.FAILED));
    assertThat(
            texts(
                new PassVote(PassVote.LAST, 1, 2)
                    .ballots(passes, Toy.chain(List.of("a", "b", "a", "b"), ""))))
        .containsExactly("=3", Toy.FAILED);
  }
}
