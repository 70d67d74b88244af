package malt.bench.campaign;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import malt.MaltException;
import malt.app.run.Session;
import malt.bench.Launcher;
import malt.experiment.ExperimentConfig;
import malt.experiment.Stages;
import picocli.CommandLine.Command;

/** Every kind of file of a finished run, torn: cut off, or with zeroes from some byte on. */
@Command(
    name = "campaign.TornFiles",
    mixinStandardHelpOptions = true,
    description = {
      "Tears a file of a finished run of malt-bench/campaigns/torn.yaml at some byte, a case each,"
          + " as",
      "a disk would that loses what it was told to keep, and gives the run's command again: it"
          + " must",
      "refuse the file by its name, or leave every other file as it was. Files that differ in role",
      "and round alone count as one; 100 offsets of each is the default."
    })
public final class TornFiles extends Campaign {
  private static final int OFFSETS = 100; // of each kind
  private static final int KINDS = 25;

  private Path folder = Path.of("");
  private Path config = Path.of("");
  private Map<String, String> expected = Map.of();
  private List<String> files = List.of();
  private int refused;
  private int mended;

  TornFiles() {
    super((long) OFFSETS * KINDS);
  }

  public static void main(String[] arguments) {
    Launcher.launch(new TornFiles(), arguments);
  }

  @Override
  void begin(Path place) throws IOException {
    folder = place.toAbsolutePath();
    config = MaltProgram.home().resolve("malt-bench/campaigns/torn.yaml");
    System.setProperty("malt.home", MaltProgram.home().toString());
    Path whole = folder.resolve("whole");
    run(whole);
    expected = TinyRun.contents(whole);
    files = kinds(files(whole));
  }

  private void run(Path root) {
    try (Session session =
        Session.open(
            root, ExperimentConfig.read(config, List.of()), Stages.silent(), false, null)) {
      session.experiment().run();
    }
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  /** The last of those that differ in role and round alone. */
  private static List<String> kinds(List<String> all) {
    Map<String, String> kinds = new TreeMap<>();
    for (String file : all) {
      kinds.put(
          file.replaceAll("(first|again(-2)?)/", "ROUND/")
              .replaceAll("generator|verifier|refiner|student", "ROLE"),
          file);
    }
    return List.copyOf(kinds.values());
  }

  @Override
  void check(long caseSeed) throws IOException, BrokenPromise {
    SplittableRandom random = new SplittableRandom(caseSeed);
    String name = files.get((int) Math.floorMod(caseSeed, (long) files.size()));
    Path root = folder.resolve("torn");
    copy(folder.resolve("whole"), root);
    Path file = root.resolve(name);
    long size = Files.size(file);
    long offset = size == 0 ? 0 : random.nextLong(size);
    boolean zeroes = random.nextBoolean();
    tear(file, offset, zeroes);
    String what =
        "%s of %d bytes, %s from byte %d".formatted(name, size, zeroes ? "zeroes" : "cut", offset);
    try {
      run(root);
      mended++;
      requireSame(TinyRun.contents(root), name, what);
    } catch (MaltException e) {
      refused++;
      if (!String.valueOf(e.getMessage()).contains(Path.of(name).getFileName().toString())) {
        throw new BrokenPromise(
            "%s: its error does not name it: %s".formatted(what, e.getMessage()));
      }
    } catch (RuntimeException | Error e) {
      throw new BrokenPromise("%s: %s".formatted(what, e));
    } finally {
      remove(root);
    }
  }

  /** A torn file that nothing reads any more may stay as it is. */
  private void requireSame(Map<String, String> found, String torn, String what)
      throws BrokenPromise {
    List<String> others = new ArrayList<>();
    expected.forEach(
        (file, text) -> {
          if (!file.equals(torn) && !text.equals(found.get(file))) {
            others.add(file);
          }
        });
    if (!others.isEmpty()) {
      throw new BrokenPromise("%s: without a word, other are now: %s".formatted(what, others));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path place = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(place);
        } else {
          Files.copy(file, place);
        }
      }
    }
  }

  private static void tear(Path file, long offset, boolean zeroes) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long size = bytes.length();
      bytes.setLength(offset);
      if (zeroes) {
        bytes.setLength(size);
      }
    }
  }

  @Override
  String figure() {
    return "%d kinds of files torn, %d times refused by name, %d times without effect"
        .formatted(files.size(), refused, mended);
  }
}
