package malt.bench.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.model.remote.RemoteLanguageModel;
import malt.model.remote.RemoteSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The remote model as a reader of servers' answers: of bodies, and of everything on the wire. */
final class AnswerReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);
  private static final String HEAD =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Content-Type: application/json",
          "Connection: close",
          "Content-Length: %d",
          "",
          "");

  private static final String SOUND =
      """
      {"id": "1", "object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop",
       "message": {"role": "assistant", "content": "#### 5"}, "token_ids": [4, 5],
       "logprobs": {"content": [{"token": "4", "logprob": -0.5, "bytes": [52], "top_logprobs": []},
        {"token": "5", "logprob": -0.25, "bytes": null, "top_logprobs": []}]}}],
       "prompt_token_ids": [1, 2, 3], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}\
      """;

  private static final String ERROR =
      """
      {"error": {"message": "the prompt exceeds the context length", "code": 400}}\
      """;

  private static final List<SamplingRequest> ASKED =
      List.of(
          new SamplingRequest(
              Prompt.of("2 + 3 ?"), AdapterRef.BASE, new SamplingParams(1, 1, 8), List.of(1L, 2L)));

  private final ServerSocket listening;
  private final Thread serving;
  private final RemoteSettings settings;
  private final LanguageModel model;
  private volatile byte[] answer = whole(SOUND);

  AnswerReader() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    serving = new Thread(this::serve, "stand-in server");
    serving.setDaemon(true);
    serving.start();
    settings =
        new RemoteSettings(
            List.of("http://127.0.0.1:%d/v1".formatted(listening.getLocalPort())),
            RemoteSettings.Api.CHAT,
            "base",
            Map.of(),
            true,
            "",
            List.of(),
            1,
            1,
            5,
            0);
    model = RemoteLanguageModel.open(settings);
  }

  List<Reader> all() {
    List<byte[]> bodies = List.of(bytes(SOUND), bytes(ERROR));
    return List.of(
        new Reader("server answers", "127.0.0.1", bodies, body -> sample(head(body))),
        new Reader(
            "server answers on the wire",
            "127.0.0.1",
            List.of(whole(SOUND), whole(ERROR)),
            this::sample),
        new Reader("answers to probing", "127.0.0.1", bodies, this::probe));
  }

  /** Sampling is answered so. */
  private void sample(byte[] bytes) throws BrokenPromise {
    answer = bytes;
    for (List<Completion> completions : model.sample(ASKED)) {
      if (completions.size() != 2) {
        throw new BrokenPromise("2 completions were asked for, given: " + completions);
      }
    }
  }

  /** What is asked when a model is opened is answered so. */
  private void probe(byte[] body) {
    answer = head(body);
    RemoteLanguageModel.open(settings).close();
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        readRequest(socket.getInputStream());
        socket.getOutputStream().write(answer);
      } catch (IOException e) {
        LOG.debug("the caller has gone, or this is closed", e);
      }
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
    String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*", "$1");
    if (length.matches("\\d+")) {
      in.readNBytes(Integer.parseInt(length));
    }
  }

  private static byte[] whole(String body) {
    return head(bytes(body));
  }

  private static byte[] head(byte[] body) {
    byte[] head = bytes(HEAD.formatted(body.length));
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    answer = whole(SOUND); // it may say good-bye
    model.close();
    listening.close();
  }
}
