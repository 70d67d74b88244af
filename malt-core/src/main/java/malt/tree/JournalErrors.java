package malt.tree;

import java.nio.file.Path;
import java.sql.SQLException;
import malt.MalformedDataException;
import malt.MaltException;
import org.sqlite.SQLiteErrorCode;

/** SQLite's error codes as sentences a user can act on. */
final class JournalErrors {
  private JournalErrors() {}

  static MaltException of(Path file, SQLException error) {
    return switch (primary(error)) {
      case SQLITE_NOTADB ->
          new MalformedDataException(
              "%s is not a journal of sampled trees: it is no SQLite database".formatted(file),
              error);
      case SQLITE_CORRUPT ->
          new MalformedDataException(damaged(file, String.valueOf(error.getMessage())), error);
      case SQLITE_FULL ->
          new MaltException(
              "no space left for journal %s; free some and start again, everything sampled up to the last call is kept"
                  .formatted(file),
              error);
      case SQLITE_CONSTRAINT ->
          new MaltException(
              "journal %s already holds a completion that was to be added (%s); is another process sampling into it?"
                  .formatted(file, error.getMessage()),
              error);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new MaltException(
              "journal %s is in use by another process; wait for it or stop it".formatted(file),
              error);
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR ->
          new MaltException(
              "cannot read or write journal %s (%s); check the path, its permissions and the space left on the disk"
                  .formatted(file, error.getMessage()),
              error);
      default -> new MaltException("journal %s: %s".formatted(file, error.getMessage()), error);
    };
  }

  /** How a damaged file is spoken of. */
  static String damaged(Path file, String found) {
    return "journal %s is damaged (%s); restore it from a copy, or remove it to sample again"
        .formatted(file, found);
  }

  /** The low byte of SQLite's result code; the rest refines it. */
  private static SQLiteErrorCode primary(SQLException error) {
    return SQLiteErrorCode.getErrorCode(error.getErrorCode() & 0xff);
  }
}
