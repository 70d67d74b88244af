package malt.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import malt.WordList;

/**
 * Keys of OpenAI's API and of vLLM's, SGLang's and llama.cpp's additions to it that this server has
 * no use for. Where their value switches off what they are about, they ask for nothing, and a
 * request that holds them is one like others.
 */
final class NothingAsked {
  /**
   * Say nothing about the answer, or only about what is switched on by another key: OpenAI's, then
   * vLLM's and SGLang's, then llama.cpp's.
   */
  private static final Set<String> NOTES =
      WordList.of(
          """
          user metadata store service_tier safety_identifier prompt_cache_key
          prompt_cache_retention stream_options parallel_tool_calls
          request_id cache_salt guided_decoding_backend guided_whitespace_pattern
          include_reasoning separate_reasoning stream_reasoning
          spaces_between_special_tokens
          cache_prompt min_keep n_keep repeat_last_n mirostat_tau mirostat_eta
          dynatemp_exponent xtc_threshold dry_base dry_allowed_length dry_penalty_last_n
          dry_sequence_breakers
          """);

  /** Add to nothing, punish nothing, or leave out nothing: the numbers with which they do so. */
  private static final Map<Set<Double>, Set<String>> NUMBERS =
      Map.of(
          Set.of(0.0),
          WordList.of(
              """
              presence_penalty frequency_penalty top_logprobs min_p min_tokens min_new_tokens
              no_repeat_ngram_size priority top_a mirostat mirostat_mode dynatemp_range
              xtc_probability dry_multiplier epsilon_cutoff eta_cutoff smoothing_factor
              penalty_alpha n_probs n_indent
              """),
          Set.of(1.0),
          WordList.of(
              """
              best_of repetition_penalty repeat_penalty length_penalty typical_p typ_p tfs_z
              guidance_scale num_beams
              """),
          Set.of(-1.0),
          WordList.of("adaptive_target n_predict id_slot slot_id"),
          Set.of(0.0, -1.0),
          WordList.of("top_k top_n_sigma t_max_predict_ms"));

  /** Switched off here. */
  private static final Set<String> OFF =
      WordList.of(
          """
          echo logprobs ignore_eos use_beam_search early_stopping include_stop_str_in_output
          no_stop_trim continue_final_message return_tokens_as_token_ids return_hidden_states
          penalize_nl return_tokens timings_per_token return_progress post_sampling_probs
          thinking_forced_open parse_tool_calls
          """);

  /** Done here anyway. */
  private static final Set<String> ON = Set.of("skip_special_tokens", "add_generation_prompt");

  /** The words for nothing, or for what is done here anyway. */
  private static final Map<String, Set<String>> WORDS =
      Map.of(
          "tool_choice", Set.of("none", "auto"),
          "function_call", Set.of("none", "auto"),
          "reasoning_effort", Set.of("none"),
          "verbosity", Set.of("medium"),
          "reasoning_format", Set.of("none", "auto"),
          "chat_template_content_format", Set.of("auto", "string"));

  /** Of these an empty text, list or object is nothing. */
  private static final Set<String> EMPTY =
      WordList.of(
          """
          logit_bias tools tool_choice functions function_call suffix audio prediction
          stop_token_ids bad_words allowed_token_ids logits_processors
          custom_logit_processor custom_params documents chat_template chat_template_kwargs
          mm_processor_kwargs kv_transfer_params vllm_xargs structured_outputs guided_json
          guided_regex guided_choice guided_grammar structural_tag regex ebnf grammar
          json_schema samplers lora lora_path response_fields image_data negative_prompt
          """);

  /** More than any vocabulary has, so that all of it remains. */
  private static final double ALL_TOKENS = 1 << 20;

  private NothingAsked() {}

  /** Whether a key with this value leaves the answer as it is without it. */
  static boolean by(String key, JsonNode value) {
    if (value.isNull() || NOTES.contains(key)) {
      return true;
    }
    if (value.isNumber()) {
      double number = value.asDouble();
      return (key.equals("top_k") && number >= ALL_TOKENS)
          || NUMBERS.entrySet().stream()
              .filter(entry -> entry.getValue().contains(key))
              .anyMatch(entry -> entry.getKey().contains(number + 0.0)); // -0.0 is 0
    }
    if (value.isBoolean()) {
      return (value.asBoolean() ? ON : OFF).contains(key);
    }
    if (value.isTextual() && WORDS.getOrDefault(key, Set.of()).contains(value.asText())) {
      return true;
    }
    boolean empty = value.isTextual() ? value.asText().isEmpty() : value.isEmpty();
    return (empty && EMPTY.contains(key)) || isTextAlone(key, value);
  }

  /** What is asked for by name and given without asking: text. */
  private static boolean isTextAlone(String key, JsonNode value) {
    return switch (key) {
      case "modalities" ->
          value.isArray() && value.size() == 1 && value.path(0).asText().equals("text");
      case "response_format" -> value.size() == 1 && value.path("type").asText().equals("text");
      default -> false;
    };
  }
}
