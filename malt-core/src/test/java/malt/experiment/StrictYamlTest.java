package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.StrictYaml;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictYamlTest {
  @TempDir private Path folder;

  private static AbstractThrowableAssert<?, ?> failure(String text, String... overrides) {
    return assertThatThrownBy(() -> TinyConfig.parse(text, overrides))
        .isInstanceOf(ConfigException.class);
  }

  private static String with(String line, String replacement) {
    assertThat(TinyConfig.TEXT).contains(line);
    return TinyConfig.TEXT.replace(line, replacement);
  }

  @Test
  void a_missing_key_is_named_with_its_file_and_section() {
    failure(with("  beta: 0.1\n", ""))
        .hasMessageContaining("tiny.yaml: dpo")
        .hasMessageContaining("'beta' is missing");
  }

  @Test
  void a_key_without_a_value_is_an_error_not_zero_or_null() {
    failure(with("  beta: 0.1\n", "  beta:\n")).hasMessageContaining("beta");
    failure(with("name: tiny\n", "name: ~\n")).hasMessageContaining("tiny.yaml: name");
  }

  @Test
  void an_unknown_key_is_named_with_its_section() {
    failure(with("  beta: 0.1\n", "  beta: 0.1\n  betta: 0.1\n"))
        .hasMessageContaining("tiny.yaml: dpo.betta");
  }

  @Test
  void a_repeated_key_is_named_with_file_and_line() {
    int line =
        TinyConfig.TEXT.substring(0, TinyConfig.TEXT.indexOf("  beta: 0.1")).lines().toList().size()
            + 1;
    failure(with("  beta: 0.1\n", "  beta: 0.1\n  beta: 0.2\n"))
        .hasMessageContaining("tiny.yaml:" + (line + 1))
        .hasMessageContaining("'beta'");
  }

  @Test
  void broken_yaml_is_named_with_file_and_line() {
    failure("name: tiny\nseeds: [1\nmodel: x\n").hasMessageContaining("tiny.yaml:3");
    failure("just a word").hasMessageContaining("tiny.yaml does not hold a mapping");
    failure("").hasMessageContaining("tiny.yaml does not hold a mapping");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.7", "2.0", "\"4\"", "four", "true", "[4]", "4000000000"})
  void a_whole_number_is_written_as_one(String value) {
    failure(with("  train: 4\n", "  train: " + value + "\n"))
        .hasMessageContaining("tiny.yaml: problems.train");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0.1\"", "much", "true"})
  void a_number_is_not_text(String value) {
    failure(with("  beta: 0.1\n", "  beta: " + value + "\n"))
        .hasMessageContaining("tiny.yaml: dpo.beta");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no", "\"true\"", "1", "0", "on"})
  void a_switch_is_true_or_false(String value) {
    failure(with("  contested_only: true\n", "  contested_only: " + value + "\n"))
        .hasMessageContaining("tiny.yaml: datasets.contested_only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "0.5", "true"})
  void text_is_not_a_number_unless_quoted(String value) {
    failure(with("name: tiny\n", "name: " + value + "\n")).hasMessageContaining("tiny.yaml: name");
    assertThat(TinyConfig.parse(with("name: tiny\n", "name: '" + value + "'\n")).name())
        .isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[0]", "[sideways]", "['']", "sft"})
  void a_method_is_one_of_the_names(String value) {
    failure(TinyConfig.TEXT, "team.verifier.learns=" + value)
        .hasMessageContaining("tiny.yaml: team.verifier.learns");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seeds=[1, ~]", "lora.targets=[null]"})
  void nothing_is_not_a_value(String override) {
    failure(TinyConfig.TEXT, override)
        .hasMessageMatching("tiny.yaml: [a-z.]+(\\[\\d])?: a value is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluation", "name", "dpo.beta"})
  void what_is_taken_away_is_missing_unless_it_may_be(String key) {
    failure(TinyConfig.TEXT, key + "=null")
        .hasMessageContaining("'%s' is missing".formatted(key.replaceAll(".*\\.", "")));
  }

  @Test
  void what_may_be_left_out_is_nothing() {
    assertThat(TinyConfig.with().loop()).isNull();
    assertThat(TinyConfig.with("evaluation.debate=null").evaluation().debate()).isNull();
    assertThat(TinyConfig.with("loop={turns: [verifier, refiner], times: 2}").loop())
        .isEqualTo(new ExperimentConfig.LoopSettings(List.of("verifier", "refiner"), 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schedules=[joint] | schedules: a mapping of keys to values is wanted, found [\"joint\"]",
        "loop=3 | loop: a mapping of keys to values is wanted, found 3",
        "seeds=1 | seeds: a list is wanted",
        "problems.train=many | problems.train: a whole number is wanted, found \"many\"",
        "dpo.beta=much | dpo.beta: a number is wanted, found \"much\"",
        "team.verifier.judges=no | team.verifier.judges: true or false is wanted, found \"no\"",
        "credit.pooling=both | credit.pooling: one of global, local, own is wanted, found \"both\"",
        "name=7 | name: text",
      })
  void what_is_wanted_is_said_in_words(String override, String message) {
    failure(TinyConfig.TEXT, override).hasMessageContaining("tiny.yaml: " + message);
  }

  @Test
  void an_override_changes_one_key() {
    ExperimentConfig config = TinyConfig.with("dpo.beta=0.25", "seeds=[3, 4]", "name=other");
    assertThat(config.dpo().beta()).isEqualTo(0.25);
    assertThat(config.seeds()).containsExactly(3L, 4L);
    assertThat(config.name()).isEqualTo("other");
    assertThat(config.dpo().nllWeight()).isEqualTo(TinyConfig.with().dpo().nllWeight());
  }

  @Test
  void an_override_of_an_unknown_key_lists_the_known_ones() {
    failure(TinyConfig.TEXT, "dpo.betta=0.1")
        .hasMessage(
            "tiny.yaml: dpo.betta: there is no such key; known here: beta, length_normalised,"
                + " nll_weight, optimizer");
  }

  @Test
  void an_override_of_an_unknown_section_names_it() {
    failure(TinyConfig.TEXT, "dpa.beta=0.1").hasMessageContaining("there is no section dpa");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo.beta", "=0.1", "", "dpo.beta 0.1"})
  void an_override_is_key_equals_value(String override) {
    failure(TinyConfig.TEXT, override).hasMessageContaining("key=value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo.beta=", "dpo.beta=[0.1", "dpo.beta=high", "dpo=1"})
  void an_override_without_a_fitting_value_is_an_error_that_names_the_key(String override) {
    failure(TinyConfig.TEXT, override).hasMessageContaining("dpo");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    Path file = folder.resolve("none.yaml");
    assertThatThrownBy(() -> StrictYaml.read(file, List.of(), ExperimentConfig.class))
        .isInstanceOf(ConfigException.class)
        .hasMessage("configuration %s does not exist", file);
  }

  private ExperimentConfig read(Path file, String... overrides) {
    return StrictYaml.read(file, List.of(overrides), ExperimentConfig.class);
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void a_file_says_only_what_differs_from_its_base() throws IOException {
    file("tiny.yaml", TinyConfig.TEXT);
    Path file = file("mine/own.yaml", "base: ../tiny.yaml\nname: own\ndpo: {beta: 0.2}\n");
    assertThat(read(file)).isEqualTo(TinyConfig.with("name=own", "dpo.beta=0.2"));
    assertThat(read(file, "dpo.beta=0.3")).isEqualTo(TinyConfig.with("name=own", "dpo.beta=0.3"));
  }

  @Test
  void of_several_bases_the_later_changes_the_earlier_and_null_takes_a_key_away()
      throws IOException {
    file("tiny.yaml", TinyConfig.TEXT);
    file("words.yaml", "team: {generator: {prompt: [user: 'Think. {question}']}}\n");
    Path file = file("own.yaml", "base: [tiny.yaml, words.yaml]\nevaluation: {debate: null}\n");
    assertThat(read(file))
        .isEqualTo(
            TinyConfig.with(
                "team.generator.prompt=[user: 'Think. {question}']", "evaluation.debate=null"));
  }

  @Test
  void of_several_files_the_later_changes_the_earlier() throws IOException {
    Path tiny = file("tiny.yaml", TinyConfig.TEXT);
    Path more = file("more.yaml", "seeds: [4]\n");
    assertThat(StrictYaml.read(List.of(tiny, more), List.of(), ExperimentConfig.class))
        .isEqualTo(TinyConfig.with("seeds=[4]"));
  }

  @Test
  void a_base_that_is_not_there_or_broken_or_its_own_is_named() throws IOException {
    Path file = file("own.yaml", "base: none.yaml\n");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(folder.resolve("none.yaml") + " does not exist");
    file("none.yaml", "a: 1\na: 2\n");
    assertThatThrownBy(() -> read(file)).hasMessageContaining("none.yaml:2");
    file("none.yaml", "[]\n");
    assertThatThrownBy(() -> read(file)).hasMessageContaining("none.yaml does not hold a mapping");
    file("none.yaml", "base: own.yaml\n");
    assertThatThrownBy(() -> read(file)).hasMessageContaining("own.yaml: it is its own base");
    file("own.yaml", "base: {a: 1}\n");
    assertThatThrownBy(() -> read(file)).hasMessageContaining("base: the name of a file");
  }

  @Test
  void what_is_written_is_read_back_the_same() {
    String written = StrictYaml.write(TinyConfig.with("name='7'"));
    ExperimentConfig read = TinyConfig.parse(written);
    assertThat(read).isEqualTo(TinyConfig.with("name='7'"));
    assertThat(StrictYaml.write(read)).isEqualTo(written);
  }
}
