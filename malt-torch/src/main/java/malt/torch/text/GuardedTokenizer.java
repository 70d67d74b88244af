package malt.torch.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import malt.MalformedDataException;

/**
 * The same tokenizer with its special tokens under other, unguessable names: a special name in a
 * user's text is text to it, and a name that the template wrote is spelled in the new way first.
 * All else, the merges across both included, is as if the user's names had never been special.
 */
final class GuardedTokenizer implements AutoCloseable {
  private final SpecialTokens special;
  private final Map<String, String> standIns = new HashMap<>();
  private final Map<Integer, Integer> originalIds = new HashMap<>();
  private final NativeTokenizer tokenizer;

  /**
   * @param spacePrefix false removes the space that some tokenizers put before a text, for text
   *     that goes on after other ids
   */
  GuardedTokenizer(Path directory, SpecialTokens special, boolean spacePrefix) {
    this.special = special;
    ObjectNode json = (ObjectNode) TokenizerFiles.required(directory, "tokenizer.json");
    String nonce = UUID.randomUUID().toString();
    for (String name : special.names()) {
      standIns.put(name, "\ue000" + nonce + standIns.size() + "\ue001");
    }
    for (JsonNode token : json.path("added_tokens")) {
      String name = token.path("content").asText();
      ((ObjectNode) token).put("content", standIns.getOrDefault(name, name));
    }
    if (!spacePrefix) {
      SpacePrefix.remove(json);
    }
    Path file = TokenizerFiles.path(directory, "tokenizer.json");
    try {
      tokenizer = NativeTokenizer.of(TokenizerFiles.JSON.writeValueAsBytes(json), file);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(file + " cannot be rewritten: " + e.getMessage(), e);
    }
    int largestPlain = largest(json.path("model").path("vocab"));
    special.ids().forEach((name, id) -> mapId(file, name, id, largestPlain));
  }

  private static int largest(JsonNode vocabulary) {
    int largest = vocabulary.isObject() ? -1 : vocabulary.size() - 1;
    for (JsonNode id : vocabulary) {
      largest = Math.max(largest, id.isInt() ? id.asInt() : -1);
    }
    return largest;
  }

  private void mapId(Path file, String name, int id, int largestPlain) {
    int[] ids = tokenizer.encode(standIns.getOrDefault(name, name), false);
    if (ids.length == 1 && (ids[0] == id || ids[0] > largestPlain)) {
      originalIds.put(ids[0], id);
    } else if (special.names().contains(name)) {
      throw new MalformedDataException(
          file
              + ": the special token '"
              + name
              + "' cannot be told from text; this is not supported.");
    }
  }

  int[] encode(List<TextSpan> spans, boolean addSpecialTokens) {
    StringBuilder text = new StringBuilder();
    for (TextSpan span : spans) {
      text.append(span.trusted() ? respelled(span.text()) : span.text());
    }
    int[] ids = tokenizer.encode(text.toString(), addSpecialTokens);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = originalIds.getOrDefault(ids[i], ids[i]);
    }
    return ids;
  }

  private String respelled(String text) {
    return special
        .pattern()
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(standIns.getOrDefault(match.group(), "")));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
