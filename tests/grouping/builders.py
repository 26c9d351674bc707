"""Texts for the tests of grouping, and `vigie group` as a function."""

import io
import json
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.tools import group
from matchers.engine.engine import Engine
from matchers.stories.parts import Part

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

_STEMS = (
    "bar|cal|dor|fan|gar|hur|jal|lor|mar|nor|pal|rav|sol|tal|vor|bel|cor|dim|fel|gin|lun|mel|nul|pir|ros|sam|tor|val"
)
_ENDINGS = "ade|ence|ette|ier|ique|isme|ment|oir|tion|ure|age|eau|esse|oche|ume"
VOCABULARY = tuple(f"{stem}{ending}" for stem in _STEMS.split("|") for ending in _ENDINGS.split("|"))


def prose(seed: int | str, words: int = 200) -> str:
    """Sentences that share no four words in a row with those of another seed."""
    choice = random.Random(f"prose-{seed}")
    said = [choice.choice(VOCABULARY) for _ in range(words)]
    return ". ".join(" ".join(said[start : start + 12]).capitalize() for start in range(0, len(said), 12)) + "."


def line(name: int | str, url: str = "", title: str = "", text: str = "", **more: Any) -> dict[str, Any]:
    return {"id": name, "url": url, "title": title, "text": text, "published": "2026-11-23T08:00:00Z", **more}


def grouped(
    engine: Engine,
    lines: Iterable[dict[str, Any] | bytes],
    *,
    without: Sequence[Part] = (),
    state: Path | None = None,
    now: datetime = NOW,
) -> list[dict[str, Any]]:
    """What `vigie group` answers to these lines."""
    answers, _, _ = ran(engine, lines, without=without, state=state, now=now)
    return answers


def ran(
    engine: Engine,
    lines: Iterable[dict[str, Any] | bytes],
    *,
    without: Sequence[Part] = (),
    state: Path | None = None,
    now: datetime = NOW,
) -> tuple[list[dict[str, Any]], str, int]:
    out, errors = io.BytesIO(), io.StringIO()
    given = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines]
    code = group.run(engine, given, out, errors, now, state, tuple(without))
    return [json.loads(answer) for answer in out.getvalue().splitlines()], errors.getvalue(), code
