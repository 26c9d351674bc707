"""`vigie acts`: articles in, the official acts that they name and the days they set out, one JSON object a line."""

from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

from bot.jsonl import BadLine, encoded, named_article, numbered, read_object, text_of
from bot.web.urls import host
from matchers.acts.acts import Citation, acts
from matchers.acts.deadlines import Deadline, deadlines, sets_deadlines
from matchers.model import FIELDS, Article


def run(lines: Iterable[bytes], out: BinaryIO) -> int:
    """Answer every line at once, before the next one is needed. Exit code: 1 if a line was bad, else 0."""
    bad = 0
    for number, line in numbered(lines):
        answer = _answer(number, line)
        bad += "error" in answer
        out.write(encoded(answer))
        out.flush()
    return 1 if bad else 0


def _answer(number: int, line: bytes) -> dict[str, Any]:
    try:
        name, article = named_article(line)
        days = _days(read_object(line), article)
    except BadLine as problem:
        return {"id": None, "line": number, "error": str(problem)}
    found = acts(article)
    return {
        "id": name,
        "acts": [_shown(each) | {"sure": each.sure} for each in found if each.sure],
        "dated": [_shown(each) for each in found if not each.sure],
        "deadlines": [_set(each) for each in days],
    }


def _days(value: dict[str, Any], article: Article) -> tuple[Deadline, ...]:
    """None without the day of publication: what is past is past from there."""
    published, act_published = _day(value, "published"), _day(value, "act_published")
    if published is None:
        return ()
    official, language = sets_deadlines(host(article.url)), text_of(value, "language") or "fr"
    return deadlines(_told(article), published, official=official, language=language, act_published=act_published)


def _day(value: dict[str, Any], field: str) -> date | None:
    """The day of a date or of a time in ISO form; None where it is absent. Raises BadLine."""
    written = text_of(value, field)
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError as problem:
        raise BadLine(f"« {field} » : « {written} » n’est pas un jour de la forme 2026-11-24") from problem


def _set(each: Deadline) -> dict[str, Any]:
    return {"date": each.day.isoformat(), "kind": each.kind, "time": each.time, "text": each.text}


def _told(article: Article) -> str:
    """Title, lead and text as one: a body named in the title says whose number stands in the lead."""
    return ". ".join(filter(None, (getattr(article, field) for field in FIELDS)))


def _shown(found: Citation) -> dict[str, Any]:
    return {"id": found.id, "text": found.text}
