package malt.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.Decoder;
import malt.torch.decoding.Feed;
import malt.torch.decoding.KeyValueNode;
import malt.torch.decoding.PackedDecoder;
import malt.torch.decoding.PackedModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Precision;
import org.bytedeco.pytorch.LongOptional;

/**
 * Load time, prefill and decode tokens/s of model directories, by precision and batch. Make one of
 * random weights with {@code malt random-model}.
 *
 * <pre>malt-bench/bench ModelBenchmark DIR [float32,bfloat16,mixed] [1,8,32] [THREADS]</pre>
 */
public final class ModelBenchmark {
  private static final int PROMPT = 256;
  private static final int NEW_TOKENS = 128;

  private ModelBenchmark() {}

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    String precisions = arguments.length > 1 ? arguments[1] : "float32,bfloat16,mixed";
    String batches = arguments.length > 2 ? arguments[2] : "1,8,32";
    int threads =
        arguments.length > 3
            ? Integer.parseInt(arguments[3])
            : Runtime.getRuntime().availableProcessors();
    LibTorch.setThreads(1); // the decoder's team divides each product itself
    System.out.printf(
        "%s, %d threads, prompt %d, %d new%n", directory, threads, PROMPT, NEW_TOKENS);
    System.out.printf(
        "%10s %8s %8s %14s %14s%n", "dtype", "load s", "batch", "prefill tok/s", "decode tok/s");
    for (String name : precisions.split(",", -1)) {
      Precision precision = Precision.valueOf(name.toUpperCase(java.util.Locale.ROOT));
      double start = System.nanoTime();
      try (CausalLm model = CausalLm.load(directory, precision);
          PackedModel packed =
              PackedModel.of(model, LoraAdapter.NONE, PackedModel.Packing.of(model, threads))) {
        double load = (System.nanoTime() - start) / 1e9;
        for (int batch :
            Arrays.stream(batches.split(",", -1)).mapToInt(Integer::parseInt).toArray()) {
          System.out.printf("%10s %8.1f %8d ", name, load, batch);
          System.out.println(measure(packed, model.config().vocabularySize(), batch));
        }
      }
    }
  }

  private static String measure(PackedModel model, int vocabulary, int batch) {
    int[] ids = new SplittableRandom(1).ints((long) batch * PROMPT, 0, vocabulary).toArray();
    try (GradMode off = GradMode.off();
        Decoder decoder = new PackedDecoder(model, LoraAdapter.NONE)) {
      List<KeyValueNode> rows = new ArrayList<>();
      List<Feed> prompts = new ArrayList<>();
      for (int row = 0; row < batch; row++) {
        rows.add(decoder.store().begin());
        int[] prompt = Arrays.copyOfRange(ids, row * PROMPT, (row + 1) * PROMPT);
        prompts.add(new Feed(rows.get(row), prompt));
      }
      long start = System.nanoTime();
      long[] next = step(decoder, prompts);
      double prefill = (System.nanoTime() - start) / 1e9;
      start = System.nanoTime();
      for (int t = 1; t < NEW_TOKENS; t++) {
        List<Feed> feeds = new ArrayList<>();
        for (int row = 0; row < batch; row++) {
          feeds.add(new Feed(rows.get(row), new int[] {(int) next[row]}));
        }
        next = step(decoder, feeds);
      }
      double decode = (System.nanoTime() - start) / 1e9;
      rows.forEach(KeyValueNode::release);
      return "%14.1f %14.1f".formatted(batch * PROMPT / prefill, batch * (NEW_TOKENS - 1) / decode);
    }
  }

  /** The likeliest id after each row. */
  private static long[] step(Decoder decoder, List<Feed> feeds) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.longs(decoder.logits(feeds).argmax(new LongOptional(-1), false));
    }
  }
}
