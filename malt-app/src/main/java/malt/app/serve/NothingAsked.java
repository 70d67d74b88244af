package malt.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * Keys of OpenAI's API and of vLLM's, SGLang's and llama.cpp's additions to it that this server has
 * no use for. Where their value switches off what they are about, they ask for nothing, and a
 * request that holds them is one like others.
 */
final class NothingAsked {
  /** Say nothing about the answer, or only about what is switched on by another key. */
  private static final Set<String> NOTES =
      Set.of(
          // OpenAI
          "user",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "stream_options",
          "parallel_tool_calls",
          // vLLM, SGLang
          "request_id",
          "cache_salt",
          "guided_decoding_backend",
          "guided_whitespace_pattern",
          "include_reasoning",
          "separate_reasoning",
          "stream_reasoning",
          "spaces_between_special_tokens",
          // llama.cpp
          "cache_prompt",
          "min_keep",
          "n_keep",
          "repeat_last_n",
          "mirostat_tau",
          "mirostat_eta",
          "dynatemp_exponent",
          "xtc_threshold",
          "dry_base",
          "dry_allowed_length",
          "dry_penalty_last_n",
          "dry_sequence_breakers");

  /** Add to nothing, punish nothing, or leave out nothing. */
  private static final Map<String, Set<Double>> NUMBERS =
      Map.ofEntries(
          Map.entry("presence_penalty", Set.of(0.0)),
          Map.entry("frequency_penalty", Set.of(0.0)),
          Map.entry("top_logprobs", Set.of(0.0)),
          Map.entry("best_of", Set.of(1.0)),
          Map.entry("top_k", Set.of(0.0, -1.0)),
          Map.entry("min_p", Set.of(0.0)),
          Map.entry("repetition_penalty", Set.of(1.0)),
          Map.entry("repeat_penalty", Set.of(1.0)),
          Map.entry("length_penalty", Set.of(1.0)),
          Map.entry("min_tokens", Set.of(0.0)),
          Map.entry("min_new_tokens", Set.of(0.0)),
          Map.entry("no_repeat_ngram_size", Set.of(0.0)),
          Map.entry("priority", Set.of(0.0)),
          Map.entry("typical_p", Set.of(1.0)),
          Map.entry("typ_p", Set.of(1.0)),
          Map.entry("tfs_z", Set.of(1.0)),
          Map.entry("top_a", Set.of(0.0)),
          Map.entry("top_n_sigma", Set.of(-1.0, 0.0)),
          Map.entry("mirostat", Set.of(0.0)),
          Map.entry("mirostat_mode", Set.of(0.0)),
          Map.entry("dynatemp_range", Set.of(0.0)),
          Map.entry("xtc_probability", Set.of(0.0)),
          Map.entry("dry_multiplier", Set.of(0.0)),
          Map.entry("adaptive_target", Set.of(-1.0)),
          Map.entry("epsilon_cutoff", Set.of(0.0)),
          Map.entry("eta_cutoff", Set.of(0.0)),
          Map.entry("smoothing_factor", Set.of(0.0)),
          Map.entry("guidance_scale", Set.of(1.0)),
          Map.entry("penalty_alpha", Set.of(0.0)),
          Map.entry("num_beams", Set.of(1.0)),
          Map.entry("n_probs", Set.of(0.0)),
          Map.entry("n_predict", Set.of(-1.0)),
          Map.entry("n_indent", Set.of(0.0)),
          Map.entry("id_slot", Set.of(-1.0)),
          Map.entry("slot_id", Set.of(-1.0)),
          Map.entry("t_max_predict_ms", Set.of(0.0, -1.0)));

  /** Switched off, or as it is done here anyway. */
  private static final Map<String, Boolean> FLAGS =
      Map.ofEntries(
          Map.entry("echo", false),
          Map.entry("logprobs", false),
          Map.entry("ignore_eos", false),
          Map.entry("use_beam_search", false),
          Map.entry("early_stopping", false),
          Map.entry("include_stop_str_in_output", false),
          Map.entry("no_stop_trim", false),
          Map.entry("skip_special_tokens", true),
          Map.entry("add_generation_prompt", true),
          Map.entry("continue_final_message", false),
          Map.entry("return_tokens_as_token_ids", false),
          Map.entry("return_hidden_states", false),
          Map.entry("penalize_nl", false),
          Map.entry("return_tokens", false),
          Map.entry("timings_per_token", false),
          Map.entry("return_progress", false),
          Map.entry("post_sampling_probs", false),
          Map.entry("thinking_forced_open", false),
          Map.entry("parse_tool_calls", false));

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
      Set.of(
          "logit_bias",
          "tools",
          "tool_choice",
          "functions",
          "function_call",
          "suffix",
          "audio",
          "prediction",
          "stop_token_ids",
          "bad_words",
          "allowed_token_ids",
          "logits_processors",
          "custom_logit_processor",
          "custom_params",
          "documents",
          "chat_template",
          "chat_template_kwargs",
          "mm_processor_kwargs",
          "kv_transfer_params",
          "vllm_xargs",
          "structured_outputs",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar",
          "structural_tag",
          "regex",
          "ebnf",
          "grammar",
          "json_schema",
          "samplers",
          "lora",
          "lora_path",
          "response_fields",
          "image_data",
          "negative_prompt");

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
      return NUMBERS.getOrDefault(key, Set.of()).contains(number + 0.0) // -0.0 is 0
          || (key.equals("top_k") && number >= ALL_TOKENS);
    }
    if (value.isBoolean()) {
      return Boolean.valueOf(value.asBoolean()).equals(FLAGS.get(key));
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
