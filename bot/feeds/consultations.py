"""The consultations of the Commission that are open, as their page asks for them: an entry each. Runs in a worker."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.feeds import plain_text
from bot.model import ActItem, Document, Entry, Failed, ItemDeadline, Why

MOST = 200
_PAGE = "https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives/"
_DAY = re.compile(r"([0-9]{4})[/-]([0-9]{2})[/-]([0-9]{2})(?![0-9])")
_COM = re.compile(r"COM\(([0-9]{4})\) ?([0-9]{1,4})")


def parse(body: bytes) -> Document | Failed:
    """The initiatives of an answer that take feedback now."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Failed(Why.UNPARSABLE, "la réponse n’est pas du JSON")
    found = answer.get("initiativeResultDtoPage", answer) if isinstance(answer, dict) else None
    records = found.get("content", found.get("initiativeResultDtoes")) if isinstance(found, dict) else None
    if not isinstance(records, list):
        return Failed(Why.UNPARSABLE, "réponse sans liste d’initiatives : l’interface de la Commission a changé")
    entries = [entry for each in records[:MOST] if isinstance(each, dict) and (entry := _entry(each)) is not None]
    if records and not any(isinstance(each, dict) and _text(each, "shortTitle") for each in records):
        return Failed(Why.UNPARSABLE, "initiatives sans titre : l’interface de la Commission a changé")
    if records and not entries and not any(_is_closed(each) for each in records if isinstance(each, dict)):
        return Failed(Why.UNPARSABLE, "initiatives sans fin de consultation : l’interface de la Commission a changé")
    return Document(tuple(entries), known=0 if entries else 1, left_out=max(len(records) - MOST, 0))


def _entry(record: dict[str, Any]) -> Entry | None:
    """None for one that takes no feedback."""
    number, title = _number(record.get("id")), _text(record, "shortTitle")
    until = next(_open_until(record), None)
    if number is None or not title or until is None:
        return None
    said = f"Consultation ouverte jusqu’au {until:%d/%m/%Y}"
    topics = record.get("topics")
    about = (
        ", ".join(_text(each, "label") for each in topics[:5] if isinstance(each, dict))
        if isinstance(topics, list)
        else ""
    )
    name = _name(record)
    deadline = ItemDeadline("consultation", until.isoformat(), said, name)
    act = ActItem((name,) if name else (), "Commission européenne", link=f"{_PAGE}{number}", deadlines=(deadline,))
    summary = " · ".join(filter(None, ("Commission européenne", about, _text(record, "reference"), said)))
    return Entry(f"hys:{number}", f"{_PAGE}{number}", title, summary, act=act)


def _number(written: Any) -> int | None:
    if isinstance(written, str) and re.fullmatch("[0-9]{1,12}", written):
        return int(written)
    return written if isinstance(written, int) else None


def _statuses(record: dict[str, Any]) -> list[dict[str, Any]]:
    found = record.get("currentStatuses")
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _is_closed(record: dict[str, Any]) -> bool:
    """Does it say in the known way that it takes no feedback?"""
    said = [_text(each, "receivingFeedbackStatus").upper() for each in _statuses(record)]
    return any(said) and "OPEN" not in said


def _open_until(record: dict[str, Any]) -> Iterator[date]:
    for each in _statuses(record):
        if _text(each, "receivingFeedbackStatus").upper() == "OPEN":
            found = _DAY.match(_text(each, "feedbackEndDate"))
            if found and (day := _made(*map(int, found.groups()))):
                yield day


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _name(record: dict[str, Any]) -> str:
    """The proposal's id, where it has one: a call for evidence has none."""
    found = _COM.search(_text(record, "reference"))
    return f"com:{found[1]}-{int(found[2])}" if found else ""


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return plain_text.line(value, 1_000) if isinstance(value, str) else ""
