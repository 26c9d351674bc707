"""`vigie explain` and `vigie why`: one article, and every reason that its watchlists have for it."""

import asyncio
import json
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import given
from bot.build import fetcher
from bot.clock import now
from bot.config.settings import Settings
from bot.ending import CannotRun
from bot.jsonl import BadLine, article_of
from bot.model import Entry, Failed, Fetched
from bot.reading import matched, visit, words
from bot.reading.ready import warm
from bot.web.urls import url_keys
from bot.workers import Workers
from matchers.engine.engine import Engine
from matchers.model import Article
from matchers.trials import explain
from storage import open_store
from storage.articles.model import ArticleText, StoredArticle
from storage.ids import ArticleId
from storage.place import Place

DIGITS = 18  # of the longest number that an article may have

BOLD = ("\033[1m", "\033[0m")
PLAIN = ("[", "]")


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """The article that was asked for; `source` says in French where it comes from."""

    article: Article
    source: str
    flags: tuple[str, ...] = ()


async def run(target: str, settings: Settings, engine: Engine, *, as_json: bool) -> int:
    """Print why an article is kept. Raises CannotRun where nothing can be read, StoreError where the base can't."""
    found = await find(target, settings)
    told = explain.explain(engine, found.article)
    if as_json:
        print(_json({**_card(found), "matches": [explain.to_json(one) for one in told]}))
    else:
        print(f"{_head(found)}\n\n{explain.to_text(told, mark=_mark())}")
    return 0


async def why(target: str, watchlist: str, settings: Settings, engine: Engine, *, as_json: bool) -> int:
    """Print what one watchlist makes of an article, kept or not. Raises as `run` does."""
    found = await find(target, settings)
    silence = explain.why(engine, found.article, watchlist)
    if as_json:
        print(_json({**_card(found), **explain.to_json(silence)}))
    else:
        print(f"{_head(found)}\n\n{explain.silence_text(silence, mark=_mark())}")
    return 0


# --- the article ---------------------------------------------------------------------------------------------------
async def find(target: str, settings: Settings) -> FoundArticle:
    """The article of that number, address or file. What is stored under an address is what the watchlists judged."""
    if target.isascii() and target.isdigit():
        known = int(target) if len(target) <= DIGITS else 0  # none has a larger one, nor could the store be asked
        stored = await asyncio.to_thread(_stored, settings.database, known, ())
        if stored is None:
            raise CannotRun(f"pas d’article n° {target} dans {settings.database}")
        return _of_store(stored)
    if not _is_address(target):
        return await _file(Path(target))
    stored = await asyncio.to_thread(_stored, settings.database, None, url_keys(target))
    return _of_reading(await _page(target, settings)) if stored is None else _of_store(stored)


def _is_address(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))


def _stored(database: Place, number: int | None, keys: tuple[str, ...]) -> StoredArticle | None:
    if not database.exists():  # a look must not create what it looks at
        return None
    with closing(open_store(database)) as store:
        if number is None:
            return store.articles.by_url(keys)
        return store.articles.get(ArticleId(number)) if number < 1 << 63 else None


def _of_store(stored: StoredArticle) -> FoundArticle:
    source = f"archive, article n° {stored.id} du {stored.first_seen:%d/%m/%Y}, {stored.source}"
    return FoundArticle(matched.article_of_stored(stored), source, stored.flags)


def _of_reading(reading: ArticleText) -> FoundArticle:
    return FoundArticle(matched.article_of(reading), reading.source, reading.flags)


async def _page(url: str, settings: Settings) -> ArticleText:
    async with fetcher(settings) as door, Workers(warm=warm) as workers:
        entry = Entry(key=url, link=url, title="")
        fetched = await visit.fetch_page(url, door)
        if isinstance(fetched, Failed):
            raise CannotRun(f"{url} : {fetched.detail}")
        return await visit.read_page(entry, fetched, workers, now())


async def _file(path: Path) -> FoundArticle:
    body = await asyncio.to_thread(given.whole, path)
    if path.suffix in (".json", ".jsonl"):
        try:
            return FoundArticle(article_of(body.strip()), path.name)
        except BadLine as problem:
            raise CannotRun(f"{path} : {problem} (un seul article par fichier)") from problem
    async with Workers(warm=warm) as workers:
        entry = Entry(key=str(path), link="", title="")
        fetched = Fetched(body, url="", content_type="text/html")
        return _of_reading(await visit.read_page(entry, fetched, workers, now()))


# --- what is shown -------------------------------------------------------------------------------------------------
def _mark() -> tuple[str, str]:
    return BOLD if sys.stdout.isatty() else PLAIN


def _head(found: FoundArticle) -> str:
    article = found.article
    source = f"lu : {words.told(found.source, len(article.text), found.flags)}"
    return "\n".join(line for line in (article.title, article.url, source) if line)


def _card(found: FoundArticle) -> dict[str, Any]:
    article = found.article
    return {"title": article.title, "url": article.url, "source": found.source, "flags": list(found.flags)}


def _json(tree: dict[str, Any]) -> str:
    try:
        text = json.dumps(tree, ensure_ascii=False, indent=2)
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form, but it has a JSON escape
        return json.dumps(tree, indent=2)
    return text
