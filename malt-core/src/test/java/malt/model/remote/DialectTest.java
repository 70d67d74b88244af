package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import org.junit.jupiter.api.Test;

/**
 * Answers recorded from live servers where a test says so; elsewhere shapes that the servers'
 * documentation and protocol definitions give, with values of ours.
 */
class DialectTest {
  private static List<Completion> read(String answer, Long... seeds) {
    try {
      return ResponseBody.completions(
          Reply.JSON.readTree(answer), AdapterRef.BASE, List.of(seeds), 64);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Recorded from vLLM 0.16 with n, a seed, logprobs and return_token_ids. */
  @Test
  void vllm_chat_returns_ids_of_prompt_and_choices() {
    List<Completion> completions =
        read(
            """
            {"id":"chatcmpl-b49001c829532796","object":"chat.completion","created":1796043169,
             "model":"base","choices":[
              {"index":0,"message":{"role":"assistant","content":"3: 4","refusal":null,
                "annotations":null,"audio":null,"function_call":null,"tool_calls":[],
                "reasoning":null},
               "logprobs":{"content":[
                {"token":"3","logprob":-0.00012420836719684303,"bytes":[51],"top_logprobs":[]},
                {"token":":","logprob":-6.663577369181439e-05,"bytes":[58],"top_logprobs":[]},
                {"token":" ","logprob":-7.629103492945433e-05,"bytes":[32],"top_logprobs":[]},
                {"token":"4","logprob":-0.0003564914222806692,"bytes":[52],"top_logprobs":[]}]},
               "finish_reason":"length","stop_reason":null,"token_ids":[56,63,37,57]},
              {"index":1,"message":{"role":"assistant","content":"3: 4","refusal":null,
                "annotations":null,"audio":null,"function_call":null,"tool_calls":[],
                "reasoning":null},
               "logprobs":{"content":[
                {"token":"3","logprob":-0.00012420836719684303,"bytes":[51],"top_logprobs":[]},
                {"token":":","logprob":-6.663577369181439e-05,"bytes":[58],"top_logprobs":[]},
                {"token":" ","logprob":-7.629103492945433e-05,"bytes":[32],"top_logprobs":[]},
                {"token":"4","logprob":-0.0003564914222806692,"bytes":[52],"top_logprobs":[]}]},
               "finish_reason":"length","stop_reason":null,"token_ids":[56,63,37,57]}],
             "service_tier":null,"system_fingerprint":null,
             "usage":{"prompt_tokens":7,"total_tokens":15,"completion_tokens":8,
              "prompt_tokens_details":null},
             "prompt_logprobs":null,"prompt_token_ids":[1,3,329,291,37,56,4],
             "kv_transfer_params":null}""",
            11L,
            12L);
    assertThat(completions).extracting(Completion::text).containsExactly("3: 4", "3: 4");
    assertThat(completions).extracting(Completion::seed).containsExactly(11L, 12L);
    assertThat(completions)
        .allSatisfy(
            completion -> {
              assertThat(completion.finish()).isEqualTo(FinishReason.LENGTH);
              assertThat(completion.ids()).containsExactly(56, 63, 37, 57);
              assertThat(completion.logProbs()).hasSize(4).contains(-0.00012420837f);
              assertThat(completion.promptIds()).containsExactly(1, 3, 329, 291, 37, 56, 4);
              assertThat(completion.remarks()).isEmpty();
            });
  }

  /** A shape of ours. */
  @Test
  void choices_are_put_in_their_order() {
    List<Completion> completions =
        read(
            """
            {"choices": [
              {"index": 1, "message": {"content": "6"}, "finish_reason": "stop",
               "token_ids": [21, 2], "logprobs": {"content": [
                {"logprob": -1.5}, {"logprob": -0.125}]}},
              {"index": 0, "message": {"content": "55"}, "finish_reason": "length",
               "token_ids": [20, 20], "logprobs": {"content": [
                {"logprob": -0.5}, {"logprob": -9999.0}]}}]}""",
            11L,
            12L);
    assertThat(completions).extracting(Completion::text).containsExactly("55", "6");
    assertThat(completions)
        .extracting(Completion::finish)
        .containsExactly(FinishReason.LENGTH, FinishReason.STOP);
    assertThat(completions.get(1).logProbs()).containsExactly(-1.5f, -0.125f);
  }

  /** Recorded from vLLM 0.16; the prompt's ids stand in the choice. */
  @Test
  void vllm_plain_completions_return_ids_in_the_choice() {
    Completion completion =
        read(
                """
                {"id":"cmpl-9138562a21292807","object":"text_completion","created":1796043139,
                 "model":"joint/generator/sft@1","choices":[
                  {"index":0,"text":"````","logprobs":{"text_offset":[0,1,2,3],
                    "token_logprobs":[0.0,0.0,0.0,0.0],"tokens":["`","`","`","`"],
                    "top_logprobs":[{"`":0.0},{"`":0.0},{"`":0.0},{"`":0.0}]},
                   "finish_reason":"length","stop_reason":null,"token_ids":[101,101,101,101],
                   "prompt_logprobs":null,"prompt_token_ids":[1,3,30,40]}],
                 "service_tier":null,"system_fingerprint":null,
                 "usage":{"prompt_tokens":4,"total_tokens":8,"completion_tokens":4,
                  "prompt_tokens_details":null},"kv_transfer_params":null}""",
                5L)
            .get(0);
    assertThat(completion.text()).isEqualTo("````");
    assertThat(completion.promptIds()).containsExactly(1, 3, 30, 40);
    assertThat(completion.ids()).containsExactly(101, 101, 101, 101);
    assertThat(completion.logProbs()).containsExactly(0f, 0f, 0f, 0f);
  }

  /**
   * Recorded from llama.cpp's server (commit 0c1e570): log-probabilities carry ids, that of
   * end-of-text too; nothing tells those of the prompt.
   */
  @Test
  void llama_cpp_chat_returns_ids_beside_log_probabilities() {
    Completion completion =
        read(
                """
                {"choices":[{"finish_reason":"stop","index":0,
                  "message":{"role":"assistant","content":"Keep."},
                  "logprobs":{"content":[
                   {"id":325,"token":"Keep","bytes":[75,101,101,112],"logprob":-2.8852548599243164,
                    "top_logprobs":[{"id":55,"token":"2","bytes":[50],"logprob":-0.9998201727867126}]},
                   {"id":51,"token":".","bytes":[46],"logprob":-0.00015009575872682035,
                    "top_logprobs":[
                     {"id":51,"token":".","bytes":[46],"logprob":-0.00015009575872682035}]},
                   {"id":2,"token":"","bytes":[],"logprob":-0.007573962211608887,"top_logprobs":[
                     {"id":2,"token":"","bytes":[],"logprob":-0.007573962211608887}]}]}}],
                 "created":1795414674,"model":"nano","system_fingerprint":"b1-0c1e570",
                 "object":"chat.completion",
                 "usage":{"completion_tokens":3,"prompt_tokens":45,"total_tokens":48,
                  "prompt_tokens_details":{"cached_tokens":44}},
                 "id":"chatcmpl-e7p1eCDYzrsv2cS3JssmAA9YLzuARpCV",
                 "timings":{"cache_n":44,"prompt_n":1,"predicted_n":3}}""",
                5L)
            .get(0);
    assertThat(completion.text()).isEqualTo("Keep.");
    assertThat(completion.ids()).containsExactly(325, 51, 2);
    assertThat(completion.logProbs()).hasSize(3).startsWith((float) -2.8852548599243164);
    assertThat(completion.promptIds()).isEmpty();
    assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
  }

  /** Recorded likewise: of n completions, the usage counts the tokens of one. */
  @Test
  void llama_cpp_ids_of_several_completions_are_left_out() {
    List<Completion> completions =
        read(
            """
            {"choices":[
              {"finish_reason":"length","index":0,"message":{"role":"assistant","content":"Keep"},
               "logprobs":{"content":[
                {"id":325,"token":"Keep","bytes":[75,101,101,112],"logprob":-2.8852548599243164,
                 "top_logprobs":[]}]}},
              {"finish_reason":"length","index":1,"message":{"role":"assistant","content":"2"},
               "logprobs":{"content":[
                {"id":55,"token":"2","bytes":[50],"logprob":-0.9998201727867126,
                 "top_logprobs":[]}]}}],
             "usage":{"completion_tokens":1,"prompt_tokens":45,"total_tokens":46}}""",
            5L,
            6L);
    assertThat(completions).extracting(Completion::text).containsExactly("Keep", "2");
    assertThat(completions).allSatisfy(one -> assertThat(one.ids()).isEmpty());
  }

  /** Recorded from llama.cpp's server: plain completions answer as chat does. */
  @Test
  void llama_cpp_plain_completions_return_ids_beside_log_probabilities() {
    Completion completion =
        read(
                """
                {"choices":[{"text":"63","index":0,"logprobs":{"content":[
                   {"id":59,"token":"6","bytes":[54],"logprob":-0.11499326676130295,
                    "top_logprobs":[
                     {"id":59,"token":"6","bytes":[54],"logprob":-0.11499326676130295}]},
                   {"id":56,"token":"3","bytes":[51],"logprob":-0.004727733321487904,
                    "top_logprobs":[
                     {"id":56,"token":"3","bytes":[51],"logprob":-0.004727733321487904}]}]},
                  "finish_reason":"length"}],
                 "created":1795414578,"model":"nano","system_fingerprint":"b1-0c1e570",
                 "object":"text_completion",
                 "usage":{"completion_tokens":2,"prompt_tokens":3,"total_tokens":5}}""",
                5L)
            .get(0);
    assertThat(completion.text()).isEqualTo("63");
    assertThat(completion.ids()).containsExactly(59, 56);
    assertThat(completion.logProbs()).containsExactly(-0.114993267f, -0.00472773332f);
  }

  /** Recorded from the server of llama-cpp-python 0.3.36: no ids, and no entry for end-of-text. */
  @Test
  void llama_cpp_python_returns_log_probabilities_without_ids() {
    Completion completion =
        read(
                """
                {"id":"chatcmpl-08a077cb-4b5e-413e-a014-aa9d094fbec7","object":"chat.completion",
                 "created":1795414578,"model":"nano","choices":[{"index":0,
                  "message":{"content":"7:","role":"assistant"},
                  "logprobs":{"content":[
                   {"token":"7","logprob":-0.36222749948501587,"bytes":null,
                    "top_logprobs":[{"token":"7","logprob":-0.36222749948501587,"bytes":null}]},
                   {"token":":","logprob":-0.39912179112434387,"bytes":null,
                    "top_logprobs":[{"token":":","logprob":-0.39912179112434387,"bytes":null}]}],
                   "refusal":null},"finish_reason":"length"}],
                 "usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}}""",
                5L)
            .get(0);
    assertThat(completion.ids()).isEmpty();
    assertThat(completion.logProbs()).containsExactly(-0.3622275f, -0.3991218f);
  }

  /** Older llama.cpp makes no entry for a token that is a part of a character. */
  @Test
  void llama_cpp_ids_that_are_not_all_there_are_left_out() {
    Completion completion =
        read(
                """
                {"choices": [{"finish_reason": "stop", "index": 0,
                   "message": {"role": "assistant", "content": "é!"},
                   "logprobs": {"content": [
                     {"id": 13, "token": "!", "bytes": [33], "logprob": -0.25}]}}],
                 "usage": {"completion_tokens": 3, "prompt_tokens": 9, "total_tokens": 12}}""",
                5L)
            .get(0);
    assertThat(completion.ids()).isEmpty();
    assertThat(completion.text()).isEqualTo("é!");
  }

  @Test
  void openai_chat_returns_log_probabilities_without_ids() {
    Completion completion =
        read(
                """
                {"choices": [{"index": 0, "message": {"role": "assistant", "content": "5"},
                   "logprobs": {"content": [{"token": "5", "logprob": -0.5, "bytes": [53],
                     "top_logprobs": []}], "refusal": null}, "finish_reason": "stop"}]}""",
                5L)
            .get(0);
    assertThat(completion.ids()).isEmpty();
    assertThat(completion.logProbs()).containsExactly(-0.5f);
  }

  @Test
  void log_probabilities_that_do_not_fit_the_ids_are_left_out() {
    Completion completion =
        read(
                """
                {"choices": [{"index": 0, "finish_reason": "stop", "token_ids": [5, 2],
                  "message": {"content": "5"}, "logprobs": {"content": [{"logprob": -1}]}}]}""",
                5L)
            .get(0);
    assertThat(completion.ids()).hasSize(2);
    assertThat(completion.logProbs()).isEmpty();
  }

  @Test
  void an_answer_without_choices_or_text_is_refused() {
    assertThatThrownBy(() -> read("{\"choices\": []}", 5L)).hasMessageContaining("no choices");
    assertThatThrownBy(() -> read("{\"choices\": [{\"index\": 0}]}", 5L))
        .hasMessageContaining("no text");
  }
}
