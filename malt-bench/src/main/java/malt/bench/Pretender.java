package malt.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import malt.Seeds;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.Manifest;
import malt.experiment.RunDirectory;
import malt.experiment.Samplers;
import malt.experiment.Stages;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.SamplingRequest;
import malt.problem.Benchmark;
import malt.problem.Problem;

/**
 * A model that makes its words up, in no time: filler and, with two chances in three, the right
 * answer.
 *
 * @param tokens of a completion
 * @param vocabulary ids are below it
 */
record Pretender(int tokens, int vocabulary) implements LanguageModel {
  private static final int PROMPT_TOKENS = 600; // question, answer and critique with their words

  /** Questions that it knows the answer of. */
  static List<Problem> problems(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Problem("q" + i, "How many are " + i + " and 1? ".repeat(10), "" + i))
        .toList();
  }

  /** Work on a run by the paper's preset for GSM8K, with this model and other questions. */
  static void experiment(
      Path root, Benchmark benchmark, int tokens, Consumer<MaltExperiment> work) {
    Path home = Path.of(System.getProperty("malt.home", "."));
    ExperimentConfig config =
        ExperimentConfig.read(home.resolve("configs/gsm8k-llama-3.1-8b.yaml"), List.of());
    try (RunDirectory run = RunDirectory.open(root, config)) {
      run.begin(new Manifest("scale", "", "", "", "", "", ""));
      work.accept(
          new MaltExperiment(
              config,
              run,
              benchmark,
              Samplers.of(new Pretender(tokens, 1 << 16)),
              (jobs, listener) -> {
                throw new IllegalStateException("nothing is trained");
              },
              Stages.silent(),
              Clock.systemUTC()));
    }
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests) {
    return requests.stream().map(this::answers).toList();
  }

  private List<Completion> answers(SamplingRequest request) {
    String question = request.prompt().messages().toString();
    int at = question.indexOf("How many are ") + "How many are ".length();
    String right = question.substring(at, question.indexOf(' ', at));
    List<Completion> answers = new ArrayList<>();
    for (long seed : request.seeds()) {
      answers.add(completion(right, request.adapter(), seed));
    }
    return answers;
  }

  Completion completion(String right, AdapterRef adapter, long seed) {
    StringBuilder text = new StringBuilder();
    int[] ids = new int[tokens];
    float[] logProbs = new float[tokens];
    for (int i = 0; i < tokens; i++) {
      long word = Seeds.mix(seed + i);
      ids[i] = (int) ((word >>> 48) % vocabulary);
      logProbs[i] = -(word & 0xFF) / 256f;
      text.append("w").append(word & 0xFFF).append(' ');
    }
    text.append("#### ").append(seed % 3 == 0 ? "-1" : right);
    int[] promptIds = IntStream.range(0, PROMPT_TOKENS).map(i -> i % vocabulary).toArray();
    return new Completion(
        text.toString(), promptIds, ids, logProbs, FinishReason.STOP, adapter, seed);
  }
}
