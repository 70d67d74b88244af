package malt.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The space that tokenizers of SentencePiece's kind put before a text. Right at the start of a
 * prompt, wrong for text that goes on after sampled ids.
 */
final class SpacePrefix {
  private SpacePrefix() {}

  static boolean isIn(JsonNode tokenizer) {
    ObjectNode copy = TokenizerFiles.JSON.createObjectNode();
    copy.set("normalizer", tokenizer.path("normalizer").deepCopy());
    copy.set("pre_tokenizer", tokenizer.path("pre_tokenizer").deepCopy());
    return remove(copy);
  }

  /** Returns whether there was one. */
  static boolean remove(ObjectNode tokenizer) {
    boolean found = removeFrom(tokenizer.path("pre_tokenizer"));
    JsonNode normalizer = tokenizer.path("normalizer");
    if (isPrepend(normalizer)) {
      tokenizer.putNull("normalizer");
      return true;
    }
    if (normalizer.path("normalizers") instanceof ArrayNode list) {
      for (int i = list.size() - 1; i >= 0; i--) {
        if (isPrepend(list.get(i))) {
          list.remove(i);
          found = true;
        }
      }
    }
    return found;
  }

  private static boolean isPrepend(JsonNode normalizer) {
    return normalizer.path("type").asText().equals("Prepend");
  }

  private static boolean removeFrom(JsonNode preTokenizer) {
    boolean found = false;
    if (preTokenizer instanceof ObjectNode node) {
      if (node.path("add_prefix_space").asBoolean()) {
        node.put("add_prefix_space", false);
        found = true;
      }
      if (node.has("prepend_scheme")) {
        found |= !node.path("prepend_scheme").asText().equals("never");
        node.put("prepend_scheme", "never");
      }
    }
    for (JsonNode inner : preTokenizer.path("pretokenizers")) {
      found |= removeFrom(inner);
    }
    return found;
  }
}
