package malt.nano;

import java.util.List;

/** The words of the questions: names, items and sentences with the places {name}, {item}, {n}. */
final class Lexicon {
  static final List<String> NAMES =
      List.of("Bob", "Ann", "Tom", "Eva", "Sam", "Mia", "Ben", "Lea", "Max", "Ida");
  static final List<String> ITEMS =
      List.of("stamps", "coins", "cards", "books", "apples", "shells", "pens", "stones");

  static final List<String> STARTS =
      List.of(
          "{name} has {n} {item}.", "{name} starts with {n} {item}.", "{name} owns {n} {item}.");
  static final List<String> GAINS =
      List.of(
          "{name} buys {n} more.",
          "{name} finds {n} more.",
          "Then {name} gets {n} more.",
          "A friend gives {name} {n} more.");
  static final List<String> LOSSES =
      List.of(
          "{name} gives away {n}.",
          "{name} sells {n} of them.",
          "Then {name} loses {n}.",
          "A friend takes {n} of them.");
  static final List<String> MULTIPLES =
      List.of(
          "Then {name} has {n} times as many.",
          "{name} makes it {n} times as many.",
          "Now there are {n} times as many.");
  static final List<String> QUESTIONS =
      List.of(
          "How many {item} now?",
          "How many {item} are there now?",
          "How many {item} does {name} have?");

  private Lexicon() {}

  static List<String> sentences(Operation operation) {
    return switch (operation) {
      case ADD -> GAINS;
      case SUBTRACT -> LOSSES;
      case MULTIPLY -> MULTIPLES;
    };
  }

  static String fill(String sentence, String name, String item, String number) {
    return sentence.replace("{name}", name).replace("{item}", item).replace("{n}", number);
  }
}
