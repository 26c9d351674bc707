"""What a store of articles says of a configuration: how often each term is seen, and each watchlist alerts."""

from collections import Counter
from collections.abc import Iterable

from matchers.engine.engine import Engine
from matchers.model import Archive, Article


def survey(engine: Engine, articles: Iterable[Article], days: int) -> Archive:
    """Read every article again."""
    count = 0
    terms: Counter[str] = Counter()
    watchlists: Counter[str] = Counter()
    for article in articles:
        count += 1
        scan = engine.scan(article)
        terms.update(engine.terms[term].written for term in engine.understand(scan).present)
        watchlists.update(match.watchlist for match in engine.matches(scan))
    return Archive(count, days, dict(terms), dict(watchlists))
