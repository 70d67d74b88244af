package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees from a server, adapters trained here, an evaluation by the server again. */
class MixedRunTest {
  @TempDir private Path folder;

  private String malt(String command, String... arguments) throws Exception {
    Path log = Files.createTempFile(folder, command, ".log");
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    int exit = MaltProcess.finish(MaltProcess.start(log, all), log);
    String said = Files.readString(log);
    assertThat(exit).as(said).isZero();
    return said;
  }

  private String[] settings(String url) {
    List<String> settings = new ArrayList<>();
    for (String set :
        List.of(
            "problems.train=8",
            "problems.dev=0",
            "problems.test=4",
            "run=[joint]",
            "evaluation.ablated=[]",
            "evaluation.ablations=[]",
            "evaluation.debate=null",
            "sft.epochs=1",
            "dpo.optimizer.epochs=1",
            "remote.stages=[collect, evaluate]",
            "remote.server.url=" + url,
            "remote.server.model=base",
            "remote.server.samples_per_request=4",
            "remote.server.patience_seconds=5",
            "remote.server.adapters={%s}"
                .formatted(
                    String.join(", ", names("generator"), names("verifier"), names("refiner"))))) {
      settings.add("--set");
      settings.add(set);
    }
    Path configs = MaltProcess.home().resolve("configs");
    settings.addAll(List.of("--config", configs.resolve("nano.yaml").toString()));
    settings.addAll(List.of("--config", configs.resolve("servers/openai.yaml").toString()));
    settings.addAll(List.of("--runs", folder.toString(), "--name", "mixed"));
    return settings.toArray(String[]::new);
  }

  private static String names(String role) {
    return "joint/%1$s/sft: joint/%1$s/sft, joint/%1$s/dpo: joint/%1$s/dpo".formatted(role);
  }

  @Test
  void a_run_may_mix_server_and_local_model() throws Exception {
    Path run = folder.resolve("mixed");
    String port;
    try (ServedProcess server = ServedProcess.start(folder)) {
      port = String.valueOf(URI.create(server.url()).getPort());
      malt("collect", settings(server.url()));
    }
    assertThat(Files.readString(run.resolve("seed-1/joint/generator/sft.jsonl")))
        .contains("prompt_ids");
    malt("train", run.toString()); // nobody listens there now
    try (ServedProcess server =
        ServedProcess.start(folder, "--team", run.toString(), "--port", port)) {
      assertThat(server.log()).contains("generator = joint/generator/sft");
      HttpResponse<String> models =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(server.url() + "/models")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(models.body()).contains("\"team\"", "\"joint/generator/sft\"");
      assertThat(malt("evaluate", run.toString())).contains("MALT");
      server.terminate();
      assertThat(server.await()).isEqualTo(128 + 15);
      assertThat(server.log()).contains("stopped").doesNotContain("error", "Exception", "SIG");
    }
    String said = chat(run, "Tom has 3 apples and buys 4 more. How many apples does he have?");
    assertThat(said).contains("generator: ", "verifier: ", "refiner: ");
  }

  /** As llama-cpp-python does: no n, no ids, no log-probabilities. */
  @Test
  void text_alone_is_enough_to_train_on() throws Exception {
    try (ServedProcess server = ServedProcess.start(folder);
        TextOnlyServer text = new TextOnlyServer(server.url())) {
      malt("collect", settings(text.url()));
    }
    Path run = folder.resolve("mixed");
    assertThat(Files.readString(run.resolve("seed-1/joint/generator/sft.jsonl")))
        .contains("\"completion_log_probs\":[]")
        .doesNotContain("\"completion_ids\":[]");
    malt("train", run.toString());
    assertThat(run.resolve("seed-1/joint/adapters/refiner/dpo/adapter_model.safetensors"))
        .isNotEmptyFile();
  }

  @Test
  void a_server_of_another_base_is_refused() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (Stream<Path> files = Files.list(MaltProcess.home().resolve("models/nano"))) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
    }
    Path config = other.resolve("tokenizer_config.json");
    Files.writeString(config, Files.readString(config).replace("'<|user|>' +", "'<|user|> ' +"));
    try (ServedProcess server = ServedProcess.start(folder)) {
      assertThat(refused(server.url(), "model.path=" + other))
          .contains("serves another chat template than " + other);
      assertThat(refused(server.url(), "remote.server.model=bass"))
          .contains("has no model 'bass'; it has: team, generator, verifier, refiner, base");
    }
  }

  @Test
  void without_a_base_here_trees_can_be_collected_but_not_trained_on() throws Exception {
    try (ServedProcess server = ServedProcess.start(folder)) {
      List<String> settings = new ArrayList<>(List.of(settings(server.url())));
      settings.addAll(List.of("--set", "model.path=''"));
      malt("collect", settings.toArray(String[]::new));
      Path log = Files.createTempFile(folder, "train", ".log");
      Path run = folder.resolve("mixed");
      Process train = MaltProcess.start(log, List.of("train", run.toString()));
      assertThat(MaltProcess.finish(train, log)).isEqualTo(1);
      assertThat(Files.readString(log)).contains("model.path is empty").doesNotContain("\tat ");
    }
  }

  private String refused(String url, String change) throws Exception {
    Path log = Files.createTempFile(folder, "refused", ".log");
    List<String> all = new ArrayList<>(List.of("collect"));
    all.addAll(List.of(settings(url)));
    all.addAll(List.of("--set", change));
    assertThat(MaltProcess.finish(MaltProcess.start(log, all), log)).isEqualTo(1);
    return Files.readString(log);
  }

  private String chat(Path run, String question) throws Exception {
    Path log = Files.createTempFile(folder, "chat", ".log");
    Path input = Files.writeString(folder.resolve("questions"), question + "\n");
    ProcessBuilder.Redirect from = ProcessBuilder.Redirect.from(input.toFile());
    Process process = MaltProcess.start(log, List.of("chat", "--team", run.toString()), from);
    assertThat(MaltProcess.finish(process, log)).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }
}
