package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import malt.experiment.ExperimentConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParseResult;

/** Every command that README and docs name is one, and README's are run. */
class DocumentedCommandsTest {
  /** Code of several lines: fenced, or indented by four. */
  private static final Pattern BLOCK = Pattern.compile("```[^`]*```\n|(?m:^) {4}\\./malt[^\n]*\n");

  private static final Pattern COMMAND_LINE =
      Pattern.compile("^\\s*(?:time )?\\./malt\\b(.*)", Pattern.MULTILINE);

  private static final Pattern COMMAND_IN_TEXT =
      Pattern.compile("`(?:time )?(?:\\./)?malt\\s([^`]+)`");

  private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");

  @TempDir private Path folder;

  /**
   * A command.
   *
   * @param whole whether it stands in a block of its own, and not in a sentence that may leave out
   *     what it needs
   */
  record Documented(Path page, List<String> arguments, boolean whole) {
    /** What stands behind these options. */
    List<String> values(String... options) {
      return IntStream.range(1, arguments.size())
          .filter(i -> List.of(options).contains(arguments.get(i - 1)))
          .mapToObj(arguments::get)
          .toList();
    }

    @Override
    public String toString() {
      return "%s: malt %s".formatted(page.getFileName(), String.join(" ", arguments));
    }
  }

  static List<Documented> commands() throws IOException {
    List<Documented> commands = new ArrayList<>(commands(MaltProcess.home().resolve("README.md")));
    try (Stream<Path> files = Files.list(MaltProcess.home().resolve("docs"))) {
      for (Path page : files.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
        commands.addAll(commands(page));
      }
    }
    assertThat(commands).filteredOn(Documented::whole).hasSizeGreaterThan(10);
    return commands;
  }

  private static List<Documented> commands(Path page) throws IOException {
    String text = Files.readString(page);
    List<Documented> commands = new ArrayList<>();
    String blocks = // a backslash joins lines
        BLOCK.matcher(text).results().map(MatchResult::group).reduce("", String::concat);
    COMMAND_LINE
        .matcher(blocks.replaceAll("\\\\\n\\s*", ""))
        .results()
        .forEach(found -> commands.add(new Documented(page, words(found.group(1)), true)));
    COMMAND_IN_TEXT
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .forEach(found -> commands.add(new Documented(page, words(found.group(1)), false)));
    return commands;
  }

  /** As a shell takes them apart; dots stand for what a reader adds. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(line).results().toList()) {
      if (word.group().startsWith("#")) {
        break;
      }
      words.add(word.group().replaceAll("[\"']", ""));
    }
    words.remove("...");
    return words;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_of_the_documentation_is_one(Documented command) {
    CommandLine malt = Malt.commandLine();
    allowErrors(malt);
    ParseResult parsed = malt.parseArgs(command.arguments().toArray(String[]::new));
    assertThat(parsed.errors())
        .filteredOn(e -> command.whole() || !(e instanceof MissingParameterException))
        .isEmpty();
    assertThat(parsed.unmatched()).isEmpty();
    assertThat(command.arguments())
        .filteredOn(word -> word.matches("(configs|models)/.*"))
        .allSatisfy(file -> assertThat(MaltProcess.home().resolve(file)).exists());
  }

  private static void allowErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(DocumentedCommandsTest::allowErrors);
  }

  static List<Documented> configured() throws IOException {
    return commands().stream()
        .filter(command -> !command.values("--config", "--set").isEmpty())
        .filter(command -> command.values("--config").stream().allMatch(f -> f.endsWith(".yaml")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("configured")
  void the_settings_of_a_command_are_those_of_a_configuration(Documented command) {
    List<String> files = new ArrayList<>(command.values("--config"));
    if (files.isEmpty()) {
      files.add("configs/nano.yaml");
    }
    ExperimentConfig config =
        ExperimentConfig.read(
            files.stream().map(MaltProcess.home()::resolve).toList(), command.values("--set"));
    assertThat(config.run()).isNotEmpty();
  }

  /** With settings that end in seconds. */
  @Test
  void the_commands_of_the_readme_work() throws Exception {
    List<Documented> commands =
        commands(MaltProcess.home().resolve("README.md")).stream()
            .filter(Documented::whole)
            .toList();
    assertThat(commands).hasSize(2);
    for (Documented command : commands) {
      Path log = Files.createTempFile(folder, "malt", ".log");
      List<String> arguments = new ArrayList<>(command.arguments());
      if (arguments.equals(List.of("run"))) {
        arguments.addAll(List.of("--runs", folder.toString()));
        for (String small :
            List.of(
                "run=[joint]",
                "evaluation.ablated=[]",
                "problems.train=6",
                "problems.dev=0",
                "problems.test=4",
                "sft.epochs=1",
                "dpo.optimizer.epochs=1",
                "evaluation.debate=null")) {
          arguments.addAll(List.of("--set", small));
        }
      }
      int status = MaltProcess.finish(MaltProcess.start(log, arguments), log);
      assertThat(status).as("%s: %s", command, Files.readString(log)).isZero();
    }
    assertThat(folder.resolve("nano/report/index.html")).isNotEmptyFile();
  }
}
