package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.Decoder;
import malt.torch.decoding.Feed;
import malt.torch.decoding.PackedDecoder;
import malt.torch.decoding.PackedModel;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PromptTreeTest {
  private static int tokens(List<Feed> feeds) {
    return feeds.stream().mapToInt(feed -> feed.tokens().length).sum();
  }

  @Test
  void each_token_that_prompts_begin_with_is_read_once_and_forgotten_with_the_last_of_them() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (CausalLm model = TinyModels.random(1);
          PackedModel packed =
              PackedModel.of(model, LoraAdapter.NONE, new PackedModel.Packing(true, 1));
          Decoder decoder = new PackedDecoder(packed, LoraAdapter.NONE);
          GradMode off = GradMode.off()) {
        PromptTree tree = new PromptTree(decoder.store());
        Set<List<Integer>> prefixes = new HashSet<>();
        List<PromptTree.Node> leaves = new ArrayList<>();
        int read = 0;
        for (int i = 0; i < 12; i++) {
          int[] ids = random.ints(random.nextInt(1, 12), 0, 2).toArray(); // much in common
          PromptTree.Node leaf = tree.add(ids, ids.length);
          List<Feed> feeds = tree.unread(leaf);
          if (!feeds.isEmpty()) {
            decoder.read(feeds);
          }
          read += tokens(feeds);
          for (int length = 1; length <= ids.length; length++) {
            prefixes.add(Arrays.stream(ids).limit(length).boxed().toList());
          }
          assertThat(read).isEqualTo(prefixes.size());
          assertThat(leaf.keyValues().end()).isEqualTo(ids.length);
          leaves.add(leaf);
        }
        for (PromptTree.Node leaf : leaves) {
          assertThat(decoder.store().bytes()).isPositive();
          tree.remove(leaf);
        }
        assertThat(decoder.store().bytes()).isZero();
      }
    }
  }

  @Test
  void prompts_that_are_known_before_any_is_read_take_their_places_all_the_same() {
    int[][] prompts = {{1, 2, 3, 4}, {1, 2, 5}, {1, 2, 5, 6, 7}, {8}, {1, 2}};
    try (CausalLm model = TinyModels.random(1);
        PackedModel packed =
            PackedModel.of(model, LoraAdapter.NONE, new PackedModel.Packing(true, 2));
        Decoder decoder = new PackedDecoder(packed, LoraAdapter.NONE);
        GradMode off = GradMode.off()) {
      PromptTree tree = new PromptTree(decoder.store());
      List<PromptTree.Node> leaves = new ArrayList<>();
      for (int[] ids : prompts) {
        leaves.add(tree.add(ids, ids.length));
      }
      List<Feed> feeds = new ArrayList<>();
      leaves.forEach(leaf -> feeds.addAll(tree.unread(leaf)));
      decoder.read(feeds);
      assertThat(tokens(feeds)).isEqualTo(8);
      for (int i = 0; i < prompts.length; i++) {
        assertThat(leaves.get(i).keyValues().end()).isEqualTo(prompts[i].length);
        Feed next = new Feed(leaves.get(i).keyValues().child(), new int[] {9});
        int[] alone = Arrays.copyOf(prompts[i], prompts[i].length + 1);
        alone[prompts[i].length] = 9;
        try (TensorScope scope = new TensorScope()) {
          Tensor whole = model.forward(Tensors.MAIN.ofIds(alone).unsqueeze(0), LoraAdapter.NONE);
          assertThat(Tensors.floats(decoder.logits(List.of(next))))
              .containsExactly(
                  Tensors.floats(model.logits(whole.select(1, prompts[i].length))),
                  Offset.offset(3e-5f));
        }
      }
    }
  }

  @Test
  void the_empty_prompt_needs_nothing() {
    try (CausalLm model = TinyModels.random(1);
        PackedModel packed =
            PackedModel.of(model, LoraAdapter.NONE, new PackedModel.Packing(true, 1));
        Decoder decoder = new PackedDecoder(packed, LoraAdapter.NONE)) {
      PromptTree tree = new PromptTree(decoder.store());
      PromptTree.Node leaf = tree.add(new int[] {7}, 0);
      assertThat(tree.unread(leaf)).isEmpty();
      assertThat(leaf.keyValues()).isNull();
      tree.remove(leaf);
    }
  }
}
