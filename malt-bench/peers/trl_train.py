"""LoRA SFT or DPO by TRL and PEFT on the CPU, on the first rows of a file of texts, one epoch."""

import argparse
import json
import os
import tempfile
import time

RANK = 16
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("loss", choices=["sft", "dpo"])
    parser.add_argument("model", help="a model directory with a tokenizer")
    parser.add_argument("data", help="JSON lines: prompt, completion; or prompt, chosen, rejected")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=4, help="rows of a step")
    parser.add_argument("--steps", type=int, default=4)
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

    torch.set_num_threads(options.threads)
    config, trainer_of = (SFTConfig, SFTTrainer) if options.loss == "sft" else (DPOConfig, DPOTrainer)
    tokens = 0
    with tempfile.TemporaryDirectory() as work:
        trainer = trainer_of(
            AutoModelForCausalLM.from_pretrained(options.model, dtype=getattr(torch, options.dtype)),
            args=config(
                output_dir=work,
                num_train_epochs=1,
                per_device_train_batch_size=options.batch,
                learning_rate=1e-4,
                max_length=2048,
                gradient_checkpointing=False,
                use_cpu=True,
                bf16=False,
                fp16=False,
                logging_steps=1,
                report_to=[],
                save_strategy="no",
                disable_tqdm=True,
            ),
            train_dataset=Dataset.from_list(rows(options.data, options.batch * options.steps)),
            processing_class=AutoTokenizer.from_pretrained(options.model),
            peft_config=LoraConfig(
                r=RANK, lora_alpha=2 * RANK, target_modules=TARGETS, task_type="CAUSAL_LM"
            ),
        )
        collate = trainer.data_collator

        def counted(examples):
            nonlocal tokens
            batch = collate(examples)
            tokens += sum(int(batch[key].sum()) for key in batch if key.endswith("attention_mask"))
            return batch

        trainer.data_collator = counted
        start = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - start
    print(json.dumps({"run": 0, "stages": [seconds], "tokens": tokens}), flush=True)


def rows(path, count):
    with open(path, encoding="utf-8") as file:
        found = [json.loads(line) for line in file if line.strip()]
    if len(found) < count:
        raise SystemExit(f"{path} holds {len(found)} rows, fewer than the {count} asked for")
    return found[:count]


if __name__ == "__main__":
    main()
