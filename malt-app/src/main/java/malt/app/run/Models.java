package malt.app.run;

import java.util.Locale;
import java.util.function.Function;
import malt.ConfigException;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.RemoteStage;
import malt.experiment.Manifest;
import malt.experiment.Samplers;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.remote.RemoteLanguageModel;
import malt.torch.generation.EncodedModel;
import malt.training.AdapterTrainer;
import org.jspecify.annotations.Nullable;

/** What a run samples and trains with: the local base, a remote server, or each its part. */
final class Models implements AutoCloseable {
  private final ExperimentConfig config;
  private final @Nullable LocalModel local;
  private @Nullable RemoteLanguageModel remote; // once it was needed

  private Models(ExperimentConfig config, @Nullable LocalModel local) {
    this.config = config;
    this.local = local;
  }

  /** A server is asked when something is sampled there, or by {@link #requireServer}. */
  static Models open(ExperimentConfig config) {
    return new Models(
        config, config.model().path().isEmpty() ? null : LocalModel.open(config.model()));
  }

  /** Finds out now what is wrong with the server, if the run has one. */
  void requireServer() {
    if (!config.remote().stages().isEmpty()) {
      remote();
    }
  }

  private synchronized RemoteLanguageModel remote() {
    if (remote == null) {
      Function<Prompt, int[]> encoder = local == null ? null : local.codec()::encode;
      RemoteLanguageModel opened =
          RemoteLanguageModel.open(config.remote().server(), encoder, System::getenv);
      try {
        if (local != null && encoder != null) {
          requireSame("weights", opened.traits().base(), local.fingerprint(), config);
          requireSame("chat template", opened.traits().template(), local.templateHash(), config);
          opened.requireSameEncoding(encoder);
        }
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
      remote = opened;
    }
    return remote;
  }

  /** As far as the server tells. */
  private static void requireSame(
      String what, @Nullable String there, String here, ExperimentConfig config) {
    if (there != null && !there.equals(here)) {
      throw new ConfigException(
          "%s serves another %s than %s holds (%s there, %s here); a run samples and trains one base"
              .formatted(
                  config.remote().server().url(),
                  what,
                  config.model().path(),
                  brief(there),
                  brief(here)));
    }
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }

  Samplers samplers() {
    return new Samplers(sampler(RemoteStage.COLLECT), sampler(RemoteStage.EVALUATE), false);
  }

  private LanguageModel sampler(RemoteStage stage) {
    if (config.remote().samples(stage)) {
      LanguageModel there = requests -> remote().sample(requests);
      return local == null ? there : new EncodedModel(there, local.codec());
    }
    if (local != null) {
      return local.sampler();
    }
    return requests -> {
      throw noBase(stage.name().toLowerCase(Locale.ROOT));
    };
  }

  AdapterTrainer trainer() {
    if (local != null) {
      return local.trainer();
    }
    return (jobs, listener) -> {
      throw noBase("train");
    };
  }

  private static ConfigException noBase(String work) {
    return new ConfigException(
        "model.path is empty, so there is no base here to %s with; name the directory of the base that the server serves"
            .formatted(work));
  }

  /** What a run that begins now with these models is begun with. */
  Manifest manifest(String run) {
    if (local != null) {
      return local.manifest(run);
    }
    String there =
        "%s at %s".formatted(config.remote().server().model(), config.remote().server().url());
    return LocalModel.manifest(run, there, there);
  }

  @Override
  public synchronized void close() {
    if (remote != null) {
      remote.close();
    }
    if (local != null) {
      local.close();
    }
  }
}
