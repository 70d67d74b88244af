package malt.torch.generation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.model.SamplingListener;
import malt.model.SamplingParams;
import malt.torch.decoding.Decoder;
import malt.torch.decoding.Feed;
import malt.torch.decoding.KeyValueNode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows of one adapter that grow together, a token a step. Others may join between two steps, and
 * who is finished leaves; what rows have in common is read once. Belongs to one thread.
 */
final class RowBatch implements AutoCloseable {
  /** Prompt tokens read at once: enough for products at full speed, in little memory. */
  private static final int READ_AT_ONCE = 1024;

  private final Decoder decoder;
  private final PromptCodec codec;
  private final SamplingListener listener;
  private final PromptTree prompts;
  private List<Row> rows = new ArrayList<>();

  /** A draft and its place in the tree of keys and values. */
  private record Row(Draft draft, Prompt prompt, KeyValueNode keyValues) {}

  /** A prompt in the tree, for so many rows. */
  private static final class Prompt {
    private final PromptTree.Node node;
    private int rows;

    private Prompt(PromptTree.Node node, int rows) {
      this.node = node;
      this.rows = rows;
    }
  }

  /** A part that waits for its turn: what it shares with others is kept until then. */
  record Waiting(Batch.Part part, PromptTree.Node prompt) {}

  /**
   * @param decoder closed with this
   * @param listener hears of rows that are finished
   */
  RowBatch(Decoder decoder, PromptCodec codec, SamplingListener listener) {
    this.decoder = decoder;
    this.codec = codec;
    this.listener = listener;
    prompts = new PromptTree(decoder.store());
  }

  /** Announces a part that will join. */
  Waiting expect(Batch.Part part) {
    int[] ids = part.promptIds();
    return new Waiting(part, prompts.add(ids, ids.length - 1));
  }

  /** Reads what is new in the prompts; their last token is each row's own first step. */
  void join(List<Waiting> parts) {
    List<Feed> feeds = new ArrayList<>();
    for (Waiting each : parts) {
      feeds.addAll(prompts.unread(each.prompt()));
    }
    read(feeds);
    for (Waiting each : parts) {
      List<Draft> drafts = each.part().drafts();
      Prompt prompt = new Prompt(each.prompt(), drafts.size());
      for (Draft draft : drafts) {
        rows.add(new Row(draft, prompt, decoder.store().after(each.prompt().keyValues())));
      }
    }
    leave();
  }

  /** Reads feeds in pieces; a node is whole before those below it are begun. */
  private void read(List<Feed> feeds) {
    List<Feed> together = new ArrayList<>();
    int tokens = 0;
    for (Feed feed : feeds) {
      for (int from = 0; from < feed.tokens().length; ) {
        int count = Math.min(feed.tokens().length - from, READ_AT_ONCE - tokens);
        together.add(
            new Feed(feed.node(), java.util.Arrays.copyOfRange(feed.tokens(), from, from + count)));
        from += count;
        tokens += count;
        if (tokens == READ_AT_ONCE) {
          decoder.read(together);
          together.clear();
          tokens = 0;
        }
      }
    }
    if (tokens > 0) {
      decoder.read(together);
    }
  }

  /** One more token for each row; only while some are unfinished. */
  void step() {
    leave();
    List<Feed> feeds = new ArrayList<>();
    for (Row row : rows) {
      feeds.add(new Feed(row.keyValues(), new int[] {row.draft().lastId()}));
    }
    try (TensorScope scope = new TensorScope()) {
      extend(decoder.logits(feeds));
    }
    leave();
  }

  /** Adds a token to each row, drawn from logits (B, V). */
  private void extend(Tensor logits) {
    decoder.eachShare(
        rows.size(),
        (from, to) -> extend(rows.subList(from, to), logits.narrow(0, from, to - from)));
  }

  /** Rows that are drawn in one way are drawn together. */
  private void extend(List<Row> some, Tensor logits) {
    Map<SamplingParams, List<Integer>> ways = new LinkedHashMap<>();
    for (int row = 0; row < some.size(); row++) {
      ways.computeIfAbsent(some.get(row).draft().params(), way -> new ArrayList<>()).add(row);
    }
    ways.forEach(
        (params, members) -> {
          long[] index = members.stream().mapToLong(Integer::longValue).toArray();
          double[] uniforms =
              members.stream().mapToDouble(row -> some.get(row).draft().uniform()).toArray();
          Tensor own =
              ways.size() == 1
                  ? logits
                  : logits.index_select(0, Tensors.beside(logits).ofLongs(index, index.length));
          TokenSampler.Drawn drawn = TokenSampler.draw(own, params, uniforms);
          for (int i = 0; i < uniforms.length; i++) {
            Draft draft = some.get(members.get(i)).draft();
            draft.add(drawn.ids()[i], drawn.logProbs()[i], codec);
          }
        });
  }

  /** Rows under way. */
  int unfinished() {
    return (int) rows.stream().filter(row -> !row.draft().finished()).count();
  }

  /** Lets finished rows go, and what only they needed. */
  private void leave() {
    List<Row> staying = new ArrayList<>();
    long tokens = 0;
    for (Row row : rows) {
      if (row.draft().finished()) {
        tokens += row.draft().length();
        row.keyValues().release();
        if (--row.prompt().rows == 0) {
          prompts.remove(row.prompt().node);
        }
      } else {
        staying.add(row);
      }
    }
    if (staying.size() < rows.size()) {
      listener.sampled(rows.size() - staying.size(), tokens);
    }
    rows = staying;
  }

  @Override
  public void close() {
    rows = List.of();
    decoder.close();
  }
}
