package malt.bench.campaign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import malt.agent.AgentRole;
import malt.app.parquet.ParquetFiles;
import malt.data.DatasetFiles;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.problem.KeptProblems;
import malt.problem.Problem;
import malt.torch.adapter.FreshAdapter;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.PeftAdapter;
import malt.torch.local.LocalModel;
import malt.torch.weights.Checkpoint;
import malt.training.LoraSettings;
import malt.tree.CompletionStore;
import malt.tree.Lineage;
import malt.tree.TreeJournal;

/** Small sound files of every kind that malt reads. */
final class Samples {
  static final String SCOPE = "train/joint";
  static final Lineage LINEAGE = new Lineage("generator=base");
  static final List<Message> CHAT =
      List.of(
          Message.of(Message.Role.USER, "2 + 3 ?"),
          Message.of(Message.Role.ASSISTANT, "5"),
          Message.of(Message.Role.USER, "Sure?"));

  private static final Completion SAID =
      new Completion(
          "2 + 3 = 5\n#### 5",
          new int[] {1, 2, 3},
          new int[] {4, 5},
          new float[] {-0.5f, -0.25f},
          FinishReason.STOP,
          AdapterRef.BASE,
          7);

  private static final List<Problem> PROBLEMS =
      List.of(new Problem("q1", "2 + 3 ?", "5"), new Problem("q2", "4 + 4 ?", "8"));

  private final Path folder;

  Samples(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** A directory with one file of three tensors, of three types. */
  Path tensors() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("tensors"));
    Files.write(directory.resolve(Checkpoint.FILE), safetensors("a.weight"));
    return directory;
  }

  /** The same in two files with an index. */
  Path shards() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("shards"));
    Files.write(directory.resolve("model-1.safetensors"), safetensors("a.weight"));
    Files.write(directory.resolve("model-2.safetensors"), safetensors("b.weight"));
    Files.writeString(
        directory.resolve(Checkpoint.INDEX),
        """
        {"metadata": {"total_size": 56}, "weight_map": {"a.weight": "model-1.safetensors",
         "a.weight.half": "model-1.safetensors", "a.weight.ids": "model-1.safetensors",
         "b.weight": "model-2.safetensors", "b.weight.half": "model-2.safetensors",
         "b.weight.ids": "model-2.safetensors"}}\
        """);
    return directory;
  }

  private static byte[] safetensors(String name) {
    String header =
        """
        {"__metadata__": {"format": "pt"},
         "%1$s": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
         "%1$s.half": {"dtype": "BF16", "shape": [2], "data_offsets": [16, 20]},
         "%1$s.ids": {"dtype": "I64", "shape": [1], "data_offsets": [20, 28]}}\
        """
            .formatted(name);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 28).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(text.length).put(text).array();
  }

  /** A directory with one file of GGUF, from which a model can be opened. */
  Path gguf() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("gguf"));
    GgufSample.write(directory.resolve("model.gguf"));
    return directory;
  }

  /** Templates that use what the interpreter knows. */
  List<byte[]> templates() {
    return List.of(
        bytes(
            """
            {{ bos_token }}{% for message in messages %}{% if loop.first and message['role'] !=
            'user' %}{{ raise_exception('no user') }}{% endif %}<|{{ message.role }}|>
            {{ message['content'] | trim }}{{ eos_token }}
            {% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}\
            """),
        bytes(
            """
            {%- macro show(text, times=2) -%}{%- for i in range(times) -%}{{ text | upper }}{%-
            endfor -%}{%- endmacro -%}
            {%- set ns = namespace(found=false, n=0) -%}
            {%- for m in messages | rejectattr('role', 'equalto', 'system') -%}
              {%- set ns.n = ns.n + m.content | length -%}
              {{- show(m.content.split(' ')[0], 3) ~ loop.index0 ~ m | tojson -}}
            {%- endfor -%}
            {{ ns.n // 3 }} {{ [1, 2, 3][::-1] | join(', ') }} {{ {'a': 1}.items() | list }}
            {{ 'x' * 3 }} {{ '%s' % 2 }} {{ strftime_now('%d %b %Y') }}
            {{ 'yes' if messages[0].role is defined and 'b' in 'abc' else 'no' }}\
            """));
  }

  /** The directory of a fresh adapter of the model. */
  Path adapter(LocalModel model) {
    Path directory = folder.resolve("adapter");
    LoraSettings settings = new LoraSettings(1, 2, false, List.of("q_proj"));
    try (LoraAdapter adapter = FreshAdapter.of(model.lora(), settings, 1)) {
      PeftAdapter.write(directory, adapter, model.lora());
    }
    return directory;
  }

  /** Complete configurations, and one that is a change of others. */
  List<byte[]> yaml() throws IOException {
    Path home = MaltProgram.home();
    return List.of(
        Files.readAllBytes(home.resolve("configs/nano.yaml")),
        Files.readAllBytes(home.resolve("malt-bench/campaigns/kills/rounds.yaml")));
  }

  byte[] problems() throws IOException {
    Path file = folder.resolve("problems.jsonl");
    KeptProblems.write(file, PROBLEMS);
    return Files.readAllBytes(file);
  }

  byte[] examples() throws IOException {
    Path file = folder.resolve("sft.jsonl");
    DatasetFiles.writeExamples(
        file,
        List.of(
            new SftExample(new AgentRole("generator"), "q1", Prompt.of("2 + 3 ?"), SAID, 0.75)));
    return Files.readAllBytes(file);
  }

  byte[] parquet() throws IOException {
    problems();
    Path file = folder.resolve("problems.parquet");
    ParquetFiles.write(
        folder.resolve("problems.jsonl"),
        Map.of("id", "VARCHAR", "question", "VARCHAR", "answer", "VARCHAR"),
        file);
    return Files.readAllBytes(file);
  }

  byte[] journal() throws IOException {
    Path file = folder.resolve("journal.db");
    try (TreeJournal journal = TreeJournal.open(file)) {
      journal.append(
          SCOPE,
          LINEAGE,
          List.of(
              new CompletionStore.Entry("q1", List.of(0), SAID),
              new CompletionStore.Entry("q1", List.of(1), SAID),
              new CompletionStore.Entry("q2", List.of(0), SAID)));
    }
    return Files.readAllBytes(file);
  }

  byte[] manifest() {
    return bytes(
        """
        {"name": "nano", "malt": "0.1", "java": "17", "system": "Linux", "base": "ab12",
         "template": "cd34", "begun": "2026-01-01T00:00:00Z"}\
        """);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
