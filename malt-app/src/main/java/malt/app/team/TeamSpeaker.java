package malt.app.team;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import malt.Seeds;
import malt.agent.Agent;
import malt.agent.AgentTeam;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grader;
import malt.problem.Problem;
import malt.torch.generation.LiveListener;
import malt.torch.generation.LiveRequest;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.ModelCodec;

/** A team that answers questions: each pass turn by turn, all passes at the same time. */
public final class TeamSpeaker {
  private final AgentTeam team;
  private final Grader grader;
  private final LiveSampler sampler;
  private final ModelCodec codec;
  private final Executor executor;

  /**
   * @param grader finds the answers that are put to the vote
   * @param executor makes the prompts of later turns
   */
  public TeamSpeaker(
      AgentTeam team, Grader grader, LiveSampler sampler, ModelCodec codec, Executor executor) {
    this.team = team;
    this.grader = grader;
    this.sampler = sampler;
    this.codec = codec;
    this.executor = executor;
  }

  /** The names of the turns. */
  public List<String> turns() {
    return team.turnNames();
  }

  /**
   * Answers by the vote of {@code votes} passes.
   *
   * @param work holds what is under way
   */
  public CompletableFuture<TeamAnswer> answer(
      String question,
      long seed,
      int votes,
      SamplingChange change,
      Work work,
      TurnListener listener) {
    Problem problem = new Problem("", question, "");
    List<CompletableFuture<List<Completion>>> passes = new ArrayList<>();
    for (int pass = 0; pass < votes; pass++) {
      passes.add(turn(problem, Seeds.of(seed, pass), pass, List.of(), change, work, listener));
    }
    return CompletableFuture.allOf(passes.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                TeamAnswer.of(
                    passes.stream().map(CompletableFuture::join).toList(), team, grader, question));
  }

  private CompletableFuture<List<Completion>> turn(
      Problem problem,
      long seed,
      int pass,
      List<Completion> path,
      SamplingChange change,
      Work work,
      TurnListener listener) {
    int turn = path.size();
    boolean last = turn == team.turns() - 1;
    Agent agent = team.agents().get(turn);
    LiveRequest request =
        new LiveRequest(
            codec.encode(team.prompt(problem, path)),
            agent.adapter(),
            change.of(agent.sampling(), last),
            Seeds.of(seed, agent.turn()),
            last ? change.stop() : List.of());
    LiveListener tokens =
        listener == TurnListener.NONE
            ? LiveListener.NONE // text is then made once, at the end
            : (id, logProb, text) -> listener.said(pass, turn, id, logProb, text);
    return work.add(sampler.submit(request, tokens))
        .thenComposeAsync(
            completion -> {
              List<Completion> spoken = new ArrayList<>(path);
              spoken.add(completion);
              boolean over =
                  completion.finish() == FinishReason.FAILED || team.ends(turn, completion);
              return last || over
                  ? CompletableFuture.completedFuture(List.copyOf(spoken))
                  : turn(problem, seed, pass, spoken, change, work, listener);
            },
            executor);
  }
}
