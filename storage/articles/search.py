"""The articles by their words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, TextClause, column, func, select, table, text
from sqlalchemy.sql.selectable import FromClause

from storage.articles.articles import articles_of
from storage.articles.model import AnyOf, Finding, Findings, SearchQuery, StoredArticle, WordsSought
from storage.database import Database
from storage.folded import COUNT_WORDS
from storage.ids import ArticleId
from storage.schema import article, feed

MARKS = ("\x02", "\x03")  # around a word that was looked for
_PASSAGE, _BEFORE = 120, 3  # characters of a passage, words before the first of those sought
_SPELLERS = 9  # articles that tell how a word is written
_ROOM = 30  # characters that the words before may take
_WEIGHTS = "10.0, 4.0, 1.0"  # title, summary, text
_SERVER_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"  # text, nothing, summary, title
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Index:
    """How an engine is asked for words: `hits` and `best` read the parameter `words`, `near` reads `start`, `end` and
    `least`. Passages are ours: FTS5's own took 83 s on a text that says one word 70,000 times."""

    source: FromClause
    written: Callable[[WordsSought], str]
    hits: TextClause
    best: TextClause
    near: TextClause


def _fts5(words: WordsSought) -> str:
    """As SQLite reads it."""
    wanted = [*map(_any, words.anywhere), *(f"title : {_any(each)}" for each in words.title)]
    unwanted = " OR ".join(f"({' AND '.join(map(_any, each))})" for each in words.without)
    return f"({' AND '.join(wanted)}) NOT ({unwanted})" if unwanted else " AND ".join(wanted)


def _any(forms: AnyOf) -> str:
    quoted = " OR ".join(f'"{form}"' for form in forms)
    return f"({quoted})"


def _tsquery(words: WordsSought) -> str:
    """As PostgreSQL reads it."""
    wanted = [*map(_one_of, words.anywhere), *(_one_of(each, ":A") for each in words.title)]
    unwanted = [f"!({' & '.join(map(_one_of, each))})" for each in words.without]
    return " & ".join((*wanted, *unwanted))


def _one_of(forms: AnyOf, where: str = "") -> str:
    phrases = (" <-> ".join(f"'{word}'{where}" for word in form.split()) for form in forms)
    return f"({' | '.join(f'({each})' for each in phrases)})"


_words = table("article_words", column("rowid"), column("rank"))
_FILE = _Index(
    source=_words.join(article, article.c.id == _words.c.rowid),
    written=_fts5,
    hits=text("article_words MATCH :words"),
    best=text(f"bm25(article_words, {_WEIGHTS})"),
    near=text("SELECT term FROM article_vocabulary WHERE term >= :start AND term < :end AND doc >= :least"),
)
_SERVER = _Index(
    source=article,
    written=_tsquery,
    hits=text("article.words @@ CAST(:words AS tsquery)"),
    # 1: a long text is not better for being long
    best=text(f"ts_rank('{_SERVER_WEIGHTS}', article.words, CAST(:words AS tsquery), 1) DESC"),
    near=text("SELECT term FROM word WHERE term >= :start AND term < :end AND docs >= :least"),
)


def _index(connection: Connection) -> _Index:
    return _FILE if connection.dialect.name == "sqlite" else _SERVER


def purge_words(connection: Connection) -> None:
    """Let nothing remain of the words of texts that were emptied, which a file keeps until it is rewritten some day."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO article_words (article_words) VALUES ('optimize')")


def count_words(connection: Connection) -> None:
    """Let a server know which words there are now, and forget those that are no more; a file knows at any time."""
    for statement in () if connection.dialect.name == "sqlite" else COUNT_WORDS:
        connection.exec_driver_sql(statement)


def passage(found: StoredArticle, words: WordsSought) -> str:
    """Where the words stand: some words of the first field that holds one, those sought marked."""
    sought = {word for forms in (*words.anywhere, *words.title) for form in forms for word in form.split()}
    fields = (found.text, found.summary, found.title)
    return next((shown for each in fields if (shown := _shown(each, sought))), "")


def _shown(field: str, sought: Set[str]) -> str:
    tokens = list(_WORD.finditer(field))
    hits = [(place, plain) for place, token in enumerate(tokens) if (plain := _plain(token[0])) in sought]
    if not hits:
        return ""
    first = max(0, hits[_fullest(hits, tokens)][0] - _BEFORE)
    start = tokens[first].start() if first else 0
    shown = [token for token in tokens[first : first + _PASSAGE] if token.end() - start <= _PASSAGE] or tokens[:1]
    last = shown[-1] is tokens[-1]
    parts, place = list[str](), start
    for token in shown:
        if _plain(token[0]) in sought:
            parts += [field[place : token.start()], MARKS[0], token[0], MARKS[1]]
            place = token.end()
    whole = "".join((*parts, field[place : len(field) if last else shown[-1].end()]))
    return f"{'…' if first else ''}{whole}{'' if last else '…'}"


def _fullest(hits: Sequence[tuple[int, str]], tokens: Sequence[re.Match[str]]) -> int:
    """The hit from which on a passage holds the most of the words sought; the first of equals."""
    best, most, end, held = 0, 0, 0, Counter[str]()
    for start, (place, word) in enumerate(hits):
        while end < len(hits) and tokens[hits[end][0]].end() - tokens[place].start() <= _PASSAGE - _ROOM:
            held[hits[end][1]] += 1
            end += 1
        if (count := len(+held)) > most:
            best, most = start, count
        held[word] -= end > start
        end = max(end, start + 1)
    return best


class Search:
    """The index follows every change of an article: a text that was purged is not found any more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, wanted: SearchQuery, offset: int, limit: int) -> Findings:
        """Some of what is wanted, best first; the newest first where no words are."""
        with self._database.read() as connection:
            index, where = _index(connection), _conditions(connection, wanted)
            words = {"words": index.written(wanted.words)} if wanted.words else {}
            count = connection.execute(_base(index, wanted, func.count()).where(*where), words).scalar_one()
            order = [index.best] if wanted.words else []
            query = _base(index, wanted, article.c.id)
            page = query.where(*where).order_by(*order, article.c.id.desc()).offset(offset).limit(limit)
            found = [ArticleId(key) for key in connection.execute(page, words).scalars()]
            stored = articles_of(connection, found)
            oldest = connection.execute(select(func.min(article.c.first_seen))).scalar()
        told = tuple(Finding(stored[each], passage(stored[each], wanted.words)) for each in found)
        return Findings(told, count, oldest)

    def near(self, word: str, least: int = 1) -> tuple[str, ...]:
        """The words that stand in some article and begin as this one does, to find a spelling among; a server knows
        them since its last pruning."""
        asked = {"start": word[:2], "end": word[:2] + "\uffff", "least": least}
        with self._database.read() as connection:
            return tuple(connection.execute(_index(connection).near, asked).scalars())

    def spelt(self, word: str) -> str:
        """A plain word as most of some articles that have it write it, accents and all, in small letters."""
        found = self.find(SearchQuery(WordsSought(((word,),))), 0, _SPELLERS).findings
        written = Counter(
            token[0].lower()
            for each in found
            for field in (each.article.title, each.article.summary, each.article.text)
            for token in _WORD.finditer(field)
            if _plain(token[0]) == word
        )
        return written.most_common(1)[0][0] if written else word


def _base(index: _Index, wanted: SearchQuery, *columns: Any) -> Any:
    if not wanted.words:
        return select(*columns).select_from(article)
    return select(*columns).select_from(index.source).where(index.hits)


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
