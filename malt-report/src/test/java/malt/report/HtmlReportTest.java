package malt.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import malt.ConfigException;
import malt.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final String HOSTILE =
      "</pre></script><script>alert('x')</script> & \"quoted\" ]]> \u0000\u001b[2J \uD800 \uFFFE é"
          + " 🙂";

  @TempDir Path directory;

  @Test
  void a_complete_run_has_every_section() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 2);
    Document page = parse(HtmlReport.write(run, SyntheticTrees.of(2, 3)));
    assertThat(ids(page, "section"))
        .containsExactly(
            "accuracy",
            "comparisons",
            "turns",
            "flips",
            "verifier",
            "rounds",
            "training",
            "values",
            "sets",
            "grading",
            "time",
            "trees",
            "about");
    // 0.631 / 0.523 - 1 = 20.65 %
    assertThat(page.getElementsByTagName("header").item(0).getTextContent())
        .contains(
            "MALT GF+MV, the best trained team, answers 66.8 %",
            "STaR MA GF+MV, the strongest baseline of as many calls a question (9) and as much sampled"
                + " for training (31,200 nodes a seed in 2 rounds), 60.1 %: +6.7 points",
            "+20.7 %");
    // 2 trees of 3 + 9 + 27 nodes, 2 pairs each
    assertThat(classes(page, "details", "node")).isEqualTo(78);
    assertThat(classes(page, "details", "pair")).isEqualTo(4);
  }

  @Test
  void what_was_odd_about_a_servers_answers_is_counted_and_explained() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 2);
    for (int seed = 1; seed <= 2; seed++) {
      Files.writeString(
          run.resolve("seed-%d/remarks.json".formatted(seed)),
          "{\"train/joint\": {\"generator\": {\"empty\": 156, \"short_prompt\": %d}}}"
              .formatted(seed));
    }
    Document page = parse(HtmlReport.write(run, List.of()));
    assertThat(ids(page, "section")).contains("remarks");
    String text = page.getDocumentElement().getTextContent();
    assertThat(text).contains("train/joint · generator", "312", "Short prompt", "kept as said");
    Files.writeString(run.resolve("seed-1/remarks.json"), "{\"test\": {\"g\": {\"odd\": 1}}}");
    fails(run, "\"odd\": not one of the values accepted");
  }

  @Test
  void the_page_asks_nothing_of_a_network() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 1);
    Path file = HtmlReport.write(run, SyntheticTrees.of(1, 2));
    Document page = parse(file);
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      assertThat(element.getTagName()).isNotIn("link", "img", "iframe", "object", "base", "form");
      assertThat(element.hasAttribute("src")).isFalse();
      assertThat(element.getAttribute("href")).matches("|#[a-z]+");
    }
    // the configuration, which names a server, is text
    assertThat(Files.readString(file).replaceFirst("(?s)complete</summary>.*?</pre>", ""))
        .doesNotContain("url(", "@import", "http:", "https:", "fetch(")
        .contains("default-src &#39;none&#39;");
  }

  @Test
  void hostile_text_is_shown_and_never_run() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 1);
    List<TreeSample.Node> nodes =
        List.of(new TreeSample.Node(HOSTILE, List.of(0), HOSTILE, OptionalDouble.empty(), HOSTILE));
    Files.writeString(
        run.resolve("config.yaml"),
        "# </pre></script><script>alert('y')</script>\n",
        StandardOpenOption.APPEND);
    Document page =
        parse(
            HtmlReport.write(
                run, List.of(new TreeSample(HOSTILE, HOSTILE, HOSTILE, nodes, List.of()))));
    assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(1);
    assertThat(page.getElementsByTagName("body").item(0).getTextContent())
        .contains("# </pre></script><script>alert('y')</script>")
        .contains("</pre></script><script>alert('x')</script> & \"quoted\" ]]> ␀␛[2J � � é 🙂");
    assertThat(classes(page, "details", "unlabelled")).isEqualTo(1);
  }

  @Test
  void parts_that_are_not_there_are_left_out() throws Exception {
    Path run = SyntheticRun.begin(directory.resolve("new run"));
    Document page = parse(HtmlReport.write(run, List.of()));
    assertThat(ids(page, "section")).containsExactly("about");
    assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo("synthetic");
    assertThat(page.getElementsByTagName("header").item(0).getTextContent())
        .contains("not been evaluated yet");
  }

  @Test
  void a_truncated_completion_is_not_said_to_count_as_wrong() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 1);
    assertThat(Files.readString(HtmlReport.write(run, List.of())))
        .contains("one that was cut counts by the answer that it states until then")
        .doesNotContain("None of them counts as right");
  }

  @Test
  void a_loss_is_called_a_loss() throws Exception {
    assertThat(headline(0.40, 0.50, 0.48, 0.02))
        .contains("−8.0 points (95 % interval −10.0 to −6.0", "−20.0 %")
        .doesNotContain("does not show a difference");
  }

  @Test
  void an_interval_with_zero_is_said_to_show_no_difference() throws Exception {
    assertThat(headline(0.52, 0.50, 0.51, 0.03))
        .contains("+1.0 points, which does not show a difference (95 % interval −2.0 to +4.0");
  }

  @Test
  void a_run_with_nothing_right_has_no_relative_gain() throws Exception {
    assertThat(headline(0, 0, 0, 0)).contains("0.0 points").doesNotContain("NaN", "Infinity");
  }

  @Test
  void a_baseline_that_needs_more_calls_is_not_of_equal_budget() throws Exception {
    Path run = SyntheticRun.small(directory.resolve("small"), 0.6, 0.5, 0.55, 0.01);
    Path file = run.resolve("evaluation.json");
    String text = Files.readString(file);
    int malt = text.indexOf("\"MALT+MV\" : {");
    Files.writeString(
        file,
        text.substring(0, malt) + text.substring(malt).replace("\"calls\" : 9", "\"calls\" : 8"));
    assertThat(ResultTable.read(run).replace('\n', ' '))
        .contains("no baseline of as many calls or fewer is among the rows");
  }

  @Test
  void a_damaged_file_is_named_with_its_place() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 1);
    Path metrics = run.resolve("seed-1/joint/metrics/verifier-dpo.jsonl");
    List<String> lines = new ArrayList<>(Files.readAllLines(metrics));
    lines.set(4, "{\"step\":5,\"loss\":");
    Files.write(metrics, lines);
    fails(run, "verifier-dpo.jsonl:5: Unexpected end-of-input");
    lines.set(4, "{\"step\":5,\"loss\":\"low\"}");
    Files.write(metrics, lines);
    fails(run, "verifier-dpo.jsonl:5: Cannot deserialize");
    lines.set(4, "{\"step\":5,\"loss\":0.5}");
    Files.write(metrics, lines);
    fails(run, "verifier-dpo.jsonl:5: the key \"steps\" is missing");
  }

  @Test
  void an_evaluation_of_another_version_is_refused_with_what_to_do() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 1);
    Files.writeString(run.resolve("evaluation.json"), "{\"questions\":1,\"methods\":{}}");
    fails(run, "run malt evaluate again with this version");
  }

  @Test
  void damaged_statistics_are_named() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 1);
    Files.writeString(run.resolve("seed-1/joint/statistics.json"), "{\"roles\":{\"verifier\":{}}}");
    fails(run, "statistics.json: Missing creator property");
  }

  @Test
  void a_directory_that_does_not_exist_is_a_plain_error() {
    assertThatThrownBy(() -> HtmlReport.write(directory.resolve("none"), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not a run directory");
  }

  @Test
  void the_document_refers_to_its_plots_and_they_are_well_formed() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 2);
    Path results = directory.resolve("docs/results");
    Path document = MarkdownReport.write(run, results);
    String text = Files.readString(document);
    assertThat(document.getFileName()).hasToString("synthetic.md");
    List<String> plots = new ArrayList<>();
    try (var files = Files.list(results)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".svg")).toList()) {
        plots.add(file.getFileName().toString());
        parse(file);
        assertThat(text).contains("(" + file.getFileName() + ")");
      }
    }
    assertThat(plots).contains("synthetic-accuracy.svg", "synthetic-training-joint.svg");
    assertThat(text).contains("| MALT+MV | 63.1 | [62.1, 64.1] |").doesNotContain("<script>");
  }

  @Test
  void the_terminal_table_fits_a_hundred_columns() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 2);
    String table = ResultTable.read(run);
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
    assertThat(table).contains("MALT+MV against SA", "<0.0001", "MALT+MV, untrained verifier ");
  }

  @Test
  void the_papers_numbers_the_grader_and_the_power_stand_beside_ours() throws Exception {
    Path run = SyntheticRun.write(directory.resolve("run"), 2);
    String table = ResultTable.read(run);
    assertThat(table)
        .contains("debate: these were taught to give way.")
        .contains("Paper %", "No answer", "Ungradable", "Graded by \"number after ####\"")
        .contains("a difference of 2.1 points is detected", "those of synthetic-8b");
    assertThat(table.lines().filter(line -> line.startsWith("SA ")))
        .first()
        .asString()
        .contains("84.25 ± 2.28");
    assertThat(table.lines().filter(line -> line.startsWith("debate ")))
        .first()
        .asString()
        .contains(" 52.00 ");
    assertThat(table.lines().filter(line -> line.startsWith("MALT ")))
        .first()
        .asString()
        .endsWith("12           7");
    String page = Files.readString(HtmlReport.write(run, List.of()));
    assertThat(page)
        .contains(
            "<p>debate: these were taught to give way.</p>", "<th class=\"number\">Nodes sampled")
        .contains("84.25 ± 2.28", "Paper %", "a difference of 2.1 points", "Ungradable questions");
  }

  @Test
  void without_numbers_of_the_paper_there_is_no_column_for_them() throws Exception {
    headline(0.5, 0.4, 0.45, 0.01);
    assertThat(ResultTable.read(directory.resolve("small"))).doesNotContain("Paper");
  }

  private String headline(double team, double single, double baseline, double half)
      throws Exception {
    Path run = SyntheticRun.small(directory.resolve("small"), team, single, baseline, half);
    Document page = parse(HtmlReport.write(run, List.of()));
    return page.getElementsByTagName("header").item(0).getTextContent();
  }

  private static void fails(Path run, String message) {
    assertThatThrownBy(() -> HtmlReport.write(run, List.of()))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(message);
  }

  private static Document parse(Path file) throws Exception {
    String text = Files.readString(file);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }

  private static List<String> ids(Document page, String tag) throws IOException {
    List<String> ids = new ArrayList<>();
    NodeList elements = page.getElementsByTagName(tag);
    for (int i = 0; i < elements.getLength(); i++) {
      ids.add(((Element) elements.item(i)).getAttribute("id"));
    }
    return ids;
  }

  private static int classes(Document page, String tag, String wanted) {
    int found = 0;
    NodeList elements = page.getElementsByTagName(tag);
    for (int i = 0; i < elements.getLength(); i++) {
      String names = ((Element) elements.item(i)).getAttribute("class");
      found += List.of(names.split(" ")).contains(wanted) ? 1 : 0;
    }
    return found;
  }
}
