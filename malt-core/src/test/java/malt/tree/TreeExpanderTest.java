package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.ModelException;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.ToyTeam;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.SamplingListener;
import malt.model.SamplingRequest;
import malt.model.ScriptedModel;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeExpanderTest {
  private static final Branching BRANCHING = new Branching(List.of(2, 3, 2));

  @TempDir Path folder;
  private final List<ExpansionProgress> progress = new ArrayList<>();

  private TreeJournal journal(String name) {
    return TreeJournal.open(folder.resolve(name + ".db"));
  }

  private TreeExpander expander(CompletionStore journal, LanguageModel model, int chunkSize) {
    return new TreeExpander(journal, model, "train/joint", 7, chunkSize, progress::add);
  }

  /** Answers with its seed, so every completion is telling; refuses where told to. */
  private static ScriptedModel telling() {
    return new ScriptedModel((prompt, seed) -> "says " + Long.toHexString(seed));
  }

  private static long problemCalls(ScriptedModel model) {
    return model.calls().size();
  }

  @Test
  void every_node_of_a_turn_is_answered_as_often_as_the_branching_says() {
    ScriptedModel model = telling();
    try (TreeJournal journal = journal("a")) {
      List<Problem> problems = ToyBenchmark.problems(5);
      List<SearchTree> trees =
          expander(journal, model, 2).expand(ToyTeam.of(), problems, BRANCHING);
      assertThat(trees).extracting(SearchTree::problem).isEqualTo(problems);
      for (SearchTree tree : trees) {
        assertThat(tree.nodes(0)).hasSize(2);
        assertThat(tree.nodes(1)).hasSize(6);
        assertThat(tree.nodes(2)).hasSize(12);
      }
      // chunks of 2 and 3 problems (the last one is not left alone), three turns each
      assertThat(model.calls()).hasSize(6);
      assertThat(model.calls()).extracting(List::size).containsExactly(2, 4, 12, 3, 6, 18);
    }
  }

  @Test
  void the_listener_hears_of_completions_while_a_call_goes_on() {
    List<String> heard = new ArrayList<>();
    LanguageModel quick =
        new LanguageModel() {
          private final ScriptedModel model = telling();

          @Override
          public List<List<Completion>> sample(List<SamplingRequest> requests) {
            return model.sample(requests);
          }

          @Override
          public List<List<Completion>> sample(
              List<SamplingRequest> requests, SamplingListener listener) {
            List<List<Completion>> answers = model.sample(requests);
            answers.forEach(each -> listener.sampled(each.size(), 1));
            return answers;
          }
        };
    ExpansionListener listener =
        new ExpansionListener() {
          @Override
          public void advanced(ExpansionProgress progress) {
            heard.add(progress.name());
          }

          @Override
          public void sampled(int completions, long tokens) {
            heard.add(completions + " completions");
          }
        };
    try (TreeJournal journal = journal("a")) {
      new TreeExpander(journal, quick, "train/joint", 7, 2, listener)
          .expand(ToyTeam.of(), ToyBenchmark.problems(1), new Branching(List.of(2, 1, 1)));
    }
    assertThat(heard)
        .containsExactly(
            "2 completions",
            "generator",
            "1 completions",
            "1 completions",
            "verifier",
            "1 completions",
            "1 completions",
            "refiner");
  }

  @Test
  void prompts_hold_what_was_said_before_and_seeds_come_from_the_position() {
    ScriptedModel model = telling();
    try (TreeJournal journal = journal("a")) {
      SearchTree tree =
          expander(journal, model, 4)
              .expand(ToyTeam.of(), ToyBenchmark.problems(1), BRANCHING)
              .get(0);
      TreeNode refinement = tree.node(List.of(1, 2, 0)).orElseThrow();
      long seed = ChunkExpansion.seed(7, "train/joint", "toy-0", "refiner", List.of(1, 2, 0));
      assertThat(refinement.completion().seed()).isEqualTo(seed);
      List<Completion> before = tree.completions(List.of(1, 2));
      SamplingRequest request = model.calls().get(2).get(5);
      assertThat(ScriptedModel.render(request.prompt()))
          .isEqualTo(
              "<|user|>What is 1 + 2 ?<|assistant|>%s<|eos|><|user|>Check the answer.<|assistant|>%s<|eos|><|user|>Improve the answer.<|assistant|>"
                  .formatted(before.get(0).text(), before.get(1).text()));
      assertThat(request.seeds()).hasSize(2).first().isEqualTo(seed);
    }
  }

  @Test
  void a_second_expansion_reads_and_calls_no_model() {
    List<Problem> problems = ToyBenchmark.problems(4);
    List<SearchTree> first;
    try (TreeJournal journal = journal("a")) {
      first = expander(journal, telling(), 2).expand(ToyTeam.of(), problems, BRANCHING);
    }
    ScriptedModel silent = telling();
    progress.clear();
    try (TreeJournal journal = journal("a")) {
      assertThat(expander(journal, silent, 2).expand(ToyTeam.of(), problems, BRANCHING))
          .isEqualTo(first);
    }
    assertThat(silent.calls()).isEmpty();
    assertThat(progress).allMatch(step -> step.tokens() == 0 && step.sampled() == 0);
  }

  @Test
  void an_expansion_killed_after_any_number_of_calls_ends_as_if_it_had_not_been() {
    List<Problem> problems = ToyBenchmark.problems(7);
    ScriptedModel whole = telling();
    List<SearchTree> uninterrupted;
    try (TreeJournal journal = journal("whole")) {
      uninterrupted = expander(journal, whole, 3).expand(ToyTeam.of(), problems, BRANCHING);
    }
    int calls = whole.calls().size();
    assertThat(calls).isEqualTo(6);
    for (int survived = 0; survived <= calls; survived++) {
      List<List<SamplingRequest>> made = new ArrayList<>();
      interrupted("killed-" + survived, problems, survived, made);
      ScriptedModel rest = telling();
      try (TreeJournal journal = journal("killed-" + survived)) {
        List<SearchTree> resumed =
            expander(journal, rest, 3).expand(ToyTeam.of(), problems, BRANCHING);
        assertThat(resumed).isEqualTo(uninterrupted);
      }
      made.addAll(rest.calls());
      assertThat(made).isEqualTo(whole.calls());
    }
  }

  /** Dies in the call after {@code survived} calls were answered. */
  private void interrupted(
      String name, List<Problem> problems, int survived, List<List<SamplingRequest>> made) {
    ScriptedModel model = telling();
    LanguageModel mortal =
        requests -> {
          if (model.calls().size() == survived) {
            throw new ModelException("killed", false);
          }
          return model.sample(requests);
        };
    try (TreeJournal journal = journal(name)) {
      expander(journal, mortal, 3).expand(ToyTeam.of(), problems, BRANCHING);
    } catch (ModelException killed) {
      assertThat(killed).hasMessage("killed");
    }
    made.addAll(model.calls());
  }

  @Test
  void failed_completions_get_no_children_and_are_not_asked_again() {
    List<Problem> problems = ToyBenchmark.problems(6);
    ScriptedModel.Script script = (prompt, adapter, seed) -> seed % 3 == 0 ? null : "says " + seed;
    ScriptedModel model = new ScriptedModel(script);
    List<SearchTree> first;
    try (TreeJournal journal = journal("a")) {
      first = expander(journal, model, 3).expand(ToyTeam.of(), problems, BRANCHING);
    }
    List<TreeNode> nodes = first.stream().flatMap(tree -> tree.nodes().stream()).toList();
    assertThat(nodes).anyMatch(node -> node.failed() && node.turn() == 0);
    assertThat(nodes).filteredOn(TreeNode::failed).allMatch(TreeNode::isLeaf);
    assertThat(nodes)
        .filteredOn(node -> !node.failed() && node.turn() < 2)
        .noneMatch(TreeNode::isLeaf);
    ExpansionProgress last = progress.get(progress.size() - 1);
    assertThat(last.done()).isEqualTo(nodes.size()).isEqualTo(last.total());

    ScriptedModel silent = new ScriptedModel(script);
    try (TreeJournal journal = journal("a")) {
      assertThat(expander(journal, silent, 3).expand(ToyTeam.of(), problems, BRANCHING))
          .isEqualTo(first);
    }
    assertThat(silent.calls()).isEmpty();
  }

  @Test
  void progress_counts_nodes_and_new_tokens() {
    try (TreeJournal journal = journal("a")) {
      expander(journal, telling(), 2).expand(ToyTeam.of(), ToyBenchmark.problems(4), BRANCHING);
    }
    assertThat(progress)
        .extracting(ExpansionProgress::done)
        .containsExactly(4L, 16L, 40L, 44L, 56L, 80L);
    assertThat(progress).extracting(ExpansionProgress::total).containsOnly(80L);
    assertThat(progress)
        .extracting(ExpansionProgress::name)
        .startsWith("generator", "verifier", "refiner");
    assertThat(progress).allMatch(step -> step.tokens() > 5L * step.sampled());
  }

  @Test
  void teams_share_the_turns_on_which_they_agree() {
    List<Problem> problems = ToyBenchmark.problems(4);
    ScriptedModel model = telling();
    AgentTeam base = ToyTeam.of();
    AgentTeam trained =
        base.withAdapters(
            Map.of(AgentRole.VERIFIER, new AdapterRef("v", folder.resolve("adapters/v"))));
    try (TreeJournal journal = journal("a")) {
      TreeExpander expander = expander(journal, model, 4);
      List<SearchTree> untrained = expander.expand(base, problems, BRANCHING);
      List<SearchTree> malt = expander.expand(trained, problems, BRANCHING);
      assertThat(malt.get(2).nodes(0))
          .extracting(TreeNode::completion)
          .isEqualTo(untrained.get(2).nodes(0).stream().map(TreeNode::completion).toList());
      assertThat(malt.get(2).nodes(1).get(0).completion().adapter().name()).isEqualTo("v");
      assertThat(model.calls()).hasSize(5); // 3 and, for the other verifier, 2
    }
  }

  @Test
  void more_passes_sample_only_those_that_are_new() {
    List<Problem> problems = ToyBenchmark.problems(3);
    ScriptedModel model = telling();
    try (TreeJournal journal = journal("a")) {
      TreeExpander expander = expander(journal, model, 3);
      AgentTeam team = ToyTeam.of();
      List<SearchTree> two = expander.expand(team, problems, Branching.passes(2, 3));
      List<SearchTree> five = expander.expand(team, problems, Branching.passes(5, 3));
      assertThat(five.get(1).roots().subList(0, 2)).isEqualTo(two.get(1).roots());
      assertThat(five.get(1).roots()).hasSize(5);
      assertThat(model.calls().get(3)).allMatch(request -> request.seeds().size() == 3);
      try (TreeJournal fresh = journal("b")) {
        assertThat(expander(fresh, model, 3).expand(team, problems, Branching.passes(5, 3)))
            .isEqualTo(five);
      }
    }
  }

  @Test
  void two_threads_give_what_one_gives() throws Exception {
    List<Problem> problems = ToyBenchmark.problems(24);
    List<SearchTree> one;
    try (TreeJournal journal = journal("one")) {
      one = expander(journal, telling(), 4).expand(ToyTeam.of(), problems, BRANCHING);
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (TreeJournal journal = journal("two")) {
      TreeExpander expander = new TreeExpander(journal, telling(), "train/joint", 7, 4, step -> {});
      AgentTeam team = ToyTeam.of();
      Future<List<SearchTree>> left =
          threads.submit(() -> expander.expand(team, problems.subList(0, 12), BRANCHING));
      Future<List<SearchTree>> right =
          threads.submit(() -> expander.expand(team, problems.subList(12, 24), BRANCHING));
      List<SearchTree> both = new ArrayList<>(left.get());
      both.addAll(right.get());
      assertThat(both).isEqualTo(one);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shuffled_critiques_are_those_of_another_question_at_the_same_path() {
    List<Problem> problems = ToyBenchmark.problems(5);
    ScriptedModel model = telling();
    try (TreeJournal journal = journal("a")) {
      AgentTeam team = ToyTeam.of();
      TreeExpander expander = expander(journal, model, 5);
      List<SearchTree> real = expander.expand(team, problems, BRANCHING);
      List<SearchTree> shuffled =
          expander.expand(team, problems, BRANCHING, Substitution.shuffled(1));
      assertThat(model.calls()).hasSize(4); // only the refiner speaks again
      Set<String> shown = new HashSet<>();
      int request = 0;
      for (int problem = 0; problem < 5; problem++) {
        assertThat(shuffled.get(problem).nodes(1))
            .extracting(TreeNode::completion)
            .isEqualTo(real.get(problem).nodes(1).stream().map(TreeNode::completion).toList());
        for (TreeNode critique : real.get((problem + 1) % 5).nodes(1)) {
          String prompt = ScriptedModel.render(model.calls().get(3).get(request++).prompt());
          assertThat(prompt)
              .contains(problems.get(problem).question())
              .contains(critique.completion().text());
          shown.add(critique.completion().text());
        }
      }
      assertThat(shown).hasSize(30);
    }
  }

  @Test
  void a_shuffle_passes_over_failed_critiques() {
    ScriptedModel model =
        new ScriptedModel(
            (prompt, seed) ->
                prompt.endsWith("Check the answer.<|assistant|>") && prompt.contains("is 2 +")
                    ? null
                    : "says " + seed);
    try (TreeJournal journal = journal("a")) {
      List<SearchTree> trees =
          expander(journal, model, 3)
              .expand(
                  ToyTeam.of(),
                  ToyBenchmark.problems(3),
                  Branching.passes(1, 3),
                  Substitution.shuffled(1));
      String third = trees.get(2).nodes(1).get(0).completion().text();
      int[] prompt = trees.get(0).nodes(2).get(0).completion().promptIds();
      assertThat(new String(prompt, 0, prompt.length)).contains("is 1 +").contains(third);
      assertThat(trees.get(1).nodes(2)).isEmpty();
    }
  }

  @Test
  void an_empty_critique_leaves_its_place_in_the_prompt_empty() {
    try (TreeJournal journal = journal("a")) {
      SearchTree tree =
          expander(journal, telling(), 2)
              .expand(
                  ToyTeam.of(),
                  ToyBenchmark.problems(2),
                  Branching.passes(1, 3),
                  Substitution.empty(1))
              .get(0);
      int[] prompt = tree.nodes(2).get(0).completion().promptIds();
      assertThat(new String(prompt, 0, prompt.length))
          .contains("Check the answer.<|assistant|><|eos|><|user|>Improve");
      assertThat(tree.nodes(1).get(0).completion().text()).isNotEmpty();
    }
  }

  @Test
  void one_problem_alone_cannot_be_shuffled() {
    try (TreeJournal journal = journal("a")) {
      assertThatThrownBy(
              () ->
                  expander(journal, telling(), 2)
                      .expand(
                          ToyTeam.of(),
                          ToyBenchmark.problems(1),
                          BRANCHING,
                          Substitution.shuffled(1)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("larger chunk size");
    }
  }

  @Test
  void what_cannot_be_expanded_is_refused_before_any_call() {
    ScriptedModel model = telling();
    AgentTeam team = ToyTeam.of();
    try (TreeJournal journal = journal("a")) {
      TreeExpander expander = expander(journal, model, 2);
      Problem problem = ToyBenchmark.problems(1).get(0);
      assertThatThrownBy(() -> expander.expand(team, List.of(problem, problem), BRANCHING))
          .isInstanceOf(MalformedDataException.class)
          .hasMessageContaining("toy-0");
      assertThatThrownBy(
              () -> expander.expand(team, List.of(problem), new Branching(List.of(3, 3))))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("[3, 3]");
      assertThatThrownBy(
              () -> expander.expand(team, List.of(problem), BRANCHING, Substitution.shuffled(2)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("nobody speaks after turn 2");
      assertThatThrownBy(() -> expander(journal, model, 0)).isInstanceOf(ConfigException.class);
      assertThat(expander.expand(team, List.of(), BRANCHING)).isEmpty();
    }
    assertThat(problemCalls(model)).isZero();
  }

  @Test
  void a_journal_of_another_experiment_seed_is_refused() {
    List<Problem> problems = ToyBenchmark.problems(2);
    AgentTeam team = ToyTeam.of();
    try (TreeJournal journal = journal("a")) {
      expander(journal, telling(), 2).expand(team, problems, BRANCHING);
      TreeExpander other = new TreeExpander(journal, telling(), "train/joint", 8, 2, step -> {});
      assertThatThrownBy(() -> other.expand(team, problems, BRANCHING))
          .isInstanceOf(MaltException.class)
          .hasMessageContaining("another experiment");
    }
  }

  @Test
  void a_model_that_answers_out_of_order_is_found_out_and_nothing_is_kept() {
    ScriptedModel model = telling();
    LanguageModel swapped =
        requests -> {
          List<List<Completion>> answers = new ArrayList<>(model.sample(requests));
          java.util.Collections.swap(answers, 0, 1);
          return answers;
        };
    try (TreeJournal journal = journal("a")) {
      assertThatThrownBy(
              () ->
                  expander(journal, swapped, 2)
                      .expand(ToyTeam.of(), ToyBenchmark.problems(2), BRANCHING))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("other seeds");
      assertThat(JournalInspection.counts(folder.resolve("a.db"))).isEmpty();
    }
  }

  /** Critiques say "no" on even seeds and "yes" on odd ones. */
  private static ScriptedModel divided() {
    return new ScriptedModel((prompt, seed) -> seed % 2 == 0 ? "no" : "yes");
  }

  @Test
  void a_critique_that_does_not_object_ends_the_work_where_it_is_asked_to() {
    List<Problem> problems = ToyBenchmark.problems(6);
    try (TreeJournal journal = journal("a")) {
      List<SearchTree> trees =
          expander(journal, divided(), 6).expand(ToyTeam.judged("no", true), problems, BRANCHING);
      List<TreeNode> critiques = trees.stream().flatMap(tree -> tree.nodes(1).stream()).toList();
      assertThat(critiques).extracting(node -> node.completion().text()).contains("no", "yes");
      assertThat(critiques)
          .allSatisfy(
              node ->
                  assertThat(node.children())
                      .hasSize(node.completion().text().equals("no") ? BRANCHING.at(2) : 0));
      ExpansionProgress last = progress.get(progress.size() - 1);
      assertThat(last.done())
          .isEqualTo(trees.stream().mapToLong(tree -> tree.nodes().size()).sum())
          .isEqualTo(last.total());
    }
  }

  @Test
  void a_chunk_is_a_function_of_its_arguments_alone() {
    List<Problem> problems = ToyBenchmark.problems(3);
    List<ChunkExpansion.Turn> turns = new ArrayList<>();
    ChunkExpansion chunk =
        new ChunkExpansion(ToyTeam.of(), problems, BRANCHING, null, null, "train/joint", 7);
    HeldInMemory nothing = new HeldInMemory();
    List<SearchTree> alone = chunk.expand(telling(), nothing.of("train/joint"), turns::add);
    try (TreeJournal journal = journal("a")) {
      assertThat(expander(journal, telling(), 3).expand(ToyTeam.of(), problems, BRANCHING))
          .isEqualTo(alone);
    }
    HeldInMemory held = new HeldInMemory();
    turns.forEach(turn -> held.append("train/joint", turn.lineage(), turn.sampled()));
    ScriptedModel silent = telling();
    assertThat(chunk.expand(silent, held.of("train/joint"), turn -> {})).isEqualTo(alone);
    assertThat(silent.calls()).isEmpty();
  }
}
