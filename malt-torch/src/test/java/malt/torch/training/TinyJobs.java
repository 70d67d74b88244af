package malt.torch.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.PolicyExample;
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

  /** The same as a policy's completions, the chosen ones better; log-probabilities as given. */
  static List<PolicyExample> policy(List<float[]> logProbs) {
    List<PolicyExample> policy = new ArrayList<>();
    List<PreferencePair> pairs = pairs(logProbs.size() / 2);
    for (int i = 0; i < logProbs.size(); i++) {
      PreferencePair pair = pairs.get(i / 2);
      Completion said = i % 2 == 0 ? pair.chosen() : pair.rejected();
      Completion drawn =
          new Completion(
              said.text(),
              said.promptIds(),
              said.ids(),
              logProbs.get(i),
              said.finish(),
              said.adapter(),
              said.seed());
      double value = i % 2 == 0 ? 1 : 0;
      policy.add(
          new PolicyExample(
              AgentRole.VERIFIER, pair.problemId(), PROMPT, drawn, value, value - 0.5));
    }
    return policy;
  }

  /** The ids of {@link #examples}, as a trainer reads them. */
  static SftObjective sft(int count) {
    return new SftObjective(
        examples(count).stream()
            .map(example -> TokenSequence.of(example.completion(), example.problemId()))
            .toList());
  }

  /** The ids of {@link #pairs}, as a trainer reads them. */
  static DpoObjective dpo(int count, DpoSettings settings, List<float[]> reference) {
    return new DpoObjective(
        DpoLoss.of(settings),
        pairs(count).stream().map(p -> TokenSequence.of(p.chosen(), p.problemId())).toList(),
        pairs(count).stream().map(p -> TokenSequence.of(p.rejected(), p.problemId())).toList(),
        reference);
  }

  /** An SFT of the base, with its data beside the output. */
  static TrainingJob sft(int examples, OptimizerSettings optimizer, Path output) {
    Path data = output.resolveSibling("sft-%d.jsonl".formatted(examples));
    DatasetFiles.writeExamples(data, examples(examples));
    return new TrainingJob(
        "verifier/sft", new SftSettings(optimizer), data, AdapterRef.BASE, LORA, 5, output);
  }

  /** A DPO of the reference, with its data beside the output. */
  static TrainingJob dpo(int pairs, OptimizerSettings optimizer, Path reference, Path output) {
    Path data = output.resolveSibling("dpo-%d.jsonl".formatted(pairs));
    DatasetFiles.writePairs(data, pairs(pairs));
    return new TrainingJob(
        "verifier/dpo",
        new DpoSettings(optimizer, 0.2, 0, false),
        data,
        new AdapterRef("verifier/sft", reference),
        LORA,
        6,
        output);
  }
}
