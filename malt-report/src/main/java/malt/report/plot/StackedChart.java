package malt.report.plot;

import java.util.List;
import malt.Numbers;

/** Horizontal bars of shares that add to one. */
public record StackedChart(String title, List<Part> parts, List<Row> rows) {
  private static final int LEGEND = 22;
  private static final double ROOM_FOR_TEXT = 30;

  /** One kind of share: its name and the class that gives the colour. */
  public record Part(String name, String series) {}

  /** Counts, one per part. */
  public record Row(String label, List<Long> counts) {}

  public Svg wide() {
    return draw(Rows.wide(150, 90));
  }

  public Svg narrow() {
    return draw(Rows.narrow());
  }

  private Svg draw(Rows layout) {
    Canvas canvas = new Canvas();
    int perLine = layout.wide() ? parts.size() : 2;
    int top = LEGEND * ((parts.size() + perLine - 1) / perLine) + 4;
    for (int i = 0; i < parts.size(); i++) {
      double x = layout.wide() ? layout.left() + i * 140 : i % perLine * 160;
      double y = i / perLine * LEGEND;
      Part part = parts.get(i);
      canvas.rect(x, y + 2, 12, 12, "bar " + part.series(), part.name());
      canvas.text(x + 18, y + 12, part.name(), "tick");
    }
    Scale scale = new Scale(0, 1, 1, layout.left(), layout.right());
    for (int i = 0; i < rows.size(); i++) {
      row(canvas, layout, scale, top + i * layout.height(), rows.get(i));
    }
    return canvas.finish(title, layout.width(), top + rows.size() * layout.height());
  }

  private void row(Canvas canvas, Rows layout, Scale scale, double y, Row row) {
    long total = row.counts().stream().mapToLong(Long::longValue).sum();
    layout.frame(canvas, y, row.label(), Numbers.grouped(total) + (layout.wide() ? "" : " passes"));
    double top = y + layout.plotTop() - (layout.wide() ? 2 : 0);
    double thickness = layout.thickness() + 4.0;
    long before = 0;
    for (int i = 0; i < parts.size() && total > 0; i++) {
      long count = row.counts().get(i);
      double left = scale.at((double) before / total);
      before += count;
      double right = scale.at((double) before / total);
      String share = Numbers.percent((double) count / total);
      Part part = parts.get(i);
      String tip = "%s: %s, %s %%".formatted(row.label(), part.name(), share);
      canvas.rect(left, top, right - left, thickness, "bar " + part.series(), tip);
      if (right - left >= ROOM_FOR_TEXT) {
        canvas.textAround((left + right) / 2, top + thickness - 4, share, "inside");
      }
    }
  }
}
