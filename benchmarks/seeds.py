"""Lives of the whole daemon from their seeds, each with faults of the web, Telegram, the disk and the clock, and kills.

python -m benchmarks.seeds [FIRST] [LAST] [DAYS]

By night: 1 1000 30. Ends with a traceback that names the seed where something was lost, or rang twice.
"""

import sys
import time
from collections import Counter

from tests.whole.seeds import lived


def main(first: int, last: int, days: float) -> None:
    all_of_it: Counter[str] = Counter()
    begun = time.process_time()
    for seed in range(first, last + 1):
        all_of_it += lived(seed, days)
    said = ", ".join(f"{kind} {count}" for kind, count in sorted(all_of_it.items()))
    spent = time.process_time() - begun
    print(f"seeds {first}-{last}, {days:g} days each: 0 lost, 0 rung twice; {said}; {spent:.0f} s of CPU")


if __name__ == "__main__":
    given = (*sys.argv[1:], *("0", "99", "3")[len(sys.argv) - 1 :])
    main(int(given[0]), int(given[1]), float(given[2]))
