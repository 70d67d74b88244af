package malt.bench.campaign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.MaltException;

/**
 * A process that reads changed inputs: for each line with a seed on its standard input a line on
 * its standard output, which begins with {@code read}, {@code refused} or {@code broken}, then has
 * the reader's name, then what was said. The input at hand stands in the file {@code input}.
 */
final class ReaderProcess {
  /** What marks a line of answer among whatever else is printed. */
  static final String MARK = "::";

  private static final int MOST_SAID = 4_000; // characters of an error

  private ReaderProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    try (FileReaders files = new FileReaders(folder);
        RequestReader requests = new RequestReader();
        AnswerReader answers = new AnswerReader();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      List<Reader> readers = new ArrayList<>(files.all());
      readers.addAll(requests.all());
      readers.addAll(answers.all());
      for (Reader reader : readers) {
        requireSound(reader);
      }
      say("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        long seed = Long.parseLong(line);
        Reader reader = readers.get((int) Math.floorMod(seed, (long) readers.size()));
        byte[] input = new Mutator(seed).next(reader.seeds());
        Files.write(folder.resolve("input"), input);
        say(outcome(reader, input));
      }
    }
  }

  /** What is sound must be read, or refusing it after a change would mean nothing. */
  private static void requireSound(Reader reader) {
    String outcome = outcome(reader, reader.seeds().get(0));
    if (!outcome.startsWith("read")) {
      throw new IllegalStateException(outcome);
    }
  }

  private static String outcome(Reader reader, byte[] input) {
    try {
      reader.attempt().read(input);
      return told("read", reader, "");
    } catch (MaltException e) {
      String message = String.valueOf(e.getMessage());
      boolean named = message.contains(reader.named()) && message.length() <= MOST_SAID;
      return told(named ? "refused" : "broken", reader, message);
    } catch (BrokenPromise e) {
      return told("broken", reader, String.valueOf(e.getMessage()));
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      StackTraceElement[] where = e.getStackTrace();
      return told("broken", reader, e + (where.length == 0 ? "" : " at " + where[0]));
    }
  }

  private static String told(String outcome, Reader reader, String what) {
    String line = what.replaceAll("\\s+", " ");
    return "%s\t%s\t%s"
        .formatted(outcome, reader.name(), line.substring(0, Math.min(MOST_SAID, line.length())));
  }

  private static void say(String line) {
    System.out.println(MARK + line);
    System.out.flush();
  }
}
