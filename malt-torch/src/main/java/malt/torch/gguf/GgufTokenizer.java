package malt.torch.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import malt.MalformedDataException;

/**
 * The tokenizer that a GGUF file states, in the words of Hugging Face's files: byte-level BPE
 * ("gpt2"), whose merges are there. SentencePiece's ("llama") states scores in place of merges, and
 * wants the model's own tokenizer.json beside the file.
 */
final class GgufTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "tokenizer.ggml.";
  private static final int CONTROL = 3; // types of tokens
  private static final int USER_DEFINED = 4;

  /** Words of Llama 3, with %s digits at most in a number. */
  private static final String WORDS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";

  /** How texts are cut into words, by the name that llama.cpp has for it. */
  private static final Map<String, Cut> CUTS =
      new TreeMap<>(
          Map.of(
              "llama-bpe", new Cut(WORDS.formatted("{1,3}"), false, true),
              "qwen2", new Cut(WORDS.formatted(""), true, false),
              "gpt-2", new Cut("", false, false),
              "smollm", new Cut("\\p{N}", false, false)));

  private final GgufMetadata metadata;

  GgufTokenizer(GgufMetadata metadata) {
    this.metadata = metadata;
  }

  /**
   * @param words a regular expression of words; of digits that stand alone, or nothing, where
   *     GPT-2's own expression follows
   * @param composed whether texts are put into Unicode's form NFC
   * @param whole whether a word that is a token is one, whatever its merges would make of it
   */
  private record Cut(String words, boolean composed, boolean whole) {
    boolean ownWords() {
      return words.length() > "\\p{N}".length();
    }
  }

  /**
   * What tokenizer.json would hold.
   *
   * @throws MalformedDataException if it cannot be told from the metadata
   */
  ObjectNode json() {
    String kind = text("model");
    if (!kind.equals("gpt2")) {
      throw needed("its tokenizer is of SentencePiece's or another kind (%s)".formatted(kind));
    }
    String name = text("pre");
    Cut cut = CUTS.get(name);
    if (cut == null) {
      throw needed(
          "it cuts texts into words in a way that is not known here (%s; known: %s)"
              .formatted(name, String.join(", ", CUTS.keySet())));
    }
    List<String> tokens = tokens();
    List<Long> types = list("token_type", Long.class);
    if (types.size() != tokens.size()) {
      throw needed(
          "its metadata has %d tokens and %d types of them".formatted(tokens.size(), types.size()));
    }
    ObjectNode json = JSON.createObjectNode().put("version", "1.0");
    json.putNull("truncation");
    json.putNull("padding");
    added(json.putArray("added_tokens"), tokens, types);
    if (cut.composed) {
      json.putObject("normalizer").put("type", "NFC");
    } else {
      json.putNull("normalizer");
    }
    words(json.putObject("pre_tokenizer"), cut);
    around(json, tokens);
    byteLevel(json.putObject("decoder"), true);
    ObjectNode model = json.putObject("model").put("type", "BPE");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", cut.whole);
    vocabulary(model.putObject("vocab"), tokens, types);
    ArrayNode merges = model.putArray("merges");
    list("merges", String.class).forEach(merges::add);
    return json;
  }

  /** Special tokens at the end are no words of the vocabulary, so that no text becomes one. */
  private static void vocabulary(ObjectNode vocabulary, List<String> tokens, List<Long> types) {
    int end = tokens.size();
    while (end > 0 && special(types.get(end - 1))) {
      end--;
    }
    for (int id = 0; id < end; id++) {
      vocabulary.put(tokens.get(id), id);
    }
  }

  private static boolean special(long type) {
    return type == CONTROL || type == USER_DEFINED;
  }

  private static void added(ArrayNode added, List<String> tokens, List<Long> types) {
    for (int id = 0; id < tokens.size(); id++) {
      if (special(types.get(id))) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", types.get(id) == CONTROL);
      }
    }
  }

  private static void words(ObjectNode json, Cut cut) {
    ArrayNode steps = json.put("type", "Sequence").putArray("pretokenizers");
    if (!cut.words.isEmpty()) {
      ObjectNode split = steps.addObject().put("type", "Split");
      split.putObject("pattern").put("Regex", cut.words);
      split.put("behavior", "Isolated").put("invert", false);
    }
    byteLevel(steps.addObject(), !cut.ownWords());
  }

  private static void byteLevel(ObjectNode json, boolean expression) {
    json.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", expression);
  }

  /** The token that begins a document, where the file says that one does. */
  private void around(ObjectNode json, List<String> tokens) {
    Optional<Long> begin = metadata.find(PREFIX + "bos_token_id", Long.class);
    boolean added = metadata.find(PREFIX + "add_bos_token", Boolean.class).orElse(false);
    if (begin.isEmpty() || !added) {
      json.putNull("post_processor");
      return;
    }
    String token = token(begin.get(), tokens);
    ObjectNode template = json.putObject("post_processor").put("type", "TemplateProcessing");
    for (String name : new String[] {"single", "pair"}) {
      ArrayNode parts = template.putArray(name);
      for (String text : name.equals("single") ? new String[] {"A"} : new String[] {"A", "B"}) {
        int type = text.equals("A") ? 0 : 1;
        parts.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
        parts.addObject().putObject("Sequence").put("id", text).put("type_id", type);
      }
    }
    ObjectNode special = template.putObject("special_tokens").putObject(token).put("id", token);
    special.putArray("ids").add(begin.get());
    special.putArray("tokens").add(token);
  }

  /** What tokenizer_config.json would hold. */
  ObjectNode config() {
    ObjectNode json = JSON.createObjectNode();
    json.put("tokenizer_class", "PreTrainedTokenizerFast"); // tokenizer.json as it stands
    for (String name : new String[] {"bos", "eos", "padding"}) {
      String key = name.equals("padding") ? "pad_token" : name + "_token";
      metadata
          .find(PREFIX + name + "_token_id", Long.class)
          .ifPresent(id -> json.put(key, token(id, tokens())));
    }
    metadata
        .find("tokenizer.chat_template", String.class)
        .ifPresent(template -> json.put("chat_template", template));
    return json;
  }

  /** What generation_config.json would hold: the ends of a text and of a turn. */
  ObjectNode generation() {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode ends = JSON.createArrayNode();
    for (String name : new String[] {"eos", "eot"}) {
      metadata.find(PREFIX + name + "_token_id", Long.class).ifPresent(ends::add);
    }
    if (!ends.isEmpty()) {
      json.set("eos_token_id", ends);
    }
    return json;
  }

  private static String token(long id, List<String> tokens) {
    if (id < 0 || id >= tokens.size()) {
      throw new MalformedDataException(
          "the metadata names token %d of %d".formatted(id, tokens.size()));
    }
    return tokens.get((int) id);
  }

  private List<String> tokens() {
    return list("tokens", String.class);
  }

  private String text(String key) {
    return metadata
        .find(PREFIX + key, String.class)
        .orElseThrow(() -> needed("its metadata has no %s%s".formatted(PREFIX, key)));
  }

  private <T> List<T> list(String key, Class<T> kind) {
    return metadata
        .list(PREFIX + key, kind)
        .orElseThrow(() -> needed("its metadata has no %s%s".formatted(PREFIX, key)));
  }

  private MalformedDataException needed(String why) {
    return new MalformedDataException(
        "%s: %s; put the model's tokenizer.json (and tokenizer_config.json) beside the file"
            .formatted(metadata.file().path(), why));
  }
}
