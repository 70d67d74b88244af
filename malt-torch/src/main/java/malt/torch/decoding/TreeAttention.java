package malt.torch.decoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import malt.kernel.AttentionKernel;
import malt.kernel.Queries;
import malt.torch.nn.RotaryTable;
import malt.torch.tensor.Team;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.ModelConfig.Sight;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Grouped-query attention (Ainslie et al. 2023) of a forward's tokens to their paths in a tree of
 * keys and values, worked out in 32 bits. A shared node is read once for the tokens that share it.
 * The members of a team work on it together.
 */
final class TreeAttention {
  /** Queries that look at a block together: their rows stay in the first cache with it. */
  private static final int QUERIES = 48;

  private final AttentionKernel kernel = AttentionKernel.best();
  private final int heads;
  private final int groups;
  private final int headSize;
  private final int depth; // of a head with its padding
  private final int layers;
  private final double normEpsilon;
  private final float scale; // of the scores
  private final List<Sight> sights; // of each layer
  private final Map<Sight, RotaryTable.Growing> rotaries;
  private final Map<Sight, RotaryTable> tables = new HashMap<>(); // of this forward
  private final Team team;
  private final Queries[] queries; // of each member
  private final AttentionKernel.Numbers[] blocks; // likewise
  private final boolean halved;
  private final List<KeyValuePage> pages = new ArrayList<>(); // of the store
  private float[] input = new float[0]; // queries, keys and values of all tokens
  private float[] output = new float[0];
  private AttentionPlan plan = AttentionPlan.of(List.of(), 1, 1, 1);

  /**
   * @param halved whether keys and values are held in bfloat16
   */
  TreeAttention(
      ModelConfig config, Map<Sight, RotaryTable.Growing> rotaries, Team team, boolean halved) {
    heads = config.heads();
    groups = config.keyValueHeads();
    headSize = config.headSize();
    depth = kernel.padded(headSize, halved);
    layers = config.layers();
    normEpsilon = config.normEpsilon();
    scale = (float) config.scoreScale();
    sights = IntStream.range(0, layers).mapToObj(config::sight).toList();
    this.rotaries = rotaries;
    this.team = team;
    this.halved = halved;
    int threads = team.size();
    int rows = tokensOfShare() * headsOfGroup();
    queries = new Queries[threads];
    blocks = new AttentionKernel.Numbers[threads];
    for (int member = 0; member < threads; member++) {
      queries[member] = new Queries(kernel, rows, depth);
      blocks[member] =
          halved
              ? new AttentionKernel.Narrow(new int[blockSize() / 2])
              : new AttentionKernel.Wide(new float[blockSize()]);
    }
  }

  /** Memory for the keys and values of this model. */
  KeyValueStore store() {
    return new KeyValueStore(kernel.blockKeys(), new Pages());
  }

  /** Pages of main memory, by number. */
  private final class Pages implements KeyValueStore.Memory {
    @Override
    public void add() {
      int size = blockOf(layers, 0);
      pages.add(halved ? KeyValuePage.narrow(size, kernel) : KeyValuePage.wide(size));
    }

    @Override
    public long pageBytes() {
      return pages.isEmpty() ? 0 : pages.get(0).bytes();
    }

    @Override
    public void close() {
      pages.forEach(KeyValuePage::close);
      pages.clear();
    }
  }

  private int headsOfGroup() {
    return heads / groups;
  }

  /** Most tokens of a share. */
  private int tokensOfShare() {
    return Math.max(1, QUERIES / headsOfGroup());
  }

  /** What the norms over each head of queries and keys multiply by; null for none. */
  record HeadNorms(float @Nullable [] query, float @Nullable [] key) {}

  /** Extends the nodes and plans the layers of a forward; before the team begins. */
  void begin(List<Feed> feeds) {
    plan = AttentionPlan.of(feeds, tokensOfShare(), groups, team.size());
    int end = longest();
    rotaries.forEach((sight, rotary) -> tables.put(sight, rotary.upTo(end)));
    input = roomy(input, plan.size() * width());
    output = roomy(output, plan.size() * heads * headSize);
  }

  /** Queries of all heads, then keys and values of all groups: numbers of a token. */
  private int width() {
    return (heads + 2 * groups) * headSize;
  }

  /**
   * Stores the tokens' keys and values of a layer, and attends; called by all members of the team.
   *
   * @param qkv this member's share of the numbers of each token, float32 (N, (H + 2 G) D / members)
   * @return this member's share of what is attended, float32 (N, H D / members)
   */
  Tensor attend(int member, Shard shard, int layer, Tensor qkv, HeadNorms norms) {
    int tokens = plan.size();
    put(qkv, shard);
    team.meet();
    Shard own = new Shard(member, team.size());
    int first = (int) own.from(tokens);
    for (int token = first; token < first + own.length(tokens); token++) {
      remember(layer, token, norms);
    }
    team.meet();
    int pieces = plan.shares().size() * groups;
    for (int piece = team.nextPiece(); piece < pieces; piece = team.nextPiece()) {
      attend(member, layer, piece % groups, plan.shares().get(piece / groups), norms);
    }
    team.meet();
    return taken(shard);
  }

  /** Copies a member's columns of the input to their places. */
  private void put(Tensor qkv, Shard shard) {
    int width = width();
    int columns = (int) shard.length(width);
    float[] numbers = new float[plan.size() * columns];
    Tensors.read(qkv.contiguous(), numbers, numbers.length);
    for (int token = 0; token < plan.size(); token++) {
      System.arraycopy(
          numbers, token * columns, input, token * width + (int) shard.from(width), columns);
    }
  }

  /** A member's columns of the output. */
  private Tensor taken(Shard shard) {
    int width = heads * headSize;
    int columns = (int) shard.length(width);
    float[] numbers = new float[plan.size() * columns];
    for (int token = 0; token < plan.size(); token++) {
      System.arraycopy(
          output, token * width + (int) shard.from(width), numbers, token * columns, columns);
    }
    Tensor tensor = Tensors.MAIN.uninitialised(plan.size(), columns);
    Tensors.write(numbers, tensor, numbers.length);
    return tensor;
  }

  private static float[] roomy(float[] array, int size) {
    return array.length >= size ? array : new float[size + size / 4];
  }

  private int longest() {
    int longest = 0;
    for (int token = 0; token < plan.size(); token++) {
      longest = Math.max(longest, plan.position(token));
    }
    return longest + 1;
  }

  /** Writes the keys and values of a token. */
  private void remember(int layer, int token, HeadNorms norms) {
    int from = token * width() + heads * headSize;
    int position = plan.position(token);
    KeyValueNode node = plan.node(token);
    KeyValuePage page = pages.get(node.page(position));
    int column = node.column(position);
    int tokens = kernel.blockKeys();
    RotaryTable table = table(layer);
    float[] key = new float[depth];
    float[] value = new float[depth];
    for (int group = 0; group < groups; group++) {
      System.arraycopy(input, from + group * headSize, key, 0, headSize);
      prepare(key, 0, norms.key(), table, position, 1);
      System.arraycopy(input, from + (groups + group) * headSize, value, 0, headSize);
      int block = blockOf(layer, group);
      for (int i = 0; i < depth; i++) {
        page.write(block + i * tokens + column, key[i]);
      }
      page.write(block + (tokens + column) * depth, value);
    }
  }

  private RotaryTable table(int layer) {
    return Objects.requireNonNull(tables.get(sights.get(layer)));
  }

  /** Where in a page the keys of a layer and group begin; its values follow them. */
  private int blockOf(int layer, int group) {
    return (layer * groups + group) * blockSize();
  }

  /** Numbers of a layer and group in a page. */
  private int blockSize() {
    return 2 * depth * kernel.blockKeys();
  }

  /** Normalises, rotates and scales a head in place (Su et al. 2021). */
  private void prepare(
      float[] head, int at, float @Nullable [] norm, RotaryTable table, int position, float scale) {
    if (norm != null) {
      double squares = 0;
      for (int i = 0; i < headSize; i++) {
        squares += (double) head[at + i] * head[at + i];
      }
      float inverse = (float) (1 / Math.sqrt(squares / headSize + normEpsilon));
      for (int i = 0; i < headSize; i++) {
        head[at + i] = head[at + i] * inverse * norm[i];
      }
    }
    int half = headSize / 2;
    int row = position * half;
    for (int i = 0; i < half; i++) {
      float cos = table.cos()[row + i];
      float sin = table.sin()[row + i];
      float low = head[at + i];
      float high = head[at + half + i];
      head[at + i] = (low * cos - high * sin) * scale;
      head[at + half + i] = (high * cos + low * sin) * scale;
    }
  }

  private void attend(
      int member, int layer, int group, AttentionPlan.Share share, HeadNorms norms) {
    int width = width();
    int perGroup = headsOfGroup();
    int window = sights.get(layer).window();
    RotaryTable table = table(layer);
    Queries own = queries[member];
    own.begin(share.tokens().length * perGroup, window == 0 ? Integer.MAX_VALUE / 2 : window);
    for (int i = 0; i < share.tokens().length; i++) {
      int token = share.tokens()[i];
      int position = plan.position(token);
      for (int head = 0; head < perGroup; head++) {
        int row = i * perGroup + head;
        int from = token * width + (group * perGroup + head) * headSize;
        System.arraycopy(input, from, own.numbers(), own.offset(row), headSize);
        prepare(own.numbers(), own.offset(row), norms.query(), table, position, scale);
        own.place(row, position);
      }
    }
    for (AttentionPlan.Visit visit : share.visits()) {
      look(member, blockOf(layer, group), share, visit);
    }
    for (int i = 0; i < share.tokens().length; i++) {
      int to = share.tokens()[i] * heads * headSize + group * perGroup * headSize;
      for (int head = 0; head < perGroup; head++) {
        own.result(i * perGroup + head, output, to + head * headSize, headSize);
      }
    }
  }

  /** Lets the tokens of a visit look at the pages of its node that any of them sees. */
  private void look(int member, int offset, AttentionPlan.Share share, AttentionPlan.Visit visit) {
    int keys = kernel.blockKeys();
    int earliest = Integer.MAX_VALUE;
    int latest = 0;
    for (int i = visit.first(); i < visit.last(); i++) {
      int position = plan.position(share.tokens()[i]);
      earliest = Math.min(earliest, position);
      latest = Math.max(latest, position);
    }
    KeyValueNode node = visit.node();
    AttentionKernel.Numbers block = blocks[member];
    Queries own = queries[member];
    int perGroup = headsOfGroup();
    for (int page = 0; page < node.pageCount(); page++) {
      int origin = node.origin(page);
      int from = node.from(page);
      int to = Math.min(node.to(page), latest + 1 - origin);
      if (from >= to || origin + to <= earliest - own.window() + 1) {
        continue;
      }
      KeyValuePage numbers = pages.get(node.pageAt(page));
      numbers.read(offset, 0, keys * depth, block);
      numbers.read(offset, (keys + from) * depth, (keys + to) * depth, block);
      kernel.attend(
          own,
          visit.first() * perGroup,
          visit.last() * perGroup,
          new AttentionKernel.Block(block, origin, from, to));
    }
  }
}
