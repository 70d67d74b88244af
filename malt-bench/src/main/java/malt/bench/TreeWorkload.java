package malt.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;

/**
 * A question's tree with fixed lengths, so that any two programs do the same work. A stage's prompt
 * is its head, the question, the completions on the path from the root, and its tail; heads and
 * tails are the same for all questions. Ids are drawn at random; completions do not end early.
 *
 * @param firstId least id drawn
 * @param lastId largest id drawn
 */
record TreeWorkload(
    @JsonProperty("question_tokens") int questionTokens,
    @JsonProperty("first_id") int firstId,
    @JsonProperty("last_id") int lastId,
    double temperature,
    List<Stage> stages) {
  private static final String RESOURCE = "tree-workload.json";

  /**
   * A level of the tree.
   *
   * @param samples completions of each prompt
   * @param newTokens of each completion
   */
  record Stage(
      String name,
      @JsonProperty("head_tokens") int headTokens,
      @JsonProperty("tail_tokens") int tailTokens,
      int samples,
      @JsonProperty("new_tokens") int newTokens) {}

  TreeWorkload {
    stages = List.copyOf(stages);
  }

  /** The one that ships with the benchmarks: three completions of each prompt at three levels. */
  static TreeWorkload standard() throws IOException {
    try (InputStream in = TreeWorkload.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the resource %s is not on the class path".formatted(RESOURCE));
      }
      return new ObjectMapper().readValue(in, TreeWorkload.class);
    }
  }

  static TreeWorkload read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new ObjectMapper().readValue(in, TreeWorkload.class);
    }
  }

  /** Writes it for programs in other languages. */
  void write(Path file) throws IOException {
    new ObjectMapper().writeValue(file.toFile(), this);
  }

  /**
   * The same stages with other numbers of completions of a prompt.
   *
   * @param samples by level
   */
  TreeWorkload branching(List<Integer> samples) {
    if (samples.size() != stages.size()) {
      throw new ConfigException(
          "branching %s has %d levels, the workload %d"
              .formatted(samples, samples.size(), stages.size()));
    }
    List<Stage> changed = new ArrayList<>();
    for (int level = 0; level < samples.size(); level++) {
      Stage s = stages.get(level);
      changed.add(
          new Stage(s.name(), s.headTokens(), s.tailTokens(), samples.get(level), s.newTokens()));
    }
    return new TreeWorkload(questionTokens, firstId, lastId, temperature, changed);
  }

  /** Completions of the last level, by question. */
  int leaves() {
    return stages.stream().mapToInt(Stage::samples).reduce(1, Math::multiplyExact);
  }
}
