package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import malt.app.parquet.ParquetFiles;
import malt.problem.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradeCommandTest {
  @TempDir private Path folder;

  private Path rows(String... rows) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows) + "\n");
  }

  private static String row(String gold, String prediction) {
    return "{\"gold\":\"%s\",\"prediction\":\"%s\"}".formatted(gold, prediction);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gsm8k  | 1,000          | they pay $1000           | 1000",
        "math   | \\\\frac{1}{2} | so it is \\\\boxed{0.5}. | 0.5",
        "csqa   | B. bank        | I think it is B          | B",
      })
  void each_benchmark_has_a_grader_that_reads_loose_text(
      String benchmark, String gold, String prediction, String extracted) throws IOException {
    Path input = rows(row(gold, prediction));
    Outcome outcome = Outcome.of("grade", "--benchmark", benchmark, "--input", input.toString());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out().strip())
        .isEqualTo("{\"grade\":\"CORRECT\",\"extracted\":\"%s\",\"reason\":\"equal\"}", extracted);
  }

  @Test
  void rows_of_parquet_are_graded_as_those_of_lines() throws IOException {
    Path input = rows(row("4", "so\\n#### 4"), row("5", "#### 4"));
    Path parquet = folder.resolve("rows.parquet");
    ParquetFiles.write(input, Map.of("gold", "VARCHAR", "prediction", "VARCHAR"), parquet);
    String[] arguments = {"grade", "--benchmark", "gsm8k", "--input", input.toString()};
    String graded = Outcome.of(arguments).out();
    assertThat(graded.lines()).hasSize(2);
    arguments[4] = parquet.toString();
    assertThat(Outcome.of(arguments).out()).isEqualTo(graded);
  }

  @Test
  void a_grader_that_is_named_is_used() throws IOException {
    String input = rows(row("4", "it is 4")).toString();
    String[] arguments = {"grade", "--benchmark", "custom", "--grader", "number", "--input", input};
    assertThat(Outcome.of(arguments).out()).contains("INCORRECT", "no answer found");
    arguments[4] = "numbers";
    Outcome.of(arguments)
        .isError("no grader 'numbers'; known: number, number-lenient, math, math-lenient");
    Outcome.of("grade", "--benchmark", "custom", "--input", input).isError("needs --grader");
    Outcome.of("grade", "--benchmark", "aime", "--input", input)
        .isError("no benchmark 'aime'; known: gsm8k, math, csqa, custom");
  }

  @Test
  void a_row_that_is_none_is_named_and_nothing_is_written() throws IOException {
    String input = rows(row("4", "4"), "", "{\"gold\":null,\"prediction\":\"4\"}").toString();
    Path output = folder.resolve("grades.jsonl");
    String[] arguments = {
      "grade", "--benchmark", "math", "--input", input, "--output", output.toString()
    };
    Outcome.of(arguments).isError(input + ":3: \"gold\" must hold a text or number, and is null");
    assertThat(output).doesNotExist();
    Outcome.of("grade", "--benchmark", "math", "--input", input + "x")
        .isError(input + "x does not exist");
  }

  @Test
  void ten_thousand_real_rows_are_graded_in_order_in_seconds() throws IOException {
    List<String> lines =
        Files.readAllLines(SharedData.file("math/answers_train.jsonl")).stream()
            .limit(5_000)
            .toList();
    List<String> rows = new ArrayList<>();
    for (String line : lines) {
      String answer =
          line.substring(line.indexOf("\"boxed\": \"") + 10, line.indexOf("\", \"hend"));
      rows.add(row(answer, "Therefore the answer is \\\\boxed{" + answer + "}."));
      rows.add(row(answer, "The final answer is $1234567$."));
    }
    Path input = rows(rows.toArray(String[]::new));
    Path output = folder.resolve("grades.jsonl");
    long start = System.nanoTime();
    Outcome outcome =
        Outcome.of(
            "grade", "--benchmark", "math", "--input", input + "", "--output", output.toString());
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    assertThat(outcome.out()).contains("5,000 CORRECT, 5,000 INCORRECT (grader math-lenient)");
    List<String> grades = Files.readAllLines(output);
    assertThat(grades).hasSize(10_000);
    for (int i = 0; i < grades.size(); i++) {
      assertThat(grades.get(i)).contains(i % 2 == 0 ? "\"CORRECT\"" : "\"INCORRECT\"");
    }
    assertThat(taken).isLessThan(Duration.ofSeconds(20));
  }
}
