"""What a list says anew of a row, as an entry of its source: title, words to match, and an address of its own. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import quote, urldefrag

from bot.feeds.finished import content_digest
from bot.feeds.identity import digest
from bot.messages.forged import unmarked
from bot.model import ActItem, Entry, ItemDeadline
from bot.statuses import day, what
from matchers.lists import ListEvent, ListRow, day_of, squeezed
from storage.feeds.model import Feed


def item(event: ListEvent, source: Feed, url: str) -> Entry:
    """An entry that no other event has: told twice, it is the same."""
    event = _unmarked(event)
    row = event.row
    told = (event.kind, row.name, event.field, event.before, event.after, event.at.isoformat())
    act = ActItem((), deadlines=tuple(_ends(event, source))) if _has_ends(source) else None
    return _entry(f"{event.kind}:{digest(*told)}", title(event, source.name), row, event.at, url, act)


def found_there(rows: Iterable[ListRow], source: Feed, url: str, at: datetime) -> Iterator[Entry]:
    """What the first reading finds that ends on a day to come: nothing new to tell, and a day to be reminded of."""
    if not _has_ends(source):
        return
    for row in map(_plain, rows):
        end = day_of(row.until)
        if end is not None and end >= at.date():
            status = row.status or "inscrit"
            about = f"{source.name}, {day(at)}, jusqu’au {day(end)}"
            told = f"{', '.join(filter(None, row.key))}\u00a0: {status} ({about})"
            act = ActItem((), deadlines=(_end(row.name, end, source),))
            yield _entry(f"found:{digest(row.name)}", told, row, at, url, act)


def _entry(key: str, title: str, row: ListRow, at: datetime, url: str, act: ActItem | None) -> Entry:
    cells = [*(each for each in row.cells if each[1]), ("Statut", row.status), ("Fin de validité", row.until)]
    entry = Entry(
        key=key,
        link=f"{urldefrag(url).url}#{quote(row.name[:150])}",
        title=title,
        summary=" · ".join(f"{name} : {text}" for name, text in cells if text),
        published=at,
        shares_link=True,  # the page is that of all its rows
        act=act,
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
    return ItemDeadline(
        "expiry", day.isoformat(), f"{name.replace(' | ', ', ')}\u00a0: fin de validité le {day:%d/%m/%Y}", of
    )


def _unmarked(event: ListEvent) -> ListEvent:
    """The event without the pictures of its cells: those of a title are ours."""
    return replace(event, row=_plain(event.row), before=unmarked(event.before), after=unmarked(event.after))


def _plain(row: ListRow) -> ListRow:
    return replace(row, key=tuple(map(unmarked, row.key)), status=unmarked(row.status))


def title(event: ListEvent, name: str) -> str:
    """« Nébulis, IaaS : J3 → Qualifié (liste du 15 sept. 2026, jusqu’au 31 juil. 2029) »."""
    until = day_of(event.row.until)
    about = [f"{name}, {day(event.at)}", *([f"jusqu’au {day(until)}"] if until and event.kind != "expired?" else [])]
    return f"{', '.join(filter(None, event.row.key))}\u00a0: {what(event)} ({', '.join(about)})"
