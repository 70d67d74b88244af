package malt.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import malt.AtomicFiles;
import malt.MalformedDataException;

/**
 * Training sets as JSON Lines with TRL's conversational keys: prompt, completion, of a policy with
 * its advantage; prompt, chosen, rejected. Token ids stand beside the texts and are what training
 * uses. A file is complete or absent, never half.
 */
public final class DatasetFiles {
  private DatasetFiles() {}

  public static void writeExamples(Path file, List<SftExample> examples) {
    DatasetJson json = new DatasetJson(folder(file));
    write(file, examples, json::line);
  }

  public static void writePairs(Path file, List<PreferencePair> pairs) {
    DatasetJson json = new DatasetJson(folder(file));
    write(file, pairs, json::line);
  }

  public static void writePolicy(Path file, List<PolicyExample> examples) {
    DatasetJson json = new DatasetJson(folder(file));
    write(file, examples, json::line);
  }

  /**
   * The examples as a list that reads each when it is asked for.
   *
   * @throws MalformedDataException naming file and line
   */
  public static List<SftExample> readExamples(Path file) {
    return readExamples(file, example -> example);
  }

  /**
   * What is made of each example, when it is asked for; and once now, to find those it refuses.
   *
   * @param made throws IllegalArgumentException for an example that it refuses
   * @throws MalformedDataException naming file and line
   */
  public static <T> List<T> readExamples(Path file, Function<SftExample, T> made) {
    DatasetJson json = new DatasetJson(folder(file));
    return read(file, line -> made.apply(json.example(line)));
  }

  /**
   * The pairs as a list that reads each when it is asked for.
   *
   * @throws MalformedDataException naming file and line
   */
  public static List<PreferencePair> readPairs(Path file) {
    return readPairs(file, pair -> pair);
  }

  /** The same for pairs as {@link #readExamples(Path, Function)}. */
  public static <T> List<T> readPairs(Path file, Function<PreferencePair, T> made) {
    DatasetJson json = new DatasetJson(folder(file));
    return read(file, line -> made.apply(json.pair(line)));
  }

  /**
   * A policy's completions as a list that reads each when it is asked for.
   *
   * @throws MalformedDataException naming file and line
   */
  public static List<PolicyExample> readPolicy(Path file) {
    return readPolicy(file, example -> example);
  }

  /** The same for a policy's completions as {@link #readExamples(Path, Function)}. */
  public static <T> List<T> readPolicy(Path file, Function<PolicyExample, T> made) {
    DatasetJson json = new DatasetJson(folder(file));
    return read(file, line -> made.apply(json.policy(line)));
  }

  private interface Writer<T> {
    String line(T item) throws IOException;
  }

  private interface Reader<T> {
    T item(String line) throws IOException;
  }

  private static <T> void write(Path file, List<T> items, Writer<T> writer) {
    AtomicFiles.write(
        file,
        out -> {
          for (T item : items) {
            out.write(writer.line(item));
            out.write('\n');
          }
        });
  }

  private static <T> List<T> read(Path file, Reader<T> reader) {
    return StoredRows.of(
        file,
        (line, where) -> {
          try {
            return reader.item(line);
          } catch (IOException | IllegalArgumentException e) {
            String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new MalformedDataException("%s: %s".formatted(where, found), e);
          }
        });
  }

  static Path folder(Path file) {
    Path folder = file.getParent();
    return folder == null ? Path.of("") : folder;
  }
}
