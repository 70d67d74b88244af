package malt.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import malt.report.markup.Markup;

/**
 * A table that a page, a document and a terminal can show.
 *
 * @param note what stands below it on a page and in a document; "" for nothing
 */
record Table(String title, List<Column> columns, List<List<String>> rows, String note) {
  /** One with nothing below it. */
  Table(String title, List<Column> columns, List<List<String>> rows) {
    this(title, columns, rows, "");
  }

  /** A column; numbers are aligned at their right. */
  record Column(String name, boolean number) {
    static Column text(String name) {
      return new Column(name, false);
    }
  }

  /** A table whose first column is text and whose others are numbers. */
  static Table ofNumbers(String title, List<String> names, List<List<String>> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(new Column(name, !columns.isEmpty()));
    }
    return new Table(title, columns, rows);
  }

  /** Begins a table with a row for each item; its columns as {@link #ofNumbers} has them. */
  static <T> Rows<T> of(Collection<T> items) {
    return new Rows<>(items);
  }

  /** A table that is being made, column by column. */
  static final class Rows<T> {
    private final List<T> items;
    private final List<String> names = new ArrayList<>();
    private final List<Function<? super T, String>> cells = new ArrayList<>();

    private Rows(Collection<T> items) {
      this.items = List.copyOf(items);
    }

    Rows<T> column(String name, Function<? super T, String> cell) {
      names.add(name);
      cells.add(cell);
      return this;
    }

    Table titled(String title) {
      return ofNumbers(
          title,
          names,
          items.stream()
              .map(item -> cells.stream().map(cell -> cell.apply(item)).toList())
              .toList());
    }
  }

  Table {
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "%s: a row of %d cells for %d columns".formatted(title, row.size(), columns.size()));
      }
    }
  }

  /** The same with a note below it. */
  Table noted(String words) {
    return new Table(title, columns, rows, words);
  }

  /** The same table but for one column. */
  Table without(String name) {
    List<Integer> kept =
        IntStream.range(0, columns.size())
            .filter(column -> !columns.get(column).name().equals(name))
            .boxed()
            .toList();
    return new Table(
        title,
        kept.stream().map(columns::get).toList(),
        rows.stream().map(row -> kept.stream().map(row::get).toList()).toList(),
        note);
  }

  void html(Markup page) {
    page.open("div", "class", "scroll").open("table");
    if (!title.isEmpty()) {
      page.element("caption", title);
    }
    page.open("thead").open("tr");
    for (Column column : columns) {
      page.element("th", column.name(), "class", column.number() ? "number" : "words");
    }
    page.close("tr").close("thead").open("tbody");
    for (List<String> row : rows) {
      page.open("tr");
      for (int i = 0; i < row.size(); i++) {
        page.element("td", row.get(i), "class", columns.get(i).number() ? "number" : "words");
      }
      page.close("tr");
    }
    page.close("tbody").close("table").close("div");
    if (!note.isEmpty()) {
      page.element("p", note);
    }
  }

  /** GitHub's pipe table. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    if (!title.isEmpty()) {
      out.append("**").append(MarkdownReport.escape(title)).append("**\n\n");
    }
    out.append(line(columns.stream().map(Column::name).toList()));
    out.append(
        columns.stream()
            .map(column -> column.number() ? "---:" : "---")
            .collect(Collectors.joining(" | ", "| ", " |\n")));
    rows.forEach(row -> out.append(line(row)));
    if (!note.isEmpty()) {
      out.append('\n').append(MarkdownReport.escape(note)).append('\n');
    }
    return out.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(MarkdownReport::escape)
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /**
   * Aligned plain text.
   *
   * @param width most columns of a line; the first column of the table gives way
   */
  String text(int width) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              columns.get(i).name().length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    int others = IntStream.of(widths).skip(1).map(other -> other + 2).sum();
    widths[0] = Math.max(8, Math.min(widths[0], width - others));
    StringBuilder out = new StringBuilder();
    append(out, columns.stream().map(Column::name).toList(), widths);
    out.append("─".repeat(IntStream.of(widths).sum() + 2 * (widths.length - 1))).append('\n');
    rows.forEach(row -> append(out, row, widths));
    return out.toString();
  }

  private void append(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cut(cells.get(i), widths[i]);
      String room = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : "  ");
      line.append(columns.get(i).number() ? room + cell : cell + room);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static String cut(String cell, int width) {
    return cell.length() <= width ? cell : cell.substring(0, width - 1) + "…";
  }
}
