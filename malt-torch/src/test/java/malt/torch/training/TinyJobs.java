package malt.torch.training;

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
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;

/** Jobs over random ids below 50, for the tiny model. */
final class TinyJobs {
  static final LoraSettings LORA =
      new LoraSettings(
          4,
          8,
          false,
          List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));

  private TinyJobs() {}

  static OptimizerSettings optimizer(double learningRate, int batchSize, int epochs) {
    return new OptimizerSettings(learningRate, 0.9, 0.98, 0, 0.1, 0.1, 1, batchSize, epochs);
  }

  static Completion completion(int[] prompt, int... ids) {
    return new Completion(
        "", prompt, ids, new float[ids.length], FinishReason.STOP, AdapterRef.BASE, 0);
  }

  private static int[] ids(SplittableRandom random, int count) {
    return random.ints(count, 0, 50).toArray();
  }

  static final Prompt PROMPT = new Prompt(List.of());

  /** Prompts of 2 to 9 ids, completions of 1 to 7. */
  static List<SftExample> examples(int count) {
    SplittableRandom random = new SplittableRandom(11);
    List<SftExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Completion completion =
          completion(ids(random, random.nextInt(2, 10)), ids(random, random.nextInt(1, 8)));
      examples.add(new SftExample(AgentRole.VERIFIER, "p" + i, PROMPT, completion, 1));
    }
    return examples;
  }

  static List<PreferencePair> pairs(int count) {
    SplittableRandom random = new SplittableRandom(12);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = ids(random, random.nextInt(2, 10));
      Completion chosen = completion(prompt, ids(random, random.nextInt(1, 8)));
      Completion rejected = completion(prompt, ids(random, random.nextInt(1, 8)));
      pairs.add(new PreferencePair(AgentRole.VERIFIER, "p" + i, PROMPT, chosen, rejected, 1, 0));
    }
    return pairs;
  }

  static TrainingJob.SftJob sft(int examples, OptimizerSettings optimizer, Path output) {
    return new TrainingJob.SftJob(
        "verifier/sft", examples(examples), LORA, new SftSettings(optimizer), 5, output);
  }

  static TrainingJob.DpoJob dpo(
      int pairs, OptimizerSettings optimizer, Path reference, Path output) {
    return new TrainingJob.DpoJob(
        "verifier/dpo",
        pairs(pairs),
        new AdapterRef("verifier/sft", reference),
        LORA,
        new DpoSettings(optimizer, 0.2, 0, false),
        6,
        output);
  }
}
