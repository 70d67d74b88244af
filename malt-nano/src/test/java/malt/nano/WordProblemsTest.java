package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.problem.Problem;
import malt.problem.TaskVariant;
import org.junit.jupiter.api.Test;

class WordProblemsTest {
  private static final Pattern LINE = Pattern.compile("(?:\\d: )?(\\d+)([-+*])(\\d+)=(\\d+)");

  private final NanoRecipe recipe = NanoRecipe.read(Path.of("../models/nano/recipe.yaml"));
  private final WordProblems problems = new WordProblems(recipe.problems(), TaskVariant.STANDARD);

  @Test
  void gold_solutions_do_what_the_question_says_and_end_in_the_answer() {
    for (WordProblem problem : problems.list(Split.TRAIN, 500, 3)) {
      List<String> sentences = List.of(problem.question().split("(?<=[.?]) "));
      List<String> lines = List.of(problem.answerText().split("\n"));
      assertThat(sentences).hasSize(lines.size() + 1); // start and question; one line is the answer
      String value = number(sentences.get(0));
      for (int step = 0; step < lines.size() - 1; step++) {
        Matcher line = LINE.matcher(lines.get(step));
        assertThat(line.matches()).as(lines.get(step)).isTrue();
        assertThat(line.group(1)).isEqualTo(value);
        assertThat(line.group(2)).isEqualTo(meaning(sentences.get(step + 1)));
        assertThat(line.group(3)).isEqualTo(number(sentences.get(step + 1)));
        value = line.group(4);
        assertThat(value).hasSize(recipe.problems().digits());
        assertThat(Integer.parseInt(value)).isEqualTo(evaluate(line));
      }
      assertThat(lines.get(lines.size() - 1)).isEqualTo("#### " + value);
      assertThat(problem.problem().answer()).isEqualTo(value);
      assertThat(sentences.get(sentences.size() - 1)).startsWith("How many").endsWith("?");
    }
  }

  private static String number(String sentence) {
    Matcher matcher = Pattern.compile("\\d+").matcher(sentence);
    assertThat(matcher.find()).as(sentence).isTrue();
    return matcher.group();
  }

  private static String meaning(String sentence) {
    if (sentence.contains("times")) {
      return "*";
    }
    return sentence.contains("more") ? "+" : "-";
  }

  private static int evaluate(Matcher line) {
    int left = Integer.parseInt(line.group(1));
    int right = Integer.parseInt(line.group(3));
    return switch (line.group(2)) {
      case "+" -> left + right;
      case "-" -> left - right;
      default -> left * right;
    };
  }

  @Test
  void splits_share_no_signature_over_50_000_draws() {
    Map<String, Split> seen = new HashMap<>();
    for (Split split : Split.values()) {
      for (WordProblem problem : problems.list(split, 12_500, 11)) {
        seen.put(problem.solution().signature(), split);
      }
    }
    assertThat(seen).hasSize(50_000); // a signature drawn twice, in any splits, would be missing
  }

  @Test
  void a_split_hangs_on_the_published_hash_of_the_numbers() {
    // CRC-32 modulo 100, from Python's zlib: 88, 53, 4, 2
    assertThat(Split.of("012+035-004*3")).isEqualTo(Split.PRETRAINING);
    assertThat(Split.of("047*6")).isEqualTo(Split.PRETRAINING);
    assertThat(Split.of("181*5-713+194+249")).isEqualTo(Split.TEST);
    assertThat(Split.of("705-336-333*4-142")).isEqualTo(Split.TEST);
  }

  @Test
  void splits_hold_6_3_12_and_79_percent() {
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    for (int number = 0; number < 100_000; number++) {
      counts.merge(Split.of("signature " + number), 1, Integer::sum);
    }
    // four standard errors of a share are at most 0.5 percent
    assertThat(counts.get(Split.TEST)).isBetween(5_500, 6_500);
    assertThat(counts.get(Split.DEV)).isBetween(2_500, 3_500);
    assertThat(counts.get(Split.TRAIN)).isBetween(11_500, 12_500);
    assertThat(counts.get(Split.PRETRAINING)).isBetween(78_500, 79_500);
  }

  @Test
  void a_longer_list_begins_with_the_shorter_one_and_ids_count_up() {
    List<WordProblem> longer = problems.list(Split.TEST, 40, 1);
    assertThat(problems.list(Split.TEST, 20, 1)).isEqualTo(longer.subList(0, 20));
    assertThat(longer.get(17).id()).isEqualTo("nano-test-00017");
    assertThat(problems.list(Split.TEST, 20, 2)).isNotEqualTo(longer.subList(0, 20));
  }

  @Test
  void a_problem_is_the_same_every_time() {
    NanoRecipe.Problems shape = new NanoRecipe.Problems(3, 4, 0.3, 0.4, 0, 0.7, 0.2);
    WordProblem first =
        new WordProblems(shape, TaskVariant.STANDARD).list(Split.TEST, 200, 1).get(0);
    assertThat(first.problem())
        .isEqualTo(
            new Problem(
                "nano-test-00000",
                "Ben owns 738 stamps. Ben gives away 085. Ben finds 061 more. Ben gives away 081."
                    + " Ben sells 086 of them. How many stamps now?",
                "547"));
    assertThat(first.answerText())
        .isEqualTo("1: 738-085=653\n2: 653+061=714\n3: 714-081=633\n4: 633-086=547\n#### 547");
  }

  @Test
  void benchmark_problems_have_the_recipes_steps_and_pretraining_its_shares() {
    assertThat(problems.list(Split.DEV, 100, 1))
        .allSatisfy(problem -> assertThat(problem.solution().lines()).hasSize(4));
    Map<Integer, Integer> counts = new TreeMap<>();
    int multiplied = 0;
    for (int index = 0; index < 4_000; index++) {
      Solution solution = problems.pretraining(new Dice(index * 77L)).solution();
      counts.merge(solution.lines().size(), 1, Integer::sum);
      multiplied += solution.signature().contains("*") ? 1 : 0;
    }
    Shares.of(counts.get(2), 4_000).areNear(recipe.problems().twoSteps());
    Shares.of(counts.get(3), 4_000).areNear(recipe.problems().threeSteps());
    Shares.of(counts.get(5), 4_000).areNear(recipe.problems().fiveSteps());
    assertThat(counts.keySet()).containsExactly(2, 3, 4, 5);
    // seven drafts in ten have a multiplication; most of those are too wide and drawn again
    assertThat(multiplied / 4_000.0).isBetween(0.31, 0.37);
  }

  private List<WordProblem> dev(TaskVariant variant) {
    return new WordProblems(recipe.problems(), variant).list(Split.DEV, 300, 1);
  }

  @Test
  void longer_problems_have_five_or_six_steps() {
    Map<Integer, Integer> counts = new TreeMap<>();
    dev(TaskVariant.LONGER)
        .forEach(problem -> counts.merge(problem.solution().lines().size(), 1, Integer::sum));
    assertThat(counts.keySet()).containsExactly(5, 6);
    assertThat(counts.values()).allMatch(count -> count > 100);
  }

  @Test
  void reworded_problems_are_the_standard_ones_in_sentences_that_pretraining_has_not() {
    List<WordProblem> reworded = dev(TaskVariant.REWORDED);
    List<WordProblem> standard = dev(TaskVariant.STANDARD);
    assertThat(reworded)
        .extracting(WordProblem::solution)
        .isEqualTo(standard.stream().map(WordProblem::solution).toList());
    Set<String> known = new HashSet<>();
    standard.forEach(problem -> known.addAll(patterns(problem.question())));
    reworded.forEach(
        problem -> assertThat(patterns(problem.question())).doesNotContainAnyElementsOf(known));
  }

  /** Sentences with names, items and numbers taken out. */
  private static List<String> patterns(String question) {
    String names = String.join("|", Lexicon.NAMES);
    String items = String.join("|", Lexicon.ITEMS);
    return List.of(question.replaceAll("\\d+|" + names + "|" + items, "_").split("(?<=[.?]) "));
  }

  @Test
  void doublings_are_not_told_by_a_number() {
    int doubled = 0;
    List<WordProblem> problems = dev(TaskVariant.DOUBLING);
    for (WordProblem problem : problems) {
      long times = problem.answerText().lines().filter(line -> line.contains("*2=")).count();
      long said = Pattern.compile("as many again").matcher(problem.question()).results().count();
      assertThat(said).isEqualTo(times);
      assertThat(problem.answerText()).doesNotContainPattern("\\*[3-9]");
      assertThat(problem.question()).doesNotContain("times");
      doubled += times > 0 ? 1 : 0;
    }
    assertThat(doubled / 300.0).isBetween(0.4, 0.7);
  }

  @Test
  void five_seeds_have_eight_hundred_training_questions_each_of_every_task() {
    for (TaskVariant variant : TaskVariant.values()) {
      List<WordProblem> drawn =
          new WordProblems(recipe.problems(), variant).list(Split.TRAIN, 4_000, 1);
      assertThat(drawn.stream().map(WordProblem::question)).doesNotHaveDuplicates();
      assertThat(drawn.stream().map(problem -> problem.solution().signature()))
          .hasSize(4_000)
          .doesNotHaveDuplicates()
          .allMatch(signature -> Split.of(signature) == Split.TRAIN);
    }
  }

  @Test
  void numbers_have_the_recipes_width_and_multipliers_one_digit() {
    NanoRecipe.Problems shape = recipe.problems();
    for (int digits : List.of(2, 3)) {
      WordProblems wide =
          new WordProblems(
              new NanoRecipe.Problems(digits, 3, shape.twoSteps(), shape.threeSteps(), 0, 0.7, 1),
              TaskVariant.STANDARD);
      for (WordProblem problem : wide.list(Split.TEST, 100, 1)) {
        List<MatchResult> lines = LINE.matcher(problem.answerText()).results().toList();
        assertThat(lines).hasSize(3);
        for (MatchResult line : lines) {
          assertThat(line.group(1)).hasSize(digits);
          assertThat(line.group(3)).hasSize(line.group(2).equals("*") ? 1 : digits);
          assertThat(line.group(4)).hasSize(digits);
        }
      }
    }
  }
}
