package malt.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import malt.JsonFields;
import malt.agent.AgentRole;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;

/** One line of a training set. Adapter directories are kept relative to the file's folder. */
final class DatasetJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonFactory FACTORY = MAPPER.getFactory();

  private final Path folder;

  DatasetJson(Path folder) {
    this.folder = folder;
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  String line(SftExample example) throws IOException {
    return object(
        json -> {
          head(json, example.role(), example.problemId(), example.prompt());
          completion(json, "completion", example.completion());
          json.writeNumberField("completion_value", example.value());
          ints(json, "prompt_ids", example.completion().promptIds());
        });
  }

  String line(PolicyExample example) throws IOException {
    return object(
        json -> {
          head(json, example.role(), example.problemId(), example.prompt());
          completion(json, "completion", example.completion());
          json.writeNumberField("completion_value", example.value());
          json.writeNumberField("advantage", example.advantage());
          ints(json, "prompt_ids", example.completion().promptIds());
        });
  }

  String line(PreferencePair pair) throws IOException {
    return object(
        json -> {
          head(json, pair.role(), pair.problemId(), pair.prompt());
          completion(json, "chosen", pair.chosen());
          completion(json, "rejected", pair.rejected());
          json.writeNumberField("chosen_value", pair.chosenValue());
          json.writeNumberField("rejected_value", pair.rejectedValue());
          ints(json, "prompt_ids", pair.chosen().promptIds());
        });
  }

  SftExample example(String line) throws JsonProcessingException {
    JsonFields fields = fields(line);
    return new SftExample(
        new AgentRole(fields.text("role")),
        fields.text("problem_id"),
        prompt(fields),
        completion(fields, "completion"),
        fields.number("completion_value"));
  }

  PreferencePair pair(String line) throws JsonProcessingException {
    JsonFields fields = fields(line);
    return new PreferencePair(
        new AgentRole(fields.text("role")),
        fields.text("problem_id"),
        prompt(fields),
        completion(fields, "chosen"),
        completion(fields, "rejected"),
        fields.number("chosen_value"),
        fields.number("rejected_value"));
  }

  PolicyExample policy(String line) throws JsonProcessingException {
    JsonFields fields = fields(line);
    return new PolicyExample(
        new AgentRole(fields.text("role")),
        fields.text("problem_id"),
        prompt(fields),
        completion(fields, "completion"),
        fields.number("completion_value"),
        fields.number("advantage"));
  }

  private static JsonFields fields(String line) throws JsonProcessingException {
    return new JsonFields(MAPPER.readTree(line), IllegalArgumentException::new);
  }

  private static String object(Body body) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    }
    return out.toString();
  }

  private static void head(JsonGenerator json, AgentRole role, String problemId, Prompt prompt)
      throws IOException {
    json.writeStringField("role", role.name());
    json.writeStringField("problem_id", problemId);
    messages(json, "prompt", prompt.messages());
  }

  private static void messages(JsonGenerator json, String key, List<Message> messages)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (Message message : messages) {
      json.writeStartObject();
      json.writeStringField("role", message.role().name().toLowerCase(Locale.ROOT));
      json.writeStringField("content", message.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void completion(JsonGenerator json, String key, Completion completion)
      throws IOException {
    messages(json, key, List.of(Message.of(Message.Role.ASSISTANT, completion.text())));
    ints(json, key + "_ids", completion.ids());
    json.writeArrayFieldStart(key + "_log_probs");
    for (float logProb : completion.logProbs()) {
      json.writeNumber(logProb);
    }
    json.writeEndArray();
    json.writeStringField(key + "_finish", completion.finish().name().toLowerCase(Locale.ROOT));
    json.writeStringField(key + "_adapter", completion.adapter().name());
    json.writeStringField(key + "_adapter_directory", completion.adapter().directoryFrom(folder));
    json.writeNumberField(key + "_seed", completion.seed());
  }

  private static void ints(JsonGenerator json, String key, int[] values) throws IOException {
    json.writeFieldName(key);
    json.writeArray(values, 0, values.length);
  }

  private static Prompt prompt(JsonFields fields) {
    List<Message> messages = new ArrayList<>();
    for (JsonFields message : fields.objects("prompt")) {
      messages.add(message(message));
    }
    return new Prompt(messages);
  }

  private static Message message(JsonFields message) {
    return Message.of(message.constant(Message.Role.class, "role"), message.text("content"));
  }

  private Completion completion(JsonFields fields, String key) {
    List<JsonFields> messages = fields.objects(key);
    if (messages.size() != 1 || message(messages.get(0)).role() != Message.Role.ASSISTANT) {
      throw new IllegalArgumentException("\"" + key + "\" must be one message of the assistant");
    }
    int[] ids = fields.ints(key + "_ids");
    float[] logProbs = fields.floats(key + "_log_probs");
    if (ids.length > 0 && logProbs.length > ids.length) { // some servers tell fewer, or no ids
      throw new IllegalArgumentException(
          "\"%s_ids\" has %d entries and \"%s_log_probs\" has %d"
              .formatted(key, ids.length, key, logProbs.length));
    }
    return new Completion(
        message(messages.get(0)).text(),
        fields.ints("prompt_ids"),
        ids,
        logProbs,
        fields.constant(FinishReason.class, key + "_finish"),
        AdapterRef.at(
            fields.text(key + "_adapter"), fields.textOrNull(key + "_adapter_directory"), folder),
        fields.integer(key + "_seed"));
  }
}
