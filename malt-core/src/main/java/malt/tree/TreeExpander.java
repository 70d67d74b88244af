package malt.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.ModelException;
import malt.Seeds;
import malt.agent.Agent;
import malt.agent.AgentTeam;
import malt.model.Completion;
import malt.model.Remark;
import malt.model.SamplingRequest;
import malt.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trajectory expansion (paper, section 3.1): every turn's agent answers every node of the turn
 * before it, as often as the branching says.
 *
 * <p>Problems go in fixed chunks; a chunk and a turn are one call of the model and one transaction
 * of the journal. Nodes that the journal holds are read instead of sampled, so a run that was
 * killed makes exactly the calls that are missing. Where the journal holds a part of a call's nodes
 * (it was filled with a smaller branching or other chunks), only the others are sampled. A failed
 * completion gets no children.
 *
 * <p>A call of the model that was refused as a whole is not kept, and stops the expansion, unless
 * the journal holds an answer of the same lineage: then the requests are to blame, and failed.
 */
public final class TreeExpander {
  private static final Logger LOG = LoggerFactory.getLogger(TreeExpander.class);

  private final TreeJournal journal;
  private final String scope;
  private final long experimentSeed;
  private final int chunkSize;
  private final Consumer<ExpansionProgress> listener;

  /**
   * @param scope names what the problems are used for: "train/joint", "dev", "test"; part of every
   *     seed and of every key in the journal
   * @param chunkSize problems per call; a last chunk of one problem joins the chunk before it
   * @param listener called after every call of the model and every read in place of one
   */
  public TreeExpander(
      TreeJournal journal,
      String scope,
      long experimentSeed,
      int chunkSize,
      Consumer<ExpansionProgress> listener) {
    if (chunkSize < 1) {
      throw new ConfigException("chunk size must be 1 or more, found " + chunkSize);
    }
    this.journal = journal;
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
    Tally tally = new Tally(branching, problems.size());
    for (List<Problem> part : chunks(problems)) {
      Chunk chunk = new Chunk(team, part, branching, substitution);
      for (int turn = 0; turn < team.turns(); turn++) {
        Lineage lineage = Lineage.of(team, turn, substitution);
        Agent agent = team.agents().get(turn);
        List<Chunk.Place> wanted = chunk.places(turn);
        readHeld(chunk, lineage, agent, wanted);
        List<TreeJournal.Entry> sampled = sampleMissing(chunk, lineage, agent, wanted);
        if (!sampled.isEmpty()) {
          journal.append(scope, lineage, sampled);
          sampled.forEach(chunk::put);
        }
        listener.accept(tally.add(turn, agent.role(), chunk.completions(wanted), sampled));
      }
      chunk.trees().forEach(visitor);
    }
  }

  /**
   * The seed of a completion: a function of its position only, not of team or adapter, so that
   * teams are compared on equal luck.
   */
  public static long seed(
      long experimentSeed, String scope, String problemId, String roleName, List<Integer> path) {
    return Seeds.of(experimentSeed, scope, problemId, roleName, path);
  }

  private void readHeld(Chunk chunk, Lineage lineage, Agent agent, List<Chunk.Place> wanted) {
    Set<Chunk.Place> places = new HashSet<>(wanted);
    for (TreeJournal.Entry entry : journal.read(scope, lineage, chunk.problemIds())) {
      if (places.contains(chunk.place(entry))) {
        if (entry.completion().seed() != seed(agent, entry.problemId(), entry.path())) {
          throw new MaltException(
              "the journal's completion of problem %s at %s (%s, %s) was drawn with another seed; it belongs to another experiment"
                  .formatted(entry.problemId(), entry.path(), scope, lineage));
        }
        chunk.put(entry);
      }
    }
  }

  /** One call for all places not yet filled; siblings share a request. */
  private List<TreeJournal.Entry> sampleMissing(
      Chunk chunk, Lineage lineage, Agent agent, List<Chunk.Place> wanted) {
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
    List<List<Completion>> answers = answers(lineage, agent, requests);
    requireShape(requests, answers);
    List<TreeJournal.Entry> sampled = new ArrayList<>();
    for (int i = 0; i < siblings.size(); i++) {
      for (int j = 0; j < siblings.get(i).size(); j++) {
        Chunk.Place place = siblings.get(i).get(j);
        sampled.add(
            new TreeJournal.Entry(chunk.problemId(place), place.path(), answers.get(i).get(j)));
      }
    }
    return sampled;
  }

  /** A call that was refused as a whole is its own fault only where others were answered. */
  private List<List<Completion>> answers(
      Lineage lineage, Agent agent, List<SamplingRequest> requests) {
    try {
      return agent.model().sample(requests);
    } catch (ModelException e) {
      if (!e.refused() || !journal.answered(scope, lineage)) {
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

  private long seed(Agent agent, String problemId, List<Integer> path) {
    return seed(experimentSeed, scope, problemId, agent.role().name(), path);
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
