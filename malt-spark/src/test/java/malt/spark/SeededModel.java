package malt.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.ModelException;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.ModelSource;
import malt.model.SamplingRequest;
import malt.model.ScriptedModel;
import org.jspecify.annotations.Nullable;

/**
 * Says its seed, so that every completion tells its place; some calls go wrong, or take until there
 * is a file with the name of {@code once} and {@link #OVER}.
 *
 * @param trouble with calls whose first prompt holds {@code where}
 * @param once a file that is made by the first such call, so that only that one has trouble; null
 *     where all have
 */
record SeededModel(Trouble trouble, String where, @Nullable String once) implements ModelSource {
  /** What happens instead of an answer, or before it. */
  enum Trouble {
    NONE,
    DEATH,
    DELAY,
    REFUSAL,
    FAILURE
  }

  static final String OVER = ".over";

  static final SeededModel WELL = new SeededModel(Trouble.NONE, "", null);

  @Override
  public LanguageModel open() {
    ScriptedModel model =
        new ScriptedModel((prompt, seed) -> "#### " + Math.floorMod(seed, 4) + " by " + seed);
    return requests -> answer(model, requests);
  }

  private List<List<Completion>> answer(ScriptedModel model, List<SamplingRequest> requests) {
    boolean here = ScriptedModel.render(requests.get(0).prompt()).contains(where);
    if (trouble != Trouble.NONE && here && first()) {
      switch (trouble) {
        case DEATH -> Runtime.getRuntime().halt(137);
        case DELAY -> {
          while (!Files.exists(Path.of(once + OVER))) {
            sleep(100);
          }
        }
        case REFUSAL -> throw ModelException.refused("the server said no");
        default -> throw new ModelException("the server is gone", true);
      }
    }
    sleep(20);
    return model.sample(requests);
  }

  private boolean first() {
    try {
      if (once != null) {
        Files.createFile(Path.of(once));
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("sampling was interrupted", true, e);
    }
  }
}
