package malt.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.AtomicFiles;
import malt.evaluation.EvaluationReport;
import malt.report.plot.Svg;

/** The report as a document to commit: NAME.md, and its plots as NAME-PLOT.svg beside it. */
public final class MarkdownReport {
  private MarkdownReport() {}

  /**
   * Writes the document and its plots.
   *
   * @param directory made if it does not exist
   * @return the document
   * @throws malt.MalformedDataException if a file of the run does not hold what it should
   */
  public static Path write(Path runDirectory, Path directory) {
    RunData run = RunData.read(runDirectory);
    String style = ReportFiles.resource("light.css") + ReportFiles.resource("plot.css");
    StringBuilder out = new StringBuilder("# " + escape(run.name()) + "\n\n");
    Headline headline = Headline.of(run);
    out.append(escape(headline.sentence())).append("\n\n");
    headline.table().ifPresent(table -> out.append(table.markdown()).append('\n'));
    facts(out, run);
    for (Section section : Section.all(run)) {
      out.append("## ").append(section.title()).append("\n\n");
      out.append(escape(section.lead())).append("\n\n");
      for (Figure figure : section.figures()) {
        String file = run.name() + "-" + figure.name() + ".svg";
        Svg drawing = figure.drawing();
        AtomicFiles.write(directory.resolve(file), drawing.standalone(style));
        out.append("![%s](%s)\n\n".formatted(escape(figure.caption()), file.replace(" ", "%20")));
      }
      section.tables().forEach(table -> out.append(table.markdown()).append('\n'));
    }
    run.evaluation().ifPresent(evaluation -> glossary(out, evaluation));
    out.append("## Configuration\n\n");
    run.config().lines().forEach(line -> out.append(("    " + line).stripTrailing() + "\n"));
    Path document = directory.resolve(run.name() + ".md");
    AtomicFiles.write(document, out.toString());
    return document;
  }

  private static void facts(StringBuilder out, RunData run) {
    List<List<String>> rows = Facts.of(run);
    List<Table.Column> columns = List.of(Table.Column.text("Run"), Table.Column.text(""));
    out.append(new Table("", columns, rows).markdown()).append('\n');
  }

  private static void glossary(StringBuilder out, EvaluationReport evaluation) {
    List<List<String>> rows = new ArrayList<>();
    MethodGroup.inOrder(evaluation)
        .forEach((name, method) -> rows.add(List.of(name, method.meaning().sentence())));
    out.append("## The methods\n\n");
    List<Table.Column> columns = List.of(Table.Column.text("Method"), Table.Column.text("What"));
    out.append(new Table("", columns, rows).markdown()).append('\n');
  }

  /** Text that Markdown shows as it is, also within a table. */
  static String escape(String text) {
    return text.replaceAll("([\\\\`*_|])", "\\\\$1")
        .replace("](", "]\\(")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("\\R", " ");
  }
}
