"""What a list says anew of a row, as an entry of its source: title, words to match, and an address of its own. Pure."""

from dataclasses import replace
from urllib.parse import quote, urldefrag

from bot.feeds.finished import content_digest
from bot.feeds.identity import digest
from bot.messages.forged import unmarked
from bot.model import Entry
from bot.statuses import day, what
from matchers.lists import ListEvent, day_of
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
    )
    return Entry(
        entry.key, entry.link, entry.title, entry.summary, published=entry.published, shares_link=True,
        digest=content_digest(entry),
    )  # fmt: skip


def _unmarked(event: ListEvent) -> ListEvent:
    """The event without the pictures of its cells: those of a title are ours."""
    row = replace(event.row, key=tuple(map(unmarked, event.row.key)), status=unmarked(event.row.status))
    return replace(event, row=row, before=unmarked(event.before), after=unmarked(event.after))


def title(event: ListEvent, name: str) -> str:
    """« Nébulis, IaaS : J3 → Qualifié (liste du 15 sept. 2026, jusqu’au 31 juil. 2029) »."""
    until = day_of(event.row.until)
    about = [f"{name}, {day(event.at)}", *([f"jusqu’au {day(until)}"] if until and event.kind != "expired?" else [])]
    return f"{', '.join(filter(None, event.row.key))}\u00a0: {what(event)} ({', '.join(about)})"
