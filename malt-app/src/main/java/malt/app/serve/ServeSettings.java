package malt.app.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import malt.ConfigException;

/**
 * Where a server listens and what it bears.
 *
 * @param port 0 for any free one
 * @param key what callers must send as a bearer token; empty for none, on loopback alone
 * @param maxBodyBytes of a request; more is answered 413
 * @param maxTokens that one completion may ask for; more is answered 400
 * @param maxQueue completions under way and waiting; more is answered 429
 * @param timeoutSeconds of a request; longer ones are answered 503
 */
public record ServeSettings(
    String host,
    int port,
    String key,
    int maxBodyBytes,
    int maxTokens,
    int maxQueue,
    int timeoutSeconds) {

  public ServeSettings {
    if (port < 0
        || port > 65_535
        || maxBodyBytes < 1
        || maxTokens < 1
        || maxQueue < 1
        || timeoutSeconds < 1) {
      throw new ConfigException("a port is 0 to 65535 and every limit of the server 1 or more");
    }
    if (key.isEmpty() && !loopback(host)) {
      throw new ConfigException(
          "%s can be reached from other machines, so callers need an API key: put one into an environment variable and name it with --key-variable"
              .formatted(host));
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigException("the address %s is not known here".formatted(host), e);
    }
  }
}
