package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DrillsAndDebateTest {
  private static final Pattern TURN =
      Pattern.compile("<\\|user\\|>(\\d[^<]+)<\\|assistant\\|>([^<]+)<\\|eos\\|>");
  private static final Pattern DEBATE =
      Pattern.compile(
          "<\\|bos\\|><\\|user\\|>[^<]+<\\|assistant\\|>([^<]+)<\\|eos\\|><\\|user\\|>"
              + "Others say: ([^/]+) / ([^/]+)\nSolve again\\.<\\|assistant\\|>([^<]+)<\\|eos\\|>");

  private final NanoRecipe recipe = NanoRecipe.read(Path.of("../models/nano/recipe.yaml"));
  private final NanoRecipe.Phase skills = recipe.phases().get(0);
  private final NanoCorpus corpus = new NanoCorpus(recipe, skills, 7);

  @Test
  void drills_are_right_and_one_go_as_often_as_stated() {
    int turns = 0;
    int oneGo = 0;
    for (int index = 0; index < 600; index++) {
      List<MatchResult> drills = TURN.matcher(corpus.document(index).text()).results().toList();
      assertThat(drills.size()).isIn(0, skills.drills().turns());
      for (MatchResult drill : drills) {
        turns++;
        String step = drill.group(1);
        String result = Conversation.result(step.endsWith("=") ? step : step + "=");
        if (step.endsWith("=")) {
          oneGo++;
          assertThat(drill.group(2)).isEqualTo(result);
        } else {
          List<String> words = List.of(drill.group(2).split(" "));
          List<String> columns = words.subList(0, recipe.problems().digits());
          assertThat(words).hasSize(columns.size() + 1).endsWith(result);
          assertThat(columns).allMatch(ColumnFacts::holds);
          assertThat(ColumnFacts.carriesChain(columns)).isTrue();
          assertThat(ColumnFacts.value(columns)).isEqualTo(Integer.parseInt(result));
        }
      }
    }
    Shares.of(oneGo, turns).areNear(skills.drills().oneGo());
  }

  /** In the first phase there is no habit, so what debaters arrive at is right. */
  @Test
  void debaters_end_with_the_right_solution_whatever_was_said() {
    int debates = 0;
    int outvotedByWrong = 0;
    for (int index = 0; index < 5_000; index++) {
      Document document = corpus.document(index);
      if (!document.text().contains("Solve again.")) {
        continue;
      }
      Matcher debate = DEBATE.matcher(document.text());
      assertThat(debate.matches()).as(document.text()).isTrue();
      debates++;
      String first = answer(debate.group(2));
      String second = answer(debate.group(3));
      String said = debate.group(4);
      assertThat(said.lines().filter(line -> !line.startsWith("#")))
          .allMatch(line -> line.endsWith("=" + Conversation.result(line.substring(3))));
      outvotedByWrong += first.equals(second) && !first.equals(answer(said)) ? 1 : 0;
      assertThat(Conversation.weight(document, debate.start(1))).isZero();
      assertThat(Conversation.weight(document, debate.start(4))).isEqualTo(1);
    }
    Shares.of(debates, 5_000).areNear(skills.corpus().debate());
    assertThat(outvotedByWrong).isGreaterThan(20);
  }

  /** In the second phase others may have escaped the habit: what they agree on is taken over. */
  @Test
  void debaters_take_over_what_others_agree_on_unless_it_has_a_random_error() {
    NanoCorpus second = new NanoCorpus(recipe, recipe.phases().get(1), 7);
    int agreed = 0;
    int takenOver = 0;
    for (int index = 0; index < 5_000; index++) {
      Matcher debate = DEBATE.matcher(second.document(index).text());
      if (debate.matches() && debate.group(2).equals(debate.group(3))) {
        agreed++;
        takenOver += debate.group(4).equals(debate.group(2)) ? 1 : 0;
      }
    }
    // a quarter of the solutions has a random error, but those seldom agree unless they are one
    assertThat(takenOver / (double) agreed).isBetween(0.85, 0.95);
  }

  private static String answer(String solution) {
    return solution.substring(solution.indexOf("####"));
  }
}
