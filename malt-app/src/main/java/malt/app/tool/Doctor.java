package malt.app.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import malt.MaltException;
import malt.Numbers;
import malt.kernel.AttentionKernel;
import malt.model.Dtype;
import malt.model.Message;
import malt.torch.nn.OneDnn;
import malt.torch.tensor.Device;
import malt.torch.tensor.Processor;
import malt.torch.text.ChatTemplate;
import malt.torch.text.Tokenizer;
import malt.torch.text.TurnEnd;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Precision;
import org.jspecify.annotations.Nullable;

/** Looks at a model directory without loading its weights: what is supported, what it will take. */
public final class Doctor {
  private static final double GIGABYTE = 1e9;

  private final Path directory;
  private final MemoryEstimate.Use use;
  private final List<String> lines = new ArrayList<>();
  private boolean sound = true;

  private Doctor(Path directory, MemoryEstimate.Use use) {
    this.directory = directory;
    this.use = use;
  }

  /**
   * What was found.
   *
   * @param sound whether the model can be used
   */
  public record Finding(String text, boolean sound) {}

  /**
   * @param use what memory is estimated for
   */
  public static Finding examine(Path directory, MemoryEstimate.Use use) {
    return new Doctor(directory, use).examine();
  }

  private Finding examine() {
    line("model", directory.toAbsolutePath().normalize());
    ModelConfig config = check("architecture", () -> ModelConfig.read(directory));
    if (config != null) {
      architecture(config);
    }
    Checkpoint checkpoint = check("weights", () -> checkpoint(config));
    if (checkpoint != null) {
      line(
          "weights",
          "%s numbers, %s, %s in %d file%s; whether all are finite is seen when they are loaded"
              .formatted(
                  Numbers.rounded(checkpoint.parameters()),
                  checkpoint.type(),
                  gigabytes(checkpoint.bytes()),
                  checkpoint.files(),
                  checkpoint.files() == 1 ? "" : "s"));
      checkpoint.remark().ifPresent(remark -> line("", remark));
    }
    boolean tokenizer = check("tokenizer", () -> tokenizer(config)) != null;
    Optional<ChatTemplate> template = check("chat template", this::template);
    if (tokenizer && template != null && template.isPresent()) {
      check("end of turn", () -> turnEnd(template.get()));
    }
    line(
        "machine",
        "%d processors, %s bfloat16 units%s, %s of memory available"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                Processor.here().hasBfloat16() ? "with" : "without",
                Processor.here().prefersFloat32()
                    ? " (slower than those of float32, which large products of training take)"
                    : "",
                available().isPresent() ? gigabytes(available().getAsLong()) : "unknown"));
    line(
        "devices",
        Device.there().stream().map(Device::toString).collect(Collectors.joining(", "))
            + " (machine.device, or --device of a tool)");
    line(
        "arithmetic",
        "attention by %s; packed products of %s"
            .formatted(
                AttentionKernel.vectorised()
                    ? "the Vector API"
                    : "plain loops, a tenth as fast: start the JVM with --add-modules"
                        + " jdk.incubator.vector",
                packed()));
    if (config != null && checkpoint != null) {
      memory(config, checkpoint);
    }
    lines.add("");
    lines.add(
        sound
            ? "This model can be used."
            : "This model cannot be used as it is: see \"no\" above.");
    return new Finding(String.join("\n", lines), sound);
  }

  /** The types whose products oneDNN has on this processor. */
  private static String packed() {
    String types =
        Stream.of(Precision.FLOAT32, Precision.BFLOAT16)
            .filter(precision -> OneDnn.supports(precision.computing()))
            .map(Precision::setting)
            .collect(Collectors.joining(" and "));
    return types.isEmpty() ? "no type" : types;
  }

  private void line(String what, Object finding) {
    lines.add("%-14s %s".formatted(what, finding));
  }

  private <T> @Nullable T check(String what, Supplier<T> examination) {
    try {
      return examination.get();
    } catch (MaltException e) {
      sound = false;
      line(what, "no: " + e.getMessage());
      return null;
    }
  }

  private void architecture(ModelConfig config) {
    line(
        "architecture",
        "%s: %d layers of %d, %d heads of %d (%d for keys and values), %s positions%s%s"
            .formatted(
                config.architectures().get(0),
                config.layers(),
                config.hiddenSize(),
                config.heads(),
                config.headSize(),
                config.keyValueHeads(),
                Numbers.grouped(config.maxPositions()),
                config.tiedHead() ? ", tied head" : "",
                config.variant().slidingWindow() > 0
                    ? ", window of " + config.variant().slidingWindow()
                    : ""));
  }

  private Checkpoint checkpoint(@Nullable ModelConfig config) {
    Checkpoint stored = Checkpoint.of(directory);
    if (config == null) {
      return stored;
    }
    Checkpoint checkpoint = stored.of(config);
    checkpoint.requireShapesOf(config);
    return checkpoint;
  }

  private boolean tokenizer(@Nullable ModelConfig config) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      line(
          "tokenizer",
          "%s ids, text ends with %s"
              .formatted(
                  Numbers.grouped(tokenizer.vocabularySize()),
                  Arrays.toString(tokenizer.eosIds())));
      if (config != null && tokenizer.ordinarySize() > config.vocabularySize()) {
        throw new malt.WeightsException(
            "it has %d tokens but the embedding only %d"
                .formatted(tokenizer.ordinarySize(), config.vocabularySize()));
      }
      return true;
    }
  }

  private Optional<ChatTemplate> template() {
    Optional<ChatTemplate> found = ChatTemplate.find(directory);
    found.ifPresentOrElse(
        this::template,
        () -> line("chat template", "none, so prompts must be texts (model.layout: plain)"));
    return found;
  }

  private void template(ChatTemplate template) {
    template.render(List.of(Message.of(Message.Role.USER, "2 + 2?")), true);
    line("chat template", "renders; SHA-256 " + template.hash().substring(0, 12));
    if (template.printsDate()) {
      line(
          "",
          "asks for the date, and is told %s unless model.date, or --date of a tool, says another"
              .formatted(ChatTemplate.DEFAULT_DATE));
    }
  }

  /** Other engines stop at what the files name alone. */
  private boolean turnEnd(ChatTemplate template) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      Optional<TurnEnd> end = TurnEnd.of(template, tokenizer);
      line(
          "end of turn",
          end.map(token -> "%s (%d)".formatted(token.token(), token.id()))
              .orElse("the template writes no token there"));
      if (end.isPresent() && !tokenizer.isNamedEnd(end.get().id())) {
        line(
            "warning",
            "the files do not name %s among the tokens that end a completion; it ends one here, other engines may run on behind it, and a base model, which was never taught it, will not say it (model.layout: plain)"
                .formatted(end.get().token()));
      }
      return true;
    }
  }

  private void memory(ModelConfig config, Checkpoint checkpoint) {
    lines.add("");
    lines.add(
        "Memory, weights included, of sampling %d x %,d tokens and of a LoRA step (rank %d) over %,d:"
            .formatted(use.rows(), use.tokens(), use.rank(), use.microBatchTokens()));
    lines.add(
        "%-15s %9s %11s %11s %23s"
            .formatted("dtype", "weights", "sampling", "training", "training, recomputed"));
    Precision automatic = Precision.of(Dtype.AUTO, checkpoint.type(), Device.cpu(0));
    for (Precision precision : Precision.values()) {
      int stored = checkpoint.type().bytes();
      MemoryEstimate kept = MemoryEstimate.of(config, precision, stored, use.recomputing(false));
      MemoryEstimate again = MemoryEstimate.of(config, precision, stored, use.recomputing(true));
      lines.add(
          "%-15s %9s %11s %11s %23s"
              .formatted(
                  precision.setting() + (precision == automatic ? " (auto)" : ""),
                  gigabytes(kept.weights()),
                  with(kept, kept.sampling()),
                  with(kept, kept.step()),
                  with(again, again.step())));
    }
    lines.add("! is more than is available now.");
  }

  private static String with(MemoryEstimate estimate, long more) {
    long all = estimate.weights() + more;
    boolean fits = available().isEmpty() || all <= available().getAsLong();
    return gigabytes(all) + (fits ? "  " : " !");
  }

  private static String gigabytes(long bytes) {
    return bytes < GIGABYTE / 10
        ? "%.0f MB".formatted(bytes / 1e6)
        : "%.1f GB".formatted(bytes / GIGABYTE);
  }

  /** Bytes that processes may still take; empty where the system does not tell. */
  private static OptionalLong available() {
    Path file = Path.of("/proc/meminfo");
    try {
      return Files.isReadable(file)
          ? Files.readAllLines(file).stream()
              .filter(line -> line.startsWith("MemAvailable:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
              .findFirst()
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
