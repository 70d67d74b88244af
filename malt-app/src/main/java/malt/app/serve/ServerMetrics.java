package malt.app.serve;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** What a server did so far, in Prometheus' text format 0.0.4. */
final class ServerMetrics {
  private static final double[] BOUNDS = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};

  private final Map<Integer, LongAdder> requests = new ConcurrentSkipListMap<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder completionTokens = new LongAdder();
  private final LongAdder hangUps = new LongAdder();
  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();
  private final IntSupplier load;

  /**
   * @param load completions under way and waiting
   */
  ServerMetrics(IntSupplier load) {
    this.load = load;
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void began() {
    underWay.incrementAndGet();
  }

  void ended(int status, long elapsed) {
    underWay.decrementAndGet();
    requests.computeIfAbsent(status, key -> new LongAdder()).increment();
    nanos.add(elapsed);
    int bucket = 0;
    while (bucket < BOUNDS.length && elapsed / 1e9 > BOUNDS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
  }

  void hungUp() {
    underWay.decrementAndGet();
    hangUps.increment();
  }

  void spoke(Spoken spoken) {
    promptTokens.add(spoken.promptTokens());
    completionTokens.add(spoken.completionTokens());
  }

  int underWay() {
    return underWay.get();
  }

  String text() {
    StringBuilder out = new StringBuilder();
    head(out, "malt_requests_total", "counter", "Requests for completions answered, by status.");
    requests.forEach(
        (status, count) ->
            out.append("malt_requests_total{status=\"%d\"} %d%n".formatted(status, count.sum())));
    one(out, "malt_requests_in_flight", "gauge", "Requests under way.", underWay.get());
    one(
        out,
        "malt_completions_in_flight",
        "gauge",
        "Completions under way and waiting.",
        load.getAsInt());
    one(
        out,
        "malt_hang_ups_total",
        "counter",
        "Callers that left before their answer.",
        hangUps.sum());
    one(
        out,
        "malt_prompt_tokens_total",
        "counter",
        "Prompt tokens of answered calls.",
        promptTokens.sum());
    one(
        out,
        "malt_completion_tokens_total",
        "counter",
        "Tokens sampled for them.",
        completionTokens.sum());
    Runtime jvm = Runtime.getRuntime();
    one(out, "malt_heap_bytes", "gauge", "Heap in use.", jvm.totalMemory() - jvm.freeMemory());
    head(out, "malt_request_seconds", "histogram", "Time from a request to the end of its answer.");
    long sum = 0;
    for (int i = 0; i < buckets.length; i++) {
      sum += buckets[i].sum();
      String bound = i < BOUNDS.length ? String.valueOf(BOUNDS[i]) : "+Inf";
      out.append("malt_request_seconds_bucket{le=\"%s\"} %d%n".formatted(bound, sum));
    }
    out.append(String.format(Locale.ROOT, "malt_request_seconds_sum %.6f%n", nanos.sum() / 1e9));
    out.append("malt_request_seconds_count %d%n".formatted(sum));
    return out.toString().replace("\r", "");
  }

  private static void one(StringBuilder out, String name, String type, String help, long value) {
    head(out, name, type, help);
    out.append("%s %d%n".formatted(name, value));
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP %s %s%n# TYPE %s %s%n".formatted(name, help, name, type));
  }
}
