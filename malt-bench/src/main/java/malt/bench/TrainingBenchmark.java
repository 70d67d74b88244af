package malt.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import malt.agent.AgentRole;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.training.InitialWeights;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingMemory;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;

/**
 * Tokens a second of SFT and DPO on one thread, by micro-batch size: on a random model of the
 * embedded one's shape, or on the model directory given. A token is an id of a prompt or completion
 * that goes through forward and backward; DPO's two sides both count, its reference pass does not.
 */
public final class TrainingBenchmark {
  private static final ModelConfig NANO =
      new ModelConfig(
          List.of(ModelConfig.LLAMA), 335, 96, 256, 3, 4, 2, 24, 1e-5, 10000, 512, true);
  private static final LoraSettings LORA =
      new LoraSettings(
          16,
          32,
          false,
          List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(1e-4, 0.9, 0.98, 0, 0.05, 0.1, 1, 16, 1);
  private static final Prompt NO_TEXT = new Prompt(List.of()); // training reads ids only
  private static final int EXAMPLES = 96;

  private TrainingBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    LibTorch.setThreads(1);
    Path work = Files.createTempDirectory("training-benchmark");
    try (CausalLm model =
        arguments.length == 0
            ? CausalLm.of(NANO, Weights.of(InitialWeights.of(NANO, 1, 0.02)))
            : CausalLm.load(Path.of(arguments[0]))) {
      System.out.println(model.config());
      System.out.println("micro-batch tokens, job, tokens/s (wall), tokens/s (thread CPU)");
      LoraBase base = LoraBase.of("benchmark", model.config(), model.weights(), "");
      for (int tokens : new int[] {2048, 512, 2048, 8192}) { // the first warms up
        LoraTrainer trainer = new LoraTrainer(model, base, new TrainingMemory(tokens, false));
        measure(tokens, trainer, sft(model, work.resolve("sft")));
        measure(tokens, trainer, dpo(model, work.resolve("sft"), work.resolve("dpo")));
      }
    }
  }

  private static void measure(int microBatch, LoraTrainer trainer, TrainingJob job) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] begin = {System.nanoTime(), threads.getCurrentThreadCpuTime()};
    trainer.train(
        job,
        step -> {
          if (step.step() == 1) { // leaves out the reference pass
            begin[0] = System.nanoTime();
            begin[1] = threads.getCurrentThreadCpuTime();
          }
        });
    double wall = (System.nanoTime() - begin[0]) / 1e9;
    double cpu = (threads.getCurrentThreadCpuTime() - begin[1]) / 1e9;
    double tokens = tokens(job) * (1 - (double) OPTIMIZER.batchSize() / EXAMPLES);
    System.out.printf("%5d %s %8.0f %8.0f%n", microBatch, job.name(), tokens / wall, tokens / cpu);
  }

  private static long tokens(TrainingJob job) {
    List<Completion> all = new ArrayList<>();
    if (job instanceof TrainingJob.SftJob sft) {
      sft.examples().forEach(example -> all.add(example.completion()));
    } else if (job instanceof TrainingJob.DpoJob dpo) {
      dpo.pairs().forEach(pair -> all.addAll(List.of(pair.chosen(), pair.rejected())));
    }
    return all.stream().mapToLong(c -> c.promptIds().length + c.ids().length).sum();
  }

  private static TrainingJob sft(CausalLm model, Path output) {
    SplittableRandom random = new SplittableRandom(1);
    List<SftExample> examples = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      Completion completion = completion(model, random, prompt(model, random));
      examples.add(new SftExample(AgentRole.VERIFIER, "p" + i, NO_TEXT, completion, 1));
    }
    return new TrainingJob.SftJob("sft", examples, LORA, new SftSettings(OPTIMIZER), 1, output);
  }

  private static TrainingJob dpo(CausalLm model, Path reference, Path output) {
    SplittableRandom random = new SplittableRandom(2);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      int[] prompt = prompt(model, random);
      pairs.add(
          new PreferencePair(
              AgentRole.VERIFIER,
              "p" + i,
              NO_TEXT,
              completion(model, random, prompt),
              completion(model, random, prompt),
              1,
              0));
    }
    return new TrainingJob.DpoJob(
        "dpo",
        pairs,
        new AdapterRef("sft", reference),
        LORA,
        new DpoSettings(OPTIMIZER, 0.2, 0, false),
        1,
        output);
  }

  private static int[] prompt(CausalLm model, SplittableRandom random) {
    return ids(model, random, random.nextInt(60, 160));
  }

  private static Completion completion(CausalLm model, SplittableRandom random, int[] prompt) {
    int[] ids = ids(model, random, random.nextInt(20, 60));
    return new Completion(
        "", prompt, ids, new float[ids.length], FinishReason.STOP, AdapterRef.BASE, 0);
  }

  private static int[] ids(CausalLm model, SplittableRandom random, int count) {
    return random.ints(count, 0, model.config().vocabularySize()).toArray();
  }
}
