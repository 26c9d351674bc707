"""The articles by their words."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, column, func, literal_column, select, table, text
from sqlalchemy.sql.selectable import FromClause

from storage.articles.articles import articles_of
from storage.articles.model import Finding, Findings, SearchQuery
from storage.database import Database
from storage.ids import ArticleId
from storage.schema import article, feed

MARKS = ("\x02", "\x03")  # around a word that was looked for
_TOKENS = 24  # of a snippet
_WEIGHTS = "10.0, 4.0, 1.0"  # title, summary, text
_INDEX: FromClause = table("article_words", column("rowid"), column("rank"))
_HITS = text("article_words MATCH :words")
_SNIPPET: ColumnElement[str] = literal_column(f"snippet(article_words, -1, '{MARKS[0]}', '{MARKS[1]}', '…', {_TOKENS})")


def purge_words(connection: Connection) -> None:
    """Let nothing remain of the words of texts that were emptied: a file keeps them until it is rewritten some day."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO article_words (article_words) VALUES ('optimize')")


class Search:
    """The index follows every change of an article: a text that was purged is not found any more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, wanted: SearchQuery, offset: int, limit: int) -> Findings:
        """Some of what is wanted, best first; the newest first where no words are."""
        with self._database.read() as connection:
            where = _conditions(connection, wanted)
            count = connection.execute(_base(wanted, func.count()).where(*where), _words(wanted)).scalar_one()
            order = [text(f"bm25(article_words, {_WEIGHTS})")] if wanted.words else []
            query = _base(wanted, article.c.id, _SNIPPET if wanted.words else literal_column("''"))
            page = query.where(*where).order_by(*order, article.c.id.desc()).offset(offset).limit(limit)
            rows = connection.execute(page, _words(wanted)).all()
            stored = articles_of(connection, [ArticleId(key) for key, _ in rows])
            oldest = connection.execute(select(func.min(article.c.first_seen))).scalar()
        return Findings(tuple(Finding(stored[ArticleId(key)], shown) for key, shown in rows), count, oldest)

    def near(self, word: str, least: int = 1) -> tuple[str, ...]:
        """The words that stand in some article and begin as this one does, to find a spelling among."""
        start = word[:2]
        query = text("SELECT term FROM article_vocabulary WHERE term >= :start AND term < :end AND doc >= :least")
        with self._database.read() as connection:
            found = connection.execute(query, {"start": start, "end": start + "\uffff", "least": least})
            return tuple(found.scalars())


def _base(wanted: SearchQuery, *columns: Any) -> Any:
    if not wanted.words:
        return select(*columns).select_from(article)
    return select(*columns).select_from(_INDEX.join(article, article.c.id == _INDEX.c.rowid)).where(_HITS)


def _words(wanted: SearchQuery) -> dict[str, str]:
    return {"words": wanted.words} if wanted.words else {}


def _conditions(connection: Connection, wanted: SearchQuery) -> Sequence[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.sources:
        where.append(article.c.feed_id.in_(_feeds(connection, wanted.sources)))
    if wanted.since is not None:
        where.append(_seen() >= wanted.since)
    return where


def _seen() -> ColumnElement[datetime]:
    return func.coalesce(article.c.published, article.c.first_seen, type_=article.c.first_seen.type)


def _feeds(connection: Connection, names: Sequence[str]) -> list[str]:
    """The feeds whose id or name holds each of these."""
    rows = connection.execute(select(feed.c.id, feed.c.name))
    return [row.id for row in rows if all(name in f"{_plain(row.id)} {_plain(row.name)}" for name in names)]


def _plain(words: str) -> str:
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))
