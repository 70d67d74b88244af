package malt.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import malt.problem.Problem;
import malt.tree.CompletionStore;
import malt.tree.JournalInspection;
import malt.tree.Lineage;
import malt.tree.TreeJournal;

/** What a run made, for comparison with another run: every file but clocks and locks. */
public final class RunContents {
  private static final Pattern CREATED = Pattern.compile("\"(created|begun)\" *: *\"[^\"]*\"");

  private static final List<String> TOY_PROBLEMS =
      Stream.of(
              ToyExperiment.BENCHMARK.train(),
              ToyExperiment.BENCHMARK.test(),
              ToyExperiment.BENCHMARK.dev())
          .flatMap(List::stream)
          .map(Problem::id)
          .toList();

  private RunContents() {}

  /** Every file's text by its path in the run; of a journal, every row. */
  static Map<String, String> of(Path run) throws IOException {
    return of(run, TOY_PROBLEMS);
  }

  /**
   * As {@link #of(Path)}, for a run over other problems.
   *
   * @param problems ids of all of them
   */
  public static Map<String, String> of(Path run, List<String> problems) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : files(run)) {
      String name = run.relativize(file).toString();
      if (name.endsWith("journal.db")) {
        contents.put(name, String.join("\n", rows(file, problems)));
      } else if (name.endsWith(".safetensors")) {
        contents.put(name, digest(Files.readAllBytes(file)));
      } else if (!name.matches(".*timings\\.json|progress\\.jsonl|report.*")) {
        contents.put(name, CREATED.matcher(Files.readString(file)).replaceAll(""));
      }
    }
    return contents;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(Path run) throws IOException {
    try (Stream<Path> all = Files.walk(run)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().matches(".*(-wal|-shm|\\.lock)"))
          .sorted()
          .toList();
    }
  }

  /** Every completion, in an order of its own: scope, lineage, problem, path. */
  static List<String> rows(Path journalFile) {
    return rows(journalFile, TOY_PROBLEMS);
  }

  private static List<String> rows(Path journalFile, List<String> problems) {
    List<String> rows = new ArrayList<>();
    try (TreeJournal journal = TreeJournal.open(journalFile)) {
      for (String line : JournalInspection.counts(journalFile).keySet()) {
        String scope = line.substring(0, line.indexOf(' '));
        Lineage lineage = new Lineage(line.substring(scope.length() + 1));
        for (CompletionStore.Entry entry : journal.read(scope, lineage, problems)) {
          var said = entry.completion();
          rows.add(
              String.join(
                  " | ",
                  line,
                  entry.problemId(),
                  entry.path().toString(),
                  said.text(),
                  Arrays.toString(said.ids()),
                  Arrays.toString(said.logProbs()),
                  Arrays.toString(said.promptIds()),
                  said.finish().name(),
                  said.adapter().name(),
                  String.valueOf(said.seed())));
        }
        JournalInspection.values(journalFile, scope, lineage, problems)
            .forEach(value -> rows.add(line + " value " + value));
      }
    }
    return rows;
  }
}
