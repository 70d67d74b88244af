package malt.torch.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import malt.Interruption;
import malt.MalformedDataException;
import malt.MaltException;
import malt.training.TrainingStep;

/**
 * A file that a program adds a line to for each step it took. A program that goes on from a
 * checkpoint repeats the steps since then, so a line takes the place of those from its step on.
 * What earlier attempts left is told when this one has shown where it goes on.
 */
final class MetricsFile {
  private final Path file;
  private final int expected;
  private final Consumer<TrainingStep> listener;
  private final List<TrainingStep> steps = new ArrayList<>();
  private long offset;
  private int lines;
  private int told;

  /**
   * @param expected steps of the job
   * @param listener is told each step once, in order
   */
  MetricsFile(Path file, int expected, Consumer<TrainingStep> listener) {
    this.file = file;
    this.expected = expected;
    this.listener = listener;
    take();
  }

  /** Tells what was added. */
  void read() {
    if (take()) {
      tell();
    }
  }

  /**
   * Tells the rest.
   *
   * @throws MalformedDataException if steps are missing
   */
  void end() {
    if (steps.size() < expected) {
      throw new MalformedDataException(
          "%s: the trainer ended well after %d of %d steps; remove %s to begin anew"
              .formatted(file, steps.size(), expected, file.getParent()));
    }
    tell();
  }

  private void tell() {
    while (told < steps.size()) {
      Interruption.check("training");
      listener.accept(steps.get(told++));
    }
  }

  /** Reads lines that are whole by now; false where there are none. */
  private boolean take() {
    if (!Files.exists(file)) {
      return false;
    }
    String added = "";
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(in.length() - offset)];
      in.seek(offset);
      in.readFully(bytes);
      added = new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(file, e), e);
    }
    String whole = added.substring(0, added.lastIndexOf('\n') + 1);
    offset += whole.getBytes(StandardCharsets.UTF_8).length;
    whole.lines().forEach(this::add);
    return !whole.isEmpty();
  }

  private void add(String line) {
    String where = file + ":" + ++lines;
    TrainingStep step = TrainingStep.parse(where, line);
    if (step.steps() != expected) {
      throw new MalformedDataException(
          "%s: steps is %d; the job has %d".formatted(where, step.steps(), expected));
    }
    if (step.step() <= told || step.step() > steps.size() + 1) {
      throw new MalformedDataException(
          "%s: step is %d, after step %d".formatted(where, step.step(), steps.size()));
    }
    steps.subList(step.step() - 1, steps.size()).clear();
    steps.add(step);
  }
}
