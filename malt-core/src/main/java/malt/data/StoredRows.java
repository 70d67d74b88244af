package malt.data;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Function;
import malt.MalformedDataException;
import malt.MaltException;
import malt.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file of JSON lines, read when they are asked for: a list of any length takes the
 * memory of one row, and 8 bytes for each. All are read once in the beginning, to find those that
 * are none. The file must stay as it is for as long as the list is used. An interrupted thread
 * reads on: whoever uses a row decides where its work may stop.
 */
public final class StoredRows<T> extends AbstractList<T> implements RandomAccess {
  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final Parser<T> parser;
  private final FileTime modified;
  private final long size;
  private long[] starts = new long[1024];
  private int[] numbers = new int[1024]; // of lines
  private int count;

  /** What a line says. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * @param where file and line, for messages
     * @return null where the line is no row and may be passed over
     * @throws MalformedDataException if it should be a row
     */
    @Nullable T row(String line, String where);
  }

  private StoredRows(Path file, Parser<T> parser, FileTime modified, long size) {
    this.file = file;
    this.parser = parser;
    this.modified = modified;
    this.size = size;
  }

  /**
   * @throws MalformedDataException naming file and line of the first that is no row
   * @throws MaltException if the file cannot be read
   */
  public static <T> StoredRows<T> of(Path file, Parser<T> parser) {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      if (!Files.isRegularFile(file)) {
        throw new MalformedDataException(
            "%s is no regular file; rows that are read again need one".formatted(file));
      }
      StoredRows<T> rows = new StoredRows<>(file, parser, modified, Files.size(file));
      rows.index();
      return rows;
    } catch (NoSuchFileException e) {
      throw new MaltException("%s does not exist".formatted(file), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private void index() throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      byte[] bytes = in.readNBytes(BLOCK);
      int from = TextFiles.markLength(bytes, file.toString());
      long start = from;
      int number = 0;
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (bytes.length > 0) {
        for (int i = from; i < bytes.length; i++) {
          if (bytes[i] == '\n') {
            line.write(bytes, from, i - from);
            add(start, ++number, line.toByteArray());
            start += line.size() + 1L;
            line.reset();
            from = i + 1;
          }
        }
        line.write(bytes, from, bytes.length - from);
        from = 0;
        bytes = in.readNBytes(BLOCK);
      }
      if (line.size() > 0) {
        add(start, ++number, line.toByteArray());
      }
    }
  }

  private void add(long start, int number, byte[] line) {
    if (parser.row(text(line, number), where(number)) == null) {
      return;
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    starts[count] = start;
    numbers[count++] = number;
  }

  private String where(int number) {
    return file + ":" + number;
  }

  private String text(byte[] line, int number) {
    try {
      int end = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, end)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedDataException("%s: the text is not UTF-8".formatted(where(number)), e);
    }
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public T get(int index) {
    Objects.checkIndex(index, count);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      if (in.length() != size || !Files.getLastModifiedTime(file).equals(modified)) {
        throw new MalformedDataException(
            "%s was changed while it was read; begin again".formatted(file));
      }
      in.seek(starts[index]);
      byte[] line = line(in);
      return Objects.requireNonNull(parser.row(text(line, numbers[index]), where(numbers[index])));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** What is made of each row, when it is asked for. */
  public <R> List<R> mapped(Function<? super T, ? extends R> function) {
    return new AbstractList<>() {
      @Override
      public int size() {
        return count;
      }

      @Override
      public R get(int index) {
        return function.apply(StoredRows.this.get(index));
      }
    };
  }

  /** From here to the end of the line. */
  private static byte[] line(RandomAccessFile in) throws IOException {
    byte[] bytes = new byte[1 << 14];
    int from = 0;
    for (int read = in.read(bytes); read >= 0; read = in.read(bytes, from, bytes.length - from)) {
      for (int i = from; i < from + read; i++) {
        if (bytes[i] == '\n') {
          return Arrays.copyOf(bytes, i);
        }
      }
      from += read;
      if (from == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
    }
    return Arrays.copyOf(bytes, from);
  }

  private static MaltException unreadable(Path file, IOException cause) {
    return new MaltException("cannot read %s: %s".formatted(file, cause), cause);
  }
}
