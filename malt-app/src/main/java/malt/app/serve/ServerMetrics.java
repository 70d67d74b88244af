package malt.app.serve;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/** What a server did so far, for Prometheus. */
final class ServerMetrics {
  private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

  /** Of {@link #text}. */
  static final String CONTENT_TYPE = WRITER.getContentType();

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("malt_requests_total")
          .help("Requests for completions answered, by status.")
          .labelNames("status")
          .register(registry);
  private final Gauge underWay =
      Gauge.builder()
          .name("malt_requests_in_flight")
          .help("Requests under way.")
          .register(registry);
  private final Counter hangUps =
      counter("malt_hang_ups_total", "Callers that left before their answer.");
  private final Counter promptTokens =
      counter("malt_prompt_tokens_total", "Prompt tokens of answered calls.");
  private final Counter completionTokens =
      counter("malt_completion_tokens_total", "Tokens sampled for them.");
  private final Histogram seconds =
      Histogram.builder()
          .name("malt_request_seconds")
          .help("Time from a request to the end of its answer.")
          .classicOnly()
          .classicUpperBounds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
          .register(registry);

  /**
   * @param load completions under way and waiting
   */
  ServerMetrics(IntSupplier load) {
    Runtime jvm = Runtime.getRuntime();
    gauge("malt_completions_in_flight", "Completions under way and waiting.", load::getAsInt);
    gauge("malt_heap_bytes", "Heap in use.", () -> jvm.totalMemory() - jvm.freeMemory());
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name(name).help(help).register(registry);
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }

  void began() {
    underWay.inc();
  }

  void ended(int status, long elapsed) {
    underWay.dec();
    requests.labelValues(String.valueOf(status)).inc();
    seconds.observe(elapsed / 1e9);
  }

  void hungUp() {
    underWay.dec();
    hangUps.inc();
  }

  void spoke(Spoken spoken) {
    promptTokens.inc(spoken.promptTokens());
    completionTokens.inc(spoken.completionTokens());
  }

  int underWay() {
    return (int) underWay.get();
  }

  String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      WRITER.write(out, registry.scrape());
    } catch (IOException e) {
      throw new IllegalStateException(e); // memory takes all
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
