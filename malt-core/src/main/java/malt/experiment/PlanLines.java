package malt.experiment;

import java.util.ArrayList;
import java.util.List;

/** A plan in words, a line for each thing that is done. */
final class PlanLines {
  private final List<String> lines = new ArrayList<>();

  private PlanLines() {}

  static List<String> of(Plan plan) {
    PlanLines words = new PlanLines();
    plan.schedules().forEach(words::add);
    return words.lines;
  }

  private void add(Plan.Schedule schedule) {
    lines.add("schedule " + schedule.name());
    schedule.rounds().forEach(this::add);
    lines.add("  evaluate %s".formatted(schedule.team()));
    if (schedule.student() != null) {
      lines.add("  evaluate %s alone".formatted(schedule.student().cast()));
    }
  }

  private void add(Plan.Round round) {
    Plan.EarlyStop stop = round.stop();
    if (stop != null && stop.rounds().get(0).equals(round.name())) {
      lines.add(
          "  at most %d repetitions, ended after %d without a better accuracy on the dev questions; the best one's adapters are kept"
              .formatted(stop.rounds().size(), stop.patience()));
    }
    lines.add(
        "  round %s: %s; correct above %s"
            .formatted(
                round.name(), String.join(", and ", trees(round)), round.credit().threshold()));
    round
        .settings()
        .forEach((section, changes) -> lines.add("    %s: %s".formatted(section, changes)));
    round.steps().forEach(step -> step.trainings().forEach(this::add));
  }

  /** Those that it samples, and those that it reads besides. */
  private static List<String> trees(Plan.Round round) {
    List<String> parts = new ArrayList<>();
    round
        .own()
        .ifPresent(
            own ->
                parts.add(
                    "trees %s, %s%,d completions a question, by %s"
                        .formatted(
                            own.branching(),
                            own.growth() == null ? "" : "at most ",
                            own.branching().descendants(-1),
                            own.sampling())));
    List<String> earlier =
        round.trees().stream()
            .map(Plan.Trees::round)
            .filter(each -> !each.equals(round.name()))
            .toList();
    if (!earlier.isEmpty()) {
      parts.add("the trees of " + String.join(", ", earlier));
    }
    return parts;
  }

  private void add(Plan.Training training) {
    lines.add(
        "    train %s from %s"
            .formatted(
                training.adapter().name(),
                training.start().isEmpty() ? "a fresh adapter" : training.start().get(0).name()));
  }
}
