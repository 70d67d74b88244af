package malt.nano;

import java.util.List;
import java.util.stream.Collectors;

/** One pre-training document: chat messages in the chat template's layout. */
public record Document(List<Segment> segments) {
  public Document {
    segments = List.copyOf(segments);
  }

  public String text() {
    return segments.stream().map(Segment::text).collect(Collectors.joining());
  }
}
