package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiConnectionTest {
  private static void answerOnce(ServerSocket listening, String answer) {
    try (Socket caller = listening.accept()) {
      caller.getInputStream().read();
      caller.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 42#\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: onnection: close\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n#\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 2## OK\r\n\r\n{}",
        "{}"
      })
  void an_answer_that_is_not_http_is_trouble_that_may_pass(String answer) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> answerOnce(listening, answer));
      server.start();
      String url = "http://127.0.0.1:%d/v1".formatted(listening.getLocalPort());
      Reply reply = new ApiConnection(url, "", Duration.ofSeconds(20)).get("/models");
      server.join();
      assertThat(reply)
          .isInstanceOfSatisfying(
              Reply.Trouble.class,
              trouble -> {
                assertThat(trouble.kind()).isEqualTo(Reply.Trouble.Kind.PASSING);
                assertThat(trouble.what()).startsWith("GET " + url + "/models ");
              });
    }
  }
}
