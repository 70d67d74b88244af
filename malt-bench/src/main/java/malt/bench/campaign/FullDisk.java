package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import malt.bench.Launcher;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Runs on a disk that is full at some moment, and in directories that nobody may write to. */
@Command(
    name = "campaign.FullDisk",
    mixinStandardHelpOptions = true,
    description = {
      "Runs malt-bench/campaigns/torn.yaml, a case each, on a disk with room for a part of it, or"
          + " in",
      "a read-only directory: it must end with a sentence that names what it could not write, and",
      "what it left, given again where there is room, must end bit for bit as one that had room.",
      "Disks are mounted by unshare -rm, which Linux lets most users do."
    })
public final class FullDisk extends Campaign {
  private static final String LIMITED =
      """
      mount -t tmpfs -o size="$2"k none "$0" || exit 99
      to="$1"; at="$0"; shift 2
      "$@"
      status=$?
      cp -r "$at/." "$to" && exit $status\
      """;

  private static final String READ_ONLY =
      """
      mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 99
      shift 2
      exec "$@\"\
      """;

  private Path folder = Path.of("");
  private @Nullable TinyRun expected;
  private long size; // KB
  private int full;
  private int readOnly;

  FullDisk() {
    super(100);
  }

  public static void main(String[] arguments) {
    Launcher.launch(new FullDisk(), arguments);
  }

  /** Whether disks can be mounted here. */
  static boolean possible() throws IOException, InterruptedException {
    try {
      return new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0;
    } catch (IOException e) { // there is no such program
      return false;
    }
  }

  @Override
  void begin(Path place) throws IOException, InterruptedException, BrokenPromise {
    if (!possible()) {
      throw new IOException("unshare -rm does not work here, by which disks are mounted");
    }
    folder = place.toAbsolutePath();
    TinyRun whole = TinyRun.undisturbed(config(), folder.resolve("whole"));
    expected = whole;
    try (Stream<Path> files = Files.walk(whole.directory())) {
      size = files.mapToLong(file -> file.toFile().length()).sum() >> 10;
    }
  }

  private static Path config() {
    return MaltProgram.home().resolve("malt-bench/campaigns/torn.yaml");
  }

  @Override
  void check(long caseSeed) throws IOException, InterruptedException, BrokenPromise {
    SplittableRandom random = new SplittableRandom(caseSeed);
    TinyRun run = new TinyRun(config(), Files.createDirectories(folder.resolve("at-" + caseSeed)));
    Path left = Files.createDirectories(folder.resolve("left-" + caseSeed));
    if (caseSeed % 4 == 0) {
      refused(run, left, READ_ONLY, 0);
      readOnly++;
    } else {
      full += refused(run, left, LIMITED, 4 + random.nextLong(size)) ? 1 : 0;
    }
    TinyRun again = new TinyRun(config(), left);
    again.finish(again.start());
    again.requireSame(Objects.requireNonNull(expected));
    remove(run.place());
    remove(left);
  }

  /** Whether it was, and if so by name. */
  private static boolean refused(TinyRun run, Path left, String script, long kilobytes)
      throws IOException, InterruptedException, BrokenPromise {
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script));
    command.addAll(List.of(run.place().toString(), left.toString(), String.valueOf(kilobytes)));
    command.addAll(run.command());
    Path log = Path.of(left + ".log");
    int status = MaltProgram.finish(MaltProgram.start(log, command), log);
    String said = Files.readString(log);
    Files.delete(log);
    boolean named =
        status == 1
            && said.lines().anyMatch(line -> line.startsWith("error: ") && line.contains("at-"))
            && !said.contains("unexpected failure");
    if (status != 0 && !named) {
      throw new BrokenPromise(
          "with room for %d KB: status %d, %s"
              .formatted(kilobytes, status, said.strip().replaceAll("\\s+", " ")));
    }
    return status != 0;
  }

  @Override
  String figure() {
    return "%d times out of room, %d times read-only".formatted(full, readOnly);
  }
}
