"""Writes what ParityTest compares with: tiny random models and what the reference says of them.

    pip install -r requirements.txt
    python make_fixtures.py ../resources/parity [FAMILY ...]

The fixtures are committed; no test needs Python.
"""

import copy
import pathlib
import shutil
import sys
import types

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    MistralConfig,
    Qwen2Config,
    Qwen3Config,
)
from trl import DPOTrainer

VOCABULARY = 64
SIZES = dict(
    vocab_size=VOCABULARY,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
    rms_norm_eps=1e-5,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
)
ROPE = dict(
    rope_type="llama3",
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=16,
)
FAMILIES = {
    "llama-3.2": LlamaConfig(**SIZES, rope_theta=500.0, rope_scaling=ROPE, tie_word_embeddings=True),
    "mistral": MistralConfig(**SIZES, sliding_window=4, head_dim=8),
    "qwen2.5": Qwen2Config(**SIZES, rope_theta=1000.0, tie_word_embeddings=True),
    "qwen3": Qwen3Config(**SIZES, head_dim=16),
    "smollm2": LlamaConfig(
        **{**SIZES, "num_attention_heads": 2, "num_key_value_heads": 1}, tie_word_embeddings=True
    ),
    "gemma3": Gemma3TextConfig(
        **SIZES,
        head_dim=16,
        query_pre_attn_scalar=24,
        sliding_window=4,
        layer_types=["sliding_attention", "full_attention"],
        rope_theta=10000.0,
        rope_local_base_freq=100.0,
        rope_scaling=dict(rope_type="linear", factor=2.0),
    ),
}
BETA = 0.2
LONG, SHORT = 12, 8  # tokens of the two sequences
PREFILL = 5  # of them read together before decoding one by one


def random_model(config, seed):
    torch.manual_seed(seed)
    config._attn_implementation = "eager"
    model = AutoModelForCausalLM.from_config(config).float().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn_like(parameter)
            norm = 0.2 * noise if config.model_type == "gemma3_text" else 1 + 0.2 * noise
            parameter.copy_(norm if parameter.dim() == 1 else 0.25 * noise)
    return model


def adapted(model, seed, rslora=False):
    torch.manual_seed(seed)
    lora = LoraConfig(
        r=4,
        lora_alpha=8,
        target_modules=["q_proj", "v_proj", "o_proj", "down_proj"],
        init_lora_weights=False,
        use_rslora=rslora,
        task_type="CAUSAL_LM",
    )
    return get_peft_model(copy.deepcopy(model), lora).eval()


def cached(model, ids):
    out = model(ids[:, :PREFILL], use_cache=True)
    logits = [out.logits]
    for t in range(PREFILL, ids.shape[1]):
        out = model(ids[:, t : t + 1], past_key_values=out.past_key_values, use_cache=True)
        logits.append(out.logits)
    return torch.cat(logits, dim=1)


def padded(model, long, short):
    gap = LONG - SHORT
    ids = torch.cat([long, torch.nn.functional.pad(short, (gap, 0))])
    mask = torch.ones_like(ids)
    mask[1, :gap] = 0
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    return model(ids, attention_mask=mask, position_ids=positions).logits[1:, gap:]


def sequence_log_prob(model, prompt, completion):
    ids = torch.cat([prompt, completion]).unsqueeze(0)
    log_probs = model(ids).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
    return log_probs.gather(-1, completion.unsqueeze(-1)).sum()


def gradients(model, prefix):
    return {
        f"{prefix}.{name.replace('.default.weight', '.weight')}": parameter.grad.clone()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }


def sft(model, examples):
    """Transformers' own loss over the completion tokens of the whole batch, as TRL's SFT has it."""
    model.zero_grad()
    total = sum(len(completion) for _, completion in examples)
    loss = 0
    for prompt, completion in examples:
        ids = torch.cat([prompt, completion]).unsqueeze(0)
        labels = ids.clone()
        labels[:, : len(prompt)] = -100
        loss = loss + model(ids, labels=labels, num_items_in_batch=total).loss
    loss.backward()
    return {"sft.loss": loss.detach().reshape(1), **gradients(model, "sft.grad")}


def dpo(policy, reference, pairs):
    """TRL's own loss, DPOTrainer.dpo_loss, on what of a trainer it reads."""
    trainer = types.SimpleNamespace(
        beta=BETA,
        label_smoothing=0.0,
        loss_type=["sigmoid"],
        reference_free=False,
        f_divergence_type="reverse_kl",
        f_divergence_params={},
        accelerator=types.SimpleNamespace(device="cpu"),
    )
    policy.zero_grad()
    chosen, rejected = (
        torch.stack([sequence_log_prob(policy, pair[0], pair[side]) for pair in pairs])
        for side in (1, 2)
    )
    with torch.no_grad():
        reference_chosen, reference_rejected = (
            torch.stack([sequence_log_prob(reference, pair[0], pair[side]) for pair in pairs])
            for side in (1, 2)
        )
    losses, rewards_chosen, rewards_rejected = DPOTrainer.dpo_loss(
        trainer, chosen, rejected, reference_chosen, reference_rejected, loss_type="sigmoid"
    )
    losses.mean().backward()
    return {
        "dpo.loss": losses.mean().detach().reshape(1),
        "dpo.logps.chosen": chosen.detach(),
        "dpo.logps.rejected": rejected.detach(),
        "dpo.reference.chosen": reference_chosen,
        "dpo.reference.rejected": reference_rejected,
        "dpo.rewards.chosen": rewards_chosen.detach(),
        "dpo.rewards.rejected": rewards_rejected.detach(),
        "dpo.margins": (rewards_chosen - rewards_rejected).detach(),
        **gradients(policy, "dpo.grad"),
    }


def in_bfloat16(target, ids):
    """All in bfloat16; and float32 arithmetic on weights rounded to bfloat16."""

    def load(dtype):
        return AutoModelForCausalLM.from_pretrained(
            target, dtype=dtype, attn_implementation="eager"
        ).eval()

    rounded = load(torch.float32)
    with torch.no_grad():
        for parameter in rounded.parameters():
            parameter.copy_(parameter.bfloat16())
        return {
            "logits.bfloat16": load(torch.bfloat16)(ids).logits[0].float(),
            "logits.bfloat16.weights": rounded(ids).logits[0],
        }


def fixture(name, config, folder, seed):
    model = random_model(config, seed)
    long = torch.randint(3, VOCABULARY, (1, LONG))
    short = torch.randint(3, VOCABULARY, (1, SHORT))

    def text(length):
        return torch.randint(3, VOCABULARY, (length,))

    # prompts of different lengths, completions too; a pair's completions share their prompt
    examples = [(text(p), text(c)) for p, c in ((4, 6), (7, 3), (2, 9))]
    pairs = [(text(p), text(c), text(r)) for p, c, r in ((4, 6, 5), (7, 3, 4), (2, 8, 8))]
    expected = {"ids.long": long[0], "ids.short": short[0]}
    for i, (prompt, completion) in enumerate(examples):
        expected[f"sft.{i}.prompt"], expected[f"sft.{i}.completion"] = prompt, completion
    for i, pair in enumerate(pairs):
        for part, ids in zip(("prompt", "chosen", "rejected"), pair):
            expected[f"dpo.{i}.{part}"] = ids
    reference, policy, stabilised = (
        adapted(model, seed + 1),
        adapted(model, seed + 2),
        adapted(model, seed + 3, rslora=True),
    )
    with torch.no_grad():
        expected["logits.long"] = model(long).logits[0]
        expected["logits.short"] = model(short).logits[0]
        expected["logits.padded"] = padded(model, long, short)[0]
        expected["logits.cached"] = cached(model, long)[0]
        expected["logits.lora"] = reference(long).logits[0]
        expected["logits.rslora"] = stabilised(long).logits[0]
    expected.update(sft(reference, examples))
    expected.update(dpo(policy, reference, pairs))

    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    model.save_pretrained(target)
    expected.update(in_bfloat16(target, long))
    (target / "generation_config.json").unlink(missing_ok=True)
    for role, adapter in (
        ("reference", reference),
        ("policy", policy),
        ("rslora", stabilised),
    ):
        adapter.save_pretrained(target / role)
        (target / role / "README.md").unlink(missing_ok=True)
    save_file({k: v.contiguous().clone() for k, v in expected.items()}, target / "expected.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for number, (family, family_config) in enumerate(FAMILIES.items()):
        if sys.argv[2:] and family not in sys.argv[2:]:
            continue
        fixture(family, family_config, pathlib.Path(sys.argv[1]), 100 * number)
        print(family)
