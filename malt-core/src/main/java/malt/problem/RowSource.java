package malt.problem;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import malt.MalformedDataException;

/** The port to file formats: the rows of a data file, each as the text of a JSON object. */
@FunctionalInterface
public interface RowSource {
  /**
   * All rows in order; a blank one counts but says nothing.
   *
   * @throws MalformedDataException if the file cannot be read
   */
  List<String> rows(Path file);

  /** JSON lines. */
  static RowSource jsonLines() {
    return RowSource::lines;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new MalformedDataException("%s does not exist".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new MalformedDataException("%s is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new MalformedDataException("%s cannot be read: %s".formatted(file, e), e);
    }
  }
}
