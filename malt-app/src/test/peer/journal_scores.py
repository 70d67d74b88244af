"""How likely a run's completions are under its base, by turn (docs/decisions/0017). No test needs this.

    python journal_scores.py RUN/seed-1/journal.db > rows.jsonl
    ./malt logprobs --model models/nano --input rows.jsonl --output scores.jsonl
    python journal_scores.py RUN/seed-1/journal.db scores.jsonl
"""

import json
import sqlite3
import statistics
import struct
import sys


def ids(blob):
    """Little-endian ids of two or four bytes, as the first byte says."""
    kind = {2: "H", 4: "i"}[blob[0]]
    return list(struct.unpack(f"<{(len(blob) - 1) // blob[0]}{kind}", blob[1:]))


def nodes(journal):
    query = """SELECT path, prompt.ids, node.ids FROM node JOIN prompt ON prompt.id = node.prompt
        JOIN line ON line.id = node.line WHERE line.scope = 'train/joint' ORDER BY node.rowid"""
    return sqlite3.connect(journal).execute(query)


def main(journal, scores=None):
    if scores is None:
        for _, prompt, completion in nodes(journal):
            print(json.dumps({"prompt_ids": ids(prompt), "completion_ids": ids(completion)}))
        return
    turns = {}
    for (path, _, _), line in zip(nodes(journal), open(scores), strict=True):
        turns.setdefault(path.count("."), []).append(json.loads(line)["sum"])
    for turn, sums in sorted(turns.items()):
        error = statistics.stdev(sums) / len(sums) ** 0.5
        print(f"turn {turn}: {len(sums)} completions, mean {statistics.mean(sums):.2f} nats, "
              f"standard error {error:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
