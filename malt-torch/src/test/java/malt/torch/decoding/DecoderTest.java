package malt.torch.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import malt.ModelException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.PackedModel.Packing;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Variant;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  private static final Offset<Float> CLOSE = Offset.offset(3e-5f);
  private static final int VOCABULARY = 50;
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  private static final List<Variant> VARIANTS =
      List.of(
          Variant.LLAMA,
          new Variant(false, false, 4, null, null),
          new Variant(true, false, 0, null, null),
          new Variant(false, true, 0, null, null),
          new Variant(false, false, 0, new Variant.Llama3Rope(8, 1, 4, 32), null),
          TinyModels.GEMMA);
  private long before;
  private GradMode grad;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    grad = GradMode.off();
  }

  @AfterEach
  void close_and_nothing_leaks() {
    grad.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private static CausalLm model(Way way, Variant variant) {
    return Devices.placed(way.assumed().device(), TinyModels.random(TinyModels.of(variant), 5));
  }

  /** Logits of each position by the plain forward, (T, V). */
  private static float[][] plain(CausalLm model, LoraAdapter adapter, int[] ids) {
    try (TensorScope scope = new TensorScope()) {
      Tensor tokens = model.tensors().ofIds(ids).unsqueeze(0);
      return rows(model.logits(model.forward(tokens, adapter)));
    }
  }

  private static float[][] rows(Tensor logits) {
    float[] flat = Tensors.floats(logits);
    float[][] rows = new float[flat.length / VOCABULARY][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(flat, row * VOCABULARY, (row + 1) * VOCABULARY);
    }
    return rows;
  }

  private static float[][] logits(Decoder decoder, Feed... feeds) {
    try (TensorScope scope = new TensorScope()) {
      return rows(decoder.logits(List.of(feeds)));
    }
  }

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#all")
  void token_by_token_equals_the_whole_forward_for_every_variant(Way way) {
    for (Variant variant : VARIANTS) {
      try (CausalLm model = model(way, variant);
          Decoder decoder = way.decoder(model, LoraAdapter.NONE)) {
        float[][] whole = plain(model, LoraAdapter.NONE, IDS);
        KeyValueNode node = decoder.store().begin();
        for (int t = 0; t < IDS.length; t += t == 0 ? 5 : 1) {
          int count = t == 0 ? 5 : 1;
          float[][] last = logits(decoder, new Feed(node, Arrays.copyOfRange(IDS, t, t + count)));
          assertThat(last[0])
              .as("%s, token %d", variant, t)
              .containsExactly(whole[t + count - 1], CLOSE);
        }
        node.release();
        assertThat(decoder.store().bytes()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#all")
  void an_adapter_counts_as_in_the_plain_forward_as_it_is_and_merged(Way way) {
    try (CausalLm model = model(way, Variant.LLAMA);
        LoraAdapter adapter = Devices.placed(way.device(), adapter(1));
        LoraAdapter merged = adapter.merged(model.weights())) {
      float[][] whole = plain(model, adapter, IDS);
      for (LoraAdapter each : List.of(adapter, merged)) {
        try (Decoder decoder = way.decoder(model, each)) {
          KeyValueNode node = decoder.store().begin();
          assertThat(logits(decoder, new Feed(node, IDS))[0])
              .containsExactly(whole[IDS.length - 1], CLOSE);
        }
      }
      assertThat(plain(model, LoraAdapter.NONE, IDS)[3]).isNotEqualTo(whole[3]);
    }
  }

  private static LoraAdapter adapter(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, LoraAdapter.Pair> pairs = new LinkedHashMap<>();
    for (int layer = 0; layer < 2; layer++) {
      String path = "model.layers." + layer + ".";
      pairs.put(path + "self_attn.q_proj", pair(random, 16, 16));
      pairs.put(path + "self_attn.v_proj", pair(random, 16, 8));
      pairs.put(path + "self_attn.o_proj", pair(random, 16, 16));
      pairs.put(path + "mlp.gate_proj", pair(random, 16, 40));
      pairs.put(path + "mlp.down_proj", pair(random, 40, 16));
    }
    return new LoraAdapter(pairs, 0.7);
  }

  private static LoraAdapter.Pair pair(SplittableRandom random, int in, int out) {
    return new LoraAdapter.Pair(matrix(random, 3, in), matrix(random, out, 3));
  }

  private static Tensor matrix(SplittableRandom random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 0.3);
    }
    return Tensors.kept(() -> Tensors.MAIN.ofFloats(values, rows, columns));
  }

  /** A text that grows in a random tree: its node, and all ids from the root. */
  private record Text(KeyValueNode node, int[] ids) {}

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#all")
  void every_path_of_a_random_tree_equals_a_sequence_of_its_own(Way way) {
    for (int seed = 0; seed < 6; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (CausalLm model = model(way, VARIANTS.get(seed % VARIANTS.size()));
          Decoder decoder = way.decoder(model, LoraAdapter.NONE)) {
        List<Text> open = new ArrayList<>(); // texts that may grow
        List<KeyValueNode> made = new ArrayList<>();
        for (int root = 0; root < 2; root++) {
          KeyValueNode node = decoder.store().begin();
          made.add(node);
          open.add(new Text(node, new int[0]));
        }
        for (int round = 0; round < 5; round++) {
          List<Feed> feeds = new ArrayList<>();
          List<Text> grown = new ArrayList<>();
          for (Text text : open) {
            int room = model.config().maxPositions() - text.ids().length;
            int[] more = random.ints(Math.min(room, random.nextInt(1, 9)), 0, 50).toArray();
            feeds.add(new Feed(text.node(), more));
            int[] ids = Arrays.copyOf(text.ids(), text.ids().length + more.length);
            System.arraycopy(more, 0, ids, text.ids().length, more.length);
            grown.add(new Text(text.node(), ids));
          }
          float[][] found = logits(decoder, feeds.toArray(new Feed[0]));
          for (int i = 0; i < grown.size(); i++) {
            int[] ids = grown.get(i).ids();
            assertThat(found[i])
                .as("seed %d, round %d, %s", seed, round, Arrays.toString(ids))
                .containsExactly(plain(model, LoraAdapter.NONE, ids)[ids.length - 1], CLOSE);
          }
          open.clear();
          for (Text text : grown) {
            if (random.nextInt(3) == 0 && text.ids().length > 2) { // the same tokens in two nodes
              int length = text.node().end() - text.node().begin();
              if (length > 1) {
                made.add(text.node().split(random.nextInt(1, length)));
              }
            }
            int children = random.nextInt(3);
            if (children == 0) {
              open.add(text); // goes on by itself
            }
            for (int child = 0; child < children; child++) {
              KeyValueNode node = text.node().child();
              made.add(node);
              open.add(new Text(node, text.ids()));
            }
          }
        }
        assertThat(decoder.store().bytes()).isPositive();
        made.forEach(KeyValueNode::release);
        assertThat(decoder.store().bytes()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#each")
  void what_the_others_do_changes_nothing_but_rounding(Way way) {
    try (CausalLm model = model(way, Variant.LLAMA);
        Decoder decoder = way.decoder(model, LoraAdapter.NONE)) {
      float[] alone = logits(decoder, new Feed(decoder.store().begin(), IDS))[0];
      Feed[] many = new Feed[70];
      for (int i = 0; i < many.length; i++) {
        int[] ids = i == 33 ? IDS : new int[] {i % 50, 7 * i % 50};
        many[i] = new Feed(decoder.store().begin(), ids);
      }
      assertThat(logits(decoder, many)[33]).containsExactly(alone, CLOSE);
    }
  }

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#each")
  void a_text_longer_than_the_model_is_refused(Way way) {
    try (CausalLm model = model(way, Variant.LLAMA);
        Decoder decoder = way.decoder(model, LoraAdapter.NONE)) {
      int most = model.config().maxPositions();
      Feed feed = new Feed(decoder.store().begin(), new int[most + 1]);
      assertThatThrownBy(() -> decoder.read(List.of(feed)))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining((most + 1) + " tokens exceeds the model's " + most);
    }
  }

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#all")
  void a_token_that_the_model_lacks_is_an_error(Way way) {
    try (CausalLm model = model(way, Variant.LLAMA);
        Decoder decoder = way.decoder(model, LoraAdapter.NONE)) {
      Feed feed = new Feed(decoder.store().begin(), new int[] {VOCABULARY});
      assertThatThrownBy(() -> decoder.read(List.of(feed)))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("token 50 is not among the model's 50 words");
    }
  }

  @Test
  void rounding_is_all_in_which_the_ways_differ() {
    Way plain = new Way(Device.cpu(1), null);
    Way packed = new Way(Device.cpu(1), new Packing(true, 2));
    try (CausalLm model = model(plain, TinyModels.GEMMA);
        Decoder one = plain.decoder(model, LoraAdapter.NONE);
        Decoder other = packed.decoder(model, LoraAdapter.NONE)) {
      int[] many = new SplittableRandom(3).ints(100, 0, 50).toArray(); // over several pages
      assertThat(logits(one, new Feed(one.store().begin(), many))[0])
          .containsExactly(logits(other, new Feed(other.store().begin(), many))[0], CLOSE);
    }
  }

  @Test
  void memory_grows_with_what_is_read_and_is_used_again() {
    Way way = new Way(Device.cpu(1), null);
    try (CausalLm model = model(way, Variant.LLAMA);
        Decoder decoder = way.decoder(model, LoraAdapter.NONE)) {
      long page = 0;
      for (int round = 0; round < 3; round++) {
        List<KeyValueNode> nodes = new ArrayList<>();
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < 80; i++) { // more pages than there are at first
          nodes.add(decoder.store().begin());
          feeds.add(new Feed(nodes.get(i), i == 50 ? IDS : new int[] {i % 50}));
        }
        float[] last = plain(model, LoraAdapter.NONE, IDS)[IDS.length - 1];
        assertThat(logits(decoder, feeds.toArray(new Feed[0]))[50]).containsExactly(last, CLOSE);
        page = page == 0 ? decoder.store().bytes() / 80 : page;
        assertThat(decoder.store().bytes()).isEqualTo(80 * page).isPositive();
        nodes.forEach(KeyValueNode::release);
      }
      assertThat(page).isEqualTo(2 * 2 * 2 * 16 * 4 * 4); // layers, keys and values, groups, ...
    }
  }
}
