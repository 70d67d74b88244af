package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static List<String> lines(String... overrides) {
    return Plan.of(TinyConfig.with(overrides)).lines();
  }

  @Test
  void the_papers_schedule_trains_every_role_from_the_bases_trees() {
    assertThat(lines("run=[joint]"))
        .containsExactly(
            "schedule joint",
            "  round joint: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "    train joint/generator/sft from a fresh adapter",
            "    train joint/verifier/sft from a fresh adapter",
            "    train joint/refiner/sft from a fresh adapter",
            "    train joint/verifier/dpo from joint/verifier/sft",
            "    train joint/refiner/dpo from joint/refiner/sft",
            "  evaluate joint/generator/sft, joint/refiner/dpo, joint/verifier/dpo");
  }

  @Test
  void a_later_round_is_sampled_by_who_is_trained_by_then() {
    assertThat(lines("run=[sft-first]"))
        .contains(
            "  round sft-first: trees [3, 2, 2], 21 completions a question, by joint/generator/sft, joint/refiner/sft, joint/verifier/sft; correct above 0.5",
            "    train sft-first/verifier/dpo from joint/verifier/sft");
    assertThat(lines("run=[generator-first]"))
        .contains(
            "  round generator-first: trees [3, 2, 2], 21 completions a question, by joint/generator/sft; correct above 0.5");
  }

  @Test
  void a_round_may_be_repeated_go_on_from_its_adapters_and_raise_its_threshold() {
    assertThat(
            lines(
                "run=[joint]",
                "schedules.joint.rounds=[{name: a, train: [{method: sft}]},"
                    + " {name: b, repeat: 2, threshold: 0.7, branching: [1, 2, 3],"
                    + " train: [{method: sft, roles: [refiner], from: current},"
                    + " {method: dpo, roles: [refiner]}]}]"))
        .contains(
            "  round b: trees [1, 2, 3], 9 completions a question, by a/generator/sft, a/refiner/sft, a/verifier/sft; correct above 0.7",
            "    train b/refiner/sft from a/refiner/sft",
            "    train b/refiner/dpo from b/refiner/sft",
            "  round b-2: trees [1, 2, 3], 9 completions a question, by a/generator/sft, a/verifier/sft, b/refiner/dpo; correct above 0.7",
            "    train b-2/refiner/sft from b/refiner/dpo",
            "    train b-2/refiner/dpo from b-2/refiner/sft");
  }

  @Test
  void a_round_may_be_sampled_by_the_base_and_trained_anew() {
    assertThat(
            lines(
                "run=[joint]",
                "schedules.joint.rounds=[{name: a, train: [{method: sft}]},"
                    + " {name: b, sample: base,"
                    + " train: [{method: dpo, roles: [refiner], from: base}]}]"))
        .contains(
            "  round b: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "    train b/refiner/dpo from a fresh adapter");
  }

  @Test
  void reinforcement_learning_goes_on_from_the_team_at_hand_and_from_the_base_at_first() {
    assertThat(lines(TinyConfig.ONLINE))
        .containsExactly(
            "schedule online",
            "  round online: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "    train online/verifier/ppo from a fresh adapter",
            "    train online/refiner/ppo from a fresh adapter",
            "  round online-2: trees [3, 2, 2], 21 completions a question, by online/refiner/ppo, online/verifier/ppo; correct above 0.5",
            "    train online-2/verifier/ppo from online/verifier/ppo",
            "    train online-2/refiner/ppo from online/refiner/ppo",
            "  evaluate online-2/refiner/ppo, online-2/verifier/ppo");
  }

  @Test
  void rounds_that_schedules_share_are_one() {
    Plan plan = Plan.of(TinyConfig.with("run=[joint, generator-first, sft-first]"));
    assertThat(plan.rounds())
        .extracting(Plan.Round::name)
        .containsExactly("joint", "generator-first", "sft-first");
    assertThat(plan.schedule("sft-first").imitation())
        .isEqualTo(plan.schedule("joint").imitation());
  }
}
