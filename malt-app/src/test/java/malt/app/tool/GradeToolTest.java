package malt.app.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import malt.MalformedDataException;
import malt.problem.Grade;
import malt.problem.NumberGrader;
import org.junit.jupiter.api.Test;

class GradeToolTest {
  private final StringWriter out = new StringWriter();

  private Map<Grade, Integer> grade(String rows) throws IOException {
    GradeTool tool = new GradeTool(NumberGrader.strict());
    JsonRows.transform(
        new BufferedReader(new StringReader(rows)), "rows.jsonl", out, tool, count -> {});
    return tool.counts();
  }

  @Test
  void rows_are_graded_in_order() throws IOException {
    Map<Grade, Integer> counts =
        grade(
            """
            {"gold":"1,000","prediction":"#### 1000"}
            {"gold":5,"prediction":"none"}
            {"gold":"x","prediction":"#### 2"}
            """);
    assertThat(out.toString().lines())
        .containsExactly(
            "{\"grade\":\"CORRECT\",\"extracted\":\"1000\",\"reason\":\"equal\"}",
            "{\"grade\":\"INCORRECT\",\"extracted\":null,\"reason\":\"no answer found\"}",
            "{\"grade\":\"UNGRADABLE\",\"extracted\":\"2\",\"reason\":\"the reference answer is not a number\"}");
    assertThat(counts).isEqualTo(Map.of(Grade.CORRECT, 1, Grade.INCORRECT, 1, Grade.UNGRADABLE, 1));
  }

  @Test
  void a_row_without_its_fields_is_named() {
    assertThatThrownBy(() -> grade("{\"gold\":\"1\"}\n"))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("rows.jsonl:1");
  }
}
