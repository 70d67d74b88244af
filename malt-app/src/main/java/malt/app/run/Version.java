package malt.app.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The version that was built. */
public final class Version {
  /** Such as "0.1.0". */
  public static final String OF_THIS = read();

  private Version() {}

  private static String read() {
    try (InputStream written = Version.class.getResourceAsStream("version")) {
      if (written == null) {
        throw new IllegalStateException("the build left no version beside " + Version.class);
      }
      return new String(written.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
