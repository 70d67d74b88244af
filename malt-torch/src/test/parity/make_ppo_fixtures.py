"""Writes what PpoParityTest compares with: TRL's loss of GRPO, given advantages, and its gradients.

    pip install torch==2.10.0 transformers==5.24.0 peft==0.21.2 trl==1.16.0
    python make_ppo_fixtures.py ../resources/parity/smollm2

The model and its adapter are those that make_fixtures.py wrote there. No test needs Python.
"""

import collections
import pathlib
import sys
import types

import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM
from trl import GRPOTrainer

VOCABULARY = 64
LENGTHS = (6, 3, 9, 5)  # of the completions; the first two are of one prompt
PROMPTS = (4, 4, 7, 2)
ADVANTAGES = (0.5, -0.5, 0.75, -1.25)
SHIFTS = (0.45, 0.3, -0.1, -0.5)  # of the log-ratios: the first is clipped above, the last below
LOW, HIGH = 0.2, 0.28
# name: (level, loss of TRL, beta, clip)
VARIANTS = {
    "token": ("token", "bnpo", 0.0, True),
    "token.kl": ("token", "bnpo", 0.3, True),
    "sequence": ("sequence", "grpo", 0.0, True),
    "sequence.kl": ("sequence", "grpo", 0.3, True),
    "unclipped": ("token", "bnpo", 0.0, False),
}


def padded(rows):
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def token_log_probs(model, prompts, completions):
    rows = []
    for prompt, completion in zip(prompts, completions):
        ids = torch.cat([prompt, completion]).unsqueeze(0)
        log_probs = model(ids).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
        rows.append(log_probs.gather(-1, completion.unsqueeze(-1)).squeeze(-1))
    return rows


def loss(model, prompts, completions, sampled, reference, variant):
    """GRPOTrainer._compute_loss on what of a trainer it reads."""
    level, loss_type, beta, clip = VARIANTS[variant]
    log_probs = padded(token_log_probs(model, prompts, completions))
    trainer = types.SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *a, **k: (log_probs, torch.zeros_like(log_probs), None),
        _metrics=collections.defaultdict(lambda: collections.defaultdict(list)),
        _entropy_bonus_enabled=False,
        accelerator=types.SimpleNamespace(
            reduce=lambda x, reduction: x, gather=lambda x: x, num_processes=1
        ),
        args=types.SimpleNamespace(delta=None, use_bias_correction_kl=False),
        aux_loss_enabled=False,
        beta=beta,
        epsilon_low=LOW if clip else 1e9,
        epsilon_high=HIGH if clip else 1e9,
        importance_sampling_level=level,
        loss_type=loss_type,
        model=types.SimpleNamespace(training=False),
        off_policy_mask_threshold=None,
        top_entropy_quantile=1.0,
        use_vllm=False,
    )
    mask = padded([torch.ones(len(completion)) for completion in completions])
    inputs = {
        "prompt_ids": padded(prompts),
        "prompt_mask": padded([torch.ones(len(prompt)) for prompt in prompts]),
        "completion_ids": padded(completions),
        "completion_mask": mask,
        "advantages": torch.tensor(ADVANTAGES),
        "old_per_token_logps": padded(sampled),
        "ref_per_token_logps": padded(reference),
    }
    model.zero_grad()
    total = GRPOTrainer._compute_loss(trainer, model, inputs)
    total.backward()
    metrics = trainer._metrics["eval"]
    return {
        f"{variant}.loss": total.detach().reshape(1),
        **{
            f"{variant}.{name}": torch.tensor(metrics[key])
            for name, key in (("kl", "kl"), ("low", "clip_ratio/low_mean"), ("high", "clip_ratio/high_mean"))
            if key in metrics
        },
        **{
            f"{variant}.grad.{name.replace('.default.weight', '.weight')}": parameter.grad.clone()
            for name, parameter in model.named_parameters()
            if parameter.grad is not None
        },
    }


def fixture(folder):
    torch.manual_seed(7)
    base = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager")
    model = PeftModel.from_pretrained(base, folder / "policy", is_trainable=True).eval()
    prompts = [torch.randint(3, VOCABULARY, (length,)) for length in PROMPTS]
    prompts[1] = prompts[0]
    completions = [torch.randint(3, VOCABULARY, (length,)) for length in LENGTHS]
    with torch.no_grad():
        now = token_log_probs(model, prompts, completions)
    sampled = [each + 0.25 * torch.randn_like(each) - shift for each, shift in zip(now, SHIFTS)]
    reference = [each + 0.4 * torch.randn_like(each) for each in now]
    expected = {"advantages": torch.tensor(ADVANTAGES)}
    for i in range(len(LENGTHS)):
        expected[f"{i}.prompt"], expected[f"{i}.completion"] = prompts[i].clone(), completions[i]
        expected[f"{i}.sampled"], expected[f"{i}.reference"] = sampled[i], reference[i]
    for variant in VARIANTS:
        found = loss(model, prompts, completions, sampled, reference, variant)
        print(variant, *(f"{k}={v.item():.6f}" for k, v in found.items() if v.numel() == 1))
        expected.update(found)
    save_file({k: v.contiguous().clone() for k, v in expected.items()}, folder / "ppo.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    fixture(pathlib.Path(sys.argv[1]))
