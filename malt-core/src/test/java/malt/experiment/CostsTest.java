package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CostsTest {
  private static final Costs.Assumed ASSUMED = new Costs.Assumed(100, 50, 20, 0.5);

  private static Costs.Stage stage(List<Costs.Stage> stages, String name) {
    return stages.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Costs.Stage> costs(String... overrides) {
    return Costs.of(TinyConfig.with(overrides), ASSUMED);
  }

  @Test
  void trees_are_counted_turn_by_turn() {
    ExperimentConfig config = TinyConfig.with();
    Costs.Stage collect = stage(Costs.of(config, ASSUMED), "collect joint");
    Plan.Trees trees = Plan.of(config).rounds().get(0).own().orElseThrow();
    assertThat(collect.sequences()).isEqualTo(100 * trees.branching().descendants(-1));
    long most = 0;
    long level = 100;
    for (int turn = 0; turn < 3; turn++) {
      level *= trees.branching().at(turn);
      most += level * List.copyOf(config.team().values()).get(turn).maxTokens();
    }
    assertThat(collect.most()).isEqualTo(most);
    assertThat(collect.expected()).isEqualTo(most / 2);
    int calls =
        (100 + config.sampling().problemsPerCall() - 1) / config.sampling().problemsPerCall();
    assertThat(collect.calls()).isEqualTo(3L * calls);
    assertThat(collect.read()).isPositive();
    assertThat(collect.bytes()).isGreaterThan(12 * collect.expected());
  }

  @Test
  void every_stage_of_a_run_is_there_once_and_in_order() {
    List<String> names = costs().stream().map(Costs.Stage::name).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names)
        .containsSubsequence(
            "collect joint", "train joint sft", "train joint dpo", "evaluate MA", "evaluate MALT");
  }

  @Test
  void a_team_that_begins_as_another_does_not_sample_that_again() {
    List<Costs.Stage> stages = costs("run=[joint]", "evaluation.equal_calls=false");
    List<Costs.Stage> evaluations =
        stages.stream().filter(each -> each.name().startsWith("evaluate")).toList();
    Costs.Stage imitating = evaluations.get(1);
    Costs.Stage malt = stage(stages, "evaluate MALT");
    long passes = (long) TinyConfig.with().evaluation().votes() * ASSUMED.test();
    assertThat(imitating.sequences()).isEqualTo(3 * passes);
    assertThat(malt.sequences()).as("the generator learns by SFT alone").isEqualTo(2 * passes);
  }

  @Test
  void caps_bound_what_is_trained_on() {
    Costs.Stage open =
        stage(costs("datasets.max_pairs=0", "datasets.max_pairs_per_prompt=0"), "train joint dpo");
    Costs.Stage capped =
        stage(costs("datasets.max_pairs=5", "datasets.max_pairs_per_prompt=0"), "train joint dpo");
    assertThat(capped.sequences()).as("two roles, five pairs, two sequences each").isEqualTo(20);
    assertThat(capped.most()).isLessThan(open.most());
    assertThat(open.expected()).isLessThan(open.most());
  }

  @Test
  void a_round_that_only_reads_trees_samples_nothing() {
    List<Costs.Stage> stages =
        costs(
            "run=[again]",
            "evaluation.ablated=[]",
            "schedules.again={label: A, rounds: [{name: joint, train: [{method: sft}]},"
                + " {name: more, trees: joint, train: [{method: dpo}]}]}");
    assertThat(stages)
        .extracting(Costs.Stage::name)
        .contains("train more dpo")
        .doesNotContain("collect more");
    assertThat(stage(stages, "train more dpo").sequences()).isPositive();
  }
}
