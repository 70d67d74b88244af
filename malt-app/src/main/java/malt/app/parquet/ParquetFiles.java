package malt.app.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import malt.AtomicFiles;
import malt.MalformedDataException;
import malt.MaltException;
import malt.problem.RowSource;

/** Parquet files as rows of JSON, in and out. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /** Rows of Parquet where a file's name ends in .parquet, of JSON lines otherwise. */
  public static RowSource source() {
    RowSource jsonLines = RowSource.jsonLines();
    return file -> is(file) ? read(file) : jsonLines.rows(file);
  }

  public static boolean is(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
  }

  private static List<RowSource.Row> read(Path file) {
    if (!Files.exists(file)) {
      throw new MalformedDataException("%s does not exist".formatted(file));
    }
    try {
      List<String> texts =
          DuckDb.texts(
              "SELECT to_json(row)::VARCHAR FROM read_parquet(%s) row"
                  .formatted(DuckDb.literal(file)));
      return IntStream.range(0, texts.size())
          .mapToObj(i -> RowSource.Row.of(file, i + 1, texts.get(i)))
          .toList();
    } catch (SQLException e) {
      throw new MalformedDataException(
          "%s is not a Parquet file that can be read: %s".formatted(file, firstLine(e)), e);
    }
  }

  /**
   * Writes the rows of a file of JSON lines; the target is complete or absent.
   *
   * @param columns DuckDB's type of each column by name, in order; nothing is guessed
   */
  public static void write(Path jsonLines, Map<String, String> columns, Path target) {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    String types =
        columns.entrySet().stream()
            .map(column -> "'%s': %s".formatted(column.getKey(), DuckDb.literal(column.getValue())))
            .collect(Collectors.joining(", ", "{", "}"));
    try {
      DuckDb.execute(
          "COPY (SELECT * FROM read_json(%s, format='newline_delimited', columns=%s, maximum_object_size=268435456)) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(DuckDb.literal(jsonLines), types, DuckDb.literal(part)));
      AtomicFiles.replace(part, target);
    } catch (SQLException e) {
      throw new MaltException("cannot write %s: %s".formatted(target, firstLine(e)), e);
    } catch (IOException e) {
      throw new MaltException("cannot write %s: %s".formatted(target, e), e);
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
