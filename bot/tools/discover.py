"""`vigie feeds discover`: the feeds of a site, tried one by one, as lines for feeds.yaml."""

import json
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TextIO
from urllib.parse import urljoin, urlsplit

from bot.build import fetcher
from bot.clock import now
from bot.config.feedfile import slug
from bot.config.settings import Settings
from bot.ending import CannotRun
from bot.feeds import parse
from bot.feeds.announced import AnnouncedFeed, announced_by
from bot.feeds.tables import FoundTable, tables_of
from bot.french import span
from bot.messages.markup import clean
from bot.model import Document, Failed, Fetched, Outcome
from bot.reading.ready import warm
from bot.reading.visit import PAGES
from bot.search import plain
from bot.store_thread import store_thread
from bot.tools.feedlist import yaml_lines
from bot.tools.opml import Outline
from bot.web.fetch import Fetcher
from bot.web.host_turns import HostTurns
from bot.workers import Workers
from storage import open_store

COMMON = ("/feed/", "/rss.xml", "/feed.xml", "/rss/")
MOST_TRIED = 10
MOST_LISTS = 3
_STATUS = re.compile(r"\b(?:statut|etat|status|jalon|qualification|decision|situation)")
_UNTIL = re.compile(r"\b(?:fin|validite|echeance|expir|jusqu)")
EVERYTHING = f"{PAGES},application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"


async def discover(url: str, settings: Settings, out: TextIO) -> int:
    """Print the feeds that a page announces, else those at common places. Exit code 1 where there is none.

    Raises CannotRun where the page can't be had.
    """
    address = url if "://" in url else f"https://{url}"
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(await _door(settings, stack))
        workers = await stack.enter_async_context(Workers(warm=warm))
        lists = 0
        outcome = await door.get(address, accept=EVERYTHING)
        if not isinstance(outcome, Fetched):
            raise CannotRun(f"{address} : {_why(outcome)}")
        found = [AnnouncedFeed(outcome.url, "")]
        if not await _told(found[0], outcome, workers, out):
            found = await _announced(outcome, workers)
            asked = found or [AnnouncedFeed(urljoin(outcome.url, path), "") for path in COMMON]
            found = [each for each in asked if await _told(each, await door.get(each.url), workers, out)]
            lists = await _lists(outcome, workers, out)
    if not found and not lists:
        print("aucun flux trouvé : essayez « kind: page » ou « kind: sitemap » (docs/operations.md)", file=out)
    return 0 if found or lists else 1


async def _door(settings: Settings, stack: AsyncExitStack) -> Fetcher:
    """With the turns of the daemon that may be at work beside us: two requests to a host keep their distance."""
    ledger = None
    if settings.database.exists():
        store = open_store(settings.database)
        stack.callback(store.close)
        ledger = HostTurns(store.hosts, stack.enter_context(store_thread()), now)
    return fetcher(settings, ledger)


async def _announced(page: Fetched, workers: Workers) -> list[AnnouncedFeed]:
    """None where the page could not be read either."""
    answer = await workers.run(announced_by, page.body, page.content_type, page.url, cpu=10.0, wall=10.0)
    return list(answer)[:MOST_TRIED] if isinstance(answer, tuple) else []


async def _told(candidate: AnnouncedFeed, outcome: Outcome, workers: Workers, out: TextIO) -> bool:
    """Print a feed as it would be followed; False if it is none."""
    if not isinstance(outcome, Fetched):
        return False
    document = await workers.run(parse.parse, outcome.body, outcome.content_type, outcome.url, cpu=10.0, wall=10.0)
    if not isinstance(document, Document):
        return False
    name = clean(document.title or candidate.title or urlsplit(outcome.url).hostname or outcome.url)
    print(f"# {name} : {_size(document, now())}", file=out)
    print("\n".join(yaml_lines([Outline(outcome.moved_to or candidate.url, name, "")])), file=out)
    return True


async def _lists(page: Fetched, workers: Workers, out: TextIO) -> int:
    """Print the tables of a page as lists that may be followed; how many there are."""
    found = await workers.run(tables_of, page.body, page.content_type, cpu=10.0, wall=10.0)
    tables = found[:MOST_LISTS] if isinstance(found, tuple) else ()
    name = urlsplit(page.url).hostname or "liste"
    for place, table in enumerate(tables, 1):
        print(f"# un tableau de {table.rows} lignes : {', '.join(map(clean, table.heads))[:200]}", file=out)
        print("\n".join(list_lines(table, page.url, f"{name}-{place}")), file=out)
    return len(tables)


def list_lines(table: FoundTable, url: str, name: str) -> Iterator[str]:
    """The lines of feeds.yaml that follow a table; which columns say what is guessed by their names."""
    status = next((head for head in table.heads if _STATUS.search(plain(head))), None)
    until = next((head for head in table.heads if _UNTIL.search(plain(head))), None)
    named = [head for head in table.heads if head not in (status, until)][:2]
    identifier = slug(name)
    yield f"  - id: {identifier}"
    yield f"    url: {quoted(url)}"
    yield "    kind: list"
    yield f"    rows: {quoted(table.selector)}"
    yield f"    key: {quoted(' + '.join(named))}"
    yield from (f"    {key}: {quoted(head)}" for key, head in (("status", status), ("until", until)) if head)
    yield f"    # à vérifier avant de la suivre : vigie lists try {identifier}"


def quoted(value: str) -> str:
    """As YAML takes it whatever it holds; JSON's strings are YAML's."""
    return json.dumps(clean(value), ensure_ascii=False)


def _size(document: Document, moment: datetime) -> str:
    dates = [entry.published for entry in document.entries if entry.published is not None]
    latest = f", le dernier il y a {span(moment - max(dates))}" if dates else ""
    count = len(document.entries)
    return f"{count} article{'s' if count > 1 else ''}{latest}"


def _why(outcome: Outcome) -> str:
    return outcome.detail if isinstance(outcome, Failed) else "le site ne donne pas cette page"
