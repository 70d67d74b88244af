package malt.bench.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import malt.app.serve.MaltServer;
import malt.app.serve.ServeSettings;
import malt.app.team.TeamSession;
import malt.experiment.ExperimentConfig;

/** The server as a reader of requests: of bodies, and of everything that comes over the wire. */
final class RequestReader implements AutoCloseable {
  private static final int DEADLINE = 20_000; // ms, of an answer
  private static final String HEAD =
      String.join(
          "\r\n",
          "POST /v1/%s HTTP/1.1",
          "Host: localhost",
          "Content-Type: application/json",
          "Connection: close",
          "Content-Length: %d",
          "",
          "");

  private static final List<String> CHATS =
      List.of(
          """
          {"model": "base", "messages": [{"role": "user", "content": "2 + 3 ?"}], "n": 2,
           "temperature": 0.7, "top_p": 0.9, "max_tokens": 4, "seed": 7, "stop": ["#"],
           "logprobs": true, "return_token_ids": true}\
          """,
          """
          {"model": "team", "messages": [{"role": "user", "content": [{"type": "text",
           "text": "2 + 3 ?"}]}], "max_tokens": 4, "n_votes": 3, "return_roles": true,
           "stream": true, "stream_options": {"include_usage": true}}\
          """);

  private static final String COMPLETION =
      """
      {"model": "base", "prompt": [[1, 2, 3], "2 + 3"], "max_tokens": 4, "seeds": [1, 2], "n": 2,
       "logprobs": 1}\
      """;

  private final TeamSession session;
  private final MaltServer server;
  private final int port;

  RequestReader() {
    var home = MaltProgram.home();
    session =
        TeamSession.ofAdapters(
            ExperimentConfig.read(
                home.resolve("configs/nano.yaml"),
                List.of("model.path=" + home.resolve("models/nano"))),
            Map.of());
    server = MaltServer.start(new ServeSettings("127.0.0.1", 0, "", 100_000, 8, 64, 10), session);
    port = URI.create(server.url()).getPort();
  }

  List<Reader> all() {
    List<byte[]> chats = CHATS.stream().map(RequestReader::bytes).toList();
    List<byte[]> whole =
        List.of(
            bytes(HEAD.formatted("chat/completions", CHATS.get(0).length()) + CHATS.get(0)),
            bytes(HEAD.formatted("completions", COMPLETION.length()) + COMPLETION),
            bytes("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            bytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    return List.of(
        new Reader("chats", "", chats, body -> body("chat/completions", body)),
        new Reader(
            "completions", "", List.of(bytes(COMPLETION)), body -> body("completions", body)),
        new Reader("HTTP requests", "", whole, this::wire));
  }

  /** A changed body in a sound request: it must be answered, and not by a 500. */
  private void body(String path, byte[] body) throws IOException, BrokenPromise {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(HEAD.formatted(path, body.length)));
      socket.getOutputStream().write(body);
      requireNamed(answer(socket), true);
    }
  }

  /** A changed request: the connection must be closed, with an answer or without. */
  private void wire(byte[] request) throws IOException, BrokenPromise {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      requireNamed(answer(socket), false);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(DEADLINE);
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException e) {
      return ""; // the server closed it before it had read everything
    }
  }

  private static void requireNamed(String answer, boolean wanted) throws BrokenPromise {
    boolean none = answer.isEmpty() && !wanted;
    if (!none
        && !answer.matches("(?s)HTTP/1\\.1 (200|400|403|404|405|413|415|417|429|501|503) .*")) {
      throw new BrokenPromise(
          "answered by: " + (answer.isEmpty() ? "nothing" : answer.lines().findFirst().orElse("")));
    }
    boolean error = !none && !answer.startsWith("HTTP/1.1 200");
    if (error && !answer.contains("{\"error\":{\"message\":\"")) {
      throw new BrokenPromise("an error without a message: " + answer.replaceAll("\\s+", " "));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
    session.close();
  }
}
