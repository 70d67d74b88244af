package malt.torch.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/** Spans before, and from, the first special name that a template wrote. */
record TextSpans(List<TextSpan> before, List<TextSpan> after) {

  static TextSpans cutAtSpecial(List<TextSpan> spans, SpecialTokens special) {
    for (int i = 0; i < spans.size(); i++) {
      TextSpan span = spans.get(i);
      Matcher name = special.pattern().matcher(span.text());
      if (span.trusted() && name.find()) {
        List<TextSpan> before = new ArrayList<>(spans.subList(0, i));
        before.add(new TextSpan(span.text().substring(0, name.start()), true));
        List<TextSpan> after = new ArrayList<>(spans.subList(i + 1, spans.size()));
        after.add(0, new TextSpan(span.text().substring(name.start()), true));
        return new TextSpans(before, after);
      }
    }
    return new TextSpans(spans, List.of());
  }
}
