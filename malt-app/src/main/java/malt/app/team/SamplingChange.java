package malt.app.team;

import java.util.List;
import malt.model.SamplingParams;
import org.jspecify.annotations.Nullable;

/**
 * How a caller wants tokens drawn; what is null stays as the run evaluates.
 *
 * @param maxTokens of the answer itself; the turns before it keep theirs
 * @param stop ends the answer itself, likewise
 */
public record SamplingChange(
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer maxTokens,
    List<String> stop) {
  public static final SamplingChange NONE = new SamplingChange(null, null, null, List.of());

  /**
   * @param last whether these are the parameters of the answer itself
   */
  public SamplingParams of(SamplingParams own, boolean last) {
    return new SamplingParams(
        temperature == null ? own.temperature() : temperature,
        topP == null ? own.topP() : topP,
        maxTokens == null || !last ? own.maxTokens() : maxTokens);
  }
}
