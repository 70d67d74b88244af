"""Compares malt's log-probabilities under a model, and an adapter of malt's, with those of PEFT.

    ./malt logprobs --model MODEL --adapter ADAPTER --dtype float32 --input ROWS --output ANSWERS
    python compare_logprobs.py MODEL ADAPTER ROWS ANSWERS

ADAPTER is - for none. ROWS are JSON lines {"prompt_ids", "completion_ids"} or {"prompt", "completion"};
texts are encoded by transformers, so that the tokens are compared too. Prints the largest difference in
nats, and the completions' perplexity by both.
"""

import json
import math
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

model_directory, adapter_directory, rows, answers = sys.argv[1:5]
model = AutoModelForCausalLM.from_pretrained(
    model_directory, dtype=torch.float32, attn_implementation="eager"
).eval()
if adapter_directory != "-":
    model = PeftModel.from_pretrained(model, adapter_directory).eval()
tokenizer = None
largest, tokens, ours_sum, theirs_sum = 0.0, 0, 0.0, 0.0
with open(rows) as questions, open(answers) as ours:
    for question, answer in zip(map(json.loads, questions), map(json.loads, ours), strict=True):
        if "prompt_ids" in question:
            prompt, completion = question["prompt_ids"], question["completion_ids"]
        else:
            tokenizer = tokenizer or AutoTokenizer.from_pretrained(model_directory)
            prompt = tokenizer(question["prompt"])["input_ids"]
            completion = tokenizer(question["completion"], add_special_tokens=False)["input_ids"]
            assert completion == answer["ids"], f"other tokens in {question}"
        with torch.no_grad():
            logits = model(torch.tensor([prompt + completion])).logits[0, len(prompt) - 1 : -1]
        theirs = logits.log_softmax(-1).gather(-1, torch.tensor(completion).unsqueeze(-1))[:, 0]
        found = torch.tensor(answer["logprobs"])
        largest = max(largest, (theirs - found).abs().max().item())
        tokens += len(completion)
        ours_sum, theirs_sum = ours_sum + found.sum().item(), theirs_sum + theirs.sum().item()
print(
    f"{tokens} tokens, largest difference {largest:.2e} nats; perplexity"
    f" {math.exp(-ours_sum / tokens):.6f} here, {math.exp(-theirs_sum / tokens):.6f} there"
)
sys.exit(largest > 1e-3)
