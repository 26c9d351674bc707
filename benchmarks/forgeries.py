"""Forged registers, by seed: those that touch a line older than the witness are found, and no honest pack is doubted.

python -m benchmarks.forgeries [HOW_MANY]
"""

import random
import sys
from collections import Counter

from bot.tools.pack import troubles
from tests.bot.tools.forgeries import KINDS, a_chain, a_pack, forged, witnesses


def main(many: int) -> None:
    lines = a_chain(120)
    given = witnesses(lines)
    packs = {since: a_pack(lines, since=since) for since in (1, 5)}
    alarms = sum(bool(list(troubles(files, [witness]))) for files in packs.values() for witness in given)
    counts: Counter[str] = Counter()
    for seed in range(many):
        chance = random.Random(seed)
        kind, sealed, witness = KINDS[seed % len(KINDS)], seed % 4 != 0, chance.choice(given)
        touched, made = forged(packs[chance.choice((1, 5))], kind, chance, sealed=sealed)
        found = bool(list(troubles(made, [witness])))
        older = touched <= witness.number
        counts[f"{'found' if found else 'NOT FOUND'}, {'older' if older else 'newer'} than the witness"] += 1
        if older and not found:
            print(f"seed {seed}: {kind} at line {touched}, witness {witness.witness}: not found")
    print(f"{many} forgeries (three in four sealed again whole)")
    for told, count in sorted(counts.items()):
        print(f"  {told}: {count}")
    print(f"  false alarms on {len(packs) * len(given)} honest readings: {alarms}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
