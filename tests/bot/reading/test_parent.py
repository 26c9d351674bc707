"""Nothing of a stranger is read, cleaned or named outside a worker: the parent hands it on, and chooses."""

import ast
import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Never

import pytest

import bot
from bot.feeds.finished import finished
from bot.model import Document, Entry, Failed, Fetched
from bot.polling import known
from bot.reading import work
from bot.reading.page import read_page
from bot.reading.read import read
from bot.reading.ready import warm
from bot.reading.text import normalise
from bot.reading.visit import Round
from bot.web import urls
from bot.workers import Workers
from tests.bot.reading.pages import BODY, ld, page

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LINK = "https://exemple.fr/sante/a"
ACCENTS = "e" + "\u0301\u0323" * 200_000


def _refuse(name: str) -> Any:
    def refuse(*_: object, **__: object) -> Never:
        raise AssertionError(f"a stranger's text was touched in the parent: {name}")

    return refuse


_READING = frozenset(dir(str)) - frozenset(dir(object)) - {"__add__", "__getnewargs__", "__hash__"}


Foreign = type("Foreign", (str,), {
    **{name: _refuse(name) for name in _READING},
    "__reduce__": lambda self: (str, (str.__str__(self),)),
})  # fmt: skip
ForeignBytes = type("ForeignBytes", (bytes,), {
    **{name: _refuse(name) for name in _READING & frozenset(dir(bytes))},
    "__reduce__": lambda self: (bytes, (bytes.__add__(self, b""),)),
})  # fmt: skip


class Site:
    """A door and permits that say yes; the body is not to be looked at either."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def get(self, url: str, **_: object) -> Fetched:
        return Fetched(ForeignBytes(self.body), url, "text/html")

    async def ask(self, url: str, **_: object) -> None:
        return None

    async def permit(self, url: str, **_: object) -> Failed | None:
        return None


def foreign(**fields: str) -> Entry:
    texts = {"key": "1", "link": LINK, "title": "Valmorin", "summary": "Un chapô.", "content": "", **fields}
    return Entry(**{name: Foreign(text) for name, text in texts.items()}, author=Foreign("Anne Lys"))


async def visited(entry: Entry, body: bytes) -> Any:
    site: Any = Site(body)
    async with Workers(warm=warm) as workers:
        return await Round(site, workers, site, lambda: NOW).read(entry, "page")


async def test_an_entry_and_its_page_pass_through_the_parent_untouched() -> None:
    visit = await visited(foreign(), page(f"<article>{BODY}</article>"))
    assert (visit.reading.source, visit.reading.url, visit.later) == ("page", LINK, None)


async def test_a_full_text_feed_passes_untouched_too() -> None:
    visit = await visited(foreign(content="\n".join("Une phrase du flux. " * 30 for _ in range(4))), b"")
    assert visit.reading.source == "feed_full"


async def test_the_identities_of_a_feeds_entries_are_told_in_a_worker() -> None:
    async with Workers(warm=warm) as workers:
        entries = tuple(Entry(str(n), link, "Valmorin") for n, link in enumerate((LINK, LINK + "b")))
        read = await workers.run(finished, partial(Document, entries))
    assert isinstance(read, Document)
    keys = known.identities(read.entries)
    assert [key.url_keys for key in keys] == [urls.url_keys(LINK), urls.url_keys(LINK + "b")]


@pytest.mark.parametrize("name", ["reading/visit", "reading/article", "reading/waiting", "pipeline", "polling/asking"])
def test_what_runs_in_the_parent_imports_no_reader(name: str) -> None:
    tree = ast.parse((Path(bot.__file__).parent / f"{name}.py").read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if isinstance(node, ast.Import) or (node.module or "").startswith("bot")
    }
    assert imported.isdisjoint({
        "re", "html", "json", "unicodedata", "normalise", "one_line", "plain_text", "urls", "loose_json",
    })  # fmt: skip


PARTED = "\u0301\u200d\u202e"
LONG = 250_000  # characters: what is left of three megabytes
HOSTILE = {
    "accents in the text": page(f"<article>{BODY}<p>{ACCENTS}</p></article>"),
    "accents in the title": page(f"<h1>{ACCENTS}</h1>{BODY}", title=ACCENTS),
    "accents parted by the unseen": page(f"<article>{BODY}<p>e{PARTED * 100_000}</p></article>"),
    "accents in metadata": page(BODY, ld(headline=ACCENTS, description=ACCENTS, author=ACCENTS, articleBody=ACCENTS)),
    "an address of 3 MB": page(BODY, f'<link rel="canonical" href="https://exemple.fr/{"a" * 2_900_000}">'),
    "an og:url of 3 MB": page(BODY, f'<meta property="og:url" content="https://exemple.fr/{"é" * 1_400_000}">'),
    "a name of 3 MB": page(BODY, f'<meta name="author" content="{"A" * 2_900_000}">'),
    "a date of 3 MB": page(BODY, f'<meta name="date" content="{"2026-01-01 " * 260_000}">'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_page_holds_what_comes_of_it_is_short_and_in_order(name: str) -> None:
    found = read(Entry("1", LINK, ACCENTS, summary=ACCENTS), "page", read_page(HOSTILE[name], url=LINK), LINK, NOW)
    texts = [found.title, found.summary, found.text, found.author or "", found.site or "", found.url, *found.url_keys]
    assert max(map(len, texts)) <= LONG
    assert len(found.url) <= urls.LONGEST
    for text in texts:
        assert normalise(text) == text  # nothing is left to put in order


def test_a_page_of_accents_is_read_in_a_worker_and_answered() -> None:
    async def run() -> Any:
        async with Workers(warm=warm) as workers:
            fetched = Fetched(HOSTILE["accents in the text"], LINK, "text/html")
            return await workers.run(work.read_fetched, Entry("1", LINK, "Valmorin"), "page", fetched, False, NOW)

    assert asyncio.run(run()).reading.source == "page"
