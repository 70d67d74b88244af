package malt.torch.generation;

import java.util.ArrayList;
import java.util.List;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.SamplingListener;
import malt.model.SamplingRequest;

/**
 * Another model's completions with the ids of the tokenizer here, for training: what came as text
 * alone is encoded once, at this border. Ids that came stay, with their log-probabilities; an end
 * that the server left out is added to them, and has none.
 */
public final class EncodedModel implements LanguageModel {
  private final LanguageModel model;
  private final ModelCodec codec;

  /**
   * @param model closed with this
   */
  public EncodedModel(LanguageModel model, ModelCodec codec) {
    this.model = model;
    this.codec = codec;
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests) {
    return sample(requests, SamplingListener.NONE);
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests, SamplingListener listener) {
    List<List<Completion>> answers = model.sample(requests, listener);
    List<List<Completion>> encoded = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      SamplingRequest request = requests.get(i);
      encoded.add(answers.get(i).stream().map(answer -> encoded(request, answer)).toList());
    }
    return encoded;
  }

  private Completion encoded(SamplingRequest request, Completion answer) {
    if (answer.finish() == FinishReason.FAILED) {
      return answer;
    }
    Completion bounded = new AnswerBounds(codec, request.params().maxTokens()).of(answer);
    int[] promptIds =
        answer.promptIds().length > 0 ? answer.promptIds() : codec.encode(request.prompt());
    return new Completion(
        bounded.text(),
        promptIds,
        bounded.ids(),
        bounded.logProbs(),
        bounded.finish(),
        answer.adapter(),
        answer.seed(),
        bounded.remarks());
  }

  @Override
  public void close() {
    model.close();
  }
}
