package malt.nano;

import java.util.ArrayList;
import java.util.List;

/** Writes messages; neighbours of equal weight become one segment. */
final class DocumentWriter {
  private final List<Segment> segments = new ArrayList<>();

  DocumentWriter() {
    write(NanoTokenizer.BOS, 0);
  }

  /** A user's message: context only. */
  DocumentWriter user(String content) {
    return write(NanoTokenizer.USER + content, 0);
  }

  /** Opens an assistant's message; {@link #end} closes it. */
  DocumentWriter assistant() {
    return write(NanoTokenizer.ASSISTANT, 0);
  }

  DocumentWriter end(double weight) {
    return write(NanoTokenizer.EOS, weight);
  }

  DocumentWriter write(String text, double weight) {
    int last = segments.size() - 1;
    if (last >= 0 && segments.get(last).lossWeight() == weight) {
      segments.set(last, new Segment(segments.get(last).text() + text, weight));
    } else {
      segments.add(new Segment(text, weight));
    }
    return this;
  }

  Document document() {
    return new Document(segments);
  }
}
