package malt.tree;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import malt.MaltException;
import malt.ModelException;
import malt.Seeds;
import malt.agent.Agent;
import malt.agent.AgentTeam;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.Remark;
import malt.model.SamplingListener;
import malt.model.SamplingRequest;
import malt.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The expansion of some problems together, turn by turn: one call of the model for all places of a
 * turn that are not held. Nothing is read or written but through the arguments, so that a chunk can
 * be expanded anywhere, and what it is made of can be sent there.
 *
 * @param branching of trees that grow, the most that they can have
 * @param adaptive how trees grow; null for whole ones at once
 * @param scope names what the problems are used for: "train/joint", "dev", "test"; part of every
 *     seed
 * @param seed of the experiment
 */
public record ChunkExpansion(
    AgentTeam team,
    List<Problem> problems,
    Branching branching,
    @Nullable AdaptiveGrowth adaptive,
    @Nullable Substitution substitution,
    String scope,
    long seed)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkExpansion.class);

  public ChunkExpansion {
    problems = List.copyOf(problems);
  }

  /** What is held of a lineage. */
  public interface Held {
    /** Entries of these problems, in any order. */
    List<CompletionStore.Entry> read(Lineage lineage, List<String> problemIds);

    /** Whether a completion of this lineage is held that did not fail. */
    boolean answered(Lineage lineage);
  }

  /**
   * A turn that is complete.
   *
   * @param nodes of the turn, held ones too
   * @param childless nodes among them that get no children though turns follow
   * @param sampled what was not held
   */
  public record Turn(
      int turn, Lineage lineage, int nodes, long childless, List<CompletionStore.Entry> sampled)
      implements Serializable {}

  /**
   * Grows the trees of the problems, in their order.
   *
   * @param listener gets each turn before the next is begun
   * @throws MaltException if something that is held was drawn with another seed
   */
  public List<SearchTree> expand(LanguageModel model, Held held, ChunkExpander.Listener listener) {
    Chunk chunk = new Chunk(team, problems, branching, adaptive, substitution);
    do {
      fill(chunk, model, held, listener);
    } while (chunk.grow());
    return chunk.trees();
  }

  /** Every place that there is so far, turn by turn. */
  private void fill(Chunk chunk, LanguageModel model, Held held, ChunkExpander.Listener listener) {
    for (int turn = 0; turn < team.turns(); turn++) {
      Lineage lineage = Lineage.of(team, turn, substitution);
      Agent agent = team.agents().get(turn);
      List<Chunk.Place> wanted = chunk.places(turn);
      if (wanted.isEmpty() && adaptive != null) {
        continue; // this turn has not grown
      }
      Set<Chunk.Place> places = new HashSet<>(wanted);
      for (CompletionStore.Entry entry : held.read(lineage, chunk.problemIds())) {
        if (places.contains(chunk.place(entry))) {
          requireSeed(agent, lineage, entry);
          chunk.put(entry);
        }
      }
      List<CompletionStore.Entry> sampled =
          sample(model, held, chunk, lineage, agent, wanted, listener::sampled);
      sampled.forEach(chunk::put);
      long childless =
          turn == team.turns() - 1 ? 0 : chunk.childless(turn, chunk.completions(wanted));
      listener.turn(new Turn(turn, lineage, wanted.size(), childless, sampled));
    }
  }

  /**
   * The seed of a completion: a function of its position only, not of team or adapter, so that
   * teams are compared on equal luck.
   */
  public static long seed(
      long experimentSeed, String scope, String problemId, String turnName, List<Integer> path) {
    return Seeds.of(experimentSeed, scope, problemId, turnName, path);
  }

  private long seed(Agent agent, String problemId, List<Integer> path) {
    return seed(seed, scope, problemId, agent.turn(), path);
  }

  private void requireSeed(Agent agent, Lineage lineage, CompletionStore.Entry entry) {
    if (entry.completion().seed() != seed(agent, entry.problemId(), entry.path())) {
      throw new MaltException(
          "the journal's completion of problem %s at %s (%s, %s) was drawn with another seed; it belongs to another experiment"
              .formatted(entry.problemId(), entry.path(), scope, lineage));
    }
  }

  /** One call for all places not yet filled; siblings share a request. */
  private List<CompletionStore.Entry> sample(
      LanguageModel model,
      Held held,
      Chunk chunk,
      Lineage lineage,
      Agent agent,
      List<Chunk.Place> wanted,
      SamplingListener listener) {
    List<List<Chunk.Place>> siblings = chunk.missing(wanted);
    if (siblings.isEmpty()) {
      return List.of();
    }
    List<SamplingRequest> requests = new ArrayList<>();
    for (List<Chunk.Place> group : siblings) {
      requests.add(
          new SamplingRequest(
              chunk.prompt(group.get(0)),
              agent.adapter(),
              agent.sampling(),
              group.stream().map(p -> seed(agent, chunk.problemId(p), p.path())).toList()));
    }
    List<List<Completion>> answers = answers(model, held, lineage, requests, listener);
    requireShape(requests, answers);
    List<CompletionStore.Entry> sampled = new ArrayList<>();
    for (int i = 0; i < siblings.size(); i++) {
      for (int j = 0; j < siblings.get(i).size(); j++) {
        Chunk.Place place = siblings.get(i).get(j);
        sampled.add(
            new CompletionStore.Entry(chunk.problemId(place), place.path(), answers.get(i).get(j)));
      }
    }
    return sampled;
  }

  /** A call that was refused as a whole is its own fault only where others were answered. */
  private static List<List<Completion>> answers(
      LanguageModel model,
      Held held,
      Lineage lineage,
      List<SamplingRequest> requests,
      SamplingListener listener) {
    try {
      return model.sample(requests, listener);
    } catch (ModelException e) {
      if (!e.refused() || !held.answered(lineage)) {
        throw e;
      }
      LOG.warn("{}; others of {} were answered, so that these failed", e.getMessage(), lineage);
      return requests.stream()
          .map(
              request ->
                  request.seeds().stream()
                      .map(seed -> Completion.failed(request.adapter(), seed, Remark.REFUSED))
                      .toList())
          .toList();
    }
  }

  private static void requireShape(List<SamplingRequest> requests, List<List<Completion>> answers) {
    if (answers.size() != requests.size()) {
      throw new ModelException(
          "the model gave %d answers to %d requests".formatted(answers.size(), requests.size()),
          false);
    }
    for (int i = 0; i < requests.size(); i++) {
      List<Long> drawn = answers.get(i).stream().map(Completion::seed).toList();
      if (!drawn.equals(requests.get(i).seeds())) {
        throw new ModelException(
            "the model's completions of request %d have other seeds than were asked for"
                .formatted(i),
            false);
      }
    }
  }
}
