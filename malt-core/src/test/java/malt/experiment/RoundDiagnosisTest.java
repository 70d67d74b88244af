package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import malt.agent.AgentTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.evaluation.VerifierQuality;
import malt.experiment.RoundDiagnosis.Speech;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundDiagnosisTest {
  private static final Problem PROBLEM = ToyBenchmark.of(1, 0, 0).train().get(0);
  private static final String RIGHT = "#### " + PROBLEM.answer();
  private static final String WRONG = "#### 1000";

  private static TreeNode node(
      String text, int tokens, FinishReason finish, List<Integer> path, TreeNode... children) {
    float[] logProbs = new float[tokens];
    if (tokens > 0) {
      logProbs[tokens - 1] = (float) Math.log(0.25 * tokens);
    }
    Completion said =
        new Completion(text, new int[0], new int[tokens], logProbs, finish, AdapterRef.BASE, 0);
    return new TreeNode(path, said, List.of(children));
  }

  private static TreeNode stop(String text, int tokens, List<Integer> path, TreeNode... children) {
    return node(text, tokens, FinishReason.STOP, path, children);
  }

  @Test
  void it_counts_what_each_turn_said() {
    AgentTeam team = Teams.untrained(TinyConfig.with());
    TreeNode failed =
        new TreeNode(
            List.of(1, 1), Completion.failed(AdapterRef.BASE, 0, Remark.GIVEN_UP), List.of());
    SearchTree tree =
        new SearchTree(
            PROBLEM,
            List.of(
                stop(
                    RIGHT,
                    1,
                    List.of(0),
                    stop("wrong", 2, List.of(0, 0), stop(WRONG, 2, List.of(0, 0, 0))),
                    stop("fine", 4, List.of(0, 1), stop(RIGHT, 4, List.of(0, 1, 0)))),
                stop(
                    WRONG,
                    3,
                    List.of(1),
                    node(
                        "wrong",
                        6,
                        FinishReason.LENGTH,
                        List.of(1, 0),
                        stop(RIGHT, 0, List.of(1, 0, 0))),
                    failed)));
    RoundDiagnosis.Counter counter = new RoundDiagnosis.Counter(team, ToyBenchmark.GRADER);
    counter.add(new ValueIteration(0.5, Pooling.GLOBAL).value(tree, team, ToyBenchmark.GRADER));
    RoundDiagnosis diagnosis = counter.diagnosis();

    assertThat(diagnosis.questions()).isEqualTo(1);
    assertThat(diagnosis.accuracy()).isEqualTo(2 / 3.0);
    assertThat(diagnosis.turns()).containsOnlyKeys("generator", "verifier", "refiner");
    Speech generator = diagnosis.turns().get("generator");
    assertThat(generator).isEqualTo(new Speech(2, 2.0, 0, generator.end(), null));
    assertThat(generator.end()).isCloseTo((0.25 + 0.75) / 2, within(1e-6));
    Speech verifier = diagnosis.turns().get("verifier");
    assertThat(verifier.completions()).as("without the failed one").isEqualTo(3);
    assertThat(verifier.tokens()).isEqualTo(4.0);
    assertThat(verifier.truncated()).isEqualTo(1 / 3.0);
    assertThat(verifier.end()).as("of those that ended").isCloseTo(0.75, within(1e-6));
    assertThat(verifier.judging()).isEqualTo(new VerifierQuality(1.0, 0.5, 0.75, 1, 2));
    assertThat(diagnosis.turns().get("refiner").tokens())
        .as("of those whose ids are known")
        .isEqualTo(3.0);
  }

  private static RoundDiagnosis of(long completions, double tokens, double cut, double alarms) {
    VerifierQuality judging = new VerifierQuality(0.5, alarms, 0.5, completions, completions);
    return new RoundDiagnosis(
        9, 0.5, Map.of("verifier", new Speech(completions, tokens, cut, null, judging)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "100 | 10 | 0.01 | 0.2 | none",
        "100 | 14.9 | 0.059 | 0.29 | none",
        "100 | 10 | 0.01 | 0.31 | 'b: of the verifier, the false alarms rose from 20.0 % to 31.0 % since a'",
        "100 | 15 | 0.01 | 0.2 | 'b: of the verifier, the completions grew from 10.0 to 15.0 tokens since a'",
        "100 | 10 | 0.07 | 0.2 | 'b: of the verifier, the share of completions cut at the token limit rose from 1.0 % to 7.0 % since a'",
        "49 | 30 | 0.9 | 0.9 | none",
      })
  void what_changed_for_the_worse_is_warned_of_where_there_is_enough_of_it(
      long completions, double tokens, double cut, double alarms, String warning) {
    List<String> warnings =
        of(completions, tokens, cut, alarms).warnings("b", of(100, 10, 0.01, 0.2), "a");
    assertThat(warnings).isEqualTo(warning == null ? List.of() : List.of(warning));
  }
}
