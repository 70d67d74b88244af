package malt.report;

import java.util.List;
import malt.evaluation.EvaluationReport;
import malt.report.markup.Markup;

/** The end of the page: what the names mean, what was run, and with which configuration. */
final class AboutPage {
  private AboutPage() {}

  static void write(Markup page, RunData run) {
    page.open("section", "id", "about").element("h2", "About these numbers");
    run.evaluation().ifPresent(evaluation -> methods(page, evaluation));
    List<List<String>> facts = Facts.of(run);
    page.element("h3", "This run").open("dl");
    facts.forEach(fact -> page.element("dt", fact.get(0)).element("dd", fact.get(1)));
    page.close("dl");
    page.open("details").element("summary", "Configuration, complete");
    page.element("pre", run.config()).close("details");
    page.close("section");
  }

  private static void methods(Markup page, EvaluationReport evaluation) {
    page.element("h3", "The methods").open("dl");
    MethodGroup.inOrder(evaluation)
        .forEach(
            (name, method) -> page.element("dt", name).element("dd", method.meaning().sentence()));
    page.close("dl");
    page.element(
        "p",
        "An answer is what one fixed extractor (%s) finds in the last text of a pass; a vote is"
                .formatted(evaluation.grader())
            + " taken over the extracted answers. Methods are compared question by question on the"
            + " same questions. All numbers stand in evaluation.json beside this report.");
  }
}
