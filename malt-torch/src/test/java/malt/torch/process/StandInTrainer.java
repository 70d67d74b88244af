package malt.torch.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A program that keeps to docs/trainers.md and learns nothing: the adapter it leaves is the start
 * with noise that method, seed, rows and steps decide. Words before the job's path make it fail.
 */
final class StandInTrainer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> words;
  private final JsonNode job;

  private StandInTrainer(List<String> words, JsonNode job) {
    this.words = words;
    this.job = job;
  }

  /** What runs it in a process of its own. */
  static List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(StandInTrainer.class.getName());
    command.addAll(List.of(words));
    return command;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args[0].equals("sleep")) {
      Thread.sleep(600_000);
    }
    Thread parent = new Thread(StandInTrainer::endWithParent, "parent");
    parent.setDaemon(true);
    parent.start();
    List<String> words = List.of(args).subList(0, args.length - 1);
    JsonNode job = JSON.readTree(Path.of(args[args.length - 1]).toFile());
    new StandInTrainer(words, job).run();
  }

  private static void endWithParent() {
    try {
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // it has ended, too
    }
    Runtime.getRuntime().halt(9);
  }

  private Path path(String key) {
    return Path.of(job.get(key).asText());
  }

  private boolean told(String word) {
    return words.contains(word);
  }

  private void run() throws IOException, InterruptedException {
    Path checkpoint = Files.createDirectories(path("checkpoint")).resolve("steps");
    int done = Files.exists(checkpoint) ? Integer.parseInt(Files.readString(checkpoint)) : 0;
    System.out.println("goes on after step " + done);
    if (told("with-child")) {
      Process child = new ProcessBuilder(command("sleep")).start();
      Files.writeString(path("checkpoint").resolveSibling("child"), "" + child.pid());
    }
    List<String> rows = Files.readAllLines(path("rows"));
    int steps = job.get("steps").size();
    for (int step = done + 1; step <= steps; step++) {
      step(rows, step, steps);
      if (told("stops") && done == 0 && step == 2) {
        Files.writeString(checkpoint, "1"); // the second step is not in it
        System.err.println("out of luck");
        System.exit(3);
      }
    }
    if (!told("leaves-nothing")) {
      leave(rows);
    }
  }

  private void step(List<String> rows, int step, int steps)
      throws IOException, InterruptedException {
    Thread.sleep(1);
    int tokens = 0;
    for (JsonNode row : job.get("steps").get(step - 1).get("rows")) {
      JsonNode ids = JSON.readTree(rows.get(row.asInt()));
      tokens += ids.path("completion_ids").size();
      tokens += ids.path("chosen_ids").size() + ids.path("rejected_ids").size();
    }
    String line =
        "{\"step\": %d, \"steps\": %d, \"tokens\": %d, \"loss\": %s, \"learning_rate\": %s}%n"
            .formatted(
                step,
                steps,
                tokens,
                told("diverges") && step == 2 ? "NaN" : "" + 1.0 / step,
                job.get("steps").get(step - 1).get("learning_rate"));
    Files.writeString(path("metrics"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void leave(List<String> rows) throws IOException {
    Path part = path("adapter").resolveSibling("adapter.part");
    Files.createDirectories(part);
    String config = Files.readString(path("start").resolve("adapter_config.json"));
    if (told("other-scale")) {
      config = config.replaceAll("\"lora_alpha\" : [0-9.]+", "\"lora_alpha\" : 77.0");
    }
    Files.writeString(part.resolve("adapter_config.json"), config);
    Path weights = path("start").resolve("adapter_model.safetensors");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
    int first = Math.toIntExact(8 + bytes.getLong(0));
    SplittableRandom noise =
        new SplittableRandom(
            Objects.hash(job.get("method"), job.get("seed").asLong(), rows, job.get("steps")));
    for (int at = first; at < bytes.limit(); at += Float.BYTES) {
      bytes.putFloat(at, bytes.getFloat(at) + (float) noise.nextDouble() / 100);
    }
    if (told("overflows")) {
      bytes.putFloat(first, Float.POSITIVE_INFINITY);
    }
    int length = told("cuts-off") ? bytes.limit() - 4 : bytes.limit();
    Path file = part.resolve("adapter_model.safetensors");
    Files.write(file, java.util.Arrays.copyOf(bytes.array(), length));
    Files.move(part, path("adapter"), StandardCopyOption.ATOMIC_MOVE);
  }
}
