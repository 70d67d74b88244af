package malt.bench.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.app.parquet.ParquetFiles;
import malt.data.DatasetFiles;
import malt.data.SftExample;
import malt.experiment.ExperimentConfig;
import malt.experiment.Manifest;
import malt.problem.KeptProblems;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.PeftAdapter;
import malt.torch.local.LocalModel;
import malt.torch.text.ChatTemplate;
import malt.torch.text.Tokenizer;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;
import malt.tree.TreeJournal;

/** The readers of files. A new one is one more line in {@link #all}. */
final class FileReaders implements AutoCloseable {
  private final Path folder;
  private final Path nano;
  private final LocalModel model;
  private final Samples samples;

  FileReaders(Path folder) throws IOException {
    this.folder = folder;
    this.samples = new Samples(folder.resolve("sound"));
    this.nano = MaltProgram.home().resolve("models/nano");
    this.model = LocalModel.open(nano);
  }

  List<Reader> all() throws IOException {
    return List.of(
        inDirectory("safetensors", samples.tensors(), Checkpoint.FILE, FileReaders::tensors),
        inDirectory("its index", samples.shards(), Checkpoint.INDEX, FileReaders::tensors),
        inDirectory("GGUF", samples.gguf(), "model.gguf", this::model),
        file("config.json", of(nano.resolve("config.json")), ModelConfig::readFile),
        inDirectory("model", nano, "config.json", this::model),
        inDirectory("tokenizer", nano, "tokenizer.json", FileReaders::tokenizer),
        inDirectory("special tokens", nano, "tokenizer_config.json", FileReaders::tokenizer),
        inDirectory("generation settings", nano, "generation_config.json", FileReaders::tokenizer),
        new Reader("chat template", "Chat template", samples.templates(), FileReaders::template),
        inDirectory("adapter", samples.adapter(model), "adapter_config.json", this::adapter),
        inDirectory(
            "adapter's weights",
            samples.adapter(model),
            "adapter_model.safetensors",
            this::adapter),
        file("run.yaml", samples.yaml(), file -> ExperimentConfig.read(file, List.of())),
        file("problems.jsonl", List.of(samples.problems()), KeptProblems::readFile),
        file("sft.jsonl", List.of(samples.examples()), FileReaders::examples),
        file("train.parquet", List.of(samples.parquet()), ParquetFiles.source()::rows),
        file("journal.db", List.of(samples.journal()), this::journal),
        file("manifest.json", List.of(samples.manifest()), Manifest::read));
  }

  /** Reads a file. */
  private interface Read {
    void read(Path place) throws IOException;
  }

  /** A reader of one file, which its errors must name. */
  private Reader file(String name, List<byte[]> seeds, Read read) {
    Path file = folder.resolve(name);
    return new Reader(
        name,
        folder.toString(),
        seeds,
        input -> {
          Files.write(file, input);
          read.read(file);
        });
  }

  /** A reader of a directory, of which one file is changed. */
  private Reader inDirectory(String name, Path sound, String changed, Read read)
      throws IOException {
    Path place = Files.createDirectories(folder.resolve("of " + name));
    try (Stream<Path> files = Files.list(sound)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, place.resolve(file.getFileName().toString()));
      }
    }
    return new Reader(
        name,
        place.toString(),
        of(sound.resolve(changed)),
        input -> {
          Files.write(place.resolve(changed), input);
          read.read(place);
        });
  }

  private static List<byte[]> of(Path file) throws IOException {
    return List.of(Files.readAllBytes(file));
  }

  private static void tensors(Path model) {
    try (Weights weights = Checkpoint.of(model).stored()) {
      weights.checkFinite();
    }
  }

  private void model(Path directory) {
    LocalModel.open(directory).close();
  }

  private static void tokenizer(Path directory) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      tokenizer.decode(tokenizer.encode("Tom has 3 apples. <|user|>"));
      tokenizer.encodeDocument("2 + 3");
      tokenizer.eosIds();
    }
    ChatTemplate.find(directory).ifPresent(template -> template.render(Samples.CHAT, true));
  }

  private static void template(byte[] input) {
    String source = new String(input, StandardCharsets.UTF_8);
    ChatTemplate.of(source, Map.of("bos_token", "<s>", "eos_token", "</s>"))
        .render(Samples.CHAT, true);
  }

  private void adapter(Path directory) {
    try (LoraAdapter adapter = PeftAdapter.read(directory, model.lora())) {
      adapter.scale();
    }
  }

  private static void examples(Path file) {
    DatasetFiles.readExamples(file).forEach(SftExample::value);
  }

  private void journal(Path file) throws IOException {
    for (String more : List.of("-wal", "-shm")) { // of the input before
      Files.deleteIfExists(Path.of(file + more));
    }
    try (TreeJournal journal = TreeJournal.open(file)) {
      journal.read(Samples.SCOPE, Samples.LINEAGE, List.of("q1", "q2"));
      journal.failures(Samples.SCOPE);
      journal.remarks();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
