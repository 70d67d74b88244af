package malt.torch.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.torch.adapter.FreshAdapter;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.training.PlannedStep;
import malt.torch.training.TokenSequence;
import malt.training.TrainingJob;

/**
 * All that a program is given for a job, and all that it leaves, beside the job's output until that
 * is there. Another job's directory is refused.
 */
record JobDirectory(Path root, Path start) {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** The job as a file. */
  Path job() {
    return root.resolve("job.json");
  }

  private Path rows() {
    return root.resolve("rows.jsonl");
  }

  /** Where the program writes the adapter; complete or absent. */
  Path adapter() {
    return root.resolve("adapter");
  }

  /** A line for each step. */
  Path metrics() {
    return root.resolve("metrics.jsonl");
  }

  /** All that the program prints. */
  Path log() {
    return root.resolve("log.txt");
  }

  /**
   * Writes what the program is given, or finds it there.
   *
   * @throws ConfigException if an unfinished job of another kind is in the way
   */
  static JobDirectory prepare(
      TrainingJob job,
      List<List<TokenSequence>> rows,
      List<PlannedStep> steps,
      TrainerProgram program,
      LoraBase base) {
    Path output = job.output().toAbsolutePath();
    Path root = output.resolveSibling(output.getFileName() + ".training");
    Path given = job.start().directory();
    JobDirectory directory =
        new JobDirectory(root, given == null ? root.resolve("start") : given.toAbsolutePath());
    Map<String, Object> content = content(job, steps, program);
    content.put("key", directory.claim(base, content, job, rows));
    content.putAll(directory.places(program));
    if (given == null) {
      try (LoraAdapter fresh = FreshAdapter.of(base, job.lora(), job.seed())) {
        PeftAdapter.write(directory.start(), fresh, base);
      }
    }
    AtomicFiles.write(
        directory.rows(),
        out -> {
          for (List<TokenSequence> row : rows) {
            out.write(line(job, row));
          }
        });
    AtomicFiles.write(directory.job(), json(content) + "\n");
    return directory;
  }

  /** What the adapter depends on, besides the files. */
  private static Map<String, Object> content(
      TrainingJob job, List<PlannedStep> steps, TrainerProgram program) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("version", VERSION);
    content.put("name", job.name());
    content.put("method", job.method().label());
    content.put("settings", job.method());
    content.put("lora", job.lora());
    content.put("seed", job.seed());
    content.put("steps", steps);
    content.put("dtype", program.dtype().toString());
    return content;
  }

  /** What another machine, or another place, would change. */
  private Map<String, Object> places(TrainerProgram program) {
    Map<String, Object> places = new LinkedHashMap<>();
    places.put("base", program.base().toAbsolutePath().toString());
    places.put("start", start.toString());
    places.put("rows", rows().toString());
    places.put("checkpoint", root.resolve("checkpoint").toString());
    places.put("metrics", metrics().toString());
    places.put("adapter", adapter().toString());
    places.put("batch_tokens", program.batchTokens());
    places.put("recompute_activations", program.recomputeActivations());
    return places;
  }

  private static String line(TrainingJob job, List<TokenSequence> row) {
    Map<String, Object> json = new LinkedHashMap<>();
    TokenSequence first = row.get(0);
    json.put("prompt_ids", first.prompt());
    job.method()
        .match(
            sft -> json.put("completion_ids", first.completion()),
            dpo -> {
              json.put("chosen_ids", first.completion());
              return json.put("rejected_ids", row.get(1).completion());
            },
            ppo -> {
              json.put("completion_ids", first.completion());
              json.put("completion_log_probs", first.asSampled().logProbs());
              return json.put("advantage", first.asSampled().advantage());
            });
    return json(json) + "\n";
  }

  /** The key of a job's content, if this directory is free for it or its own. */
  private String claim(
      LoraBase base, Map<String, Object> content, TrainingJob job, List<List<TokenSequence>> rows) {
    Digest digest = new Digest();
    digest.add(base.fingerprint());
    digest.add(json(content));
    rows.forEach(row -> digest.add(line(job, row)));
    if (!job.start().isBase()) {
      digest.addFiles(start);
    }
    String key = digest.hex();
    try {
      if (Files.exists(job()) && !JSON.readTree(job().toFile()).path("key").asText().equals(key)) {
        throw new ConfigException(
            "%s is of a training with other data, settings or base; go on with those, or remove it to begin anew"
                .formatted(root));
      }
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(job(), e), e);
    }
    return key;
  }

  /** Once the job is over. */
  void remove() {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new MaltException("cannot remove %s: %s".formatted(root, e), e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // names, numbers and lists of them always can be written
    }
  }

  /** SHA-256 of texts and files, one after the other. */
  private static final class Digest {
    private final MessageDigest digest;

    Digest() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    void add(String text) {
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }

    void addFiles(Path directory) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.sorted().toList()) {
          digest.update(Files.readAllBytes(file));
        }
      } catch (IOException e) {
        throw new MaltException("cannot read the adapter %s: %s".formatted(directory, e), e);
      }
    }

    String hex() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
