"""Compares malt's log-probabilities under a model and an adapter of malt's with PEFT's.

    ./malt logprobs --model MODEL --adapter ADAPTER --dtype float32 --input ROWS --output ANSWERS
    python compare_logprobs.py MODEL ADAPTER ROWS ANSWERS

ROWS are JSON lines {"prompt_ids", "completion_ids"}. Prints the largest difference in nats.
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

model_directory, adapter_directory, rows, answers = sys.argv[1:5]
base = AutoModelForCausalLM.from_pretrained(
    model_directory, dtype=torch.float32, attn_implementation="eager"
)
model = PeftModel.from_pretrained(base, adapter_directory).eval()
largest = 0.0
with open(rows) as questions, open(answers) as ours:
    for question, answer in zip(map(json.loads, questions), map(json.loads, ours), strict=True):
        prompt, completion = question["prompt_ids"], question["completion_ids"]
        with torch.no_grad():
            logits = model(torch.tensor([prompt + completion])).logits[0, len(prompt) - 1 : -1]
        theirs = logits.log_softmax(-1).gather(-1, torch.tensor(completion).unsqueeze(-1))[:, 0]
        largest = max(largest, (theirs - torch.tensor(answer["logprobs"])).abs().max().item())
print(f"largest difference: {largest:.2e} nats")
sys.exit(largest > 1e-3)
