package malt.app.report;

import java.util.List;
import malt.app.report.markup.Markup;
import malt.app.report.run.Evaluation;
import malt.app.report.run.MethodResult;
import malt.app.report.run.RunData;

/** The end of the page: what the names mean, what was run, and with which configuration. */
final class AboutPage {
  private AboutPage() {}

  static void write(Markup page, RunData run) {
    page.open("section", "id", "about").element("h2", "About these numbers");
    run.evaluation().ifPresent(evaluation -> methods(page, evaluation));
    List<List<String>> facts = Facts.of(run);
    if (!facts.isEmpty()) {
      page.element("h3", "This run").open("dl");
      facts.forEach(fact -> page.element("dt", fact.get(0)).element("dd", fact.get(1)));
      page.close("dl");
    }
    if (!run.config().isBlank()) {
      page.open("details").element("summary", "Configuration, complete");
      page.element("pre", run.config()).close("details");
    }
    page.close("section");
  }

  private static void methods(Markup page, Evaluation evaluation) {
    page.element("h3", "The methods").open("dl");
    for (MethodResult method : MethodGroup.inOrder(evaluation.methods())) {
      String meaning = Glossary.explain(method.name(), evaluation.votes());
      if (!meaning.isEmpty()) {
        page.element("dt", method.name()).element("dd", meaning);
      }
    }
    page.close("dl");
    page.element(
        "p",
        "An answer is what one fixed extractor (%s) finds in the last text of a pass; a vote is"
                .formatted(evaluation.grader())
            + " taken over the extracted answers. Methods are compared question by question on the"
            + " same questions. All numbers stand in evaluation.json beside this report.");
  }
}
