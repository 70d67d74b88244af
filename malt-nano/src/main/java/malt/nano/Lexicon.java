package malt.nano;

import java.util.List;
import java.util.stream.Stream;
import malt.problem.TaskVariant;

/**
 * The sentences of the questions, with the places {name}, {item} and {n}.
 *
 * @param starts begin a question, the others follow with a space before them
 */
record Lexicon(
    List<String> starts,
    List<String> gains,
    List<String> losses,
    List<String> multiples,
    List<String> questions) {
  static final List<String> NAMES =
      List.of("Bob", "Ann", "Tom", "Eva", "Sam", "Mia", "Ben", "Lea", "Max", "Ida");
  static final List<String> ITEMS =
      List.of("stamps", "coins", "cards", "books", "apples", "shells", "pens", "stones");

  /** Those of pre-training; their words are the tokenizer's. */
  static final Lexicon STANDARD =
      new Lexicon(
          List.of(
              "{name} has {n} {item}.",
              "{name} starts with {n} {item}.",
              "{name} owns {n} {item}."),
          List.of(
              "{name} buys {n} more.",
              "{name} finds {n} more.",
              "Then {name} gets {n} more.",
              "A friend gives {name} {n} more."),
          List.of(
              "{name} gives away {n}.",
              "{name} sells {n} of them.",
              "Then {name} loses {n}.",
              "A friend takes {n} of them."),
          List.of(
              "Then {name} has {n} times as many.",
              "{name} makes it {n} times as many.",
              "Now there are {n} times as many."),
          List.of(
              "How many {item} now?",
              "How many {item} are there now?",
              "How many {item} does {name} have?"));

  /** Other sentences of the same words. */
  static final Lexicon REWORDED =
      new Lexicon(
          List.of("{name} buys {n} {item}.", "{name} finds {n} {item}.", "{name} gets {n} {item}."),
          List.of(
              "Then there are {n} more.",
              "{name} takes {n} more.",
              "Then {name} buys {n} more.",
              "A friend sells {name} {n} more."),
          List.of(
              "Then {name} sells {n}.",
              "A friend buys {n} of them.",
              "A friend gets {n} of them.",
              "Then {name} gives away {n} of them."),
          List.of(
              "Now {name} gets {n} times as many.",
              "Then it is {n} times as many.",
              "Then {name} makes {n} times as many."),
          List.of(
              "How many of them are there?",
              "How many {item} has {name} now?",
              "How many does {name} have now?"));

  /** Multiplications are by two, in words. */
  static final Lexicon DOUBLING =
      new Lexicon(
          STANDARD.starts,
          STANDARD.gains,
          STANDARD.losses,
          List.of(
              "Then {name} has as many again.",
              "{name} gets as many again.",
              "Now there are as many again."),
          STANDARD.questions);

  static Lexicon of(TaskVariant variant) {
    return switch (variant) {
      case STANDARD, LONGER -> STANDARD;
      case REWORDED -> REWORDED;
      case DOUBLING -> DOUBLING;
    };
  }

  List<String> sentences(Operation operation) {
    return switch (operation) {
      case ADD -> gains;
      case SUBTRACT -> losses;
      case MULTIPLY -> multiples;
    };
  }

  /** The sentences that follow a question's first. */
  Stream<String> later() {
    return Stream.of(gains, losses, multiples, questions).flatMap(List::stream);
  }

  static String fill(String sentence, String name, String item, String number) {
    return sentence.replace("{name}", name).replace("{item}", item).replace("{n}", number);
  }
}
