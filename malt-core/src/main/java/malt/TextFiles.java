package malt;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PushbackInputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Text files of users, which are UTF-8. The byte order mark that some editors put before it says
 * nothing and is read past; that of another encoding is refused by name.
 */
public final class TextFiles {
  private static final int MARK_BYTES = 3;

  private TextFiles() {}

  /**
   * The text from its beginning; bytes that are not UTF-8 are a {@link CharacterCodingException}
   * when they are read.
   *
   * @throws MalformedDataException if the file does not exist, or is in another encoding
   * @throws IOException if it cannot be read
   */
  public static BufferedReader open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new MalformedDataException("%s is a directory; a file is wanted".formatted(file));
    }
    try {
      return reader(Files.newInputStream(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new MalformedDataException("%s does not exist".formatted(file), e);
    }
  }

  /**
   * As {@link #open}, of a stream that the reader will close.
   *
   * @param name for messages
   */
  public static BufferedReader reader(InputStream in, String name) throws IOException {
    PushbackInputStream text = new PushbackInputStream(in, MARK_BYTES);
    try {
      byte[] start = text.readNBytes(MARK_BYTES);
      int mark = markLength(start, name);
      text.unread(start, mark, start.length - mark);
    } catch (IOException | RuntimeException e) {
      text.close();
      throw e;
    }
    return new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder()));
  }

  /**
   * Writes text as UTF-8. An interrupted thread writes on: whoever writes decides where its work
   * may stop.
   *
   * @param append behind what the file holds, if there is one
   */
  public static BufferedWriter writer(Path file, boolean append) throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(
            new FileOutputStream(file.toFile(), append), StandardCharsets.UTF_8.newEncoder()));
  }

  /** Bytes of the mark that a text begins with; 0 where there is none. */
  public static int markLength(byte[] start, String name) {
    int a = start.length > 1 ? start[0] & 0xFF : 0;
    int b = start.length > 1 ? start[1] & 0xFF : 0;
    if ((a == 0xFF && b == 0xFE) || (a == 0xFE && b == 0xFF)) {
      throw new MalformedDataException(
          "%s is UTF-16 text, by its byte order mark; save it as UTF-8".formatted(name));
    }
    return a == 0xEF && b == 0xBB && start.length > 2 && (start[2] & 0xFF) == 0xBF ? 3 : 0;
  }

  /**
   * The whole text.
   *
   * @throws MalformedDataException if the file does not exist, or is not UTF-8
   */
  public static String read(Path file) {
    try (BufferedReader in = open(file)) {
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        text.append(buffer, 0, n);
      }
      return text.toString();
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /** What to throw where reading a text failed. */
  public static MalformedDataException unreadable(String name, IOException cause) {
    return new MalformedDataException(
        cause instanceof CharacterCodingException
            ? "%s is not UTF-8 text".formatted(name)
            : "%s cannot be read: %s".formatted(name, cause),
        cause);
  }
}
