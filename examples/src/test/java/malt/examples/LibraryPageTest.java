package malt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/library.md shows is what is compiled and run here, word for word. */
class LibraryPageTest {
  private static final String SOURCES = "examples/src/main/java/malt/examples/";

  /** Between {@code // region: NAME} and {@code // endregion}, blank lines around it left out. */
  private static final Pattern REGION =
      Pattern.compile("(?s) *// region: (\\S+)\n(.*?)\\s*// endregion\n");

  private static final Pattern SNIPPET = Pattern.compile("(?s)```java\n(.*?)\n```\n");

  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("malt-core"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  private static List<String> found(Pattern pattern, int group, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(group).stripIndent().strip());
    }
    return found;
  }

  private static List<String> examples() throws IOException {
    try (Stream<Path> files = Files.list(root().resolve(SOURCES))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("package-info.java"))
          .toList();
    }
  }

  @Test
  void the_page_shows_every_region_of_every_example_and_nothing_else() throws IOException {
    List<String> regions = new ArrayList<>();
    for (String example : examples()) {
      String source = Files.readString(root().resolve(SOURCES + example));
      List<String> own = found(REGION, 2, source);
      assertThat(own).as("regions of %s", example).isNotEmpty();
      assertThat(source.split("// region", -1)).as("closed ones").hasSize(own.size() + 1);
      regions.addAll(own);
    }
    String page = Files.readString(root().resolve("docs/library.md"));
    assertThat(found(SNIPPET, 1, page)).containsExactlyInAnyOrderElementsOf(regions);
    assertThat(examples()).allSatisfy(example -> assertThat(page).contains(SOURCES + example));
  }

  @Test
  void an_example_is_short_enough_to_be_copied() throws IOException {
    for (String example : examples()) {
      List<String> lines = Files.readAllLines(root().resolve(SOURCES + example));
      assertThat(lines.stream().filter(line -> !line.matches("(import|package) .*|\\s*")))
          .as(example)
          .hasSizeLessThan(80);
    }
  }
}
