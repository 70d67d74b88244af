"""Trains an adapter that malt asks for, with TRL: SFT and DPO, on one or several GPUs or the CPU.

    python trl.py JOB            one process
    torchrun --nproc_per_node 8 trl.py JOB      or accelerate launch --num_processes 8: one a GPU

docs/trainers.md says what JOB is and what is left behind; trainers/requirements.txt what this was
run with. Losses, batches and their order are those of malt's own trainer: a step trains on the rows
that the job names for it, at the rate that it names, and the whole batch is one mean whatever
micro-batches and processes it is split into.
"""

import contextlib
import json
import math
import os
import signal
import stat
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

SAVE_SECONDS = 300


def end_with_parent():
    """malt holds our standard input open for as long as it lives."""

    def watch():
        while os.read(0, 4096):
            pass
        os._exit(1)  # at once: another malt may go on from the last checkpoint already

    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    end_with_parent()  # before the seconds that the imports take

# This file's own name is trl: its directory must not be where `import trl` looks.
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the base is a directory; nobody is told of it

import torch
from accelerate.utils import broadcast_object_list
from datasets import Dataset
from peft import PeftModel
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer


def fail(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(2)


class PlannedSteps:
    """A trainer whose optimiser steps train on the rows that the job names for each.

    An item of its data loader is a whole step, the same on every process. Micro-batches are dealt to
    the processes in turn; each carries its share of the batch's mean.
    """

    def follow(self, job, rows):
        self.job, self.rows = job, rows
        settings = job["settings"]["optimizer"]
        rates = [step["learning_rate"] for step in job["steps"]]
        trained = [p for name, p in self.model.named_parameters() if ".default." in name]
        self.optimizer = torch.optim.AdamW(
            trained,
            lr=settings["learning_rate"],
            betas=(settings["beta1"], settings["beta2"]),
            weight_decay=settings["weight_decay"],
        )
        self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: rates[min(step, len(rates) - 1)] / settings["learning_rate"]
        )

    def get_train_dataloader(self):
        steps = list(range(len(self.job["steps"])))
        return torch.utils.data.DataLoader(steps, batch_size=1, collate_fn=lambda items: {"step": items[0]})

    def floating_point_ops(self, inputs):
        return 0

    def training_step(self, model, inputs, num_items_in_batch=None):
        model.train()
        batch = self.job["steps"][inputs["step"]]["rows"]
        groups = self.micro_batches(batch)
        calls = math.ceil(len(groups) / self.accelerator.num_processes)
        mine = groups[self.accelerator.process_index :: self.accelerator.num_processes]
        total = torch.tensor(0.0, device=self.args.device)
        for call in range(calls):
            # A process without a micro-batch of its own must call the model all the same.
            group, weight = (mine[call], 1) if call < len(mine) else (groups[0], 0)
            inputs = self._prepare_inputs(self.data_collator([self.train_dataset[row] for row in group]))
            synced = contextlib.nullcontext() if call == calls - 1 else self.accelerator.no_sync(model)
            with synced:
                with self.compute_loss_context_manager():
                    loss = weight * self.part_of_loss(model, inputs, group, batch)
                self.accelerator.backward(loss)
            total += loss.detach()
        return total

    def micro_batches(self, batch):
        """Consecutive rows whose padded tokens stay below the job's limit, if a row alone does."""
        most = math.ceil(len(batch) / self.accelerator.num_processes)
        groups, longest = [], 0
        for row in batch:
            length = self.padded_length(self.rows[row])
            longest = max(longest, length)
            if groups and len(groups[-1]) < most and longest * (len(groups[-1]) + 1) <= self.job["batch_tokens"]:
                groups[-1].append(row)
            else:
                groups.append([row])
                longest = length
        return groups

    def tokens(self, step):
        """Completion tokens trained on."""
        ids = ("completion_ids", "chosen_ids", "rejected_ids")
        return sum(len(self.rows[row].get(key, ())) for row in self.job["steps"][step]["rows"] for key in ids)


class PlannedSft(PlannedSteps, SFTTrainer):
    """-log p of completion tokens, a mean over those of the whole batch."""

    @staticmethod
    def data(rows):
        return [
            {
                "input_ids": row["prompt_ids"] + row["completion_ids"],
                "completion_mask": [0] * len(row["prompt_ids"]) + [1] * len(row["completion_ids"]),
            }
            for row in rows
        ]

    @staticmethod
    def config(settings):
        return SFTConfig, {"completion_only_loss": True}

    @staticmethod
    def padded_length(row):
        return len(row["prompt_ids"]) + len(row["completion_ids"])

    def part_of_loss(self, model, inputs, group, batch):
        tokens = sum(len(self.rows[row]["completion_ids"]) for row in batch)
        return self.compute_loss(model, inputs, num_items_in_batch=tokens)


class PlannedDpo(PlannedSteps, DPOTrainer):
    """-log sigmoid of the rewards' difference, a mean over the pairs of the whole batch.

    TRL's term "sft" is a mean over the tokens of a forward. That of each pair alone is wanted, so a
    forward is of one pair where the term has a weight.
    """

    @staticmethod
    def data(rows):
        return rows

    @staticmethod
    def config(settings):
        loss = "sigmoid_norm" if settings["length_normalised"] else "sigmoid"
        more = ["sft"] if settings["nll_weight"] else []
        weights = [1.0] + [settings["nll_weight"]] * len(more)
        return DPOConfig, {"beta": settings["beta"], "loss_type": [loss] + more, "loss_weights": weights}

    def _prepare_dataset(self, dataset, *args):
        return dataset  # it has ids already

    @staticmethod
    def padded_length(row):
        return 2 * (len(row["prompt_ids"]) + max(len(row["chosen_ids"]), len(row["rejected_ids"])))

    def micro_batches(self, batch):
        return [[row] for row in batch] if self.job["settings"]["nll_weight"] else super().micro_batches(batch)

    def part_of_loss(self, model, inputs, group, batch):
        share = len(group) / len(batch) * self.accelerator.num_processes  # gradients are averaged over these
        return share * self.compute_loss(model, inputs)


TRAINERS = {"sft": PlannedSft, "dpo": PlannedDpo}


class Report(TrainerCallback):
    """Leaves a line for each step, and a checkpoint now and then and when asked to end."""

    def __init__(self, trainer):
        self.trainer = trainer
        self.saved = time.monotonic()
        self.asked_to_end = False
        signal.signal(signal.SIGTERM, self.end)

    def end(self, *_):
        self.asked_to_end = True

    def on_log(self, args, state, control, logs=None, **_):
        if "loss" not in logs or not state.is_world_process_zero:
            return
        step = state.global_step
        line = {"step": step, "steps": state.max_steps, "tokens": self.trainer.tokens(step - 1)}
        line.update((key, value) for key, value in logs.items() if key not in ("epoch", "num_tokens"))
        with open(self.trainer.job["metrics"], "a") as metrics:
            metrics.write(json.dumps(line) + "\n")

    def on_step_end(self, args, state, control, **_):
        due = self.asked_to_end or time.monotonic() - self.saved >= SAVE_SECONDS
        decision = [due, self.asked_to_end]
        broadcast_object_list(decision)  # the first process decides for all
        if decision[0]:
            control.should_save = True
            self.saved = time.monotonic()
        if decision[1]:
            control.should_training_stop = True


def number_type(job):
    """The type that the base is held in; adapters are 32 bits always."""
    stored = AutoConfig.from_pretrained(job["base"]).dtype
    types = {
        "float32": torch.float32,
        "mixed": torch.float32,
        "bfloat16": torch.bfloat16,
        "auto": torch.bfloat16 if torch.cuda.is_available() and stored in (torch.bfloat16, torch.float16) else torch.float32,
    }
    return types[job["dtype"]]


def last_whole_checkpoint(directory):
    """Its state is written last, so a checkpoint that has one is whole."""
    found = []
    for state in Path(directory).glob("checkpoint-*/trainer_state.json"):
        try:
            json.loads(state.read_text())
            found.append((int(state.parent.name.split("-")[1]), str(state.parent)))
        except ValueError:
            pass
    return max(found)[1] if found else None


def train(job):
    rows = [json.loads(line) for line in open(job["rows"])]
    kind = TRAINERS[job["method"]]
    dtype = number_type(job)
    make, special = kind.config(job["settings"])
    arguments = make(
        output_dir=job["checkpoint"],
        max_steps=len(job["steps"]),
        per_device_train_batch_size=1,  # an item is a step
        max_grad_norm=job["settings"]["optimizer"]["max_gradient_norm"],
        gradient_checkpointing=job["recompute_activations"],
        bf16=dtype == torch.bfloat16,
        use_cpu=not torch.cuda.is_available(),
        max_length=None,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="no",
        save_total_limit=2,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        report_to="none",
        seed=job["seed"] % 2**32,
        **special,
    )
    base = AutoModelForCausalLM.from_pretrained(job["base"], dtype=dtype)
    trainer = kind(
        model=PeftModel.from_pretrained(base, job["start"], is_trainable=True),
        args=arguments,
        train_dataset=Dataset.from_list(kind.data(rows)),
        processing_class=AutoTokenizer.from_pretrained(job["base"]),
    )
    trainer.follow(job, rows)
    trainer.add_callback(Report(trainer))
    trainer.train(resume_from_checkpoint=last_whole_checkpoint(job["checkpoint"]))
    if trainer.state.global_step < len(job["steps"]):
        sys.exit("asked to end after step %d; a checkpoint is there" % trainer.state.global_step)
    if trainer.is_world_process_zero():
        part = job["adapter"] + ".part"
        trainer.accelerator.unwrap_model(trainer.model).save_pretrained(part, selected_adapters=["default"])
        os.replace(part, job["adapter"])


def main():
    if len(sys.argv) != 2:
        fail("usage: trl.py JOB, the file that malt hands over")
    job = json.loads(Path(sys.argv[1]).read_text())
    if job["version"] != 1:
        fail("%s has version %s; this recipe knows 1" % (sys.argv[1], job["version"]))
    if job["method"] not in TRAINERS:
        fail("this recipe trains by %s; %s is not among them" % (", ".join(TRAINERS), job["method"]))
    print("torch %s, transformers %s, trl %s, peft %s" % tuple(map(version, ("torch", "transformers", "trl", "peft"))))
    train(job)


if __name__ == "__main__":
    main()
