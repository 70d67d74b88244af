package malt.app.progress;

import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import malt.Numbers;

/**
 * The progress of one stage: a line redrawn in place on a terminal, otherwise a plain line at most
 * every ten seconds. When closed it leaves a summary:
 *
 * <pre>collect joint  700/700 trees  1.1M tokens  41k tok/s  38s</pre>
 *
 * Rates and the time left leave out what was already done when the stage started. Thread-safe;
 * never throws because of what it is told.
 */
public final class ProgressBar implements AutoCloseable {
  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 24;
  private static final long NANOS = 1_000_000_000L;
  private static final long REDRAW_NANOS = NANOS / 10;
  private static final long PLAIN_NANOS = 10 * NANOS;

  private final Terminal terminal;
  private final LongSupplier clock;
  private final String stage;
  private final String unit;
  private final long total;
  private final long before;
  private final long started;
  private String note = "";
  private long tokens;
  private long done;
  private long drawn;
  private boolean closed;

  /**
   * Starts a stage.
   *
   * @param stage shown first: "collect joint"
   * @param unit of {@code total}: "trees", "steps", "questions"
   * @param total units at the end; 0 where it is not known
   * @param before units that an earlier run already did
   */
  public static ProgressBar start(
      Terminal terminal, String stage, String unit, long total, long before) {
    return new ProgressBar(terminal, System::nanoTime, stage, unit, total, before);
  }

  ProgressBar(
      Terminal terminal, LongSupplier clock, String stage, String unit, long total, long before) {
    this.terminal = terminal;
    this.clock = clock;
    this.stage = stage;
    this.unit = unit;
    this.total = total;
    this.before = before;
    this.done = before;
    this.started = clock.getAsLong();
    this.drawn = started;
    if (terminal.interactive()) {
      draw();
    }
  }

  /** Units done since the last call. */
  public void advance(long units) {
    advance(units, 0);
  }

  /** The same, of which tokens were sampled or trained on; their rate is shown. */
  public synchronized void advance(long units, long more) {
    done += units;
    tokens += more;
    drawIfDue();
  }

  /** Text shown at the end of the line from the next advance on: "loss 0.412". */
  public synchronized void note(String text) {
    note = text;
  }

  /** Ends the stage and leaves its summary on a line of its own. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    String summary = join(stage, progress(), sampled(), rate(), note, elapsed());
    terminal.out().println(terminal.interactive() ? "\r" + summary + "\u001b[K" : summary);
    terminal.out().flush();
  }

  private void drawIfDue() {
    long interval = terminal.interactive() ? REDRAW_NANOS : PLAIN_NANOS;
    if (!closed && clock.getAsLong() - drawn >= interval) {
      draw();
    }
  }

  private void draw() {
    drawn = clock.getAsLong();
    String left = left();
    if (terminal.interactive()) {
      int columns = terminal.columns() - 1; // the last column would wrap on some terminals
      String text = join(progress(), sampled(), rate(), left, note);
      String line = withBar(stage, share(), text, columns);
      terminal.out().print("\r" + line + "\u001b[K");
    } else {
      String line = join(stage, progress(), sampled(), rate(), note, elapsed(), left);
      terminal.out().println(line);
    }
    terminal.out().flush();
  }

  private double share() {
    return total <= 0 ? 0 : Math.min(1, Math.max(0, (double) done / total));
  }

  private String progress() {
    String units = Numbers.grouped(done);
    return (total > 0 ? units + "/" + Numbers.grouped(total) : units) + " " + unit;
  }

  /** Their rate follows. */
  private String sampled() {
    return tokens > 0 ? Numbers.rounded(tokens) + " tokens" : "";
  }

  private String rate() {
    double seconds = seconds();
    return tokens == 0 || seconds <= 0
        ? ""
        : Numbers.rounded(Math.round(tokens / seconds)) + " tok/s";
  }

  private String elapsed() {
    return Numbers.duration(seconds());
  }

  private String left() {
    long since = done - before;
    return since <= 0 || total <= done
        ? ""
        : "eta " + Numbers.duration(seconds() * (total - done) / since);
  }

  private double seconds() {
    return (double) (clock.getAsLong() - started) / NANOS;
  }

  /** The parts that are not empty, two spaces between them. */
  private static String join(String... parts) {
    return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("  "));
  }

  /** Stage, bar and text in at most {@code columns} columns; the bar gives way first. */
  private static String withBar(String stage, double share, String text, int columns) {
    int room = columns - stage.length() - text.length() - 4;
    String line =
        room < SHORTEST_BAR
            ? join(stage, text)
            : join(stage, bar(share, Math.min(room, LONGEST_BAR)), text);
    return line.length() <= columns ? line : line.substring(0, Math.max(0, columns));
  }

  private static String bar(double share, int width) {
    int full = (int) Math.floor(share * width);
    return "━".repeat(full) + "╌".repeat(width - full);
  }
}
