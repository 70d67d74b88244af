package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads MATH's layouts: {@code problem}, {@code solution} (Hendrycks et al.) and MATH-500's, which
 * adds {@code answer} and {@code unique_id}. Without an {@code answer} the reference is the content
 * of the solution's last {@code \boxed{}} ({@code \boxed 2} counts too). A row whose box is empty
 * or missing cannot be graded and is left out, with its line.
 */
final class MathFile {
  private static final Pattern UNBRACED = Pattern.compile("\\\\(?:boxed|fbox) +([^\\s${}]+)");

  private MathFile() {}

  static void row(JsonLines in, JsonNode row) {
    String question = in.text(row, "problem");
    String reference =
        row.hasNonNull("answer")
            ? row.get("answer").asText()
            : reference(in.text(row, "solution")).orElse("");
    if (reference.isBlank()) {
      in.leaveOut("states no answer in a box");
      return;
    }
    in.add(new Problem(in.id(row, "unique_id", "id"), question, reference.strip()));
  }

  private static Optional<String> reference(String solution) {
    Matcher unbraced = UNBRACED.matcher(solution);
    int at = -1;
    String value = "";
    while (unbraced.find()) {
      at = unbraced.start();
      value = unbraced.group(1);
    }
    int braced = Math.max(solution.lastIndexOf("\\boxed{"), solution.lastIndexOf("\\fbox{"));
    return at > braced ? Optional.of(value.replaceAll("[.,]$", "")) : Boxes.last(solution);
  }
}
