package malt.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import malt.agent.AgentTeam;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.problem.Grade;
import malt.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The trees of a chunk of problems while they grow. */
final class Chunk {
  /** A node's place: the problem's index in the chunk and the path in its tree. */
  record Place(int problem, List<Integer> path) {
    Place parent() {
      return new Place(problem, path.subList(0, path.size() - 1));
    }
  }

  private final AgentTeam team;
  private final List<Problem> problems;
  private final Branching branching;
  private final @Nullable AdaptiveGrowth adaptive;
  private final Map<Place, Integer> grown = new HashMap<>(); // children beyond the first ones
  private final @Nullable Substitution substitution;
  private final Map<String, Integer> indices = new HashMap<>();
  private final List<Map<List<Integer>, Completion>> said = new ArrayList<>();
  private final List<Map<List<Integer>, Completion>> replaceable = new ArrayList<>();

  Chunk(
      AgentTeam team,
      List<Problem> problems,
      Branching branching,
      @Nullable AdaptiveGrowth adaptive,
      @Nullable Substitution substitution) {
    this.team = team;
    this.problems = problems;
    this.branching = branching;
    this.adaptive = adaptive;
    this.substitution = substitution;
    for (Problem problem : problems) {
      indices.put(problem.id(), indices.size());
      said.add(new HashMap<>());
    }
  }

  List<String> problemIds() {
    return problems.stream().map(Problem::id).toList();
  }

  String problemId(Place place) {
    return problems.get(place.problem()).id();
  }

  Place place(CompletionStore.Entry entry) {
    return new Place(Objects.requireNonNull(indices.get(entry.problemId())), entry.path());
  }

  void put(CompletionStore.Entry entry) {
    Place place = place(entry);
    said.get(place.problem()).put(place.path(), entry.completion());
  }

  /**
   * Every place of a turn that is still empty, problem by problem, in path order; none below a
   * completion that gets no children.
   */
  List<Place> places(int turn) {
    List<Place> level = new ArrayList<>();
    for (int problem = 0; problem < problems.size(); problem++) {
      level.add(new Place(problem, List.of()));
    }
    for (int t = 0; t <= turn; t++) {
      List<Place> next = new ArrayList<>();
      for (Place parent : level) {
        for (int child = 0; child < children(parent); child++) {
          next.add(child(parent, child));
        }
      }
      level = next;
    }
    level.removeIf(place -> said.get(place.problem()).containsKey(place.path()));
    return level;
  }

  private int children(Place place) {
    int turn = place.path().size();
    if (turn == branching.turns() || (turn > 0 && childless(turn - 1, completion(place)))) {
      return 0;
    }
    return adaptive == null
        ? branching.at(turn)
        : grown.getOrDefault(place, adaptive.first(turn, branching));
  }

  /**
   * Lets places have more children where that may decide a label; every place so far is filled.
   *
   * @return false where nothing grows any more
   */
  boolean grow() {
    boolean more = false;
    for (int problem = 0; adaptive != null && problem < problems.size(); problem++) {
      more |= grow(adaptive, new Place(problem, List.of()));
    }
    return more;
  }

  private boolean grow(AdaptiveGrowth rule, Place place) {
    int now = children(place);
    if (now == 0) {
      return false;
    }
    List<Boolean> answers = new ArrayList<>();
    answers(rule, place, answers);
    if (rule.decided(answers)) {
      return false;
    }
    int turn = place.path().size();
    int most = branching.at(turn);
    boolean last = turn == branching.turns() - 1;
    if (now < most && !(last && rule.settled(answers, most))) {
      grown.put(place, last ? now + 1 : most);
      return true; // the children of these are looked at when they have spoken
    }
    boolean more = false;
    for (int child = 0; child < now && !last; child++) {
      more |= grow(rule, child(place, child));
    }
    return more;
  }

  /** Whether each answer is right that came of a place; what cannot be graded is left out. */
  private void answers(AdaptiveGrowth rule, Place place, List<Boolean> found) {
    int children = children(place);
    for (int child = 0; child < children; child++) {
      answers(rule, child(place, child), found);
    }
    if (children == 0 && completion(place).finish() != FinishReason.FAILED) {
      List<Completion> path = new ArrayList<>();
      for (int turn = 1; turn <= place.path().size(); turn++) {
        path.add(completion(new Place(place.problem(), place.path().subList(0, turn))));
      }
      Problem problem = problems.get(place.problem());
      Grade grade =
          rule.grader()
              .grade(problem, team.answer(rule.grader(), problem, path).response())
              .grade();
      if (grade != Grade.UNGRADABLE) {
        found.add(grade == Grade.CORRECT);
      }
    }
  }

  private static Place child(Place parent, int index) {
    List<Integer> path = new ArrayList<>(parent.path());
    path.add(index);
    return new Place(parent.problem(), List.copyOf(path));
  }

  private boolean childless(int turn, Completion said) {
    return said.finish() == FinishReason.FAILED || team.ends(turn, said);
  }

  /** How many of these completions of a turn, not the last, get no children. */
  long childless(int turn, List<Completion> level) {
    return level.stream().filter(said -> childless(turn, said)).count();
  }

  /** The places still empty, siblings together. */
  List<List<Place>> missing(List<Place> wanted) {
    Map<Place, List<Place>> siblings = new LinkedHashMap<>();
    for (Place place : wanted) {
      if (!said.get(place.problem()).containsKey(place.path())) {
        siblings.computeIfAbsent(place.parent(), parent -> new ArrayList<>()).add(place);
      }
    }
    return List.copyOf(siblings.values());
  }

  List<Completion> completions(List<Place> places) {
    return places.stream().map(this::completion).toList();
  }

  /** What the agent at this place is asked. */
  Prompt prompt(Place place) {
    List<Completion> shown = new ArrayList<>();
    for (int turn = 0; turn < place.path().size() - 1; turn++) {
      shown.add(shown(new Place(place.problem(), place.path().subList(0, turn + 1))));
    }
    return team.prompt(problems.get(place.problem()), shown);
  }

  private Completion shown(Place place) {
    if (substitution == null || substitution.turn() != place.path().size() - 1) {
      return completion(place);
    }
    if (replaceable.isEmpty()) {
      said.forEach(tree -> replaceable.add(ofTurn(tree, substitution.turn())));
    }
    return substitution.shown().of(place.problem(), place.path(), replaceable);
  }

  private static Map<List<Integer>, Completion> ofTurn(
      Map<List<Integer>, Completion> tree, int turn) {
    Map<List<Integer>, Completion> nodes = new HashMap<>(tree);
    nodes.keySet().removeIf(path -> path.size() != turn + 1);
    return nodes;
  }

  List<SearchTree> trees() {
    List<SearchTree> trees = new ArrayList<>();
    for (int problem = 0; problem < problems.size(); problem++) {
      trees.add(new SearchTree(problems.get(problem), nodesBelow(new Place(problem, List.of()))));
    }
    return trees;
  }

  private List<TreeNode> nodesBelow(Place parent) {
    List<TreeNode> nodes = new ArrayList<>();
    for (int child = 0; child < children(parent); child++) {
      Place place = child(parent, child);
      nodes.add(new TreeNode(place.path(), completion(place), nodesBelow(place)));
    }
    return nodes;
  }

  private Completion completion(Place place) {
    return Objects.requireNonNull(said.get(place.problem()).get(place.path()));
  }
}
