package malt.nano;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.MaltException;

/**
 * The embedded model's tokenizer in Hugging Face's file formats: a byte-level BPE without merges
 * whose vocabulary is five special tokens, the 256 bytes, and each word of the corpus whole. Every
 * digit is one token; any other text falls apart into bytes, so all of UTF-8 round-trips.
 */
public final class NanoTokenizer {
  static final String PAD = "<|pad|>";
  static final String BOS = "<|bos|>";
  static final String EOS = "<|eos|>";
  static final String USER = "<|user|>";
  static final String ASSISTANT = "<|assistant|>";

  /** Ids 0 to 4. */
  static final List<String> SPECIALS = List.of(PAD, BOS, EOS, USER, ASSISTANT);

  /** The answer's mark, a digit, a word with the space before it, or any other single character. */
  static final String PRE_TOKEN = "####|\\p{N}| ?\\p{L}+|[^\\p{N}\\p{L}]";

  private static final String CHAT_TEMPLATE =
      "{{ bos_token }}{% for message in messages %}"
          + "{% if message['role'] == 'user' %}{{ '<|user|>' + message['content'] }}"
          + "{% elif message['role'] == 'assistant' %}"
          + "{{ '<|assistant|>' + message['content'] + eos_token }}"
          + "{% else %}{{ raise_exception('Only the roles user and assistant are supported.') }}"
          + "{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private NanoTokenizer() {}

  /** The number of tokens, special ones included; ids run from 0 without a gap. */
  public static int size() {
    return NanoVocabulary.tokens().size();
  }

  /**
   * Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json and
   * generation_config.json.
   */
  public static void write(Path folder, int maxPositions) {
    try {
      Files.createDirectories(folder);
      write(folder.resolve("tokenizer.json"), tokenizer());
      write(folder.resolve("tokenizer_config.json"), configuration(maxPositions));
      write(folder.resolve("special_tokens_map.json"), specialTokens());
      write(folder.resolve("generation_config.json"), generation());
    } catch (IOException e) {
      throw new MaltException("The tokenizer cannot be written to " + folder + ".", e);
    }
  }

  private static void write(Path file, ObjectNode content) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(content) + "\n");
  }

  private static ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < SPECIALS.size(); id++) {
      added.add(special(SPECIALS.get(id)).put("id", id));
    }
    root.putNull("normalizer");
    preTokenizer(root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers"));
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder"), true);
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", true);
    ObjectNode vocabulary = model.putObject("vocab");
    List<String> tokens = NanoVocabulary.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    model.putArray("merges");
    return root;
  }

  private static void preTokenizer(ArrayNode sequence) {
    ObjectNode split = sequence.addObject().put("type", "Split");
    split.putObject("pattern").put("Regex", PRE_TOKEN);
    split.put("behavior", "Isolated").put("invert", false);
    byteLevel(sequence.addObject(), false);
  }

  private static void byteLevel(ObjectNode node, boolean useRegex) {
    node.put("type", "ByteLevel").put("add_prefix_space", false);
    node.put("trim_offsets", true).put("use_regex", useRegex);
  }

  private static ObjectNode special(String content) {
    ObjectNode token = JSON.createObjectNode().put("content", content).put("single_word", false);
    return token
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode configuration(int maxPositions) {
    ObjectNode root = JSON.createObjectNode().put("add_prefix_space", false);
    ObjectNode added = root.putObject("added_tokens_decoder");
    for (int id = 0; id < SPECIALS.size(); id++) {
      added.set(Integer.toString(id), special(SPECIALS.get(id)));
    }
    root.put("bos_token", BOS).put("eos_token", EOS).put("pad_token", PAD);
    root.put("chat_template", CHAT_TEMPLATE).put("clean_up_tokenization_spaces", false);
    root.put("model_max_length", maxPositions);
    return root.put("tokenizer_class", "PreTrainedTokenizerFast");
  }

  private static ObjectNode specialTokens() {
    ObjectNode root = JSON.createObjectNode().put("bos_token", BOS).put("eos_token", EOS);
    root.put("pad_token", PAD).putArray("additional_special_tokens").add(USER).add(ASSISTANT);
    return root;
  }

  private static ObjectNode generation() {
    ObjectNode root = JSON.createObjectNode().put("bos_token_id", SPECIALS.indexOf(BOS));
    root.put("eos_token_id", SPECIALS.indexOf(EOS)).put("pad_token_id", SPECIALS.indexOf(PAD));
    return root.put("do_sample", true).put("temperature", 1.0);
  }
}
