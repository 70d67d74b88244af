package malt.problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import malt.MalformedDataException;
import malt.TextFiles;

/** The port to file formats: the rows of a data file. */
@FunctionalInterface
public interface RowSource {
  /**
   * A row, blank where it says nothing.
   *
   * @param place for messages: "test.jsonl:17"
   * @param id of its problem, unless the row states one: "test-00017"
   * @param text of a JSON object
   */
  record Row(String place, String id, String text) {
    /** The row of that number, from 1, in a file of many. */
    public static Row of(Path file, int number, String text) {
      String name = String.valueOf(file.getFileName());
      int dot = name.lastIndexOf('.');
      return new Row(
          file + ":" + number,
          "%s-%05d".formatted(dot > 0 ? name.substring(0, dot) : name, number),
          text);
    }
  }

  /**
   * All rows in order.
   *
   * @throws MalformedDataException if the file cannot be read
   */
  List<Row> rows(Path file);

  /** JSON lines; of a folder, every .json file below it, which holds one object. */
  static RowSource jsonLines() {
    return file -> Files.isDirectory(file) ? files(file) : lines(file);
  }

  private static List<Row> lines(Path file) {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader in = TextFiles.open(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        rows.add(Row.of(file, rows.size() + 1, line));
      }
    } catch (IOException e) {
      throw TextFiles.unreadable(file.toString(), e);
    }
    return rows;
  }

  /** In the order of folders, then of numbers: "train/algebra/2.json" before ".../10.json". */
  private static List<Row> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files =
          all.filter(file -> file.toString().endsWith(".json"))
              .sorted(
                  Comparator.comparing(Path::getParent)
                      .thenComparing(file -> String.valueOf(file.getFileName()).length())
                      .thenComparing(file -> String.valueOf(file.getFileName())))
              .toList();
      if (files.isEmpty()) {
        throw new MalformedDataException(
            "%s holds no .json file; name a file of JSON lines, or a folder with a file a problem"
                .formatted(folder));
      }
      Path above = folder.toAbsolutePath().normalize().resolveSibling("");
      return files.stream()
          .map(file -> new Row(file.toString(), id(above, file), TextFiles.read(file)))
          .toList();
    } catch (IOException e) {
      throw TextFiles.unreadable(folder.toString(), e);
    }
  }

  /** With slashes on every system, as MATH-500 writes its "unique_id". */
  private static String id(Path above, Path file) {
    return above.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }
}
