package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.Remark;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of answers that are not as they should be: the rules of docs/remote.md. */
class RemoteAnswersTest {
  private static final int MOST = 8;

  /** The prompt "plain" is answered as it should be, so that no call goes without an answer. */
  private static final String PLAIN =
      """
      {"choices": [{"index": 0, "message": {"content": "fine"}, "finish_reason": "stop"}]}""";

  private static Completion answered(String choice, String rest) {
    return answered(choice, rest, null);
  }

  private static Completion answered(
      String choice, String rest, @Nullable Function<Prompt, int[]> encoder) {
    String odd = "{\"choices\": [{\"index\": 0, %s}]%s}".formatted(choice, rest);
    try (FakeServer server =
            new FakeServer(
                request ->
                    FakeServer.says(200, request.body().toString().contains("odd") ? odd : PLAIN));
        RemoteLanguageModel model =
            RemoteLanguageModel.open(Remotes.settings(server.url(), 1), encoder, name -> null)) {
      List<List<Completion>> answers =
          model.sample(List.of(request("plain"), request("odd prompt of more words")));
      assertThat(answers.get(0).get(0).text()).isEqualTo("fine");
      assertThat(answers.get(0).get(0).remarks()).isEmpty();
      return answers.get(1).get(0);
    }
  }

  private static SamplingRequest request(String question) {
    return new SamplingRequest(
        new Prompt(List.of(Message.of(Message.Role.USER, question))),
        AdapterRef.BASE,
        new SamplingParams(1, 1, MOST),
        List.of(7L));
  }

  private static Completion ended(String reason) {
    return answered("\"message\": {\"content\": \"it is 5\"}" + reason, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop",
        "eos",
        "eos_token",
        "EOS",
        "STOP",
        "stop_sequence",
        "end_turn",
        "end",
        "stop_token",
        "completed",
        "finished"
      })
  void a_word_for_an_end_is_an_end(String reason) {
    Completion completion = ended(", \"finish_reason\": \"%s\"".formatted(reason));
    assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
    assertThat(completion.text()).isEqualTo("it is 5");
    assertThat(completion.remarks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "length",
        "max_tokens",
        "MAX_TOKENS",
        "max_new_tokens",
        "model_length",
        "max_output_tokens",
        "model_context_window_exceeded",
        "token_limit",
        "truncated",
        "incomplete",
        "unfinished"
      })
  void a_word_for_a_limit_is_a_cut(String reason) {
    Completion completion = ended(", \"finish_reason\": \"%s\"".formatted(reason));
    assertThat(completion.finish()).isEqualTo(FinishReason.LENGTH);
    assertThat(completion.text()).isEqualTo("it is 5");
    assertThat(completion.remarks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content_filter",
        "SAFETY",
        "tool_calls",
        "function_call",
        "MALFORMED_FUNCTION_CALL",
        "refusal",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "sensitive",
        "tool_use"
      })
  void a_word_for_what_is_kept_back_is_a_failure(String reason) {
    Completion completion = ended(", \"finish_reason\": \"%s\"".formatted(reason));
    assertThat(completion.finish()).isEqualTo(FinishReason.FAILED);
    assertThat(completion.remarks()).containsExactly(Remark.WITHHELD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"finish_reason\": null",
        ", \"finish_reason\": \"\"",
        ", \"finish_reason\": \"null\"",
        ", \"finish_reason\": \"OTHER\"",
        ", \"finish_reason\": \"pause_turn\""
      })
  void an_end_without_a_known_word_is_an_end_and_remarked(String reason) {
    Completion completion = ended(reason);
    assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
    assertThat(completion.remarks()).containsExactly(Remark.UNSAID_END);
  }

  /** Of 8 tokens at most. */
  @ParameterizedTest
  @CsvSource({
    "stop, 7, STOP, ",
    "stop, 8, LENGTH, AT_LIMIT",
    "length, 8, LENGTH, ",
    "stop, 9, LENGTH, OVER_LIMIT",
    "length, 1000, LENGTH, OVER_LIMIT"
  })
  void the_servers_count_tells_whether_an_answer_was_cut(
      String reason, int tokens, FinishReason finish, @Nullable Remark remark) {
    Completion completion =
        answered(
            "\"message\": {\"content\": \"it is\"}, \"finish_reason\": \"%s\"".formatted(reason),
            ", \"usage\": {\"completion_tokens\": %d}".formatted(tokens));
    assertThat(completion.finish()).isEqualTo(finish);
    assertThat(completion.remarks()).isEqualTo(remark == null ? Set.of() : Set.of(remark));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a reasoning parser has taken it all
        "\"content\": null, \"reasoning_content\": \"hm\" | stop | 6 | FAILED | UNSEEN",
        "\"content\": \"\", \"reasoning\": \"hm\" | length | 8 | FAILED | UNSEEN",
        "\"reasoning\": \"hm\" | stop | -1 | FAILED | UNSEEN",
        // tokens were sampled that nobody shows
        "\"content\": null | stop | 6 | FAILED | UNSEEN",
        "\"content\": \"\" | length | 8 | FAILED | UNSEEN",
        // the model may say nothing
        "\"content\": \"\" | stop | 1 | STOP | EMPTY",
        "\"content\": \"\" | stop | -1 | STOP | EMPTY",
        "\"content\": \" \\n\" | stop | 2 | STOP | EMPTY",
      })
  void an_answer_without_words_is_kept_only_where_the_model_may_have_said_nothing(
      String message, String reason, int tokens, FinishReason finish, Remark remark) {
    Completion completion =
        answered(
            "\"message\": {%s}, \"finish_reason\": \"%s\"".formatted(message, reason),
            ", \"usage\": {\"completion_tokens\": %d}".formatted(tokens));
    assertThat(completion.finish()).isEqualTo(finish);
    assertThat(completion.remarks()).containsExactly(remark);
  }

  @Test
  void thoughts_beside_an_answer_leave_it_alone() {
    Completion completion =
        answered(
            """
            "message": {"content": "5", "reasoning_content": "2 and 3"}, "finish_reason": "stop\"""",
            "");
    assertThat(completion.text()).isEqualTo("5");
    assertThat(completion.remarks()).isEmpty();
  }

  @Test
  void a_call_of_which_every_answer_is_unseen_stops_and_says_why() {
    String thoughts =
        """
        {"choices": [{"index": 0, "message": {"content": null, "reasoning_content": "hm"},
          "finish_reason": "length"}]}""";
    try (FakeServer server = new FakeServer(request -> FakeServer.says(200, thoughts));
        RemoteLanguageModel model = Remotes.open(server, 1)) {
      assertThatThrownBy(() -> model.sample(List.of(request("1"), request("2"))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("not one of 2 requests brought an answer")
          .hasMessageContaining("only thoughts");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Infinity", "Infinity", "NaN", "null", "\"-inf\"", "-1e999", "3.5", "{}"})
  void a_log_probability_that_is_none_takes_the_others_with_it_and_not_the_answer(String number) {
    Completion completion =
        answered(
            """
            "message": {"content": "it"}, "finish_reason": "stop", "token_ids": [5, 2],
            "logprobs": {"content": [{"logprob": -1.5}, {"logprob": %s}]}"""
                .formatted(number),
            "");
    assertThat(completion.text()).isEqualTo("it");
    assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
    assertThat(completion.ids()).containsExactly(5, 2);
    assertThat(completion.logProbs()).isEmpty();
    assertThat(completion.remarks()).containsExactly(Remark.LOG_PROBS);
  }

  /** Our count of the odd prompt is 24, one a letter; the server adds two to each. */
  @ParameterizedTest
  @CsvSource({"26, false", "40, false", "25, true", "15, true", "0, false"})
  void a_prompt_that_the_server_counts_fewer_tokens_of_is_remarked(int counted, boolean isShort) {
    String plain = PLAIN.replace("}]}", "}], \"usage\": {\"prompt_tokens\": %d}}");
    String odd = plain.formatted(counted);
    String probed = plain.formatted(ServerProbe.PROMPT.messages().get(0).text().length() + 2);
    Function<Prompt, int[]> letters = prompt -> prompt.messages().get(0).text().chars().toArray();
    try (FakeServer server =
            new FakeServer(
                request ->
                    FakeServer.says(
                        200, request.body().toString().contains("odd") ? odd : probed));
        RemoteLanguageModel model =
            RemoteLanguageModel.open(
                Remotes.settings(server.url(), 1), letters, Map.<String, String>of()::get)) {
      Completion completion =
          model.sample(List.of(request("odd prompt of more words"))).get(0).get(0);
      assertThat(completion.text()).isEqualTo("fine");
      assertThat(completion.remarks().contains(Remark.SHORT_PROMPT)).isEqualTo(isShort);
    }
  }
}
