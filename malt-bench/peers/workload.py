"""The tree workload for programs in Python: the same prompts, level by level, for every peer."""

import argparse
import json
import random
import time


def arguments(description):
    """What every peer of the tree workload is told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("model", help="a model: a directory, or a GGUF file for llama.cpp")
    parser.add_argument("--workload", required=True, help="tree-workload.json of malt-bench")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--questions", type=int, default=1, help="asked at once")
    parser.add_argument("--runs", type=int, default=2, help="the first one warms up")
    return parser


def run(options, sample):
    """Prints a line of JSON a run.

    sample(prompts, samples, new_tokens, temperature) takes lists of ids and returns, for each prompt,
    the ids of its completions.
    """
    with open(options.workload, encoding="utf-8") as file:
        workload = json.load(file)
    for number in range(options.runs):
        seconds, tokens = tree(workload, options.questions, number, sample)
        print(json.dumps({"run": number, "stages": seconds, "tokens": tokens}), flush=True)


def tree(workload, questions, number, sample):
    """Seconds of each stage, and how many tokens were sampled."""

    def ids(seed, count):
        draw = random.Random(seed)
        return [draw.randint(workload["first_id"], workload["last_id"]) for _ in range(count)]

    # A path is a question and the completions that led here.
    paths = [ids(f"question {number} {q}", workload["question_tokens"]) for q in range(questions)]
    seconds = []
    tokens = 0
    for stage in workload["stages"]:
        head = ids(stage["name"] + " head", stage["head_tokens"])
        tail = ids(stage["name"] + " tail", stage["tail_tokens"])
        start = time.perf_counter()
        sampled = sample(
            [head + path + tail for path in paths],
            stage["samples"],
            stage["new_tokens"],
            workload["temperature"],
        )
        seconds.append(time.perf_counter() - start)
        for completions in sampled:
            if [len(completion) for completion in completions] != [stage["new_tokens"]] * stage["samples"]:
                raise SystemExit(f"{stage['name']}: asked for {stage['samples']} completions of "
                                 f"{stage['new_tokens']} tokens, got lengths {[len(c) for c in completions]}")
            tokens += sum(len(completion) for completion in completions)
        paths = [path + list(c) for path, completions in zip(paths, sampled) for c in completions]
    return seconds, tokens
