package malt.report;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import malt.Numbers;
import malt.model.Remark;

/** What was out of the ordinary about a server's answers, and what was made of it. */
final class RemarksSection {
  private RemarksSection() {}

  static Optional<Section> of(RunData run) {
    Map<String, Map<Remark, Long>> remarks = run.remarks();
    Set<Remark> made = EnumSet.noneOf(Remark.class);
    remarks.values().forEach(kinds -> made.addAll(kinds.keySet()));
    if (made.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(List.of("Sampled for"));
    made.forEach(remark -> names.add(words(remark)));
    List<List<String>> rows = new ArrayList<>();
    remarks.forEach(
        (place, kinds) -> {
          List<String> row = new ArrayList<>(List.of(place));
          made.forEach(kind -> row.add(Numbers.grouped(kinds.getOrDefault(kind, 0L))));
          rows.add(row);
        });
    List<List<String>> meanings =
        made.stream()
            .map(remark -> List.of(words(remark), "Some " + remark.sentence() + "."))
            .toList();
    return Optional.of(
        new Section(
            "remarks",
            "The server's answers",
            "Completions of the server about which something was out of the ordinary, counted over"
                + " all seeds.",
            List.of(),
            List.of(
                Table.ofNumbers("", names, rows),
                new Table(
                    "",
                    List.of(Table.Column.text("Kind"), Table.Column.text("What was made of it")),
                    meanings))));
  }

  private static String words(Remark remark) {
    String words = remark.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
