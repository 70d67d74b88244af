package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import malt.ConfigException;
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
  void a_rounds_own_settings_are_shown() {
    assertThat(
            lines(
                "run=[joint]",
                "schedules.joint.rounds=[{name: a, train: [{method: sft}],"
                    + " settings: {credit: {pooling: own}, dpo: {beta: 0.2}}}]"))
        .contains("    credit: {pooling=own}", "    dpo: {beta=0.2}");
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

  private static final String TRAIN = "train: [{method: sft, roles: [refiner]}]";

  private static List<String> rounds(String... rounds) {
    return lines("run=[joint]", "schedules.joint.rounds=[{" + String.join("}, {", rounds) + "}]")
        .stream()
        .filter(line -> line.startsWith("  round"))
        .toList();
  }

  @Test
  void a_round_may_go_on_learning_from_all_trees_so_far() {
    assertThat(rounds("name: a, " + TRAIN, "name: b, trees: all, repeat: 2, " + TRAIN))
        .containsExactly(
            "  round a: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "  round b: trees [3, 2, 2], 21 completions a question, by a/refiner/sft, and the trees of a; correct above 0.5",
            "  round b-2: trees [3, 2, 2], 21 completions a question, by b/refiner/sft, and the trees of a, b; correct above 0.5");
  }

  @Test
  void a_round_may_mix_its_own_trees_with_those_of_some_rounds_and_drop_others() {
    assertThat(
            rounds(
                "name: a, " + TRAIN,
                "name: b, repeat: 2, " + TRAIN,
                "name: c, repeat: 2, trees: [own, a], " + TRAIN,
                "name: d, trees: [b, d], " + TRAIN,
                "name: e, trees: [e, b-2], " + TRAIN))
        .extracting(line -> line.replaceFirst("trees \\[.* by ", "by "))
        .containsExactly(
            "  round a: by the base; correct above 0.5",
            "  round b: by a/refiner/sft; correct above 0.5",
            "  round b-2: by b/refiner/sft; correct above 0.5",
            "  round c: by b-2/refiner/sft, and the trees of a; correct above 0.5",
            "  round c-2: by c/refiner/sft, and the trees of a; correct above 0.5",
            "  round d: by c-2/refiner/sft, and the trees of b, b-2; correct above 0.5",
            "  round e: by d/refiner/sft, and the trees of b-2; correct above 0.5");
  }

  @Test
  void a_round_that_does_not_name_itself_labels_others_trees_and_samples_none() {
    assertThat(rounds("name: a, train: []", "name: b, trees: a, threshold: 0.7, " + TRAIN))
        .containsExactly(
            "  round a: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "  round b: the trees of a; correct above 0.7");
  }

  @Test
  void a_round_reads_no_trees_that_are_not_sampled_by_then() {
    assertThatThrownBy(
            () ->
                rounds(
                    "name: a, train: []",
                    "name: b, trees: [a], train: []",
                    "name: c, trees: [own, b], train: []"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "schedules.joint.rounds.c.trees: b samples no trees up to this round; those that do: [a, c]");
    assertThatThrownBy(() -> rounds("name: a, trees: [b], train: []", "name: b, train: []"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("rounds.a.trees: b samples no trees");
  }

  @Test
  void trees_that_grow_have_at_most_so_many_completions() {
    assertThat(lines("run=[joint]", "sampling.adaptive={first: [2, 1, 1], agree: 2}"))
        .contains(
            "  round joint: trees [3, 2, 2], at most 21 completions a question, by the base; correct above 0.5");
  }

  @Test
  void a_threshold_may_rise_from_repetition_to_repetition() {
    assertThat(rounds("name: a, repeat: 4, threshold: [0.5, 0.7, 0.9], " + TRAIN))
        .extracting(line -> line.replaceFirst(": .* above", ""))
        .containsExactly("  round a 0.5", "  round a-2 0.7", "  round a-3 0.9", "  round a-4 0.9");
  }

  @Test
  void repetitions_go_on_from_their_adapters_or_begin_anew_by_any_method() {
    String[] online = TinyConfig.ONLINE.clone();
    online[4] = "team.refiner.learns=[sft, dpo, ppo]";
    online[2] =
        "schedules.online={label: RL, rounds: [{name: a, repeat: 2, train: ["
            + "{method: sft, roles: [refiner]}, {method: dpo, roles: [refiner]},"
            + " {method: ppo, roles: [refiner], from: base},"
            + " {method: sft, roles: [verifier], from: current},"
            + " {method: dpo, roles: [verifier], from: base},"
            + " {method: ppo, roles: [verifier], from: current}]}]}";
    assertThat(lines(online))
        .filteredOn(line -> line.contains("train a-2"))
        .containsExactly(
            "    train a-2/refiner/sft from a fresh adapter",
            "    train a-2/refiner/dpo from a-2/refiner/sft",
            "    train a-2/refiner/ppo from a fresh adapter",
            "    train a-2/verifier/sft from a/verifier/ppo",
            "    train a-2/verifier/dpo from a fresh adapter",
            "    train a-2/verifier/ppo from a-2/verifier/dpo");
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
