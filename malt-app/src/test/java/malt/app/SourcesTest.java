package malt.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that hold for source files, walked from the root of the repository. */
class SourcesTest {
  private static final int MOST_LINES = 600;

  @Test
  void a_source_file_is_short_enough_to_hold_one_idea() {
    List<String> tooLong = new ArrayList<>();
    for (Path source : sources()) {
      int lines = lines(source).size();
      if (lines > MOST_LINES) {
        tooLong.add(root().relativize(source) + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void every_package_of_the_project_is_null_marked() {
    TreeSet<Path> packages = new TreeSet<>();
    for (Path source : sources()) {
      if (isMain(source)) {
        packages.add(source.resolveSibling("package-info.java"));
      }
    }
    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(info -> assertThat(Files.exists(info)).as("%s exists", info).isTrue())
        .allSatisfy(info -> assertThat(lines(info)).as("%s", info).contains("@NullMarked"));
  }

  @Test
  void only_the_tensor_package_names_java_cpp() {
    List<String> others = new ArrayList<>();
    for (Path source : sources()) {
      boolean tensor = source.getParent().endsWith("malt/torch/tensor");
      boolean names = // a class of it; its system properties begin with a small letter
          String.join("\n", lines(source))
              .matches("(?s).*org\\.bytedeco\\.javacpp\\.[a-z.]*[A-Z*].*");
      if (isMain(source) && !tensor && names) {
        others.add(root().relativize(source).toString());
      }
    }
    assertThat(others).isEmpty();
  }

  /**
   * On an accelerator a tensor of main memory would fail where it meets the model's, which no test
   * without one sees.
   */
  @Test
  void a_tensor_that_may_meet_weights_is_made_beside_them() {
    Set<String> ofMainMemory =
        Set.of(
            "tensor/", // makes them
            "gguf/", // files
            "weights/",
            "decoding/AdaptedProduct.java", // from here on the processor's own loops
            "decoding/PackedDecoder.java",
            "decoding/KeyValuePage.java",
            "decoding/Residual.java",
            "decoding/TreeAttention.java",
            "nn/CausalLm.java", // what is loaded on the processor where no device is named
            "nn/OneDnn.java",
            "training/InitialWeights.java");
    Pattern made =
        Pattern.compile(
            "\\bTensors\\.MAIN\\b|\\btorch\\s*\\.(zeros|ones|empty|full|tensor|rand|randn|arange|eye)\\((?![^;]*\\.options\\(\\))");
    Path torch = root().resolve("malt-torch/src/main/java/malt/torch");
    List<String> others = new ArrayList<>();
    for (Path source : sources()) {
      if (source.startsWith(torch)) {
        String name = torch.relativize(source).toString().replace('\\', '/');
        boolean may = ofMainMemory.stream().anyMatch(name::startsWith);
        if (!may && made.matcher(String.join("\n", lines(source))).find()) {
          others.add(name);
        }
      }
    }
    assertThat(others).isEmpty();
  }

  private static boolean isMain(Path source) {
    Path module = root().relativize(source).getName(0);
    return source.startsWith(root().resolve(module).resolve("src").resolve("main"));
  }

  private static List<Path> sources() {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root())) {
      for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml"))).toList()) {
        if (Files.isDirectory(module.resolve("src"))) {
          try (Stream<Path> files = Files.walk(module.resolve("src"))) {
            files.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(sources).hasSizeGreaterThan(10);
    return sources;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("malt-core"))) {
      directory = directory.getParent();
    }
    return directory;
  }
}
