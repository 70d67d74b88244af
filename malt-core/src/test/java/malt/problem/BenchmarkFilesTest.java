package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.MalformedDataException;
import malt.problem.math.MathGrader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFilesTest {
  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("problems.jsonl"), content);
  }

  @Test
  void the_real_gsm8k_is_read_whole_and_passes_its_self_test() {
    List<Problem> train = ProblemFiles.read(Layout.GSM8K, SharedData.file("gsm8k/train.jsonl"));
    List<Problem> test = ProblemFiles.read(Layout.GSM8K, SharedData.file("gsm8k/test.jsonl"));
    assertThat(train).hasSize(7_473);
    assertThat(test).hasSize(1_319);
    assertThat(test.get(0).answer()).isEqualTo("18");
    assertThat(GraderSelfTest.failures(NumberGrader.strict(), train)).isEmpty();
    assertThat(GraderSelfTest.failures(NumberGrader.strict(), test)).isEmpty();
  }

  @Test
  void the_real_commonsense_qa_is_read_whole_and_passes_its_self_test() {
    List<Problem> dev =
        ProblemFiles.read(Layout.CSQA, SharedData.file("csqa/dev_rand_split.jsonl"));
    assertThat(dev).hasSize(1_221);
    assertThat(dev.get(0).question()).contains("\nA. bank\n");
    assertThat(dev.get(0).answer()).isEqualTo("A. bank");
    assertThat(GraderSelfTest.failures(ChoiceGrader.strict(), dev)).isEmpty();
    List<Problem> train =
        ProblemFiles.read(Layout.CSQA, SharedData.file("csqa/train_rand_split.jsonl"));
    assertThat(train).hasSize(9_741);
    assertThat(GraderSelfTest.failures(ChoiceGrader.strict(), train)).isEmpty();
  }

  @Test
  void a_choice_that_is_there_twice_is_graded_by_letter_only() throws IOException {
    Path file =
        file(
            """
            {"id":"q","answerKey":"B","question":{"stem":"Where?","choices":[\
            {"label":"A","text":"Home"},{"label":"B","text":"home"},{"label":"C","text":"zoo"}]}}
            """);
    Problem problem = ProblemFiles.read(Layout.CSQA, file).get(0);
    assertThat(problem.answer()).isEqualTo("B");
    assertThat(ChoiceGrader.strict().grade(problem, Response.whole("Final Answer: home")).correct())
        .isFalse();
  }

  @Test
  void both_layouts_of_math_are_read_and_rows_without_an_answer_left_out() throws IOException {
    Path file =
        file(
            """
            {"problem":"p","level":"Level 1","type":"Algebra","solution":"\\\\boxed{1} or \\\\boxed{\\\\frac{1}{2}}."}
            {"problem":"p","level":"Level ?","type":"Algebra","solution":"so $\\\\boxed 2$."}
            {"problem":"p","level":"Level 2","type":"Algebra","solution":"so $\\\\boxed{}$."}
            {"problem":"p","solution":"s","answer":"x^2","subject":"Algebra","level":3,"unique_id":"a/7"}
            """);
    ProblemFile read = ProblemFiles.whole(Layout.MATH, file);
    assertThat(read.problems())
        .containsExactly(
            new Problem("problems-00001", "p", "\\frac{1}{2}"),
            new Problem("problems-00002", "p", "2"),
            new Problem("a/7", "p", "x^2"));
    assertThat(read.leftOut()).singleElement().asString().contains(":3 states no answer");
  }

  private void publish(String place, String text) throws IOException {
    Path file = folder.resolve(place);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void maths_own_folder_of_a_file_a_problem_is_read_as_it_is_published() throws IOException {
    String problem =
        """
        {
            "problem": "What is $1 + 1$?",
            "level": "Level 1",
            "type": "Algebra",
            "solution": "It is $\\\\boxed{%d}$."
        }\
        """;
    publish("MATH/train/algebra/10.json", problem.formatted(10));
    publish("MATH/train/algebra/2.json", problem.formatted(2));
    publish("MATH/train/number_theory/1.json", problem.formatted(1));
    publish("MATH/train/number_theory/3.json", "{\"problem\": \"p\", \"solution\": \"none\"}");
    publish("MATH/train/README.md", "about");
    ProblemFile read = ProblemFiles.whole(Layout.MATH, folder.resolve("MATH/train"));
    assertThat(read.problems())
        .extracting(Problem::id)
        .containsExactly(
            "train/algebra/2.json", "train/algebra/10.json", "train/number_theory/1.json");
    assertThat(read.problems()).extracting(Problem::answer).containsExactly("2", "10", "1");
    assertThat(read.where(1)).isEqualTo(folder.resolve("MATH/train/algebra/10.json").toString());
    assertThat(read.leftOut())
        .containsExactly(
            folder.resolve("MATH/train/number_theory/3.json") + " states no answer in a box");
  }

  @Test
  void a_folder_that_holds_no_problem_or_a_broken_one_is_refused_by_its_file() throws IOException {
    publish("empty/train.jsonl", "{}");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.MATH, folder.resolve("empty")))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("holds no .json file");
    publish("broken/algebra/1.json", "{\"problem\": \"p\", \"solution\": \"\\\\boxed{1}\"}");
    publish("broken/algebra/2.json", "{\"problem\": \"p\"}");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.MATH, folder.resolve("broken")))
        .isInstanceOf(MalformedDataException.class)
        .hasMessage(
            folder.resolve("broken/algebra/2.json")
                + " lacks the text field \"solution\": it has \"problem\"");
  }

  private static List<Problem> custom(Path file, String question, String answer, String choices) {
    return Layout.CUSTOM
        .read(file, new CustomFile(question, answer, choices), RowSource.jsonLines())
        .problems();
  }

  @Test
  void a_custom_file_names_its_fields() throws IOException {
    Path file = file("{\"q\":\"How many?\",\"a\":12,\"id\":7}\n");
    assertThat(custom(file, "q", "a", "")).containsExactly(new Problem("7", "How many?", "12"));
    assertThatThrownBy(() -> custom(file, "q", "answer", ""))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(":1 lacks the text or number field \"answer\"");
    assertThatThrownBy(() -> custom(file, "q", "a", "options"))
        .hasMessageContaining(":1 lacks the list field \"options\": it has \"q\", \"a\", \"id\"");
  }

  @Test
  void a_custom_choice_is_named_by_letter_by_text_or_by_place() throws IOException {
    Path file =
        file(
            """
            {"q":"Which?","a":"B","options":["one","two"]}
            {"q":"Which?","a":"Two","options":["one","two"]}
            {"q":"Which?","a":1,"options":["one","two"]}
            {"q":"Which?","a":"B","options":{"label":["A","B"],"text":["one","two"]}}
            """);
    assertThat(custom(file, "q", "a", "options"))
        .allSatisfy(
            problem -> {
              assertThat(problem.question()).isEqualTo("Which?\nA. one\nB. two");
              assertThat(problem.answer()).isEqualTo("B. two");
            })
        .hasSize(4);
  }

  @Test
  void a_custom_answer_that_means_no_choice_or_two_is_refused() throws IOException {
    Path file =
        file(
            """
            {"q":"Which?","a":"B","options":["B","A"]}
            {"q":"Which?","a":2,"options":["one","two"]}
            {"q":"Which?","a":"three","options":["one","two"]}
            """);
    assertThatThrownBy(() -> custom(file, "q", "a", "options"))
        .hasMessageContaining(":1 has an answer, \"B\", that means no single choice")
        .hasMessageContaining(":2 has an answer, \"2\"")
        .hasMessageContaining(":3 has an answer, \"three\"");
  }

  @Test
  void choices_that_are_absent_are_told_from_a_key_that_is_none() throws IOException {
    Path file =
        file(
            """
            {"id":"q","question":"Where?","answerKey":"B"}
            {"id":"r","question":"Where?","choices":{"label":["A"],"text":["x"]},"answerKey":"B"}
            """);
    assertThatThrownBy(() -> ProblemFiles.read(Layout.CSQA, file))
        .hasMessageContaining(":1 lacks the list field \"choices\": it has \"id\"")
        .hasMessageContaining(":2 has no choice labelled \"B\"");
  }

  @Test
  void hugging_faces_commonsense_qa_is_the_authors() throws IOException {
    Path file =
        file(
            """
            {"id":"q","question":"Where?","question_concept":"x","choices":\
            {"label":["A","B"],"text":["bank","zoo"]},"answerKey":"B"}
            """);
    assertThat(ProblemFiles.read(Layout.CSQA, file))
        .containsExactly(new Problem("q", "Where?\nA. bank\nB. zoo", "B. zoo"));
  }

  @Test
  void kept_problems_are_read_back_as_they_were() {
    List<Problem> problems =
        List.of(
            new Problem("1", "Where?\nA. bank \nB. \u00fcber \"zoo\"", "A. bank "),
            new Problem("2024", "p\r\n\tq", "\\frac{1}{2}"));
    Path file = folder.resolve("kept.jsonl");
    KeptProblems.write(file, problems);
    assertThat(KeptProblems.read(file)).isEqualTo(problems);
  }

  @Test
  void a_question_in_two_sets_is_reported_with_both_places() throws IOException {
    Path train = Files.writeString(folder.resolve("train.jsonl"), "\n" + row("a?") + row("b?"));
    Path test = Files.writeString(folder.resolve("test.jsonl"), row("c?") + row(" B? "));
    List<ProblemFile> files = List.of(read(train), read(test));
    assertThatThrownBy(() -> SharedQuestions.requireNone(files))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("1 questions stand in two sets")
        .hasMessageContaining(test + ":2 asks the question of " + train + ":3");
    SharedQuestions.requireNone(List.of(read(train), read(test).take(Take.FIRST, 1, 0)));
  }

  private static List<String> ids(ProblemFile file) {
    return file.problems().stream().map(Problem::id).toList();
  }

  private ProblemFile sorted(int count) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(row("subject %02d, %d?".formatted(i / 10, i)));
    }
    return read(Files.writeString(folder.resolve("sorted.jsonl"), rows));
  }

  @Test
  void some_of_a_file_are_drawn_by_the_seed_from_all_of_it_and_stay_in_its_order()
      throws IOException {
    ProblemFile file = sorted(100);
    ProblemFile drawn = file.take(Take.DRAWN, 20, 1);
    assertThat(ids(file)).containsSubsequence(ids(drawn));
    assertThat(
            drawn.problems().stream()
                .map(problem -> problem.question().substring(0, 10))
                .distinct())
        .as("subjects of ten")
        .hasSizeGreaterThan(5);
    assertThat(drawn.where(0)).isEqualTo(drawn.places().get(0));
    assertThat(ids(file.take(Take.DRAWN, 20, 1))).isEqualTo(ids(drawn));
    assertThat(ids(file.take(Take.DRAWN, 20, 2))).isNotEqualTo(ids(drawn));
    assertThat(ids(file.take(Take.DRAWN, 30, 1))).containsAll(ids(drawn));
    assertThat(file.take(Take.DRAWN, 0, 1)).isEqualTo(file);
    assertThat(file.take(Take.DRAWN, 101, 1)).isEqualTo(file);
    assertThat(ids(file.take(Take.FIRST, 2, 1))).containsExactly("sorted-00001", "sorted-00002");
  }

  @Test
  void what_is_cut_off_for_dev_is_not_trained_on() throws IOException {
    Path doubled =
        Files.writeString(
            folder.resolve("train.jsonl"),
            row("a?") + row("b?") + row("A?") + instance("t", 1) + instance("t", 2) + row("c?"));
    ProblemFile file = read(doubled);
    ProblemFile dev =
        new ProblemFile(
            file.file(),
            List.of(file.problems().get(0), file.problems().get(3)),
            List.of("train.jsonl:1", "train.jsonl:4"),
            List.of());
    assertThat(file.without(dev).problems())
        .extracting(Problem::question)
        .containsExactly("b?", "c?");
  }

  @Test
  void instances_of_a_template_are_a_cluster_and_stay_one_where_they_are_kept() throws IOException {
    Path symbolic =
        Files.writeString(
            folder.resolve("symbolic.jsonl"), instance("7", 0) + instance("7", 1) + row("a?"));
    List<Problem> problems = read(symbolic).problems();
    assertThat(problems).extracting(Problem::cluster).containsExactly("7", "7", "symbolic-00003");
    Path kept = folder.resolve("kept.jsonl");
    KeptProblems.write(kept, problems);
    assertThat(KeptProblems.read(kept)).isEqualTo(problems);
    assertThat(Files.readAllLines(kept).get(2)).doesNotContain("cluster");
  }

  private static String instance(String template, int number) {
    return "{\"id\":\"%s\",\"instance\":%d,\"question\":\"%s of %s?\",\"answer\":\"#### 1\"}%n"
        .formatted(template, number, number, template);
  }

  private static String row(String question) {
    return "{\"question\":\"%s\",\"answer\":\"#### 1\"}%n".formatted(question);
  }

  private static ProblemFile read(Path file) {
    return Layout.GSM8K.read(file, new CustomFile("", "", ""), RowSource.jsonLines());
  }

  @Test
  void the_real_sets_share_no_question() {
    SharedQuestions.requireNone(
        List.of(
            read(SharedData.file("gsm8k/train.jsonl")), read(SharedData.file("gsm8k/test.jsonl"))));
  }

  @Test
  void a_reference_answer_that_its_grader_does_not_accept_stops_the_run() {
    List<Problem> problems =
        List.of(new Problem("good", "?", "4"), new Problem("bad", "?", "four"));
    assertThatThrownBy(() -> GraderSelfTest.require(NumberGrader.strict(), problems))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("1 of 2")
        .hasMessageContaining("bad: \"four\" is graded UNGRADABLE");
    GraderSelfTest.require(MathGrader.strict(), problems);
  }
}
