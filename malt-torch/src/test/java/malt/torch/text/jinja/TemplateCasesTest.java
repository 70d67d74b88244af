package malt.torch.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.ReferenceData;
import org.junit.jupiter.api.Test;

/** Real templates against what Jinja2 renders for them. */
class TemplateCasesTest {
  private static final String DATE = "26 Jul 2024";

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode node) {
    return new ObjectMapper().convertValue(node, LinkedHashMap.class);
  }

  @Test
  void all_cases_of_real_templates_are_exact() {
    List<String> wrong = new ArrayList<>();
    List<JsonNode> cases = ReferenceData.rows("chat-templates/cases.jsonl");
    for (JsonNode line : cases) {
      String name = line.get("name").asText();
      String expected = line.get("target").asText();
      try {
        Template template = Template.parse(line.get("chat_template").asText());
        String text = template.render(map(line.get("data")), format -> DATE);
        if (!text.equals(expected)) {
          wrong.add(name + "\n<<" + expected + ">>\n<<" + text + ">>");
        }
      } catch (TemplateException e) {
        wrong.add(name + ": " + e.getMessage());
      }
    }
    assertThat(cases).hasSize(311);
    assertThat(wrong).isEmpty();
  }

  @Test
  void every_reference_vector_is_exact_and_every_error_is_raised() {
    for (JsonNode line : ReferenceData.rows("chat-templates/reference-vectors.jsonl")) {
      Map<String, Object> variables = map(line);
      variables
          .keySet()
          .retainAll(
              List.of(
                  "messages", "add_generation_prompt", "bos_token", "eos_token", "date_string"));
      Template template = Template.parse(line.get("template").asText());
      String what = line.get("model").asText() + " " + line.get("conversation").asText();
      if (line.get("error").isNull()) {
        assertThat(template.render(variables, format -> DATE))
            .as(what)
            .isEqualTo(line.get("expected").asText());
      } else {
        assertThatThrownBy(() -> template.render(variables, format -> DATE))
            .as(what)
            .isInstanceOf(TemplateException.class);
      }
    }
  }
}
