package malt.report;

import java.nio.file.Path;
import java.util.List;
import malt.AtomicFiles;
import malt.experiment.RunLayout;
import malt.report.markup.Markup;

/** The report as one page that needs neither network nor other files. */
public final class HtmlReport {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

  private HtmlReport() {}

  /**
   * Reads the run directory and writes report/index.html in it; what the run does not have yet is
   * left out.
   *
   * @param trees a sample to browse; may be empty
   * @return the page
   * @throws malt.ConfigException if the directory is not that of a run
   * @throws malt.MalformedDataException if a file of the run does not hold what it should
   */
  public static Path write(Path runDirectory, List<TreeSample> trees) {
    RunData run = RunData.read(runDirectory);
    Path file = new RunLayout(runDirectory).page();
    AtomicFiles.write(file, page(run, trees));
    return file;
  }

  private static String page(RunData run, List<TreeSample> trees) {
    List<Section> sections = Section.all(run);
    Markup page = new Markup();
    page.raw("<!DOCTYPE html>\n").open("html", "lang", "en");
    head(page, "MALT · " + run.name());
    page.open("body").open("header");
    page.element("p", "MALT run", "class", "quiet").element("h1", run.name());
    Headline headline = Headline.of(run);
    page.open("div", "class", "finding");
    page.element("p", headline.sentence(), "class", "headline");
    headline.table().ifPresent(table -> table.html(page));
    page.close("div").close("header");
    navigation(page, sections, !trees.isEmpty());
    page.open("main");
    sections.forEach(section -> section(page, section));
    if (!trees.isEmpty()) {
      trees(page, trees);
    }
    AboutPage.write(page, run);
    page.close("main");
    page.open("script").raw("//<![CDATA[\n" + ReportFiles.resource("report.js") + "//]]>");
    page.close("script").close("body").close("html");
    return page.toString();
  }

  private static void head(Markup page, String title) {
    page.open("head").empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    page.empty("meta", "name", "color-scheme", "content", "light dark");
    page.element("title", title).open("style");
    page.raw(palette());
    page.raw(ReportFiles.resource("plot.css")).raw(ReportFiles.resource("report.css"));
    page.close("style").close("head");
  }

  /** The colours of everything that shows a run, by day and by night, as a style sheet. */
  public static String palette() {
    return ReportFiles.resource("light.css")
        + "@media (prefers-color-scheme: dark) {\n"
        + ReportFiles.resource("dark.css")
        + "}\n";
  }

  private static void navigation(Markup page, List<Section> sections, boolean trees) {
    page.open("nav");
    sections.forEach(section -> page.element("a", section.title(), "href", "#" + section.id()));
    if (trees) {
      page.element("a", "Trees", "href", "#trees");
    }
    page.element("a", "About these numbers", "href", "#about").close("nav");
  }

  private static void section(Markup page, Section section) {
    page.open("section", "id", section.id()).element("h2", section.title());
    page.element("p", section.lead());
    section.figures().forEach(figure -> figure(page, figure));
    for (Table table : section.tables()) {
      if (table.rows().size() > 30) {
        page.open("details")
            .element("summary", table.title() + ": " + table.rows().size() + " rows");
        table.html(page);
        page.close("details");
      } else {
        table.html(page);
      }
    }
    page.close("section");
  }

  private static void figure(Markup page, Figure figure) {
    page.open("figure");
    boolean grid = figure.panels().size() > 1;
    if (grid) {
      page.element("figcaption", figure.caption(), "class", "over");
    }
    page.open("div", "class", grid ? "panels" : "panel");
    for (Figure.Panel panel : figure.panels()) {
      page.open("div");
      if (!panel.heading().isEmpty()) {
        page.element("h3", panel.heading());
      }
      if (panel.isSmall()) {
        page.raw(panel.wide().inline());
      } else {
        page.open("div", "class", "wide").raw(panel.wide().inline()).close("div");
        page.open("div", "class", "narrow").raw(panel.narrow().inline()).close("div");
      }
      page.close("div");
    }
    page.close("div");
    if (!grid) {
      page.element("figcaption", figure.caption());
    }
    page.close("figure");
  }

  private static void trees(Markup page, List<TreeSample> trees) {
    page.open("section", "id", "trees").element("h2", "Trees");
    page.element(
        "p",
        "A sample of the search trees that the training sets were made of: each answer, the"
            + " critiques of it, the refinements of those, with value and label.");
    page.open("p", "id", "browse", "hidden", "hidden");
    page.empty("input", "type", "search", "placeholder", "only trees that contain ...");
    page.element("button", "Open all", "type", "button", "data-open", "yes");
    page.element("button", "Close all", "type", "button", "data-open", "");
    page.close("p");
    TreePage.write(page, trees);
    page.close("section");
  }
}
