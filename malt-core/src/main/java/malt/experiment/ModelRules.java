package malt.experiment;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import malt.model.remote.RemoteSettings;

/** What the sections on the local model and on servers must satisfy. */
final class ModelRules {
  private static final List<String> OF_EVERY_PROMPT = List.of("messages", "add_generation_prompt");

  private final Violations violations;

  ModelRules(Violations violations) {
    this.violations = violations;
  }

  void check(ExperimentConfig config) {
    layout(config.model());
    machine(config.machine());
    if (config.tracking() != null) {
      violations.require(
          config.tracking().mlflow().matches("https?://[^/].*"),
          "tracking.mlflow: an address such as http://127.0.0.1:5000, found '%s'",
          config.tracking().mlflow());
    }
    violations.require(
        !config.model().path().isEmpty()
            || config.samplesThere(ExperimentConfig.RemoteStage.COLLECT),
        "model.path: needed unless remote.stages holds collect");
    if (config.remote() != null) {
      remote(config, config.remote());
      together(config, config.remote().server());
    }
  }

  private void machine(ExperimentConfig.MachineSettings machine) {
    violations.require(
        machine.deviceName().matches("cpu|mps|cuda(:\\d{1,2})?"),
        "machine.device: cpu, cuda:0 (the number of the card) or mps, found '%s'",
        machine.deviceName());
    atLeast("machine.threads", 1, machine.threads());
    atLeast("machine.operation_threads", 1, machine.operationThreads());
    atLeast("machine.batch_rows", 1, machine.batchRows());
    atLeast("machine.training_batch_tokens", 1, machine.trainingBatchTokens());
    if (machine.trainingJobs() != null) {
      atLeast("machine.training_jobs", 1, machine.trainingJobs());
    }
  }

  private void layout(ExperimentConfig.ModelSettings model) {
    violations.require(
        model.layout() == ExperimentConfig.PromptForm.CHAT || model.templateVariables().isEmpty(),
        "model.template_variables: {} where model.layout is plain, which has no template, found %s",
        model.templateVariables());
    for (String taken : OF_EVERY_PROMPT) {
      violations.require(
          !model.templateVariables().containsKey(taken),
          "model.template_variables: %s is each prompt's own",
          taken);
    }
    violations.require(
        isDate(model.date()), "model.date: a day such as 2024-07-26, found '%s'", model.date());
    violations.require(
        model.stop().stream().noneMatch(String::isEmpty), "model.stop: an empty text ends nothing");
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).getYear() > 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private void remote(ExperimentConfig config, ExperimentConfig.RemoteSection remote) {
    RemoteSettings server = remote.server();
    violations.require(
        !remote.stages().isEmpty(),
        "remote.stages: collect, evaluate or both; leave remote out where no server samples");
    violations.require(
        !server.urls().isEmpty()
            && server.urls().stream().allMatch(url -> url.matches("https?://[^/]+.*"))
            && Set.copyOf(server.urls()).size() == server.urls().size(),
        "remote.server.url: such as http://127.0.0.1:8000/v1, or a list of different ones; found %s",
        server.urls());
    violations.require(
        !server.model().isEmpty(), "remote.server.model: the base's name there is needed");
    atLeast("remote.server.samples_per_request", 1, server.samplesPerRequest());
    atLeast("remote.server.requests_in_flight", 1, server.requestsInFlight());
    atLeast("remote.server.timeout_seconds", 1, server.timeoutSeconds());
    atLeast("remote.server.patience_seconds", 0, server.patienceSeconds());
    violations.require(
        server.adapters().isEmpty() || config.seeds().size() == 1,
        "remote.server.adapters: a name there is of one adapter, so seeds must hold one; without"
            + " them, adapters are loaded into the server when they are needed");
  }

  /** What is sampled there and what is laid out, sampled and trained here must be of one kind. */
  private void together(ExperimentConfig config, RemoteSettings server) {
    if (config.model().path().isEmpty()) {
      return;
    }
    violations.require(
        config.model().layout() == ExperimentConfig.PromptForm.CHAT
            || server.api() == RemoteSettings.Api.COMPLETIONS,
        "remote.server.api: completions where model.layout is plain, since a server lays chats out"
            + " by its template");
    violations.require(
        server.stop().equals(config.model().stop()),
        "remote.server.stop: as model.stop, since one base is sampled here and there; found %s and"
            + " %s",
        server.stop(),
        config.model().stop());
  }

  private void atLeast(String key, int least, int found) {
    violations.require(found >= least, "%s: %s or more, found %s", key, least, found);
  }
}
