package malt.torch.gguf;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hugging Face's names of a GGUF file's tensors. */
final class GgufNames {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,4})\\.(\\w+)\\.(weight|bias)");

  private static final Map<String, String> OUTSIDE =
      Map.of(
          GgufConfig.EMBEDDING,
          "model.embed_tokens.weight",
          "output_norm.weight",
          "model.norm.weight",
          GgufConfig.HEAD,
          "lm_head.weight");

  private static final Map<String, String> INSIDE =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("post_attention_norm", "post_attention_layernorm"),
          Map.entry("post_ffw_norm", "post_feedforward_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"));

  private GgufNames() {}

  /**
   * The name; the file's own where it is of no layer that is known, so that whoever builds the
   * model refuses it by name.
   */
  static String of(String name, boolean gemma) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return OUTSIDE.getOrDefault(name, name);
    }
    String feedNorm = gemma ? "pre_feedforward_layernorm" : "post_attention_layernorm";
    String module = layer.group(2).equals("ffn_norm") ? feedNorm : INSIDE.get(layer.group(2));
    return module == null
        ? name
        : "model.layers.%s.%s.%s".formatted(layer.group(1), module, layer.group(3));
  }
}
