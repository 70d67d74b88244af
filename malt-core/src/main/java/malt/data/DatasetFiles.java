package malt.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.AtomicFiles;
import malt.MalformedDataException;
import malt.MaltException;

/**
 * Training sets as JSON Lines with TRL's conversational keys: prompt, completion; prompt, chosen,
 * rejected. Token ids stand beside the texts and are what training uses. A file is complete or
 * absent, never half.
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

  /**
   * @throws MalformedDataException naming file and line
   */
  public static List<SftExample> readExamples(Path file) {
    DatasetJson json = new DatasetJson(folder(file));
    return read(file, json::example);
  }

  /**
   * @throws MalformedDataException naming file and line
   */
  public static List<PreferencePair> readPairs(Path file) {
    DatasetJson json = new DatasetJson(folder(file));
    return read(file, json::pair);
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
    List<T> items = new ArrayList<>();
    int number = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        items.add(item(file, number, line, reader));
      }
    } catch (NoSuchFileException e) {
      throw new MaltException("training set %s does not exist".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new MalformedDataException(
          "%s:%d: the text is not UTF-8".formatted(file, number + 1), e);
    } catch (IOException e) {
      throw new MaltException("cannot read training set %s: %s".formatted(file, e), e);
    }
    return items;
  }

  private static <T> T item(Path file, int number, String line, Reader<T> reader) {
    try {
      return reader.item(line);
    } catch (IOException | IllegalArgumentException e) {
      String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new MalformedDataException("%s:%d: %s".formatted(file, number, found), e);
    }
  }

  static Path folder(Path file) {
    Path folder = file.getParent();
    return folder == null ? Path.of("") : folder;
  }
}
