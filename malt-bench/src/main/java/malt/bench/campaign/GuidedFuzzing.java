package malt.bench.campaign;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.bench.Launcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Fuzzing that follows what code is reached, of the parsers of text that are this project's own.
 */
@Command(
    name = "campaign.GuidedFuzzing",
    mixinStandardHelpOptions = true,
    description = {
      "Has Jazzer look for texts that a parser neither reads nor refuses by name, or that it",
      "takes too long for: chat templates, configurations, answers to be graded. A case is one",
      "parser with one seed; what Jazzer finds is left in the folder."
    })
public final class GuidedFuzzing extends Campaign {
  private static final int TIMEOUT_SECONDS = 60; // of one text
  private static final int LONGEST_TEXT = 4_096; // bytes
  private static final int MOST_MEMORY = 3_000; // MB
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs");

  @Option(names = "--texts", description = "of a case; default: ${DEFAULT-VALUE}")
  private long texts = 100_000;

  private Path folder = Path.of("");
  private long tried;

  GuidedFuzzing() {
    super(TextTarget.names().size());
  }

  /** With so many texts a case. */
  GuidedFuzzing(long texts) {
    this();
    this.texts = texts;
  }

  public static void main(String[] arguments) {
    Launcher.launch(new GuidedFuzzing(), arguments);
  }

  @Override
  void begin(Path place) {
    folder = place.toAbsolutePath();
  }

  @Override
  void check(long caseSeed) throws IOException, InterruptedException, BrokenPromise {
    List<String> names = TextTarget.names();
    String name = names.get((int) Math.floorMod(caseSeed, (long) names.size()));
    Path place = Files.createDirectories(folder.resolve(name + "-" + caseSeed));
    Path log = place.resolve("log");
    List<String> command = MaltProgram.java(Jazzer.class);
    command.addAll(
        List.of(
            "--target_class=" + TextTarget.class.getName(),
            "--target_args=" + name,
            "--instrumentation_includes=malt.**",
            "--reproducer_path=" + place,
            "-artifact_prefix=" + place + "/",
            "-runs=" + texts,
            "-seed=" + caseSeed,
            "-max_len=" + LONGEST_TEXT,
            "-timeout=" + TIMEOUT_SECONDS,
            "-rss_limit_mb=" + MOST_MEMORY,
            corpus(name, place).toString()));
    Process process = MaltProgram.start(log, command);
    int exit = process.waitFor();
    String said = Files.readString(log);
    Matcher done = DONE.matcher(said);
    if (exit != 0 || !done.find()) {
      throw new BrokenPromise("%s: Jazzer ended with status %d; see %s".formatted(name, exit, log));
    }
    tried += Long.parseLong(done.group(1));
  }

  /** What it begins with. */
  private static Path corpus(String name, Path place) throws IOException {
    Path corpus = Files.createDirectories(place.resolve("corpus"));
    Samples samples = new Samples(place.resolve("sound"));
    List<byte[]> texts = new ArrayList<>();
    switch (name) {
      case "template" -> texts.addAll(samples.templates());
      case "yaml" -> texts.addAll(samples.yaml());
      default ->
          List.of(
                  "The answer is \\boxed{\\frac{3}{4}}.",
                  "#### 1,234.50", "(B) [1, 2) 3x^2+\\sqrt{2}")
              .forEach(text -> texts.add(text.getBytes(StandardCharsets.UTF_8)));
    }
    for (int i = 0; i < texts.size(); i++) {
      Files.write(corpus.resolve("sound-" + i), texts.get(i));
    }
    return corpus;
  }

  @Override
  String figure() {
    return tried + " texts by Jazzer";
  }
}
