package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import malt.MaltException;
import malt.Seeds;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.training.InitialWeights;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingData;
import malt.torch.training.TrainingResources;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Variant;
import malt.torch.weights.Weights;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;

/**
 * The first steps of SFT on a set as large as the refiner's of all of GSM8K without a cap, over a
 * base that is too small to matter: what the set itself costs. Arguments: examples (170000), tokens
 * a completion (300), steps (10).
 */
public final class TrainAtScale {
  private static final ModelConfig MODEL =
      new ModelConfig(
          List.of(ModelConfig.LLAMA),
          335,
          16,
          32,
          1,
          2,
          1,
          8,
          1e-5,
          10000,
          4096,
          true,
          Variant.LLAMA);
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(1e-4, 0.9, 0.999, 0, 0.05, 0.1, 1, 32, 1);

  private TrainAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int examples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 170_000;
    int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
    int steps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
    LibTorch.setThreads(1);
    Path work = Files.createTempDirectory("train-at-scale");
    Path set = work.resolve("sft.jsonl");
    DatasetFiles.writeExamples(set, examples(examples, new Pretender(tokens, 335)));
    HeapWatch heap = HeapWatch.start();
    long start = System.nanoTime();
    try (CausalLm model = CausalLm.of(MODEL, Weights.of(InitialWeights.of(MODEL, 1, 0.02)))) {
      LoraBase base = LoraBase.of("scale", model.config(), model.weights(), "");
      TrainingJob job =
          new TrainingJob(
              "sft",
              new SftSettings(OPTIMIZER),
              set,
              AdapterRef.BASE,
              new LoraSettings(4, 8, false, List.of("q_proj")),
              1,
              work.resolve("adapter"));
      FirstSteps first = new FirstSteps(steps, start);
      try {
        new LoraTrainer(model, base, TrainingData::sets, new TrainingResources(8192, false), 1)
            .train(List.of(job), first);
      } catch (MaltException e) {
        if (first.taken < steps) {
          throw e;
        }
      }
      System.out.printf(
          "%,d examples of %,d MB: read once in %.0f s, %d of %d steps by %.0f s, largest heap in"
              + " use after a collection %,d MB%n",
          examples,
          Files.size(set) >> 20,
          first.read,
          first.taken,
          first.all,
          (System.nanoTime() - start) / 1e9,
          heap.megabytes());
    }
  }

  /** Stops the training after so many steps. */
  private static final class FirstSteps implements TrainingListener {
    private final int wanted;
    private final long start;
    private double read; // seconds until all data was
    private long all;
    private int taken;

    FirstSteps(int wanted, long start) {
      this.wanted = wanted;
      this.start = start;
    }

    @Override
    public void started(long steps) {
      read = (System.nanoTime() - start) / 1e9;
      all = steps;
    }

    @Override
    public void step(TrainingJob job, TrainingStep step) {
      if (++taken == wanted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Made when they are asked for. */
  private static List<SftExample> examples(int count, Pretender refiner) {
    Prompt prompt = new Prompt(List.of(Message.of(Message.Role.USER, "word ".repeat(600))));
    return new AbstractList<>() {
      @Override
      public int size() {
        return count;
      }

      @Override
      public SftExample get(int i) {
        return new SftExample(
            AgentRole.REFINER,
            "q" + i,
            prompt,
            refiner.completion("" + i, AdapterRef.BASE, Seeds.of(i)),
            1);
      }
    };
  }
}
