"""Writes models/nano as GGUF, so that llama.cpp can serve it (docs/remote.md). No test needs this.

    pip install gguf safetensors
    python nano_gguf.py models/nano nano.gguf

Weights stay float32. The tokenizer takes whole words that are in its vocabulary and spells all else in
bytes; of llama.cpp's pre-tokenizers "llama-bpe" does the same to the embedded model's texts.
"""

import json
import pathlib
import sys

import gguf
import numpy
from safetensors.numpy import load_file

def interleaved(weight, heads):
    """From rotated halves (Hugging Face) to rotated neighbours (llama.cpp)."""
    rows, columns = weight.shape
    halves = weight.reshape(heads, 2, rows // heads // 2, columns)
    return numpy.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, columns))


def main(source, target):
    source = pathlib.Path(source)
    config = json.loads((source / "config.json").read_text())
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    settings = json.loads((source / "tokenizer_config.json").read_text())

    out = gguf.GGUFWriter(target, "llama")
    out.add_name("malt-nano")
    out.add_context_length(config["max_position_embeddings"])
    out.add_embedding_length(config["hidden_size"])
    out.add_block_count(config["num_hidden_layers"])
    out.add_feed_forward_length(config["intermediate_size"])
    out.add_head_count(config["num_attention_heads"])
    out.add_head_count_kv(config["num_key_value_heads"])
    out.add_rope_dimension_count(config["head_dim"])
    out.add_rope_freq_base(config["rope_theta"])
    out.add_layer_norm_rms_eps(config["rms_norm_eps"])
    out.add_vocab_size(config["vocab_size"])
    out.add_file_type(gguf.LlamaFileType.ALL_F32)

    special = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    by_id = {id: token for token, id in tokenizer["model"]["vocab"].items()}
    by_id.update({id: token for token, id in special.items()})
    tokens = [by_id[id] for id in range(config["vocab_size"])]
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("llama-bpe")
    out.add_token_list(tokens)
    out.add_token_types([control if token in special else normal for token in tokens])
    out.add_token_merges(["\u0120 \u0120"])  # llama.cpp wants one; this one's result is in no vocabulary
    out.add_bos_token_id(special[settings["bos_token"]])
    out.add_eos_token_id(special[settings["eos_token"]])
    out.add_pad_token_id(special[settings["pad_token"]])
    out.add_add_bos_token(False)  # the chat template writes it
    out.add_chat_template(settings["chat_template"])

    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    for tensor, weight in load_file(source / "model.safetensors").items():
        weight = weight.astype(numpy.float32)
        if "q_proj" in tensor:
            weight = interleaved(weight, config["num_attention_heads"])
        elif "k_proj" in tensor:
            weight = interleaved(weight, config["num_key_value_heads"])
        out.add_tensor(names.get_name(tensor, try_suffixes=(".weight",)), weight)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
