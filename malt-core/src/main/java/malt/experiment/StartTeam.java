package malt.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.training.LoraSettings;
import org.jspecify.annotations.Nullable;

/**
 * The team that a run begins with in place of the untrained base. Its adapters are copied into the
 * run's directory, which needs nothing else from then on; the manifest keeps what they were, so
 * that nobody goes on with others.
 */
public final class StartTeam {
  /** Of its directory in each seed's part of the run, and before its adapters' names. */
  static final String NAME = "start";

  private final ExperimentConfig config;
  private final StartSettings settings;

  private StartTeam(ExperimentConfig config, StartSettings settings) {
    this.config = config;
    this.settings = settings;
  }

  /** Null where the run begins with the base. */
  static @Nullable StartTeam of(ExperimentConfig config) {
    return config.start() == null ? null : new StartTeam(config, config.start());
  }

  /**
   * Where the adapters that a run is to begin with lie now; none where it begins with the base.
   *
   * @throws ConfigException naming what is not there, not finished or of another shape
   */
  public static List<Path> sources(ExperimentConfig config) {
    StartTeam start = of(config);
    return start == null ? List.of() : List.copyOf(start.sources().values());
  }

  /** The same by seed and role. */
  private Map<Place, Path> sources() {
    Map<Place, Path> sources = new LinkedHashMap<>();
    for (long seed : config.seeds()) {
      adapters(seed).forEach((role, source) -> sources.put(new Place(seed, role), source));
    }
    return sources;
  }

  /** Who begins with an adapter. */
  private record Place(long seed, AgentRole role) {
    Path in(RunLayout layout) {
      return layout.seed(seed).start(role);
    }

    @Override
    public String toString() {
      return "the %s's of seed %d".formatted(role, seed);
    }
  }

  private Map<AgentRole, Path> adapters(long seed) {
    if (settings.run() != null) {
      return trained(Path.of(settings.run()), settings.seed() == null ? seed : settings.seed());
    }
    Map<AgentRole, Path> named = new LinkedHashMap<>();
    Objects.requireNonNull(settings.adapters())
        .forEach(
            (role, directory) -> {
              if (!Files.isDirectory(Path.of(directory))) {
                throw new ConfigException(
                    "start.adapters.%s: %s is no directory".formatted(role, directory));
              }
              named.put(role, Path.of(directory));
            });
    return named;
  }

  /** Those of the team that a finished run trained. */
  private Map<AgentRole, Path> trained(Path run, long seed) {
    String schedule = Objects.requireNonNull(settings.schedule());
    try {
      ExperimentConfig there = RunDirectory.readConfig(run);
      RunLayout.Seed part = new RunLayout(run).seed(seed);
      List<Agent> team = Teams.trained(there, new RunLayout(run), seed, schedule).agents();
      new Finished(new Teams(there, part), part).require(Plan.of(there).schedule(schedule));
      requireShape(run, there.lora());
      Map<AgentRole, Path> adapters = new LinkedHashMap<>();
      for (Agent agent : team) {
        Path directory = agent.adapter().directory();
        if (directory != null && config.roles().contains(agent.role())) {
          adapters.put(agent.role(), directory);
        }
      }
      if (adapters.isEmpty()) {
        throw new ConfigException(
            "of the roles %s it trained none in %s".formatted(config.roles(), run));
      }
      return adapters;
    } catch (ConfigException e) {
      throw new ConfigException("start.run: " + e.getMessage(), e);
    }
  }

  private void requireShape(Path run, LoraSettings there) {
    if (!shape(there).equals(shape(config.lora()))) {
      throw new ConfigException(
          "the adapters in %s have another shape (%s) than this run's (%s); set lora as it is there"
              .formatted(run, there, config.lora()));
    }
  }

  /** Without the order of the targets. */
  private static List<Object> shape(LoraSettings lora) {
    return List.of(lora.rank(), lora.alpha(), lora.rslora(), Set.copyOf(lora.targets()));
  }

  /**
   * Copies the adapters into a run that is to begin.
   *
   * @throws ConfigException if they cannot be begun with
   */
  void copy(RunLayout layout, Manifest manifest) {
    Map<Place, Path> sources = sources();
    if (settings.run() != null) {
      String there = Manifest.read(new RunLayout(Path.of(settings.run())).manifest()).base();
      if (!there.equals(manifest.base())) {
        throw new ConfigException(
            "start.run: %s was trained on another base (%s) than this run's (%s)"
                .formatted(settings.run(), Manifest.brief(there), Manifest.brief(manifest.base())));
      }
    }
    sources.forEach((place, source) -> copy(source, place.in(layout)));
  }

  private static void copy(Path source, Path target) {
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      for (Path old : List.of(part, target)) {
        if (Files.isDirectory(old)) {
          for (Path file : files(old)) {
            Files.delete(file);
          }
          Files.delete(old);
        }
      }
      Files.createDirectories(part);
      for (Path file : files(source)) {
        Files.copy(file, part.resolve(file.getFileName()));
      }
      AtomicFiles.replace(part, target);
    } catch (IOException e) {
      throw new MaltException("cannot copy %s to %s: %s".formatted(source, target, e), e);
    }
  }

  /** What the copies are, or what has become of them. */
  Manifest.Start found(RunLayout layout) {
    Map<String, String> digests = new TreeMap<>();
    for (long seed : config.seeds()) {
      for (AgentRole role : config.roles()) {
        Path copy = layout.seed(seed).start(role);
        if (Files.isDirectory(copy)) {
          digests.put(new Place(seed, role).toString(), digest(copy));
        }
      }
    }
    return new Manifest.Start(settings.team(), digests);
  }

  /**
   * Refuses to go on where other adapters lie by now in the place that the configuration names;
   * there need be none any more.
   *
   * @throws ConfigException naming the first that differs
   */
  void requireSource(Manifest.Start copies) {
    boolean gone =
        settings.run() == null
            ? Objects.requireNonNull(settings.adapters()).values().stream()
                .noneMatch(directory -> Files.exists(Path.of(directory)))
            : !Files.exists(Path.of(settings.run()));
    if (gone) {
      return;
    }
    sources()
        .forEach(
            (place, source) -> {
              String copy = copies.adapters().get(place.toString());
              if (!digest(source).equals(copy)) {
                throw new ConfigException(
                    "start: %s is not what this run was begun with any more; use another --name, or put the old adapter back"
                        .formatted(source));
              }
            });
  }

  private static String digest(Path directory) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files(directory)) {
        digest.update((file.getFileName() + "\0").getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new MaltException("cannot read the adapter %s: %s".formatted(directory, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
