package malt.app.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.MaltException;
import malt.TextFiles;

/**
 * The files that a run read its problems from. A run goes on with the problems it kept; this tells
 * it which of the files say something else by now.
 */
final class SourceFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> HASHES =
      new TypeReference<>() {};

  private SourceFiles() {}

  /**
   * Keeps what the files hold now.
   *
   * @param record where it is kept
   */
  static void keep(Path record, List<Path> files) {
    Map<String, String> hashes = new LinkedHashMap<>();
    files.forEach(file -> hashes.put(file.toString(), hash(file)));
    try {
      AtomicFiles.write(
          record, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(hashes) + "\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The files that are there and hold something else than was kept; none without a record. */
  static List<Path> edited(Path record) {
    if (!Files.exists(record)) {
      return List.of();
    }
    try {
      List<Path> edited = new ArrayList<>();
      JSON.readValue(TextFiles.read(record), HASHES)
          .forEach(
              (file, hash) -> {
                if (Files.exists(Path.of(file)) && !hash(Path.of(file)).equals(hash)) {
                  edited.add(Path.of(file));
                }
              });
      return edited;
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(record, e), e);
    }
  }

  /** SHA-256 in hexadecimal of a file, or of all files in a folder and their names. */
  private static String hash(Path source) {
    try (Stream<Path> files = Files.walk(source)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(source.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(source, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
