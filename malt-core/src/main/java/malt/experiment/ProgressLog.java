package malt.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import malt.MaltException;
import malt.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is, told to another {@link Stages} and written to progress.jsonl as well, for
 * whoever watches the run from its directory. Every attempt at a run appends to the same file.
 *
 * <p>A stage writes a line at most every second, and the longer it takes the fewer: no more than a
 * thousand or so for each tenfold of its time.
 */
public final class ProgressLog implements Stages, AutoCloseable {
  private static final Duration OFTEN = Duration.ofSeconds(1);
  private static final int SHARE = 500; // of a stage's time so far, between two lines

  private final Stages told;
  private final Clock clock;
  private final List<Line> waiting = new ArrayList<>();
  private @Nullable Path file;
  private @Nullable Writer out;

  /** What a line tells. */
  public enum Kind {
    /** A process took up the run. */
    BEGAN,
    /** A stage is so far; the first such line of it begins it. */
    STAGE,
    /** A stage is over. */
    STAGE_OVER,
    /** Something went otherwise than hoped. */
    WARNING,
    /** The process leaves the run, done or stopped. */
    LEFT
  }

  /**
   * One line.
   *
   * @param at when, in ISO 8601
   * @param job of the stage's {@link Task}; empty in other lines, which have 0 as seed and no round
   * @param name of the stage, or the warning's sentence
   * @param unit of {@code done} and {@code total}
   * @param total 0 where it is not known
   * @param tokens sampled or trained on by the stage so far
   */
  public record Line(
      String at,
      String kind,
      String job,
      long seed,
      String round,
      String name,
      String unit,
      long done,
      long total,
      long tokens) {
    /** Whether it is of this kind. */
    public boolean is(Kind wanted) {
      return kind.equals(label(wanted));
    }
  }

  private ProgressLog(Stages told, Clock clock) {
    this.told = told;
    this.clock = clock;
  }

  /**
   * One that keeps what it is told in memory until it is given its file.
   *
   * @param told is told everything, too
   */
  static ProgressLog telling(Stages told, Clock clock) {
    ProgressLog log = new ProgressLog(told, clock);
    log.write(Kind.BEGAN, "");
    return log;
  }

  /** The same with the clock of this machine. */
  public static ProgressLog telling(Stages told) {
    return telling(told, Clock.systemUTC());
  }

  /**
   * Begins to write.
   *
   * @throws MaltException if the file cannot be written
   */
  public synchronized void into(Path target) {
    try {
      file = target;
      cutTorn(target);
      out = TextFiles.writer(target, true);
    } catch (IOException e) {
      throw failed(target, e);
    }
    List<Line> lines = List.copyOf(waiting);
    waiting.clear();
    lines.forEach(this::append);
  }

  /** What a process that was killed left of its last line. */
  private static void cutTorn(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long end = bytes.length();
      while (end > 0) {
        bytes.seek(end - 1);
        if (bytes.read() == '\n') {
          break;
        }
        end--;
      }
      bytes.setLength(end);
    }
  }

  /**
   * Every line so far; one that is being written is left out.
   *
   * @throws malt.MalformedDataException naming the first that is none
   */
  public static List<Line> read(Path file) {
    String text = TextFiles.read(file);
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      String where = file + ":" + (lines.size() + 1);
      lines.add(RunFiles.parse(where, text.substring(from, end), new TypeReference<>() {}));
      from = end + 1;
    }
    return lines;
  }

  @Override
  public Stage start(Task task, String unit, long total) {
    return new LoggedStage(told.start(task, unit, total), task, unit, total);
  }

  @Override
  public void warn(String sentence) {
    told.warn(sentence);
    write(Kind.WARNING, sentence);
  }

  @Override
  public synchronized void close() {
    write(Kind.LEFT, "");
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** As it is written. */
  public static String label(Enum<?> of) {
    return of.name().toLowerCase(Locale.ROOT);
  }

  private synchronized void write(Kind kind, String sentence) {
    write(new Line(clock.instant().toString(), label(kind), "", 0, "", sentence, "", 0, 0, 0));
  }

  private void write(Line line) {
    if (out == null) {
      waiting.add(line);
    } else {
      append(line);
    }
  }

  private void append(Line line) {
    Writer writer = out;
    if (writer == null) {
      return;
    }
    try {
      writer.write(RunFiles.line(line) + "\n");
      writer.flush();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static MaltException failed(@Nullable Path file, IOException cause) {
    return new MaltException(
        "cannot write %s: %s; check the path and the space left on the disk".formatted(file, cause),
        cause);
  }

  /** A stage whose lines are written when they are due. */
  private final class LoggedStage implements Stage {
    private final Stage shown;
    private final Task task;
    private final String unit;
    private final long total;
    private final Instant started = clock.instant();
    private Instant written = started;
    private long done;
    private long tokens;
    private boolean over;

    LoggedStage(Stage shown, Task task, String unit, long total) {
      this.shown = shown;
      this.task = task;
      this.unit = unit;
      this.total = total;
      write(Kind.STAGE);
    }

    private void write(Kind kind) {
      synchronized (ProgressLog.this) {
        ProgressLog.this.write(
            new Line(
                clock.instant().toString(),
                label(kind),
                label(task.job()),
                task.seed(),
                task.round(),
                task.name(),
                unit,
                done,
                total,
                tokens));
      }
    }

    @Override
    public void advance(long units, long more) {
      shown.advance(units, more);
      synchronized (this) {
        done += units;
        tokens += more;
        Instant now = clock.instant();
        Duration since = Duration.between(written, now);
        Duration due = Duration.between(started, now).dividedBy(SHARE);
        if (since.compareTo(OFTEN) >= 0 && since.compareTo(due) >= 0) {
          written = now;
          write(Kind.STAGE);
        }
      }
    }

    @Override
    public void note(String text) {
      shown.note(text);
    }

    @Override
    public void close() {
      shown.close();
      synchronized (this) {
        if (!over) {
          over = true;
          write(Kind.STAGE_OVER);
        }
      }
    }
  }
}
