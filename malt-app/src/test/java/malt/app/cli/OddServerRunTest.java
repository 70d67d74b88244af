package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.app.cli.OddServer.Reply;
import malt.report.HtmlReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code malt collect} from servers that refuse, or answer oddly. */
class OddServerRunTest {
  @TempDir private Path folder;
  private OddServer server;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("malt.home", MaltProcess.home().toString());
    server = new OddServer();
  }

  @AfterEach
  void stop() {
    server.close();
    System.clearProperty("malt.home");
  }

  private Outcome collect(String... more) {
    List<String> all = new ArrayList<>(List.of("collect"));
    for (String set :
        List.of(
            "problems.train=4",
            "problems.dev=0",
            "problems.test=2",
            "run=[joint]",
            "evaluation.ablated=[]",
            "evaluation.ablations=[]",
            "evaluation.debate=null",
            "remote.stages=[collect]",
            "remote.server.url=" + server.url(),
            "remote.server.model=base",
            "remote.server.patience_seconds=1",
            "remote.server.timeout_seconds=5")) {
      all.addAll(List.of("--set", set));
    }
    Path configs = MaltProcess.home().resolve("configs");
    all.addAll(List.of("--config", configs.resolve("nano.yaml").toString()));
    all.addAll(List.of("--config", configs.resolve("servers/openai.yaml").toString()));
    all.addAll(List.of("--runs", folder.toString(), "--name", "odd"));
    all.addAll(List.of(more));
    return Outcome.of(all.toArray(String[]::new));
  }

  private String seed(String file) throws IOException {
    return Files.readString(folder.resolve("odd/seed-1").resolve(file));
  }

  @Test
  void a_server_that_refuses_every_request_stops_the_run_and_is_asked_again_once_it_is_mended()
      throws Exception {
    server.answer(request -> new Reply(400, "{\"error\": {\"message\": \"no such mood\"}}"));
    collect()
        .isError(
            "POST " + server.url() + "/chat/completions answered 400: no such mood",
            "brought an answer");
    assertThat(folder.resolve("odd/seed-1/joint/statistics.json")).doesNotExist();
    server.answer(request -> OddServer.WELL);
    assertThat(collect().exit()).isZero();
    assertThat(seed("joint/statistics.json"))
        .contains("\"nodes\":12")
        .doesNotContainPattern("\"ungradable\":[1-9]");
  }

  @Test
  void what_failed_beside_others_is_asked_again_when_that_is_wished() throws Exception {
    server.answer(
        request ->
            Math.floorMod(request.path("seed").asLong(), 3) == 0
                ? new Reply(422, "{\"detail\": \"not now\"}")
                : OddServer.WELL);
    assertThat(collect().exit()).isZero();
    assertThat(seed("joint/statistics.json")).containsPattern("\"ungradable\":[1-9]");
    assertThat(seed("remarks.json")).contains("\"train/joint\"", "\"refused\":");
    server.answer(request -> OddServer.WELL);
    int asked = server.completions();
    assertThat(collect().exit()).isZero();
    assertThat(server.completions()).isEqualTo(asked);
    assertThat(collect("--retry-failed").exit()).isZero();
    assertThat(server.completions()).isGreaterThan(asked);
    assertThat(seed("joint/statistics.json")).doesNotContainPattern("\"ungradable\":[1-9]");
    assertThat(seed("remarks.json")).isEqualTo("{}\n");
  }

  @Test
  void trees_that_are_complete_need_no_server() {
    assertThat(collect().exit()).isZero();
    server.close();
    assertThat(collect().exit()).isZero();
  }

  @Test
  void what_is_odd_is_kept_by_rule_and_counted_in_the_report() throws Exception {
    server.answer(
        request ->
            new Reply(
                200,
                """
                {"choices": [{"index": 0, "message": {"content": "#### 7<|eos|><|eos|>"}}],
                 "usage": {"prompt_tokens": 3, "completion_tokens": 9}}"""));
    assertThat(collect().exit()).isZero();
    assertThat(seed("remarks.json"))
        .contains("\"generator\"", "\"verifier\"", "\"refiner\"")
        .contains("\"unsaid_end\"", "\"end_token\"", "\"short_prompt\"");
    String page = Files.readString(HtmlReport.write(folder.resolve("odd"), List.of()));
    assertThat(page).contains("id=\"remarks\"", "Unsaid end", "End token", "Short prompt");
  }

  @Test
  void a_server_that_keeps_no_limit_leaves_nothing_too_long_to_train_on() throws Exception {
    String far = "#### 7 " + "1 + 1 = 2 ".repeat(300);
    server.answer(
        request ->
            new Reply(
                200,
                """
                {"choices": [{"index": 0, "message": {"content": "%s"}, "finish_reason": "stop"}]}"""
                    .formatted(far)));
    assertThat(collect().exit()).isZero();
    assertThat(seed("remarks.json")).contains("\"over_limit\"");
    assertThat(seed("joint/statistics.json")).doesNotContain("\"truncated\":0");
  }

  @Test
  void a_server_that_only_thinks_is_told_apart_from_one_that_answers() {
    server.answer(
        request ->
            new Reply(
                200,
                """
                {"choices": [{"index": 0, "finish_reason": "length",
                  "message": {"content": null, "reasoning_content": "Let me see"}}]}"""));
    collect().isError("brought an answer", "only thoughts", "max_tokens");
  }
}
