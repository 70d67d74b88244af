"""Writes what GgufFileTest and GgufModelTest compare with: blocks of every type, and tiny models in GGUF.

    pip install -r requirements.txt
    python make_gguf_fixtures.py ../resources/parity ../resources/gguf

The models are those of make_fixtures.py; what is expected of them is what transformers makes of the
file by itself. The fixtures are committed; no test needs Python.
"""

import json
import pathlib
import shutil
import sys

import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from gguf import MODEL_ARCH_NAMES, GGUFWriter, RopeScalingType, get_tensor_name_map
from gguf.quants import dequantize, quantize
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoConfig, AutoModelForCausalLM

MODELS = {"smollm2": "llama", "qwen2.5": "qwen2", "qwen3": "qwen3", "gemma3": "gemma3"}
QUANTISED = {  # of a block, bytes and where its 16-bit scales are
    Type.Q4_0: (18, [0]),
    Type.Q5_0: (22, [0]),
    Type.Q8_0: (34, [0]),
    Type.Q4_K: (144, [0, 2]),
    Type.Q5_K: (176, [0, 2]),
    Type.Q6_K: (210, [208]),
}
BLOCKS = 8
ARCHITECTURES = {name: architecture for architecture, name in MODEL_ARCH_NAMES.items()}

def blocks(target):
    """Random bits in every type with scales that are finite, and what gguf reads in them."""
    random = np.random.default_rng(7)
    writer = GGUFWriter(target / "blocks.gguf", "llama")
    for kind, (size, scales) in QUANTISED.items():
        raw = random.integers(0, 256, (2, BLOCKS // 2 * size), dtype=np.uint8)
        for at in scales:
            halves = random.normal(0, 1, (2, BLOCKS // 2)).astype(np.float16)
            for row in range(2):
                for block in range(BLOCKS // 2):
                    place = block * size + at
                    raw[row, place : place + 2] = halves[row, block : block + 1].view(np.uint8)
        writer.add_tensor(kind.name, raw, raw_dtype=kind)
        writer.add_tensor(kind.name + ".expected", dequantize(raw, kind).astype(np.float32))
    numbers = np.array([0, -0.0, 1, -2.5, 65504, 2**-14, 2**-24, -3 * 2**-24], dtype=np.float16)
    writer.add_tensor("F16", numbers)
    writer.add_tensor("F16.expected", numbers.astype(np.float32))
    rounded = quantize(random.normal(0, 1, (1, 8)).astype(np.float32), Type.BF16)
    writer.add_tensor("BF16", rounded, raw_dtype=Type.BF16)
    writer.add_tensor("BF16.expected", dequantize(rounded, Type.BF16))
    close(writer)


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def sizes(writer, config):
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])


def stored(name, architecture, config, tensor):
    """The name and numbers that llama.cpp's convert_hf_to_gguf.py gives a tensor."""
    names = get_tensor_name_map(ARCHITECTURES[architecture], config["num_hidden_layers"])
    if architecture == "gemma3" and name.endswith("norm.weight"):
        tensor = tensor + 1
    if architecture == "llama" and name.endswith(("q_proj.weight", "k_proj.weight")):
        heads = config["num_attention_heads" if "q_proj" in name else "num_key_value_heads"]
        rows = tensor.shape[0] // heads // 2
        tensor = tensor.reshape(heads, 2, rows, -1).swapaxes(1, 2).reshape(tensor.shape)
    return names.get_name(name, try_suffixes=(".weight", ".bias")), tensor


def model(folder, architecture, target):
    config = json.loads((folder / "config.json").read_text())
    path = target / f"{folder.name}.gguf"
    writer = GGUFWriter(path, architecture)
    sizes(writer, config)
    head = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_rope_freq_base(config["rope_theta"])
    if architecture == "gemma3":
        writer.add_sliding_window(config["sliding_window"])
        writer.add_rope_scaling_type(RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(config["rope_scaling"]["factor"])
        writer.add_float32("gemma3.rope.freq_base_swa", config["rope_local_base_freq"])
        writer.add_uint32("gemma3.attention.sliding_window_pattern", 2)
    for name, tensor in load_file(folder / "model.safetensors").items():
        name, tensor = stored(name, architecture, config, tensor)
        tensor = np.ascontiguousarray(tensor)
        kind = Type.F32
        if tensor.ndim > 1:
            kind = Type.Q8_0 if tensor.shape[1] % 32 == 0 else Type.F16
        writer.add_tensor(name, quantize(tensor, kind), raw_dtype=kind)
    close(writer)
    shape = AutoConfig.from_pretrained(folder)  # its reader of GGUF leaves some of it out
    if architecture == "gemma3":
        shape.query_pre_attn_scalar = head  # what llama.cpp assumes
    reference = AutoModelForCausalLM.from_pretrained(
        target, gguf_file=path.name, config=shape, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    ids = torch.from_numpy(load_file(folder / "expected.safetensors")["ids.long"])
    with torch.no_grad():
        return ids, reference(ids.unsqueeze(0)).logits[0]


def tokenizer(target):
    """A byte-level BPE tokenizer in metadata, and ids by the library it was made with."""
    texts = [
        "The cat sat on the mat, and the dog ate 12345 of the cats' rats.",
        "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\n\nHow many?\tDon't ask!",
    ]
    words = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(__import__("tokenizers").Regex(words), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(
        texts * 3,
        trainers.BpeTrainer(
            vocab_size=320, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        ),
    )
    size = made.get_vocab_size()
    made.add_special_tokens(["<|begin|>", "<|end|>"])
    state = json.loads(made.to_str())
    merges = [m if isinstance(m, str) else " ".join(m) for m in state["model"]["merges"]]
    tokens = [made.id_to_token(i) for i in range(size + 2)]
    writer = GGUFWriter(target / "tokenizer.gguf", "qwen2")
    sizes(
        writer,
        dict(
            num_hidden_layers=1,
            max_position_embeddings=64,
            hidden_size=2,
            intermediate_size=2,
            num_attention_heads=1,
            num_key_value_heads=1,
            rms_norm_eps=1e-6,
        ),
    )
    writer.add_tensor("token_embd.weight", np.zeros((size + 2, 2), dtype=np.float16))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * size + [3, 3])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(size)
    writer.add_eos_token_id(size + 1)
    writer.add_add_bos_token(True)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}<|end|>{% endfor %}")
    close(writer)
    cases = [{"text": text, "ids": made.encode(text).ids} for text in [*texts, "Élan, naïve: 7 % x"]]
    (target / "tokenizer.json").write_text(json.dumps({"begin": size, "cases": cases}, indent=1))


if __name__ == "__main__":
    parity, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    expected = {}
    for family, kind in MODELS.items():
        ids, logits = model(parity / family, kind, out)
        expected[f"{family}.ids"], expected[f"{family}.logits"] = ids.numpy(), logits.numpy()
        print(family)
    save_file(expected, out / "expected.safetensors")
    blocks(out)
    tokenizer(out)
