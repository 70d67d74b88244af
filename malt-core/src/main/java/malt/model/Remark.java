package malt.model;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/**
 * What was out of the ordinary about a remote model's completion, and what was made of it;
 * docs/remote.md gives the rules. Kept with the completion, counted in the report.
 */
@EnumNaming(EnumNamingStrategies.SnakeCaseStrategy.class)
public enum Remark {
  REFUSED(
      "requests were refused by the server, or a whole call of them brought no answer of use; their"
          + " completions failed"),
  GIVEN_UP("requests had trouble until patience ran out; their completions failed"),
  WITHHELD("answers were withheld (a filter, a refusal, a call of a tool); they failed"),
  UNSEEN(
      "answers hold no text, only thoughts or tokens that the server does not show; they failed"
          + " (switch its reasoning parser off, or raise max_tokens)"),
  EMPTY("answers are empty; they are kept as said"),
  UNSAID_END("answers give no known finish_reason; they are taken as ended by the model"),
  AT_LIMIT("answers that are said to have stopped end at max_tokens; they are taken as cut off"),
  OVER_LIMIT(
      "answers are longer than max_tokens; they count as cut off, and are cut to it where"
          + " model.path has a tokenizer"),
  END_TOKEN("answers go on behind the end of text, or spell it out; they are cut there"),
  LOG_PROBS("answers have a log-probability that is none; all of theirs are left out"),
  SHORT_PROMPT(
      "prompts have fewer tokens by the server's count than model.path makes of them: it cuts them"
          + " off, or lays them out otherwise; their answers are kept");

  private final String sentence;

  Remark(String sentence) {
    this.sentence = sentence;
  }

  /** What happened and what was made of it, to be put behind "some". */
  public String sentence() {
    return sentence;
  }
}
