package malt.app.tool;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import malt.JsonFields;
import malt.MalformedDataException;
import malt.ModelException;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.local.LocalModel;
import malt.torch.text.jinja.TemplateException;

/** An object of JSON lines; what is wrong with it is said with its file and line. */
public final class Row extends JsonFields {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> MESSAGE = new TypeReference<>() {};

  private final String where;

  /**
   * @param where file and line, for messages
   */
  public Row(JsonNode json, String where) {
    super(json, what -> wrong(where, what));
    this.where = where;
  }

  /**
   * The text of a value other than a list or an object; null is a value, "", only if {@code none}.
   */
  String scalar(String key, boolean none) {
    JsonNode value = object.path(key);
    boolean scalar = value.isValueNode() && (none || !value.isNull());
    return require(key, scalar, "a text or number").asText("");
  }

  /** Token ids below {@code vocabulary}, (N), at least one. */
  int[] ids(String key, int vocabulary) {
    JsonNode list = object.path(key);
    require(key, list.isArray() && !list.isEmpty(), "a list of token ids");
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      boolean known = id.canConvertToInt() && id.intValue() >= 0 && id.intValue() < vocabulary;
      require(key, id.isIntegralNumber() && known, "token ids from 0 to " + (vocabulary - 1));
      ids[i] = id.intValue();
    }
    return ids;
  }

  /** The ids of the prompt: of "messages", or of "prompt", a text or messages. */
  int[] promptIds(LocalModel model) {
    String messages = has("messages") ? "messages" : "prompt";
    if (hasText(messages)) {
      return model.tokenizer().encodeDocument(text(messages));
    }
    Prompt prompt = new Prompt(messages(messages));
    try {
      return model.chat().encode(prompt);
    } catch (TemplateException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** Messages with whatever fields they have, as a template reads them. */
  List<Map<String, ?>> rawMessages(String key) {
    boolean list = object.path(key).isArray() && !object.path(key).isEmpty();
    require(key, list, (key.equals("messages") ? "" : "a text or ") + "a list of messages");
    List<Map<String, ?>> messages = new ArrayList<>();
    for (JsonNode message : object.get(key)) {
      require(key, message.isObject() && message.hasNonNull("role"), "messages with a role");
      messages.add(JSON.convertValue(message, MESSAGE));
    }
    return messages;
  }

  /** Messages of a role (system, user, assistant) and a text each. */
  List<Message> messages(String key) {
    List<Message> messages = new ArrayList<>();
    for (Map<String, ?> message : rawMessages(key)) {
      boolean plain = message.get("content") instanceof String;
      require(key, plain, "messages whose content is a text");
      messages.add(Message.of(role(key, message), String.valueOf(message.get("content"))));
    }
    return messages;
  }

  private Message.Role role(String key, Map<String, ?> message) {
    String name = String.valueOf(message.get("role")).toUpperCase(Locale.ROOT);
    for (Message.Role role : Message.Role.values()) {
      if (role.name().equals(name)) {
        return role;
      }
    }
    throw wrong("\"%s\" has a role other than system, user, assistant".formatted(key));
  }

  /**
   * Does something with the row.
   *
   * @throws MalformedDataException naming the row, whatever is wrong with what it holds
   */
  public <T> T located(Supplier<T> work) {
    try {
      return work.get();
    } catch (MalformedDataException | TemplateException | ModelException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(where) ? e : wrong(message);
    }
  }

  MalformedDataException wrong(String what) {
    return wrong(where, what);
  }

  private static MalformedDataException wrong(String where, String what) {
    return new MalformedDataException("%s: %s".formatted(where, what));
  }
}
