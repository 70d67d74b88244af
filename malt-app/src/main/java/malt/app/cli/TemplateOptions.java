package malt.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import malt.torch.text.ChatTemplate;
import picocli.CommandLine.Option;

/** What a model's chat template reads besides the messages. */
final class TemplateOptions {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Option(
      names = "--template-variable",
      paramLabel = "NAME=VALUE",
      description =
          "of the chat template, such as enable_thinking=false: JSON, or else a text; may be"
              + " repeated")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--date",
      paramLabel = "DAY",
      description = "what a template that prints the date is told; default: ${DEFAULT-VALUE}")
  private LocalDate date = ChatTemplate.DEFAULT_DATE;

  /** Tells a template. */
  UnaryOperator<ChatTemplate> told() {
    Map<String, Object> values = new LinkedHashMap<>();
    variables.forEach((name, value) -> values.put(name, value(value)));
    return template -> template.withDate(date).withVariables(values);
  }

  private static Object value(String text) {
    try {
      Object value = JSON.readValue(text, Object.class);
      return value == null ? text : value;
    } catch (JsonProcessingException e) {
      return text;
    }
  }
}
