package malt.torch.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.WeightsException;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.SafetensorsWriter;
import malt.torch.weights.Weights;
import malt.training.LoraSettings;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeftAdapterTest {
  private static final LoraSettings SETTINGS =
      new LoraSettings(4, 10, false, List.of("q_proj", "down_proj"));
  private static final String Q0 = "base_model.model.model.layers.0.self_attn.q_proj.";

  @TempDir private Path directory;
  private Path saved;
  private long before;
  private CausalLm model;
  private LoraBase base;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    model = TinyModels.random(1);
    base = LoraBase.of("models/tiny", model.config(), model.weights(), "");
    saved = directory.resolve("adapter");
  }

  @AfterEach
  void close_and_nothing_leaks() {
    model.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  /** An adapter that changes something. */
  private LoraAdapter trained() {
    LoraAdapter adapter = FreshAdapter.of(base, SETTINGS, 7);
    try (TensorScope scope = new TensorScope()) {
      adapter.pairs().values().forEach(pair -> pair.b().add_(Tensors.scalar(0.1)));
    }
    return adapter;
  }

  private void save() {
    try (LoraAdapter adapter = trained()) {
      PeftAdapter.write(saved, adapter, base);
    }
  }

  private float[] logits(LoraAdapter adapter) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor tokens = Tensors.MAIN.ofLongs(new long[] {3, 1, 4, 1, 5}, 1, 5);
      return Tensors.floats(model.logits(model.forward(tokens, adapter)));
    }
  }

  private void refuses(String... parts) {
    assertThatThrownBy(() -> PeftAdapter.read(saved, base).close())
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll(parts);
  }

  private void editConfig(String from, String to) throws IOException {
    Path file = saved.resolve("adapter_config.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  /** Rewrites the saved tensors after a change. */
  private void editTensors(Consumer<Map<String, Tensor>> change) {
    Path file = saved.resolve("adapter_model.safetensors");
    try (TensorScope scope = new TensorScope();
        Weights weights = Weights.read(file, ScalarType.Float)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      weights.names().forEach(n -> tensors.put(n, weights.take(n, weights.shape(n)).clone()));
      change.accept(tensors);
      SafetensorsWriter.write(file, tensors, weights.metadata());
    }
  }

  @Test
  void a_fresh_adapter_changes_no_bit_of_the_logits() {
    try (LoraAdapter fresh = FreshAdapter.of(base, SETTINGS, 7)) {
      assertThat(logits(fresh)).isEqualTo(logits(LoraAdapter.NONE));
      assertThat(fresh.pairs()).hasSize(4); // two targets in two layers
    }
  }

  @Test
  void a_fresh_adapter_draws_a_uniformly_within_one_over_root_in_and_leaves_b_zero() {
    LoraSettings wide = new LoraSettings(200, 400, false, List.of("down_proj")); // in = 40
    try (LoraAdapter fresh = FreshAdapter.of(base, wide, 7);
        LoraAdapter other = FreshAdapter.of(base, wide, 8)) {
      LoraAdapter.Pair pair = fresh.pairs().get("model.layers.0.mlp.down_proj");
      double bound = 1 / Math.sqrt(40);
      double squares = 0;
      float[] a = Tensors.floats(pair.a());
      for (float value : a) {
        assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
        squares += value * value;
      }
      // the variance of a uniform on [-c, c] is c^2 / 3; 8,000 draws: within 5 %
      assertThat(squares / a.length).isBetween(0.95 * bound * bound / 3, 1.05 * bound * bound / 3);
      assertThat(Tensors.floats(pair.b())).containsOnly(0f);
      assertThat(a)
          .isNotEqualTo(Tensors.floats(other.pairs().get("model.layers.0.mlp.down_proj").a()))
          .isNotEqualTo(Tensors.floats(fresh.pairs().get("model.layers.1.mlp.down_proj").a()));
      assertThat(fresh.scale()).isEqualTo(2);
    }
  }

  @Test
  void merged_it_gives_the_same_logits_up_to_rounding() {
    try (LoraAdapter adapter = trained();
        LoraAdapter merged = model.merged(trained(), 1_000_000)) {
      assertThat(merged.pairs()).isEmpty();
      assertThat(logits(merged)).containsExactly(logits(adapter), within(1e-5f));
      assertThat(logits(merged)).isNotEqualTo(logits(LoraAdapter.NONE));
    }
  }

  @Test
  void saved_and_loaded_it_gives_the_same_logits() {
    try (LoraAdapter adapter = trained()) {
      PeftAdapter.write(saved, adapter, base);
      float[] expected = logits(adapter);
      assertThat(expected).isNotEqualTo(logits(LoraAdapter.NONE));
      try (LoraAdapter loaded = PeftAdapter.read(saved, base)) {
        assertThat(logits(loaded)).isEqualTo(expected);
      }
    }
  }

  @Test
  void the_files_are_those_of_peft() throws IOException {
    save();
    JsonNode json = new ObjectMapper().readTree(saved.resolve("adapter_config.json").toFile());
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 10.0,
                 "lora_dropout": 0.0, "target_modules": ["down_proj", "q_proj"], "bias": "none",
                 "use_rslora": false, "fan_in_fan_out": false, "inference_mode": true,
                 "base_model_name_or_path": "models/tiny"}
                """);
    assertThat(json).isEqualTo(expected);
    try (Weights weights =
        Weights.read(saved.resolve("adapter_model.safetensors"), ScalarType.Float)) {
      assertThat(weights.names()).hasSize(8).contains(Q0 + "lora_A.weight", Q0 + "lora_B.weight");
      assertThat(weights.shape(Q0 + "lora_A.weight")).containsExactly(4, 16);
      assertThat(weights.shape(Q0 + "lora_B.weight")).containsExactly(16, 4);
      assertThat(weights.metadata()).containsEntry("format", "pt");
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(saved); // no temporary directory left
    }
  }

  @Test
  void an_adapter_already_there_is_replaced() throws IOException {
    save();
    Files.writeString(saved.resolve("README.md"), "older");
    try (LoraAdapter fresh = FreshAdapter.of(base, SETTINGS, 7)) {
      PeftAdapter.write(saved, fresh, base);
    }
    try (LoraAdapter loaded = PeftAdapter.read(saved, base)) {
      assertThat(logits(loaded)).isEqualTo(logits(LoraAdapter.NONE));
    }
    assertThat(saved.resolve("README.md")).doesNotExist();
  }

  @Test
  void an_adapter_of_some_layers_names_each_of_them() {
    LoraSettings first = new LoraSettings(2, 4, false, List.of("layers.0.self_attn.q_proj"));
    try (LoraAdapter fresh = FreshAdapter.of(base, first, 7)) {
      assertThat(fresh.pairs()).containsOnlyKeys("model.layers.0.self_attn.q_proj");
      PeftAdapter.write(saved, fresh, base);
    }
    try (LoraAdapter loaded = PeftAdapter.read(saved, base)) {
      assertThat(loaded.pairs()).containsOnlyKeys("model.layers.0.self_attn.q_proj");
    }
  }

  @Test
  void a_configuration_as_peft_itself_writes_it_is_read() throws IOException {
    save();
    editConfig(
        "\"use_rslora\" : false",
        """
        "use_rslora" : false, "use_dora": false, "alpha_pattern": {}, "rank_pattern": {},
        "auto_mapping": null, "modules_to_save": null, "exclude_modules": null, "revision": null,
        "init_lora_weights": true, "megatron_core": "megatron.core", "layers_pattern": null,
        "loftq_config": {}, "lora_bias": false, "peft_version": "0.18.0"
        """);
    PeftAdapter.read(saved, base).close();
  }

  @Test
  void a_start_that_changes_the_base_is_refused_by_name() throws IOException {
    save();
    String line = "\"use_rslora\" : false";
    for (String start :
        List.of("pissa", "pissa_niter_16", "olora", "OLoRA", "corda", "loftq", "lora_ga")) {
      editConfig(line, line + ", \"init_lora_weights\": \"" + start + "\"");
      assertThatThrownBy(() -> PeftAdapter.read(saved, base))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("init_lora_weights = \"" + start + "\" is not supported")
          .hasMessageContaining("changed the base");
      save();
    }
    for (String start :
        List.of("true", "false", "null", "\"gaussian\"", "\"eva\"", "\"orthogonal\"")) {
      editConfig(line, line + ", \"eva_config\": {\"rho\": 2}, \"init_lora_weights\": " + start);
      PeftAdapter.read(saved, base).close();
      save();
    }
  }

  @Test
  void rank_stabilised_scales_divide_by_the_root_of_the_rank() throws IOException {
    save(); // rank 4, alpha 10
    try (LoraAdapter plain = PeftAdapter.read(saved, base)) {
      assertThat(plain.scale()).isEqualTo(2.5);
    }
    editConfig("\"use_rslora\" : false", "\"use_rslora\" : true");
    try (LoraAdapter stabilised = PeftAdapter.read(saved, base)) {
      assertThat(stabilised.scale()).isEqualTo(5);
      Path again = saved.resolveSibling("again");
      PeftAdapter.write(again, stabilised, base);
      try (LoraAdapter reread = PeftAdapter.read(again, base)) {
        assertThat(logits(reread)).isEqualTo(logits(stabilised));
      }
    }
  }

  @Test
  void another_chat_template_is_refused() {
    save();
    LoraBase talks = LoraBase.of("models/tiny", model.config(), model.weights(), "abc");
    try (LoraAdapter adapter = trained()) {
      PeftAdapter.write(saved, adapter, talks);
    }
    PeftAdapter.read(saved, talks).close();
    refuses("another chat template", "abc");
  }

  @Test
  void unsupported_settings_are_refused_by_name() throws IOException {
    for (String[] edit :
        List.of(
            new String[] {"\"LORA\"", "\"IA3\"", "peft_type = \"IA3\""},
            new String[] {"\"none\"", "\"all\"", "bias = \"all\""},
            new String[] {"\"r\" : 4", "\"r\" : 0", "r = 0"},
            new String[] {"\"r\" : 4", "\"q\" : 4", "q = 4"},
            new String[] {"\"fan_in_fan_out\" : false", "\"use_dora\" : true", "use_dora = true"},
            new String[] {
              "\"use_rslora\" : false", "\"modules_to_save\" : [\"lm_head\"]", "modules_to_save"
            })) {
      save();
      editConfig(edit[0], edit[1]);
      refuses("adapter_config.json", edit[2], "is not supported");
    }
    save();
    editConfig("\"r\" : 4,", "");
    refuses("adapter_config.json does not state r");
  }

  @Test
  void a_target_that_names_no_module_is_refused() throws IOException {
    assertThatThrownBy(
            () ->
                FreshAdapter.of(
                    base, new LoraSettings(4, 8, false, List.of("q_proj", "c_attn")), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("[c_attn] name no linear map of models/tiny");
    save();
    editConfig("\"q_proj\"", "\"q_proj\", \"roj\"");
    refuses("target_modules [roj] name no linear map of models/tiny");
  }

  @Test
  void missing_extra_and_misshapen_tensors_are_refused_by_name() {
    String a = Q0 + "lora_A.weight";
    save();
    editTensors(tensors -> tensors.remove(a));
    refuses("adapter_model.safetensors", "has no tensor " + a);
    save();
    editTensors(tensors -> tensors.put("base_model.model.lm_head.weight", tensors.get(a)));
    refuses("adapter_model.safetensors", "of no use here", "base_model.model.lm_head.weight");
    save();
    editTensors(tensors -> tensors.put(a, tensors.get(a).narrow(0, 0, 3).clone()));
    refuses("adapter_model.safetensors", a, "[3, 16]", "[4, 16]");
  }

  @Test
  void missing_and_damaged_files_are_refused() throws IOException {
    refuses("adapter_config.json is missing");
    save();
    Path file = saved.resolve("adapter_model.safetensors");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
    refuses("adapter_model.safetensors is not a sound safetensors file");
    Files.delete(file);
    refuses("adapter_model.safetensors is missing");
    Files.writeString(saved.resolve("adapter_config.json"), "{\"r\": 4,");
    refuses("adapter_config.json is not an adapter configuration");
  }

  @Test
  void an_adapter_of_another_base_is_refused() {
    List<LoraBase> others = new ArrayList<>();
    try (CausalLm other = TinyModels.random(2)) {
      others.add(LoraBase.of("models/other", other.config(), other.weights(), ""));
    }
    save();
    assertThatThrownBy(() -> PeftAdapter.read(saved, others.get(0)).close())
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll(
            "was trained on another base",
            base.fingerprint(),
            "models/other",
            others.get(0).fingerprint());
  }
}
