package malt.app.report;

import java.util.Arrays;
import java.util.List;
import malt.app.report.run.MethodResult;

/** The kinds of methods, in the order of the report. */
enum MethodGroup {
  UNTRAINED("Untrained", "untrained"),
  STAR("STaR: supervised fine-tuning only", "star"),
  MALT("MALT", "malt"),
  ABLATION("Ablations", "ablation");

  private static final String VOTED = "+MV";

  private final String title;
  private final String series;

  MethodGroup(String title, String series) {
    this.title = title;
    this.series = series;
  }

  String title() {
    return title;
  }

  /** The class that colours it in plots. */
  String series() {
    return series;
  }

  static MethodGroup of(String method) {
    String plain = withoutVote(method);
    if (plain.equals("SA") || plain.equals("MA") || plain.equals("debate")) {
      return UNTRAINED;
    }
    if (plain.matches("MALT( GF| SF)?")) {
      return MALT;
    }
    return plain.startsWith("STaR ") && !plain.contains(",") ? STAR : ABLATION;
  }

  /** The methods of this kind, in the order given. */
  List<MethodResult> of(List<MethodResult> methods) {
    return methods.stream().filter(method -> of(method.name()) == this).toList();
  }

  /** All methods, one kind after the other. */
  static List<MethodResult> inOrder(List<MethodResult> methods) {
    return Arrays.stream(values()).flatMap(group -> group.of(methods).stream()).toList();
  }

  /** Colour, and dashes where the schedule is not the paper's. */
  static String look(String method) {
    return of(method).series() + (withoutVote(method).matches(".* [GS]F") ? " first" : "");
  }

  static String withoutVote(String method) {
    return method.endsWith(VOTED) ? method.substring(0, method.length() - VOTED.length()) : method;
  }

  static boolean isVoted(String method) {
    return method.endsWith(VOTED);
  }
}
