"""Writes a checkpoint of llama's architecture as GGUF for llama.cpp; only ids can be sent to it.

The vocabulary is made up (a word an id), so checkpoints without a tokenizer do as well.
Wants the packages gguf, torch and safetensors.
"""

import argparse
import json
import pathlib

import gguf
import numpy
import torch
from safetensors import safe_open

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
OUTER = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
TYPES = {
    "float32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "float16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "bfloat16": (gguf.GGMLQuantizationType.BF16, gguf.LlamaFileType.MOSTLY_BF16),
}


def name(tensor):
    """The name in GGUF of a tensor of a Hugging Face checkpoint."""
    if tensor in OUTER:
        return OUTER[tensor]
    _, _, layer, inner = tensor.split(".", 3)
    return f"blk.{layer}.{NAMES[inner.removesuffix('.weight')]}.weight"


def interleaved(weight, heads):
    """From rotated halves (Hugging Face) to rotated neighbours (llama.cpp)."""
    rows, columns = weight.shape
    halves = weight.reshape(heads, 2, rows // heads // 2, columns)
    return numpy.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, columns))


def add_vocabulary(out, size):
    """A word an id, and the bytes that llama.cpp looks up when it loads."""
    byte_words = [chr(code) for code in (*range(33, 127), *range(161, 173), *range(174, 256))]
    byte_words += [chr(256 + count) for count in range(256 - len(byte_words))]
    words = [*byte_words, *(f"word{id}" for id in range(len(byte_words), size - 1)), "<end>"]
    out.add_vocab_size(size)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    out.add_token_list(words)
    out.add_token_types([gguf.TokenType.NORMAL] * (size - 1) + [gguf.TokenType.CONTROL])
    out.add_token_merges(["! !"])  # llama.cpp wants one; this one's result is no word
    out.add_eos_token_id(size - 1)
    out.add_add_bos_token(False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=pathlib.Path, help="a directory with config.json and safetensors")
    parser.add_argument("out", help="the file to write")
    parser.add_argument("--dtype", default="float32", choices=TYPES)
    options = parser.parse_args()
    config = json.loads((options.model / "config.json").read_text())
    heads = config["num_attention_heads"]
    key_heads = config["num_key_value_heads"]
    tensor_type, file_type = TYPES[options.dtype]

    out = gguf.GGUFWriter(options.out, "llama")
    out.add_name(options.model.name)
    out.add_context_length(config["max_position_embeddings"])
    out.add_embedding_length(config["hidden_size"])
    out.add_block_count(config["num_hidden_layers"])
    out.add_feed_forward_length(config["intermediate_size"])
    out.add_head_count(heads)
    out.add_head_count_kv(key_heads)
    out.add_rope_dimension_count(config.get("head_dim") or config["hidden_size"] // heads)
    out.add_rope_freq_base(config["rope_theta"])
    out.add_layer_norm_rms_eps(config["rms_norm_eps"])
    out.add_file_type(file_type)
    add_vocabulary(out, config["vocab_size"])

    for path in sorted(options.model.glob("*.safetensors")):
        with safe_open(path, "pt") as tensors:
            for tensor in tensors.keys():
                weight = tensors.get_tensor(tensor).to(torch.float32).numpy()
                if "q_proj" in tensor:
                    weight = interleaved(weight, heads)
                elif "k_proj" in tensor:
                    weight = interleaved(weight, key_heads)
                stored = tensor_type if weight.ndim > 1 else gguf.GGMLQuantizationType.F32
                out.add_tensor(name(tensor), gguf.quants.quantize(weight, stored), raw_dtype=stored)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


if __name__ == "__main__":
    main()
