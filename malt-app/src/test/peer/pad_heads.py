"""The same function with larger heads (docs/gpu.md): vLLM's CPU attention takes no size of 24. No test needs this.

    python pad_heads.py models/nano nano32 32

Queries and keys are padded by zeros in both halves that rotate, values behind; queries are scaled and rope_theta
is raised so that scores and angles stay as they are. Needs torch and safetensors.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def padded(matrix, heads, old, new, rotary):
    rows = matrix.view(heads, old, -1)
    wide = torch.zeros(heads, new, rows.shape[2])
    if rotary:
        wide[:, : old // 2] = rows[:, : old // 2]
        wide[:, new // 2 : new // 2 + old // 2] = rows[:, old // 2 :]
    else:
        wide[:, :old] = rows
    return wide.reshape(heads * new, -1)


def main(source, target, new):
    config = json.loads((source / "config.json").read_text())
    old = config["head_dim"]
    heads, shared = config["num_attention_heads"], config["num_key_value_heads"]
    weights = load_file(source / "model.safetensors")
    for name, weight in weights.items():
        if name.endswith("q_proj.weight"):
            weights[name] = padded(weight, heads, old, new, True) * (new / old) ** 0.5
        elif name.endswith("k_proj.weight"):
            weights[name] = padded(weight, shared, old, new, True)
        elif name.endswith("v_proj.weight"):
            weights[name] = padded(weight, shared, old, new, False)
        elif name.endswith("o_proj.weight"):
            weights[name] = padded(weight.t().contiguous(), heads, old, new, False).t().contiguous()
    target.mkdir(parents=True)
    for file in source.glob("*.json"):
        shutil.copy(file, target)
    config.update(head_dim=new, rope_theta=config["rope_theta"] ** (new / old))
    (target / "config.json").write_text(json.dumps(config, indent=2))
    save_file(weights, target / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
