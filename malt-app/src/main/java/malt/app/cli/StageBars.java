package malt.app.cli;

import malt.app.progress.ProgressBar;
import malt.app.progress.Terminal;
import malt.experiment.Stages;
import malt.experiment.Task;

/** Shows each stage as a progress bar on standard error. */
final class StageBars implements Stages {
  private final Terminal terminal = Terminal.detect(System.err);

  @Override
  public Stage start(Task task, String unit, long total) {
    ProgressBar bar = ProgressBar.start(terminal, task.name(), unit, total, 0);
    return new Stage() {
      @Override
      public void advance(long units, long tokens) {
        bar.advance(units, tokens);
      }

      @Override
      public void note(String text) {
        bar.note(text);
      }

      @Override
      public void close() {
        bar.close();
      }
    };
  }

  @Override
  public void warn(String sentence) {
    System.err.println("warning: " + sentence);
  }
}
