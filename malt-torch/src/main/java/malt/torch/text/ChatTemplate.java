package malt.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import malt.MalformedDataException;
import malt.TextFiles;
import malt.model.Message;
import malt.torch.text.jinja.Template;
import malt.torch.text.jinja.TemplateException;
import org.jspecify.annotations.Nullable;

/** A model's own layout of a conversation, rendered as transformers renders it. Immutable. */
public final class ChatTemplate {
  /**
   * What a template that prints the current date is told, unless {@link #withDate} says otherwise:
   * the default of Llama 3.1. A prompt is a function of its messages, today's date is not.
   */
  public static final LocalDate DEFAULT_DATE = LocalDate.of(2024, 7, 26);

  private static final String FILE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";

  private final String source;
  private final Template template;
  private final Map<String, String> specialTokens;
  private final Map<String, ?> variables;
  private final LocalDate date;
  private final @Nullable Path file; // that it stands in

  private ChatTemplate(
      String source,
      Template template,
      Map<String, String> specialTokens,
      Map<String, ?> variables,
      LocalDate date,
      @Nullable Path file) {
    this.source = source;
    this.template = template;
    this.specialTokens = specialTokens;
    this.variables = variables;
    this.date = date;
    this.file = file;
  }

  /**
   * Reads chat_template.jinja, else chat_template in tokenizer_config.json.
   *
   * @throws MalformedDataException if there is none
   * @throws TemplateException if it holds what is not supported
   */
  public static ChatTemplate load(Path modelDirectory) {
    return find(modelDirectory)
        .orElseThrow(
            () ->
                new MalformedDataException(
                    "There is no chat template in "
                        + modelDirectory
                        + ": neither chat_template.jinja nor a chat_template in"
                        + " tokenizer_config.json."));
  }

  /** Like {@link #load}; empty where there is none. */
  public static Optional<ChatTemplate> find(Path modelDirectory) {
    JsonNode config = TokenizerFiles.optional(modelDirectory, CONFIG);
    Map<String, String> tokens = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : config.properties()) {
      String content = SpecialTokens.content(field.getValue());
      if (field.getKey().endsWith("_token") && content != null) {
        tokens.put(field.getKey(), content);
      }
    }
    return source(modelDirectory, config).map(text -> of(modelDirectory, text, tokens));
  }

  private static ChatTemplate of(Path directory, String text, Map<String, String> tokens) {
    Path file =
        Stream.of(FILE, CONFIG)
            .map(name -> TokenizerFiles.path(directory, name))
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(directory); // a GGUF file has its own
    try {
      return new ChatTemplate(text, Template.parse(text), tokens, Map.of(), DEFAULT_DATE, file);
    } catch (TemplateException e) {
      throw e.in(file);
    }
  }

  /**
   * @param specialTokens what the template's variables bos_token, eos_token and their like hold
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens) {
    return new ChatTemplate(
        source,
        Template.parse(source),
        new LinkedHashMap<>(specialTokens),
        Map.of(),
        DEFAULT_DATE,
        null);
  }

  private static Optional<String> source(Path directory, JsonNode config) {
    Path file = TokenizerFiles.path(directory, FILE);
    if (Files.isRegularFile(file)) {
      return Optional.of(TextFiles.read(file));
    }
    JsonNode template = config.path("chat_template");
    if (template.isTextual()) {
      return Optional.of(template.asText());
    }
    for (JsonNode named : template) {
      if (named.path("name").asText().equals("default")) {
        return Optional.of(named.path("template").asText());
      }
    }
    return Optional.empty();
  }

  /** The same template on another day. */
  public ChatTemplate withDate(LocalDate day) {
    return new ChatTemplate(source, template, specialTokens, variables, day, file);
  }

  /** The same template with more to read than the messages, such as enable_thinking. */
  public ChatTemplate withVariables(Map<String, ?> more) {
    return new ChatTemplate(source, template, specialTokens, Map.copyOf(more), date, file);
  }

  /** Whether it asks what day it is. */
  public boolean printsDate() {
    return source.contains("strftime_now");
  }

  /** SHA-256 in hexadecimal of the template's own text. */
  public String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The prompt's text.
   *
   * @param addGenerationPrompt whether it ends where the assistant's next message begins
   * @throws TemplateException if the template refuses the messages, or does what is not supported
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    return renderMaps(messages.stream().map(ChatTemplate::map).toList(), addGenerationPrompt);
  }

  /** The role before the content: a template may print a message whole. */
  private static Map<String, String> map(Message message) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("role", message.role().name().toLowerCase(Locale.ROOT));
    map.put("content", message.text());
    return map;
  }

  /** Renders messages given as in JSON: role, content and whatever else the template reads. */
  public String renderMaps(List<? extends Map<String, ?>> messages, boolean addGenerationPrompt) {
    Map<String, Object> all = new LinkedHashMap<>(specialTokens);
    all.putAll(variables);
    all.put("messages", messages);
    all.put("add_generation_prompt", addGenerationPrompt);
    try {
      return template.render(all, format -> Strftime.format(format, date));
    } catch (TemplateException e) {
      throw file == null ? e : e.in(file);
    }
  }
}
