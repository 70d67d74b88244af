package malt.tree;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.agent.AgentTeam;
import malt.model.LanguageModel;
import malt.model.Remark;
import malt.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Trajectory expansion (paper, section 3.1): every turn's agent answers every node of the turn
 * before it, as often as the branching says.
 *
 * <p>Problems go in fixed chunks; a chunk and a turn are one call of the model and one transaction
 * of the journal ({@link ChunkExpansion}). Nodes that the journal holds are read instead of
 * sampled, so a run that was killed makes exactly the calls that are missing. Where the journal
 * holds a part of a call's nodes (it was filled with a smaller branching or other chunks), only the
 * others are sampled. A failed completion gets no children, nor does one that ends the team's work.
 *
 * <p>A call of the model that was refused as a whole is not kept, and stops the expansion, unless
 * the journal holds an answer of the same lineage: then the requests are to blame, and failed.
 */
public final class TreeExpander {
  private final CompletionStore journal;
  private final ChunkExpander expander;
  private final String scope;
  private final long experimentSeed;
  private final int chunkSize;
  private final ExpansionListener listener;

  /**
   * @param scope names what the problems are used for: "train/joint", "dev", "test"; part of every
   *     seed and of every key in the journal
   * @param chunkSize problems per call; a last chunk of one problem joins the chunk before it
   */
  public TreeExpander(
      CompletionStore journal,
      LanguageModel model,
      String scope,
      long experimentSeed,
      int chunkSize,
      ExpansionListener listener) {
    this(journal, ChunkExpander.by(model), scope, experimentSeed, chunkSize, listener);
  }

  /** The same by whoever expands chunks. */
  public TreeExpander(
      CompletionStore journal,
      ChunkExpander expander,
      String scope,
      long experimentSeed,
      int chunkSize,
      ExpansionListener listener) {
    if (chunkSize < 1) {
      throw new ConfigException("chunk size must be 1 or more, found " + chunkSize);
    }
    this.journal = journal;
    this.expander = expander;
    this.scope = scope;
    this.experimentSeed = experimentSeed;
    this.chunkSize = chunkSize;
    this.listener = listener;
  }

  /** One tree per problem, in order. */
  public List<SearchTree> expand(AgentTeam team, List<Problem> problems, Branching branching) {
    return expand(team, problems, branching, null);
  }

  /** As above, where the turns after the substitution's see other words than were said. */
  public List<SearchTree> expand(
      AgentTeam team,
      List<Problem> problems,
      Branching branching,
      @Nullable Substitution substitution) {
    List<SearchTree> trees = new ArrayList<>();
    expand(team, problems, branching, substitution, trees::add);
    return trees;
  }

  /**
   * The same with one chunk of trees in memory at a time.
   *
   * @param substitution the turns after its own see other words than were said; null for none
   * @param visitor gets the trees in order
   */
  public void expand(
      AgentTeam team,
      List<Problem> problems,
      Branching branching,
      @Nullable Substitution substitution,
      Consumer<SearchTree> visitor) {
    expand(team, problems, branching, null, substitution, visitor);
  }

  /**
   * The same of trees that may grow.
   *
   * @param adaptive how they grow, up to the branching; null for whole ones at once
   */
  public void expand(
      AgentTeam team,
      List<Problem> problems,
      Branching branching,
      @Nullable AdaptiveGrowth adaptive,
      @Nullable Substitution substitution,
      Consumer<SearchTree> visitor) {
    if (branching.turns() != team.turns()) {
      throw new ConfigException(
          "branching %s has %d turns and the team has %d"
              .formatted(branching, branching.turns(), team.turns()));
    }
    if (substitution != null
        && (substitution.turn() < 0 || substitution.turn() >= team.turns() - 1)) {
      throw new ConfigException(
          "nobody speaks after turn %d of a team of %d, so replacing its words changes nothing"
              .formatted(substitution.turn(), team.turns()));
    }
    requireDistinctIds(problems);
    Tally tally = new Tally(team, branching, problems.size());
    List<ChunkExpansion> chunks =
        chunks(problems).stream()
            .map(
                part ->
                    new ChunkExpansion(
                        team, part, branching, adaptive, substitution, scope, experimentSeed))
            .toList();
    expander.expand(chunks, held(), new Keeper(tally), visitor);
  }

  /** Keeps what comes, and tells of it. */
  private final class Keeper implements ChunkExpander.Listener {
    private final Tally tally;

    Keeper(Tally tally) {
      this.tally = tally;
    }

    @Override
    public void turn(ChunkExpansion.Turn turn) {
      if (!turn.sampled().isEmpty()) {
        journal.append(scope, turn.lineage(), turn.sampled());
      }
      listener.advanced(tally.add(turn));
    }

    @Override
    public void sampled(int completions, long tokens) {
      listener.sampled(completions, tokens);
    }
  }

  private ChunkExpansion.Held held() {
    return new ChunkExpansion.Held() {
      @Override
      public List<CompletionStore.Entry> read(Lineage lineage, List<String> problemIds) {
        return journal.read(scope, lineage, problemIds);
      }

      @Override
      public boolean answered(Lineage lineage) {
        return journal.answered(scope, lineage);
      }
    };
  }

  /** Counts the nodes of an expansion as they come. */
  private static final class Tally {
    private final AgentTeam team;
    private final Branching branching;
    private long done;
    private long total;

    Tally(AgentTeam team, Branching branching, int problems) {
      this.team = team;
      this.branching = branching;
      this.total = Math.multiplyExact(branching.descendants(-1), (long) problems);
    }

    ExpansionProgress add(ChunkExpansion.Turn turn) {
      done += turn.nodes();
      total -= turn.childless() * branching.descendants(turn.turn());
      List<CompletionStore.Entry> sampled = turn.sampled();
      long tokens = sampled.stream().mapToLong(entry -> entry.completion().ids().length).sum();
      Set<Remark> remarks = EnumSet.noneOf(Remark.class);
      sampled.forEach(entry -> remarks.addAll(entry.completion().remarks()));
      String name = team.agents().get(turn.turn()).turn();
      return new ExpansionProgress(turn.turn(), name, done, total, sampled.size(), tokens, remarks);
    }
  }

  private List<List<Problem>> chunks(List<Problem> problems) {
    List<List<Problem>> chunks = new ArrayList<>();
    int start = 0;
    while (start < problems.size()) {
      int end = Math.min(start + chunkSize, problems.size());
      if (chunkSize > 1 && problems.size() - end == 1) {
        end++;
      }
      chunks.add(problems.subList(start, end));
      start = end;
    }
    return chunks;
  }

  private static void requireDistinctIds(List<Problem> problems) {
    Set<String> seen = new HashSet<>();
    for (Problem problem : problems) {
      if (!seen.add(problem.id())) {
        throw new MalformedDataException("two problems have the id " + problem.id());
      }
    }
  }
}
