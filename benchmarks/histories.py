"""Histories of feeds that rename, move, redate and repeat what they have, under a daemon killed between any two writes:
what is lost, what is told twice, and whether the rows are those of a life without a kill.

python -m benchmarks.histories [COUNT] [FIRST] [--minutes M]

Two processes with another PYTHONHASHSEED each share the work, and both live one history in ten.
"""

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from storage import open_store
from tests.grouping.histories import lived, template

TENTH = 10


def live(first: int, count: int, part: int, minutes: float) -> None:
    """One process's share; a line for each history of the shared tenth, and its sums at the end."""
    logging.disable(logging.CRITICAL)
    sums: Counter[str] = Counter()
    until = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        base = template(Path(folder))
        store = open_store(Path(folder) / "run.db")
        for seed in range(first, first + count):
            if seed % TENTH and seed % 2 != part:
                continue
            if time.monotonic() > until:
                break
            told = lived(seed, store, base, kills=True)
            sums += Counter(
                histories=1, articles=told.articles, kills=told.kills, again=told.again, lost=told.lost,
                doubled=told.doubled, doubts=told.doubts,
            )  # fmt: skip
            if told.again or told.lost or told.doubled > told.doubts:
                print("broken", seed, told, file=sys.stderr, flush=True)
            if seed % TENTH == 0:
                calm = lived(seed, store, base, kills=False)
                sums += Counter(replayed=1, other_rows=int(calm.digest != told.digest))
                print("rows", seed, told.digest)
        store.close()
    for name, total in sums.items():
        print("sum", name, total)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("first", nargs="?", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after so long, with what was lived")
    parser.add_argument("--part", type=int, help="one process's share, for ourselves")
    chosen = parser.parse_args()
    if chosen.part is not None:
        live(chosen.first, chosen.count, chosen.part, chosen.minutes)
        return
    base = [sys.executable, "-m", "benchmarks.histories", str(chosen.count), str(chosen.first)]
    shares = [
        subprocess.Popen(
            [*base, "--minutes", str(chosen.minutes), "--part", str(part)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": str(part + 1)},
        )
        for part in (0, 1)
    ]  # fmt: skip
    sums: Counter[str] = Counter()
    rows: list[dict[str, str]] = []
    for share in shares:
        answers = [line.split() for line in share.communicate()[0].splitlines()]
        sums += Counter({name: int(total) for kind, name, total in answers if kind == "sum"})
        rows.append({seed: digest for kind, seed, digest in answers if kind == "rows"})
    both = rows[0].keys() & rows[1].keys()
    print(f"{sums['histories']} histories, {sums['articles']} articles, {sums['kills']} kills between two writes")
    print(f"told again: {sums['again']}; lost: {sums['lost']}; sent twice: {sums['doubled']}, of which in flight "
          f"when killed, doubts on record: {sums['doubts']}")  # fmt: skip
    print(f"lived again without a kill: {sums['replayed']}, with other rows: {sums['other_rows']}")
    print(f"under two PYTHONHASHSEED: {len(both)}, with other rows: {sum(rows[0][e] != rows[1][e] for e in both)}")


if __name__ == "__main__":
    main()
