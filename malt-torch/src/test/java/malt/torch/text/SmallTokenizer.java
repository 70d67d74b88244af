package malt.torch.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model directory with a byte-level BPE tokenizer small enough to follow by hand: ids 0 to 255
 * are the bytes in the order of their stand-in characters, then the merges in order, then the
 * special tokens.
 */
final class SmallTokenizer {
  static final List<String> MERGES = List.of("a b", "ab c", "Ġ a", "< |");
  static final List<String> SPECIALS = List.of("<|bos|>", "<|eos|>", "<|user|>", "<|assistant|>");
  static final int AB = 256;
  static final int ABC = 257;
  static final int SPACE_A = 258;
  static final int OPEN = 259;
  static final int BOS = 260;
  static final int EOS = 261;
  static final int USER = 262;
  static final int ASSISTANT = 263;

  /** Prints content as it is. */
  static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}"
          + "{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

  private SmallTokenizer() {}

  static Path write(Path directory, String template) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("version", "1.0");
    ArrayNode added = json.putArray("added_tokens");
    for (int i = 0; i < SPECIALS.size(); i++) {
      ObjectNode token = added.addObject().put("id", BOS + i).put("content", SPECIALS.get(i));
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false).put("special", true);
    }
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"));
    json.putNull("post_processor");
    byteLevel(json.putObject("decoder"));
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int i = 0; i < 256; i++) {
      vocabulary.put(Character.toString(standIn(i)), i);
    }
    ArrayNode merges = model.putArray("merges");
    for (String merge : MERGES) {
      vocabulary.put(merge.replace(" ", ""), vocabulary.size());
      merges.add(merge);
    }
    mapper.writeValue(directory.resolve("tokenizer.json").toFile(), json);
    ObjectNode config = mapper.createObjectNode();
    config.put("bos_token", "<|bos|>").put("eos_token", "<|eos|>").put("chat_template", template);
    mapper.writeValue(directory.resolve("tokenizer_config.json").toFile(), config);
    Files.writeString(
        directory.resolve("generation_config.json"), "{\"eos_token_id\": [261, 262]}");
    return directory;
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel").put("add_prefix_space", false);
    node.put("trim_offsets", false).put("use_regex", false);
  }

  /** GPT-2's printable stand-in for a byte; here the id of a byte is the byte itself. */
  private static int standIn(int value) {
    boolean printable =
        (value >= 33 && value <= 126) || (value >= 161 && value != 173 && value <= 255);
    if (printable) {
      return value;
    }
    int rank = 0;
    for (int b = 0; b < value; b++) {
      boolean shown = (b >= 33 && b <= 126) || (b >= 161 && b != 173);
      rank += shown ? 0 : 1;
    }
    return 256 + rank;
  }
}
