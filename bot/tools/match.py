"""`vigie match`: articles in, matches out, one JSON object a line."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, BinaryIO

from bot.jsonl import BadLine, encoded, named_article, numbered
from matchers.engine.engine import Engine
from matchers.model import Hit, Match

_HIT = tuple(each.name for each in fields(Hit))


def answers(
    engine: Engine, lines: Iterable[bytes], only: frozenset[str] | None
) -> Iterator[tuple[dict[str, Any], bool]]:
    """One (answer, fine) per input line that is not blank, in order; a bad line is answered with its number."""
    for number, line in numbered(lines):
        try:
            name, article = named_article(line)
        except BadLine as problem:
            yield {"id": None, "line": number, "error": str(problem)}, False
            continue
        yield {"id": name, "matches": [_shown(match) for match in engine.match(article, only)]}, True


def run(engine: Engine, lines: Iterable[bytes], out: BinaryIO, only: frozenset[str] | None = None) -> int:
    """Answer every line at once, before the next one is needed. Exit code: 1 if a line was bad, else 0."""
    bad = 0
    for answer, fine in answers(engine, lines, only):
        bad += not fine
        out.write(encoded(answer))
        out.flush()
    return 1 if bad else 0


def _shown(match: Match) -> dict[str, Any]:
    return {
        "watchlist": match.watchlist,
        "score": match.score,
        "level": match.level,
        "subject": match.subject,
        "rings": match.rings,
        "news": match.news,
        "hits": [{name: getattr(hit, name) for name in _HIT} for hit in match.hits],
    }
