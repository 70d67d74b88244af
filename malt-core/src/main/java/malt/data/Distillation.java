package malt.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import malt.Seeds;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.PromptTemplate;
import malt.credit.ValuedNode;
import malt.credit.ValuedTree;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.problem.Grader;

/**
 * What one model alone may learn from a team: the question, and what the team came to where that
 * was right. Nobody has said this to that prompt, so its rows hold words and no ids.
 *
 * @param team that grew the trees
 * @param prompt of the model alone
 * @param conversation whether it says all that was said up to the answer, not the answer alone
 */
public record Distillation(
    AgentTeam team,
    PromptTemplate prompt,
    boolean conversation,
    Grader grader,
    DatasetSettings settings,
    long seed) {
  /** The role of the model alone. */
  public static final AgentRole STUDENT = new AgentRole("student");

  private static final String BETWEEN = "\n\n";

  /** The student's set in the making, as {@link DatasetBuilder#draft} has the roles'. */
  public Draft draft(Consumer<SftExample> sink) {
    return new Draft(sink);
  }

  /** Trees are offered twice, first to be counted. */
  public final class Draft {
    private final Selection<SftExample> selection;

    private Draft(Consumer<SftExample> sink) {
      long draw = Seeds.of(seed, STUDENT, "sft");
      this.selection = new Selection<>(1, settings.maxExamples(), draw, sink);
    }

    public void offer(ValuedTree tree) {
      selection.offer(examples(tree), true);
    }

    public void decide() {
      selection.decide();
    }
  }

  /**
   * A tree's examples: those of its right leaves that say something else, in order. Where there are
   * more than {@code max_examples_per_prompt}, those that were said most often stay.
   */
  public List<SftExample> examples(ValuedTree tree) {
    Map<String, Completion> answers = new LinkedHashMap<>();
    Map<String, Integer> times = new LinkedHashMap<>();
    for (List<ValuedNode> path : paths(tree)) {
      List<Completion> spoken = path.stream().map(node -> node.node().completion()).toList();
      Completion answer = team.answer(grader, tree.problem(), spoken);
      List<Completion> said =
          conversation ? spoken.subList(0, spoken.lastIndexOf(answer) + 1) : List.of(answer);
      if (grader.grade(tree.problem(), answer.response()).correct() && whole(said)) {
        String words = said.stream().map(Completion::said).collect(Collectors.joining(BETWEEN));
        answers.putIfAbsent(words, answer);
        times.merge(words, 1, Integer::sum);
      }
    }
    int most =
        settings.maxExamplesPerPrompt() == 0 ? times.size() : settings.maxExamplesPerPrompt();
    List<String> kept =
        times.keySet().stream()
            .sorted(
                Comparator.<String>comparingInt(times::get)
                    .reversed()
                    .thenComparingLong(
                        words -> Seeds.of(seed, STUDENT, tree.problem().id(), words)))
            .limit(most)
            .toList();
    Prompt asked = prompt.fill(tree.problem().question(), Map.of());
    List<SftExample> examples = new ArrayList<>();
    answers.forEach(
        (words, answer) -> {
          if (kept.contains(words)) {
            examples.add(
                new SftExample(STUDENT, tree.problem().id(), asked, words(words, answer), 1));
          }
        });
    return examples;
  }

  private static Completion words(String words, Completion answer) {
    return new Completion(
        words,
        new int[0],
        new int[0],
        new float[0],
        FinishReason.STOP,
        answer.adapter(),
        answer.seed());
  }

  private boolean whole(List<Completion> said) {
    return settings.truncated() == Truncated.KEEP
        || said.stream().noneMatch(each -> each.finish() == FinishReason.LENGTH);
  }

  /** The ways to the leaves that did not fail. */
  private static List<List<ValuedNode>> paths(ValuedTree tree) {
    List<List<ValuedNode>> paths = new ArrayList<>();
    tree.roots().forEach(root -> collect(root, List.of(), paths));
    return paths;
  }

  private static void collect(
      ValuedNode node, List<ValuedNode> before, List<List<ValuedNode>> paths) {
    List<ValuedNode> path = new ArrayList<>(before);
    path.add(node);
    if (node.node().isLeaf() && !node.node().failed()) {
      paths.add(path);
    }
    node.children().forEach(child -> collect(child, path, paths));
  }
}
