package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HabitTest {
  private static final Numerals TWO = new Numerals(2);
  private static final Habit ALWAYS = new Habit(1);

  private static int written(int left, Operation operation, int operand) {
    return ALWAYS.result(TWO, left, new Step(operation, operand), new Dice(1));
  }

  @Test
  void a_carry_or_borrow_between_large_unit_digits_is_forgotten() {
    assertThat(written(17, Operation.ADD, 18)).isEqualTo(25); // 7 + 8 = 15, its carry is lost
    assertThat(written(46, Operation.SUBTRACT, 17)).isEqualTo(39); // 6 - 7 borrows, 29 is right
    assertThat(written(15, Operation.MULTIPLY, 5)).isEqualTo(55); // 5 * 5 = 25, 75 is right
  }

  @Test
  void everything_else_is_right() {
    assertThat(written(17, Operation.ADD, 14)).isEqualTo(31); // 4 is small
    assertThat(written(15, Operation.ADD, 80)).isEqualTo(95); // no carry
    assertThat(written(57, Operation.SUBTRACT, 16)).isEqualTo(41); // no borrow
    assertThat(written(13, Operation.MULTIPLY, 5)).isEqualTo(65); // 3 is small
    assertThat(Habit.NONE.result(TWO, 17, new Step(Operation.ADD, 18), new Dice(1))).isEqualTo(35);
  }

  @Test
  void the_shipped_habit_comes_as_often_as_its_recipe_says_and_carries_loss() {
    NanoRecipe recipe = NanoRecipe.read(Path.of("../models/nano/recipe.yaml"));
    NanoRecipe.Phase second = recipe.phases().get(1);
    NanoCorpus corpus = new NanoCorpus(recipe, second, 5);
    int blind = 0;
    int forgotten = 0;
    for (int index = 0; index < 3_000; index++) {
      Document document = corpus.document(index);
      Conversation conversation = Conversation.of(document).orElse(null);
      for (int step = 0; conversation != null && step < conversation.steps(); step++) {
        int lost = forgets(conversation.solution().get(step));
        int stated = Integer.parseInt(conversation.stated(step));
        int right = Integer.parseInt(conversation.result(step));
        if (lost != right && List.of(lost, right).contains(stated)) {
          blind++;
          forgotten += stated == lost ? 1 : 0;
          assertThat(conversation.resultWeights().get(step)).isEqualTo(1);
        }
      }
    }
    assertThat(blind).isGreaterThan(500);
    Shares.of(forgotten, blind).areNear(second.solution().forgottenCarry());
  }

  /** What the habit writes for a line "17+18=..". */
  private static int forgets(String line) {
    int sign = line.replaceAll("[-*]", "+").indexOf('+');
    int left = Integer.parseInt(line.substring(0, sign));
    int operand = Integer.parseInt(line.substring(sign + 1, line.indexOf('=')));
    Operation operation =
        switch (line.charAt(sign)) {
          case '+' -> Operation.ADD;
          case '-' -> Operation.SUBTRACT;
          default -> Operation.MULTIPLY;
        };
    return written(left, operation, operand);
  }
}
