"""What `vigie changes` costs on a store of a year.

    python -m benchmarks.chronicle [ARTICLES]

Milliseconds of CPU, the median of five, by days that the span has; filled as `benchmarks.growth` fills.
"""

import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.growth import LISTS, NOW, fill
from bot.changes import net
from storage.changes.model import Scope, Span
from storage.store import open_store


def main(articles: int) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "base.db")
        fill(store, articles)
        store.database.analyse()
        for days in (1, 7, 58, 365):
            span = Span(NOW - timedelta(days=days), NOW)
            for scope in (Scope(), Scope(frozenset(LISTS[:1]))):
                found = []
                for _ in range(5):
                    begun = time.process_time()
                    told = net(store.chronicle(span, scope).facts)
                    found.append(1000 * (time.process_time() - begun))
                of = "all lists" if scope.lists is None else "one list"
                print(f"{days:4} days, {of}: {len(told):5} changes, {statistics.median(found):6.1f} ms")
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
