package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
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

  private final NanoRecipe recipe = NanoRecipe.read(Path.of("../models/nano/recipe-1-skills.yaml"));
  private final NanoCorpus corpus = new NanoCorpus(recipe, 7);

  @Test
  void drills_are_right_and_one_go_as_often_as_stated() {
    int turns = 0;
    int oneGo = 0;
    for (int index = 0; index < 600; index++) {
      List<MatchResult> drills = TURN.matcher(corpus.document(index).text()).results().toList();
      assertThat(drills.size()).isIn(0, recipe.drills().turns());
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
    Shares.of(oneGo, turns).areNear(recipe.drills().oneGo());
  }

  @Test
  void debaters_adopt_when_outvoted_and_otherwise_mostly_repeat() {
    List<Boolean> outvoted = new ArrayList<>();
    List<Boolean> strayed = new ArrayList<>();
    for (int index = 0; index < 10_000; index++) {
      Document document = corpus.document(index);
      if (!document.text().contains("Solve again.")) {
        continue;
      }
      Matcher debate = DEBATE.matcher(document.text());
      assertThat(debate.matches()).as(document.text()).isTrue();
      String own = debate.group(1);
      String first = debate.group(2);
      String second = debate.group(3);
      String said = debate.group(4);
      assertThat(Conversation.weight(document, debate.start(1))).isZero();
      assertThat(Conversation.weight(document, debate.start(4))).isEqualTo(1);
      if (answer(first).equals(answer(second)) && !answer(first).equals(answer(own))) {
        assertThat(said).isIn(own, first);
        outvoted.add(said.equals(first));
      } else if (!second.equals(own)) {
        assertThat(said).isIn(own, second);
        strayed.add(said.equals(second));
      }
    }
    Shares.of((int) outvoted.stream().filter(adopted -> adopted).count(), outvoted.size())
        .areNear(recipe.debate().adopt());
    Shares.of((int) strayed.stream().filter(stray -> stray).count(), strayed.size())
        .areNear(recipe.debate().stray());
  }

  private static String answer(String solution) {
    return solution.substring(solution.indexOf("####"));
  }
}
