package malt.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.gguf.GgufModel;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Precision;
import malt.torch.weights.StoredType;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models in GGUF against what transformers makes of the same files;
 * src/test/parity/make_gguf_fixtures.py wrote both.
 */
class GgufModelTest {
  @TempDir private Path folder;

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(GgufModelTest.class.getResource("/" + name).toURI());
  }

  private static float[] logits(CausalLm model, long[] ids) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor tokens = Tensors.MAIN.ofLongs(ids, 1, ids.length);
      return Tensors.floats(model.logits(model.forward(tokens, LoraAdapter.NONE)));
    }
  }

  private static double largest(float[] numbers) {
    double largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm2", "qwen2.5", "qwen3", "gemma3"})
  void logits_are_those_of_transformers(String family) throws URISyntaxException {
    long before = TensorScope.liveObjects();
    Path file = resource("gguf/" + family + ".gguf");
    try (Weights expected = Weights.read(resource("gguf/expected.safetensors"), ScalarType.Float)) {
      long[] ids = Tensors.longs(expected.tensor(family + ".ids"));
      float[] wanted = Tensors.floats(expected.tensor(family + ".logits"));
      for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.MIXED}) {
        try (CausalLm model = CausalLm.load(file, precision)) {
          float[] found = logits(model, ids);
          for (int i = 0; i < found.length; i++) {
            found[i] -= wanted[i];
          }
          assertThat(found).hasSameSizeAs(wanted);
          assertThat(largest(found)).as("%s", precision).isLessThan(1e-5 * largest(wanted));
        }
      }
    }
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm2", "qwen2.5", "qwen3"})
  void the_shape_is_that_of_the_model_it_was_made_of(String family) throws URISyntaxException {
    ModelConfig found = ModelConfig.read(resource("gguf/" + family + ".gguf"));
    assertThat(found).isEqualTo(ModelConfig.read(resource("parity/" + family)));
    Checkpoint checkpoint = Checkpoint.of(resource("gguf/" + family + ".gguf"));
    checkpoint.requireShapesOf(found);
    assertThat(checkpoint.type()).isEqualTo(StoredType.FLOAT32); // what blocks widen to
  }

  /** By these two transformers and what is built on it know how to read a directory. */
  @ParameterizedTest
  @ValueSource(strings = {"smollm2", "qwen2.5", "qwen3", "gemma3"})
  void the_kind_is_stated_in_the_words_of_transformers(String family)
      throws IOException, URISyntaxException {
    JsonNode stated =
        GgufModel.find(resource("gguf/" + family + ".gguf"))
            .flatMap(file -> file.document("config.json"))
            .orElseThrow();
    JsonNode original =
        new ObjectMapper().readTree(resource("parity/" + family + "/config.json").toFile());
    for (String key : List.of("model_type", "architectures")) {
      assertThat(stated.get(key)).as(key).isEqualTo(original.get(key));
    }
  }

  @Test
  void merging_writes_an_ordinary_directory() throws IOException, URISyntaxException {
    Path file = Files.copy(resource("gguf/gemma3.gguf"), folder.resolve("gemma3.gguf"));
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Path out = folder.resolve("out");
    try (CausalLm model = CausalLm.load(file)) {
      MergedCheckpoint.Result result =
          MergedCheckpoint.write(
              file, model, LoraAdapter.NONE, out, StoredType.FLOAT32, (path, done, all) -> {});
      assertThat(result.largestDifference()).isLessThan(1e-5 * result.largestLogit());
      assertThat(ModelConfig.read(out)).isEqualTo(model.config());
    }
    assertThat(Arrays.asList(out.toFile().list()))
        .contains("config.json", "model.safetensors", "tokenizer.json");
  }
}
