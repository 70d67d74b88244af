package malt.experiment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.StrictYaml;
import malt.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * Where a run keeps everything it made. A stage whose output is complete is skipped, so the same
 * command continues a run that was stopped. One process at a time.
 */
public final class RunDirectory implements AutoCloseable {
  private final Path root;
  private final ExperimentConfig config;
  private final String resolved;
  private final @Nullable FileChannel lockFile;

  private RunDirectory(Path root, ExperimentConfig config, @Nullable FileChannel lockFile) {
    this.root = root;
    this.config = config;
    this.resolved = StrictYaml.write(config);
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory of a run, or opens that of an earlier one with the same configuration, the
   * machine's settings aside. A new one belongs to the configuration only after {@link #begin}.
   *
   * @throws ConfigException if the directory belongs to another configuration
   * @throws MaltException if it is in use
   */
  public static RunDirectory open(Path root, ExperimentConfig config) {
    RunDirectory directory = lock(root, config);
    try {
      directory.compare();
      return directory;
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static RunDirectory lock(Path root, ExperimentConfig config) {
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              new RunLayout(root).lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        channel.close();
        throw new MaltException(
            "%s is in use by another process; wait for it or choose another --name"
                .formatted(root));
      }
      return new RunDirectory(root, config, channel);
    } catch (IOException e) {
      throw new MaltException("cannot use %s as a run directory: %s".formatted(root, e), e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Whether the run was begun, now or earlier: its problems and model were found usable. */
  public boolean begun() {
    return Files.exists(layout().config());
  }

  /**
   * Keeps the configuration, and copies of the adapters that the run starts from; until then, a
   * mistake in it costs nothing but another attempt.
   *
   * @throws ConfigException if the run was begun with another model or other adapters
   */
  public void begin(Manifest manifest) {
    Path file = layout().manifest();
    StartTeam start = StartTeam.of(config);
    if (start != null && !begun()) {
      start.copy(layout(), manifest);
    }
    Manifest.Start copies = start == null ? null : start.found(layout());
    Manifest now = copies == null ? manifest : manifest.with(copies);
    if (Files.exists(file)) {
      Manifest.read(file).requireSame(file, now);
    } else {
      now.write(file);
    }
    if (!begun()) {
      AtomicFiles.write(layout().config(), resolved);
    } else if (start != null && copies != null) {
      start.requireSource(copies);
    }
  }

  /** What the run was begun with. */
  public Manifest manifest() {
    return Manifest.read(layout().manifest());
  }

  /**
   * The machine's settings and the tracking may differ, for which the earlier file is left as it
   * is.
   */
  private void compare() {
    if (!begun() || TextFiles.read(layout().config()).equals(resolved)) {
      return;
    }
    ExperimentConfig old = readConfig(root); // an older version's cannot be read
    String then = StrictYaml.write(old.on(config));
    if (!then.equals(resolved)) {
      throw new ConfigException(
          "%s holds a run of another configuration (%s); use another --name, or remove it"
              .formatted(root, firstDifference(then, resolved)));
    }
  }

  private static String firstDifference(String earlier, String now) {
    List<String> a = earlier.lines().toList();
    List<String> b = now.lines().toList();
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      String was = i < a.size() ? a.get(i).strip() : "nothing";
      String is = i < b.size() ? b.get(i).strip() : "nothing";
      if (!was.equals(is)) {
        differences.add("'%s' there, '%s' now".formatted(was, is));
      }
    }
    return differences.isEmpty() ? "other spacing" : differences.get(0);
  }

  /** The configuration of the run that stands in {@code root}. */
  public static ExperimentConfig readConfig(Path root) {
    Path file = new RunLayout(root).config();
    if (!Files.isRegularFile(file)) {
      throw new ConfigException("%s is not a run directory: it has no config.yaml".formatted(root));
    }
    try {
      return ExperimentConfig.read(file, List.of());
    } catch (ConfigException e) {
      throw new ConfigException(
          "%s%nIf an earlier version began this run, its configuration is of another form: go on with that version, or begin the run again under another name"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Opens the directory of an earlier run under its own configuration. */
  public static RunDirectory open(Path root) {
    return open(root, readConfig(root));
  }

  /** An earlier run to read from, also while another process continues it. */
  public static RunDirectory view(Path root) {
    return new RunDirectory(root, readConfig(root), null);
  }

  public Path root() {
    return root;
  }

  /** Where everything stands. */
  public RunLayout layout() {
    return new RunLayout(root);
  }

  @Override
  public void close() {
    try {
      if (lockFile != null) {
        lockFile.close();
      }
    } catch (IOException e) {
      throw new MaltException("cannot release %s: %s".formatted(root, e), e);
    }
  }
}
