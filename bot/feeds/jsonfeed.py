"""JSON Feed (versions 1 and 1.1), which feedparser does not read."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from bot.feeds import dates, loose_json, plain_text, signed
from bot.model import Entry, Failed, Why

LONGEST_TITLE, LONGEST_BODY = 1000, 300_000


@dataclass(frozen=True, slots=True)
class Item:
    """An entry without its key; its link is as written."""

    guid: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class JsonFeed:
    items: tuple[Item, ...]
    title: str
    language: str | None
    home: str = ""
    complete: bool = True


def parse(text: str, zone: tzinfo = dates.PARIS, now: datetime | None = None) -> JsonFeed | Failed:
    """The items of a JSON Feed, in its order, those that stand whole in one that was cut; a value of a wrong type
    counts as absent. `zone`: see `dates.read`; `now`: see `dates.plausible`."""
    read = next(iter(loose_json.values(text)), None)
    cut = read is None
    if cut:
        read = {"items": loose_json.whole_ones(text, "items")}
        if not read["items"]:
            return Failed(Why.UNPARSABLE, "JSON cassé")
    if not isinstance(read, dict) or not isinstance(read.get("items"), list):
        return Failed(Why.NOT_A_FEED, "du JSON qui n'est pas un JSON Feed")
    author = _author(read)
    items = tuple(_item(one, zone, now, author) for one in read["items"] if isinstance(one, dict))
    title, home = plain_text.line(_text(read, "title"), LONGEST_TITLE), _text(read, "home_page_url")
    return JsonFeed(items, title, _text(read, "language")[:20] or None, home, complete=not cut)


def _item(one: dict[str, Any], zone: tzinfo, now: datetime | None, signer: str | None) -> Item:
    content = plain_text.paragraphs(_text(one, "content_html"), LONGEST_BODY)
    content = content or plain_text.legible(_text(one, "content_text")[:LONGEST_BODY])
    guid, named = one.get("id"), _text(one, "id")
    links = (_text(one, "url"), _text(one, "external_url"), named if named.startswith(("http://", "https://")) else "")
    entry = Entry(
        key="",
        link=next((link for link in links if link), ""),
        title=plain_text.line(_text(one, "title"), LONGEST_TITLE),
        summary=plain_text.line(_text(one, "summary"), LONGEST_BODY),
        content=content,
        published=dates.first_plausible(
            (dates.moment(_text(one, name), zone) for name in ("date_published", "date_modified")), now
        ),
        author=_author(one) or signer,
    )
    return Item(str(guid) if isinstance(guid, str | int | float) else "", entry)


def _text(one: dict[str, Any], name: str) -> str:
    value = one.get(name)
    return value.strip() if isinstance(value, str) else ""


def _author(one: dict[str, Any]) -> str | None:
    authors = one.get("authors")
    people = authors if isinstance(authors, list) and authors else [authors, one.get("author")]
    return signed.names(_text(person, "name") for person in people if isinstance(person, dict))
