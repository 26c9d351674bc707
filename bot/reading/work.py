"""What of a reading is done in a worker process: all that touches a stranger's text. The parent only chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Entry, Fetched
from bot.reading import read
from bot.reading.page import FREE, Page, read_page
from bot.web import robots, urls
from bot.web.robots import Terms
from storage.articles.model import ArticleText
from storage.feeds.model import TextPolicy


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """An entry as its feed tells it. `address`: the page that would say more, None where none is to be asked for;
    `host`: the name under which its site is spared."""

    reading: ArticleText
    address: str | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class PageReading:
    """An entry with its page. `reserved`: the page keeps its rights, and nothing of it was read."""

    reading: ArticleText
    reserved: bool = False


def open_entry(entry: Entry, policy: TextPolicy, now: datetime) -> OpenedEntry:
    address = urls.clean(entry.link) if read.needs_page(entry, policy) else None
    return OpenedEntry(read.read(entry, policy, now=now), address, urls.host(entry.link))


def open_entries(entries: Sequence[tuple[Entry, TextPolicy]], now: datetime) -> tuple[OpenedEntry, ...]:
    return tuple(open_entry(entry, policy, now) for entry, policy in entries)


def read_fetched(entry: Entry, policy: TextPolicy, fetched: Fetched, licensed: bool, now: datetime) -> PageReading:
    terms = Terms(robots.reservation(fetched.reservation), licensed, fetched.robots_tags)
    page = read_page(fetched.body, fetched.content_type, entry.summary, terms, fetched.url, now)
    return PageReading(read.read(entry, policy, page, fetched.url, now), page.problem == "reserved")


def read_saved(entry: Entry, body: bytes | None, now: datetime) -> ArticleText:
    """A saved page, rights aside: the operator has it already. `body` is None where the file can't be read."""
    if not read.lacks_text(entry):
        return read.read(entry, "page", now=now)
    page = Page(problem="unreadable") if body is None else read_page(body, "", entry.summary, FREE, entry.link, now)
    return read.read(entry, "page", page, entry.link, now)
