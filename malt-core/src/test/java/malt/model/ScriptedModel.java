package malt.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import malt.Seeds;
import org.jspecify.annotations.Nullable;

/**
 * A language model that answers from a function. Its tokens are the characters of the text and
 * {@link #EOS}; its log-probabilities are arbitrary but fixed. Thread-safe if the function is.
 */
public final class ScriptedModel implements LanguageModel {
  public static final int EOS = 3;

  /** What the model says. */
  @FunctionalInterface
  public interface Script {
    /** The answer to a prompt as {@link #render} shows it; null makes the completion FAILED. */
    @Nullable String answer(String prompt, AdapterRef adapter, long seed);
  }

  private final Script script;
  private final List<List<SamplingRequest>> calls = new ArrayList<>();

  public ScriptedModel(Script script) {
    this.script = script;
  }

  public ScriptedModel(BiFunction<String, Long, @Nullable String> answers) {
    this((prompt, adapter, seed) -> answers.apply(prompt, seed));
  }

  /** The prompt in the layout {@code <|user|>..<|assistant|>..<|eos|><|user|>..<|assistant|>}. */
  public static String render(Prompt prompt) {
    return prompt.messages().stream()
        .map(
            message ->
                switch (message.role()) {
                  case SYSTEM -> "<|system|>" + message.text();
                  case USER -> "<|user|>" + message.text();
                  case ASSISTANT -> "<|assistant|>" + message.text() + "<|eos|>";
                })
        .collect(Collectors.joining("", "", "<|assistant|>"));
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests) {
    synchronized (calls) {
      calls.add(List.copyOf(requests));
    }
    return requests.stream()
        .map(request -> request.seeds().stream().map(seed -> complete(request, seed)).toList())
        .toList();
  }

  /** Every call so far, in order. */
  public List<List<SamplingRequest>> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  private Completion complete(SamplingRequest request, long seed) {
    String prompt = render(request.prompt());
    int[] promptIds = prompt.chars().toArray();
    String text = script.answer(prompt, request.adapter(), seed);
    if (text == null) {
      return new Completion(
          "", promptIds, new int[0], new float[0], FinishReason.FAILED, request.adapter(), seed);
    }
    boolean cut = text.length() + 1 > request.params().maxTokens();
    String kept = cut ? text.substring(0, request.params().maxTokens()) : text;
    int[] ids = (cut ? kept : kept + (char) EOS).chars().toArray();
    float[] logProbs = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      logProbs[i] = (float) -Seeds.uniform(Seeds.of(seed, i, ids[i]));
    }
    FinishReason finish = cut ? FinishReason.LENGTH : FinishReason.STOP;
    return new Completion(kept, promptIds, ids, logProbs, finish, request.adapter(), seed);
  }
}
