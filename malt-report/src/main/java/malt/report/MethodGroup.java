package malt.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Meaning;
import malt.evaluation.MethodResult;

/** The kinds of methods, in the order of the report. */
enum MethodGroup {
  UNTRAINED("Untrained", "untrained"),
  START("As the run began", "untrained first"),
  STAR("Supervised fine-tuning only", "star"),
  MALT("MALT", "malt"),
  ABLATION("Ablations", "ablation");

  private final String title;
  private final String series;

  MethodGroup(String title, String series) {
    this.title = title;
    this.series = series;
  }

  String title() {
    return title;
  }

  static MethodGroup of(Meaning meaning) {
    if (meaning.study() != null) {
      return ABLATION;
    }
    return switch (meaning.kind()) {
      case BASE, DEBATE -> UNTRAINED;
      case START -> START;
      case STAR, SFT -> STAR;
      case MALT, DISTILLED -> MALT;
    };
  }

  /** The methods of this kind by name, in the order given. */
  Map<String, MethodResult> of(Map<String, MethodResult> methods) {
    Map<String, MethodResult> own = new LinkedHashMap<>(methods);
    own.values().removeIf(method -> of(method.meaning()) != this);
    return own;
  }

  /** All methods by name, one kind after the other. */
  static Map<String, MethodResult> inOrder(EvaluationReport evaluation) {
    Map<String, MethodResult> all = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(group -> all.putAll(group.of(evaluation.methods())));
    return all;
  }

  /** The class that colours it in plots, dashed where the schedule is not the paper's. */
  static String look(Meaning meaning) {
    MethodGroup group = of(meaning);
    boolean ours = group != ABLATION && !meaning.label().isEmpty();
    return group.series + (ours ? " first" : "");
  }

  /** The same of a team, as the first of its rows has it. */
  static String look(EvaluationReport evaluation, String team) {
    return evaluation.methods().values().stream()
        .filter(method -> method.team().equals(team))
        .findFirst()
        .map(method -> look(method.meaning()))
        .orElseThrow(() -> new IllegalStateException("no row reads team " + team));
  }
}
