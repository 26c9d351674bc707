"""What a list says anew of a row, as an entry of its source: title, words to match, and an address of its own. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import quote, urldefrag

from bot.feeds.finished import content_digest
from bot.feeds.identity import digest
from bot.messages.forged import unmarked
from bot.model import ActItem, Entry, ItemDeadline
from bot.statuses import day, what
from matchers.lists import ListEvent, day_of, squeezed
from storage.feeds.model import Feed


def item(event: ListEvent, source: Feed, url: str) -> Entry:
    """An entry that no other event has: told twice, it is the same."""
    event = _unmarked(event)
    row = event.row
    told = (event.kind, row.name, event.field, event.before, event.after, event.at.isoformat())
    cells = [*(each for each in row.cells if each[1]), ("Statut", row.status), ("Fin de validité", row.until)]
    entry = Entry(
        key=f"{event.kind}:{digest(*told)}",
        link=f"{urldefrag(url).url}#{quote(row.name[:150])}",
        title=title(event, source.name),
        summary=" · ".join(f"{name} : {text}" for name, text in cells if text),
        published=event.at,
        shares_link=True,  # the page is that of all its rows
        act=ActItem((), deadlines=tuple(_ends(event, source))) if _has_ends(source) else None,
    )
    return replace(entry, digest=content_digest(entry))


def _has_ends(source: Feed) -> bool:
    return source.listing is not None and bool(source.listing.until)


def _ends(event: ListEvent, source: Feed) -> Iterator[ItemDeadline]:
    """The end of a row's validity, of whatever name it has by now; none where it left, or has no end any more."""
    if event.kind == "expired?":
        return  # it is told, and no day to come
    if event.kind == "renamed":
        yield _end(event.row.name, None, source)
    name = event.after if event.kind == "renamed" else event.row.name
    yield _end(name, None if event.kind == "removed" else day_of(event.row.until), source)


def _end(name: str, day: date | None, source: Feed) -> ItemDeadline:
    of = f"list:{source.id}:{digest(squeezed(name))[:16]}"
    if day is None:
        return ItemDeadline("expiry", "", "", of, ends="cancelled")
    return ItemDeadline("expiry", day.isoformat(), f"{name}\u00a0: fin de validité le {day:%d/%m/%Y}", of)


def _unmarked(event: ListEvent) -> ListEvent:
    """The event without the pictures of its cells: those of a title are ours."""
    row = replace(event.row, key=tuple(map(unmarked, event.row.key)), status=unmarked(event.row.status))
    return replace(event, row=row, before=unmarked(event.before), after=unmarked(event.after))


def title(event: ListEvent, name: str) -> str:
    """« Nébulis, IaaS : J3 → Qualifié (liste du 15 sept. 2026, jusqu’au 31 juil. 2029) »."""
    until = day_of(event.row.until)
    about = [f"{name}, {day(event.at)}", *([f"jusqu’au {day(until)}"] if until and event.kind != "expired?" else [])]
    return f"{', '.join(filter(None, event.row.key))}\u00a0: {what(event)} ({', '.join(about)})"
