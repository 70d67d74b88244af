package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Reads GSM8K's layout: JSON lines {@code {"question": ..., "answer": "... #### 18"}} with an
 * optional {@code "id"}; GSM-Symbolic's too, whose instances of one template are a cluster. The
 * reference answer is what follows the last {@code ####}.
 *
 * <p>A row without an id gets one from its line: {@code test-00017} is line 17 of {@code
 * test.jsonl}, so ids are stable as long as the file is, and differ between files of other names.
 * Blank lines are skipped. All that is wrong with a file is reported together, with its lines.
 */
final class Gsm8kFile {
  private Gsm8kFile() {}

  static void row(JsonLines in, JsonNode row) {
    String question = in.text(row, "question");
    String answer = in.text(row, "answer");
    int marker = answer.lastIndexOf("####");
    String reference = marker < 0 ? "" : answer.substring(marker + 4).strip();
    if (!answer.isEmpty() && reference.isEmpty()) {
      in.complain("has no answer after \"####\" in \"answer\"");
    }
    // GSM-Symbolic's "id" names the template; its instances differ.
    String template = in.id(row, "id");
    String id = row.has("instance") ? template + "-" + row.get("instance").asText() : template;
    in.add(new Problem(id, question, reference, template));
  }
}
