package malt.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.agent.Judgement;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;
import malt.problem.Response;
import malt.tree.SearchTree;
import malt.tree.TreeNode;

/** Texts such as "=12" state the answer 12; anything else states none. */
public final class Toy {
  private static final Map<String, List<String>> METHODS =
      Map.of(
          "generator", List.of("SFT"),
          "verifier", List.of("SFT", "DPO"),
          "refiner", List.of("SFT", "DPO"));

  static final List<String> ROLES = List.of("generator", "verifier", "refiner");
  static final String FLAG = "\\bwrong\\b";
  static final List<Turn> TURNS = chain(ROLES, FLAG);
  static final EvaluatedTeam BASE = new EvaluatedTeam(Meaning.base(TURNS), TURNS, false);
  static final EvaluatedTeam TRAINED = malt("joint", "", false);
  static final Method SA = new Method("MA", new PassVote(0, 1), BASE.meaning().firstAlone(TURNS));
  static final Method MA = new Method("MA", new PassVote(PassVote.LAST, 1), BASE.meaning());
  static final String FAILED = "<failed>";

  /** The reference answer "?" is broken: it cannot be graded. */
  public static final Grader GRADER =
      new Grader() {
        @Override
        public String name() {
          return "toy";
        }

        @Override
        public Optional<String> extract(String question, Response response) {
          String text = response.text();
          int mark = text.lastIndexOf('=');
          return mark < 0 ? Optional.empty() : Optional.of(text.substring(mark + 1));
        }

        @Override
        public boolean equal(String reference, String extracted) {
          return Integer.parseInt(reference) == Integer.parseInt(extracted);
        }

        @Override
        public Grading grade(Problem problem, Response response) {
          return problem.answer().equals("?")
              ? new Grading(
                  Grade.UNGRADABLE, extract("", response).orElse(null), "broken reference")
              : Grader.super.grade(problem, response);
        }
      };

  private Toy() {}

  /** A chain in which each verifier judges the answer before it. */
  static List<Turn> chain(List<String> roles, String flag) {
    List<Turn> turns = new ArrayList<>();
    int answer = 0;
    for (int turn = 0; turn < roles.size(); turn++) {
      String role = roles.get(turn);
      int before = Collections.frequency(roles.subList(0, turn), role);
      boolean judges = role.equals("verifier");
      turns.add(
          new Turn(
              before == 0 ? role : role + "-" + (before + 1),
              role,
              judges ? new Judgement(answer, flag, false) : null));
      answer = judges ? answer : turn;
    }
    return turns;
  }

  /** The three roles after a whole schedule; verifier and refiner learn from preferences. */
  static EvaluatedTeam malt(String schedule, String label, boolean endings) {
    Meaning meaning = Meaning.malt(schedule, label, "", TURNS, METHODS);
    return new EvaluatedTeam(meaning, TURNS, endings);
  }

  /** After SFT by the values of the trees. */
  static EvaluatedTeam imitation(String schedule, String label) {
    return imitation(schedule, label, false);
  }

  /** After SFT by each role's own standard. */
  static EvaluatedTeam star(String schedule, String label) {
    return imitation(schedule, label, true);
  }

  private static EvaluatedTeam imitation(String schedule, String label, boolean ownFilter) {
    Meaning meaning = Meaning.imitation(schedule, label, "", TURNS, ownFilter);
    return new EvaluatedTeam(meaning, TURNS, false);
  }

  static EvaluatedTeam studied(EvaluatedTeam team, Study study) {
    return new EvaluatedTeam(team.meaning().with(study), team.turns(), false);
  }

  public static Completion says(String text) {
    return says(text, -1);
  }

  /** A completion of one token with that log-probability. */
  public static Completion says(String text, double logProb) {
    return completion(text, new float[] {(float) logProb}, FinishReason.STOP);
  }

  static Completion cut(String text) {
    return completion(text, new float[] {-1}, FinishReason.LENGTH);
  }

  static Completion failed() {
    return completion("", new float[0], FinishReason.FAILED);
  }

  public static Completion completion(String text, float[] logProbs, FinishReason finish) {
    return new Completion(
        text, new int[0], new int[logProbs.length], logProbs, finish, AdapterRef.BASE, 0);
  }

  static Problem problem(int id, String answer) {
    return new Problem("p" + id, "?", answer);
  }

  /** A tree with one path per pass. */
  @SafeVarargs
  static SearchTree tree(Problem problem, List<Completion>... passes) {
    List<TreeNode> roots = new ArrayList<>();
    for (int pass = 0; pass < passes.length; pass++) {
      roots.add(chain(passes[pass], List.of(pass)));
    }
    return new SearchTree(problem, roots);
  }

  private static TreeNode chain(List<Completion> completions, List<Integer> path) {
    List<Integer> next = new ArrayList<>(path);
    next.add(0);
    List<TreeNode> children =
        completions.size() == 1
            ? List.of()
            : List.of(chain(completions.subList(1, completions.size()), next));
    return new TreeNode(path, completions.get(0), children);
  }

  /** One pass: generator, verifier, refiner; the text {@link #FAILED} ends it. */
  static List<Completion> pass(String... texts) {
    List<Completion> completions = new ArrayList<>();
    for (String text : texts) {
      completions.add(text.equals(FAILED) ? failed() : says(text));
    }
    return completions;
  }
}
