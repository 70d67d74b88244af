package malt.experiment;

import java.util.function.Consumer;
import malt.tree.ExpansionListener;
import malt.tree.ExpansionProgress;

/** Shows an expansion as a stage: completions as they come, and each of them once. */
final class ExpansionStage implements ExpansionListener {
  private final Stages.Stage stage;
  private final Consumer<ExpansionProgress> afterEach;
  private long done; // nodes of the calls that have returned
  private long sampled; // likewise, without those that were held
  private long early; // nodes heard of since
  private long earlyTokens;

  /**
   * @param afterEach gets the progress after each call
   */
  ExpansionStage(Stages.Stage stage, Consumer<ExpansionProgress> afterEach) {
    this.stage = stage;
    this.afterEach = afterEach;
  }

  @Override
  public synchronized void sampled(int completions, long tokens) {
    early += completions;
    earlyTokens += tokens;
    stage.advance(completions, tokens);
  }

  @Override
  public synchronized void advanced(ExpansionProgress progress) {
    stage.advance(progress.done() - done - early, progress.tokens() - earlyTokens);
    done = progress.done();
    sampled += progress.sampled();
    early = 0;
    earlyTokens = 0;
    afterEach.accept(progress);
  }

  /** Nodes that were sampled, and not read from the journal. */
  synchronized long sampled() {
    return sampled;
  }
}
