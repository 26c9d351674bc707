"""The notices of the BOAMP, as its interface gives them: an entry each, with its last day. Runs in a worker."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.feeds import dates, plain_text
from bot.model import ActItem, Document, Entry, Failed, ItemDeadline, Why

MOST = 100
_PARIS = ZoneInfo("Europe/Paris")
_NUMBER = re.compile(r"[0-9]{2}-[0-9]{4,6}")
_AWARD = re.compile(r"attribution|r[ée]sultat", re.IGNORECASE)
_END = re.compile(r"annulation|sans suite|infructueu", re.IGNORECASE)


def parse(body: bytes) -> Document | Failed:
    """The notices of an answer, newest first."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Failed(Why.UNPARSABLE, "la réponse n’est pas du JSON")
    records = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(records, list):
        return Failed(Why.UNPARSABLE, "réponse sans « results » : l’interface du BOAMP a changé")
    entries = [entry for each in records[:MOST] if isinstance(each, dict) and (entry := _entry(each)) is not None]
    if records and not entries:
        return Failed(Why.UNPARSABLE, "aucun avis lisible : l’interface du BOAMP a changé")
    return Document(tuple(entries), left_out=max(len(records) - MOST, 0))


def _entry(record: dict[str, Any]) -> Entry | None:
    number, title = _text(record, "idweb"), _text(record, "objet")
    if not _NUMBER.fullmatch(number) or not title:
        return None
    buyer, nature = _text(record, "nomacheteur"), _text(record, "nature_libelle") or _text(record, "nature")
    until = dates.moment(_text(record, "datelimitereponse"))
    published = dates.moment(_text(record, "dateparution"))
    link = _text(record, "url_avis")
    link = link if link.startswith("https://www.boamp.fr/") else f"https://www.boamp.fr/avis/detail/{number}"
    said = f"Remise des offres\u00a0: {_written(until)}" if until else ""
    words = record.get("descripteur_libelle")
    about = ", ".join(str(each) for each in words[:8]) if isinstance(words, list) else ""
    summary = " · ".join(filter(None, (buyer, nature, f"BOAMP n° {number}", about, said)))
    deadlines = tuple(_deadlines(record, number, nature, until, said))
    day = published.astimezone(_PARIS).date().isoformat() if published else ""
    act = ActItem((f"boamp:{number}",), buyer, published=day, link=link, deadlines=deadlines)
    return Entry(f"boamp:{number}", link, title, plain_text.line(summary, 2_000), published=published, act=act)


def _deadlines(
    record: dict[str, Any], number: str, nature: str, until: datetime | None, said: str
) -> Iterator[ItemDeadline]:
    """A notice sets its own day; one that corrects another moves that one's; an award or an annulment ends it."""
    linked = tuple(_linked(record.get("annonce_lie")))
    ends = "cancelled" if _END.search(nature) else "done" if _AWARD.search(nature) else ""
    if ends:
        yield from (ItemDeadline("tender", "", nature, f"boamp:{each}", ends=ends) for each in linked)
    elif until is not None:
        local = until.astimezone(_PARIS)
        day, hour = local.date().isoformat(), f"{local:%H:%M}"
        of = linked[0] if linked else number
        yield ItemDeadline("tender", day, said, f"boamp:{of}", None if hour == "00:00" else hour)


def _linked(given: object) -> Iterator[str]:
    """The notices that this one is about: a list, or numbers in a text."""
    written = " ".join(map(str, given)) if isinstance(given, list) else str(given or "")
    yield from dict.fromkeys(_NUMBER.findall(written[:2_000]))


def _written(until: datetime) -> str:
    local = until.astimezone(_PARIS)
    return f"{local:%d/%m/%Y}" + ("" if f"{local:%H:%M}" == "00:00" else f" à {local.hour} h {local:%M}")


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return plain_text.line(value, 4_000) if isinstance(value, str) else ""
