package malt.torch.training;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import malt.data.DatasetFiles;
import malt.data.Distillation;
import malt.data.SftExample;
import malt.training.TrainingMethod;

/** How the file that a job is trained on is read. */
@FunctionalInterface
public interface TrainingData {
  /**
   * The rows as a list that reads each when it is asked for. A row of SFT is one sequence; one of
   * DPO is two of the same prompt, the chosen and the rejected; one of PPO is one that was sampled.
   *
   * @throws malt.MalformedDataException naming file and line of a row that is none, here or when it
   *     is asked for
   * @throws malt.MaltException if the file cannot be read
   */
  List<List<TokenSequence>> read(Path file, TrainingMethod method);

  /**
   * An experiment's sets, with those of a single model that is taught what a team said.
   *
   * @param taught makes ids of words that nobody sampled
   */
  static TrainingData withStudent(Function<SftExample, TokenSequence> taught) {
    return (file, method) ->
        method.match(
            sft ->
                DatasetFiles.readExamples(
                    file,
                    example ->
                        List.of(
                            example.role().equals(Distillation.STUDENT)
                                ? taught.apply(example)
                                : sampled(example))),
            dpo -> sets(file, method),
            ppo -> sets(file, method));
  }

  private static TokenSequence sampled(SftExample example) {
    return TokenSequence.of(
        example.completion(), "the completion of problem " + example.problemId());
  }

  /** An experiment's sets, whose ids are trained on as they were sampled. */
  static List<List<TokenSequence>> sets(Path file, TrainingMethod method) {
    return method.match(
        sft -> DatasetFiles.readExamples(file, example -> List.of(sampled(example))),
        dpo ->
            DatasetFiles.readPairs(
                file,
                pair -> {
                  String of = " completion of problem " + pair.problemId();
                  TokenSequence chosen = TokenSequence.of(pair.chosen(), "the chosen" + of);
                  TokenSequence rejected = TokenSequence.of(pair.rejected(), "the rejected" + of);
                  return List.of(chosen, new TokenSequence(chosen.prompt(), rejected.completion()));
                }),
        ppo ->
            DatasetFiles.readPolicy(
                file,
                example -> {
                  String of = "the completion of problem " + example.problemId();
                  return List.of(TokenSequence.of(example, of));
                }));
  }
}
