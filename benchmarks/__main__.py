"""`make bench`: every measure in one run; those on shared data only where a folder of it is given.

python -m benchmarks [DATA]
"""

import subprocess
import sys


def main(data: str | None) -> None:
    own = [
        ["matching"],
        ["names"],
        ["footprint"],
        ["running"],
        ["hostile"],
        ["conversation"],
        ["backtest"],
        ["delivery"],
    ]
    own += [["year", "1"], ["kills", "1"], ["silence", "10"], ["outbox", "50", "50"], ["histories", "60"]]
    own.append(["quality", data] if data else ["quality"])
    own.append(["stories", data] if data else ["stories"])
    shared = [["reading", f"{data}/extraction"]] if data else []
    for name, *arguments in [*own, *shared, ["polling"]]:
        print(f"\n== {name}", flush=True)
        # A process each: what one measure has loaded must not weigh on the next
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=True)
    if not data:
        print("\nreading, and quality on shared articles: give a folder of labelled data (make bench DATA=...)")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
