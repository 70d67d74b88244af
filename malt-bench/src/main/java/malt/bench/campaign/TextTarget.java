package malt.bench.campaign;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import malt.MaltException;
import malt.StrictYaml;
import malt.experiment.ExperimentConfig;
import malt.problem.Grader;
import malt.problem.Graders;
import malt.problem.Response;
import malt.torch.text.ChatTemplate;

/** What Jazzer calls: parsers of text that stand in this project. */
public final class TextTarget {
  private static final Map<String, Consumer<String>> PARSERS = new LinkedHashMap<>();

  static {
    PARSERS.put("template", TextTarget::template);
    PARSERS.put(
        "yaml", text -> StrictYaml.parse(text, "fuzzed.yaml", List.of(), ExperimentConfig.class));
    PARSERS.put("grading", TextTarget::grade);
  }

  private static Consumer<String> parser = text -> {};

  private TextTarget() {}

  /** Names of what can be called. */
  static List<String> names() {
    return List.copyOf(PARSERS.keySet());
  }

  /** Called by Jazzer with its {@code --target_args}. */
  public static void fuzzerInitialize(String[] arguments) {
    Consumer<String> named = PARSERS.get(arguments[0]);
    if (named == null) {
      throw new IllegalArgumentException(arguments[0] + " is none of " + names());
    }
    parser = named;
  }

  /** Called by Jazzer; whatever is thrown besides an error of malt's own is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      parser.accept(new String(input, StandardCharsets.UTF_8));
    } catch (MaltException e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new IllegalStateException("refused without a word", e);
      }
    }
  }

  private static void template(String text) {
    ChatTemplate.of(text, Map.of("eos_token", "</s>")).render(Samples.CHAT, true);
  }

  private static void grade(String text) {
    for (String name : Graders.names()) {
      Grader grader = Graders.named(name);
      grader
          .extract("How many? A. 1 B. 2", Response.whole(text))
          .ifPresent(found -> grader.equal("\\frac{1}{2}", found));
      grader.equal(text, "(1, 2]");
      grader.equal("12", text);
    }
  }
}
