package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColumnWorkTest {
  private static final Numerals WIDE = new Numerals(3);

  private static String columns(int left, Operation operation, int operand) {
    return ColumnWork.faultless(WIDE, left, new Step(operation, operand)).text();
  }

  @Test
  void addition_carries_from_the_units_on() {
    assertThat(columns(47, Operation.ADD, 385)).isEqualTo("7+5=12 4+8+1=13 0+3+1=04");
    assertThat(columns(100, Operation.ADD, 23)).isEqualTo("0+3=03 0+2+0=02 1+0+0=01");
  }

  @Test
  void subtraction_writes_the_borrow_in_front_of_the_digit() {
    // 434 - 048 = 386: 14 - 8 = 6 borrow 1; 13 - 4 - 1 = 8 borrow 1; 4 - 0 - 1 = 3
    assertThat(columns(434, Operation.SUBTRACT, 48)).isEqualTo("4-8=16 3-4-1=18 4-0-1=03");
    // 200 - 099 = 101: 10 - 9 = 1 borrow 1; 10 - 9 - 1 = 0 borrow 1; 2 - 0 - 1 = 1
    assertThat(columns(200, Operation.SUBTRACT, 99)).isEqualTo("0-9=11 0-9-1=10 2-0-1=01");
  }

  @Test
  void multiplication_carries_up_to_eight() {
    assertThat(columns(47, Operation.MULTIPLY, 6)).isEqualTo("7*6=42 4*6+4=28 0*6+2=02");
    assertThat(columns(99, Operation.MULTIPLY, 9)).isEqualTo("9*9=81 9*9+8=89 0*9+8=08");
  }

  @Test
  void columns_amount_to_the_value_of_the_step_for_every_operation_and_width() {
    SplittableRandom random = new SplittableRandom(8);
    for (int trial = 0; trial < 20_000; trial++) {
      Numerals numerals = new Numerals(random.nextInt(2, 4));
      Operation operation = Operation.values()[random.nextInt(3)];
      int left = random.nextInt(numerals.limit());
      int operand =
          operation == Operation.MULTIPLY
              ? random.nextInt(2, 10)
              : random.nextInt(numerals.limit());
      ColumnWork work = ColumnWork.faultless(numerals, left, new Step(operation, operand));
      int expected =
          switch (operation) {
            case ADD -> left + operand;
            case SUBTRACT -> left - operand;
            case MULTIPLY -> left * operand;
          };
      assertThat(work.value()).isEqualTo(Math.floorMod(expected, numerals.limit()));
      assertThat(work.columns()).hasSize(numerals.digits());
      assertThat(work.slips()).isZero();
      assertThat(work.columns()).allMatch(ColumnFacts::holds);
    }
  }

  @Test
  void a_slip_makes_a_column_false_and_the_value_follows_the_columns() {
    SplittableRandom random = new SplittableRandom(9);
    Dice dice = new Dice(4);
    for (int trial = 0; trial < 5_000; trial++) {
      Operation operation = Operation.values()[random.nextInt(3)];
      Step step = new Step(operation, random.nextInt(2, 10));
      ColumnWork work = ColumnWork.of(WIDE, random.nextInt(1000), step, 1, dice);
      assertThat(work.slips()).isEqualTo(3);
      assertThat(work.columns()).noneMatch(ColumnFacts::holds);
      assertThat(work.value()).isEqualTo(ColumnFacts.value(work.columns()));
    }
  }
}
