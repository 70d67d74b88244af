package malt.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import malt.app.watch.WatchServer;
import malt.experiment.ToyRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page of a run in Chromium. Screenshots lie in target/screenshots afterwards, to be looked at.
 */
@Timeout(300)
class WatchPageTest {
  private static final List<String> VIEWS =
      List.of("run", "training", "rounds", "trees", "results");

  @TempDir private static Path runs;
  private static Playwright playwright;
  private static Browser browser;

  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void open() {
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(List.of("--no-sandbox"))); // refused to root otherwise
    ToyRun.go(runs.resolve("whole"), -1);
  }

  @AfterAll
  static void close() {
    playwright.close();
  }

  @BeforeEach
  void newPage() {
    newPage(1280, ColorScheme.LIGHT);
  }

  private void newPage(int width, ColorScheme scheme) {
    if (context != null) {
      context.close();
    }
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, 860)
                .setColorScheme(scheme)
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
    page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
  }

  @AfterEach
  void nothingWasComplainedOf() {
    context.close();
    assertThat(complaints).isEmpty();
  }

  /** Lets go of the events, whose end with the server the browser would complain of. */
  private void leave() {
    page.navigate("about:blank");
  }

  private Locator rows() {
    return page.locator("#list li");
  }

  private Locator focused() {
    return page.locator("[role=treeitem]:focus");
  }

  @Test
  void the_page_follows_a_run_without_being_loaded_again() {
    Path run = runs.resolve("growing");
    ToyRun.go(run, ToyRun.HALF_THE_TREES + 1);
    try (WatchServer server = WatchServer.start(run, 0)) {
      page.navigate(server.url() + "#/rounds");
      assertThat(page.locator("#name")).hasText("tiny");
      assertThat(page.locator("#state")).hasText("stopped");
      assertThat(page.locator("#rounds")).containsText("2 trees, 2 growing");
      page.keyboard().press("4");
      assertThat(rows()).hasCount(4);
      assertThat(rows().nth(3)).containsText("growing");
      rows().nth(3).click();
      assertThat(page.locator("#tree")).containsText("still growing");
      page.evaluate("() => { window.same = true; }");

      ToyRun.go(run, -1);
      assertThat(page.locator("#tree")).not().containsText("still growing");
      assertThat(rows().nth(3)).containsText("value");
      page.keyboard().press("1");
      assertThat(page.locator("#state")).hasText("finished");
      assertThat(page.locator("#run")).containsText("7 of 7 steps done");
      assertThat(page.locator("#run")).containsText("this is a toy");
      page.keyboard().press("2");
      assertThat(page.locator("#training")).containsText("verifier DPO: log-probabilities");
      page.keyboard().press("5");
      assertThat(page.locator("#results")).containsText("MALT+MV");
      assertThat(page.evaluate("() => window.same")).isEqualTo(true);
      leave();
    }
  }

  @Test
  void a_tree_is_found_and_read_with_the_keyboard_alone() {
    try (WatchServer server = WatchServer.start(runs.resolve("whole"), 0)) {
      page.navigate(server.url());
      assertThat(page.locator("#run .card").first()).isVisible();
      page.keyboard().press("/");
      assertThat(page.locator("#search [name=text]")).isFocused();
      assertThat(rows()).hasCount(4);
      String id = rows().nth(2).locator(".facts span").last().textContent();
      page.keyboard().type(id);
      assertThat(rows()).hasCount(1);
      page.keyboard().press("Enter");
      assertThat(focused()).hasAttribute("data-path", "0");
      page.keyboard().press("ArrowRight"); // opens
      assertThat(focused()).hasAttribute("aria-expanded", "true");
      assertThat(focused().locator("pre").first()).containsText("####");
      page.keyboard().press("ArrowRight"); // goes in
      assertThat(focused()).hasAttribute("data-path", "0.0");
      page.keyboard().press("ArrowDown");
      assertThat(focused()).hasAttribute("data-path", "0.1");
      page.keyboard().press("ArrowLeft"); // goes out
      assertThat(focused()).hasAttribute("data-path", "0");
      page.keyboard().press("End");
      assertThat(focused()).hasAttribute("data-path", "2");
      page.keyboard().press("Escape");
      assertThat(page.locator("#tree")).isHidden();
      assertThat(page.locator("#list")).isFocused();
      leave();
    }
  }

  @Test
  void trees_are_narrowed_by_value_and_disagreement_and_show_the_critique_that_did_it() {
    try (WatchServer server = WatchServer.start(runs.resolve("whole"), 0)) {
      page.navigate(server.url() + "#/trees");
      assertThat(rows()).hasCount(4);
      page.locator("[name=most]").fill("0.05");
      assertThat(page.locator("#found")).hasText("No tree is like that.");
      page.locator("[name=most]").fill("1");
      page.locator("[name=turned]").selectOption("wrong");
      assertThat(rows().first()).containsText("turned wrong");
      rows().first().click();
      page.getByText("Open all").click();
      Locator critique =
          page.locator(".row", new Page.LocatorOptions().setHasText("turned the answer wrong"));
      assertThat(critique.first()).containsText("verifier");
      assertThat(page.locator("#tree details summary")).containsText("Preference pairs");
      page.locator("#tree details summary").click();
      assertThat(page.locator(".pair .chosen pre").first()).isVisible();
      assertThat(
              page.locator(
                      ".tag",
                      new Page.LocatorOptions().setHasText(Pattern.compile("chosen in \\d")))
                  .first())
          .isVisible();
      leave();
    }
  }

  @ParameterizedTest
  @CsvSource({"390, LIGHT", "390, DARK", "1280, LIGHT", "1280, DARK"})
  void no_view_scrolls_sideways_by_day_or_by_night(int width, ColorScheme scheme) {
    newPage(width, scheme);
    try (WatchServer server = WatchServer.start(runs.resolve("whole"), 0)) {
      for (String view : VIEWS) {
        page.navigate(server.url() + "#/" + view);
        if (view.equals("trees")) {
          assertThat(rows()).hasCount(4);
          rows().first().click();
          page.getByText("Open all").click();
        } else {
          assertThat(page.locator("#" + view + " .card").first()).isVisible();
        }
        page.screenshot(
            new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(
                    Path.of("target/screenshots/%s-%d-%s.png".formatted(view, width, scheme))));
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
            .as("%s at %d", view, width)
            .isLessThanOrEqualTo(width);
      }
      String back = (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
      assertThat(back)
          .isEqualTo(scheme == ColorScheme.DARK ? "rgb(20, 23, 28)" : "rgb(251, 250, 247)");
      leave();
    }
  }
}
