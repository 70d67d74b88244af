package malt.app.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Compares a caller's key with the server's in a time that tells nothing about either. */
final class ApiKey {
  private static final String SCHEME = "Bearer ";

  private final byte[] expected;
  private final boolean needed;

  /**
   * @param key empty if every caller is welcome
   */
  ApiKey(String key) {
    needed = !key.isEmpty();
    expected = digest(key);
  }

  boolean needed() {
    return needed;
  }

  /** Whether an Authorization header carries the key. */
  boolean accepts(@Nullable String authorization) {
    boolean bearer =
        authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String given = bearer ? String.valueOf(authorization).substring(SCHEME.length()).strip() : "";
    return !needed || MessageDigest.isEqual(expected, digest(given));
  }

  /** Of one length, whatever the key's. */
  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
