"""The base of `vigie group`: lines of articles in, what each belongs to out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, Table, bindparam, func, select

from matchers.stories.grouping import Judge, Traits, looked_at
from storage.articles.articles import add_addresses, addresses, by_address
from storage.articles.model import Rung
from storage.database import Database
from storage.dialect import insert
from storage.failure import StoreError
from storage.feeds.feeds import Feeds
from storage.feeds.model import Feed
from storage.ids import ArticleId, FeedId
from storage.schema import EPOCH, AnyText, article, chat, feed, grouped
from storage.stories.model import Grouped
from storage.stories.stories import group, neighbour

FEED = FeedId("group")  # whose articles these are: the tables of the daemon want one

_OURS = MetaData()
_line = Table(
    "group_line",
    _OURS,
    Column("article_id", Integer, primary_key=True),
    Column("name", AnyText, nullable=False),
)
_entry = Table(
    "group_entry",
    _OURS,
    Column("feed", AnyText, primary_key=True),
    Column("guid", AnyText, primary_key=True),
    Column("article_id", Integer, nullable=False),
    # False once it stood on two articles that have nothing in common: then it is nobody's name
    Column("trusted", Boolean, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Line:
    """An article to group. `name` is the line's id, opaque; `guid` counts within `feed`, "" where there is none.

    `published` is None where the line has no date that can be believed.
    """

    name: str
    traits: Traits
    title: str
    url: str = ""
    url_keys: tuple[str, ...] = ()
    feed: str = ""
    guid: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a line belongs, in names of lines: `copy_of` is None for a text of its own. `near` are the stories looked
    at, the most alike first: each with its score in millionths, and the veto against it or "".
    """

    name: str
    copy_of: str | None
    story: str
    dossier: str
    grouped: Grouped
    near: tuple[tuple[str, int, str], ...] = ()


class Ledger:
    """A base of its own, in the file given: the daemon's tables, and the names of the lines. Raises StoreError.

    `durable`: each answer is in the file before it is given; without, all of them are at the end, which is much faster.
    """

    def __init__(self, path: Path, judge: Judge, *, durable: bool) -> None:
        self._database = Database(path)
        self._judge = judge
        self._durable = durable
        try:
            self._refuse_a_daemons(path)
        except BaseException:
            self._database.close()
            raise
        Feeds(self._database).sync([Feed(FEED, "vigie group", "https://group.invalid/")], EPOCH)
        with self._database.write() as connection:
            _OURS.create_all(connection)

    def _refuse_a_daemons(self, path: Path) -> None:
        """What follows would leave it no source but ours. Raises StoreError."""
        with self._database.read() as connection:
            followed = connection.execute(select(feed.c.id).where(feed.c.id != FEED).limit(1)).scalar()
            used = followed or connection.execute(select(chat.c.id).limit(1)).scalar()
        if used is not None:
            raise StoreError(f"« {path} » est la base d’une Vigie, et non l’état d’un regroupement : un autre fichier.")

    def close(self) -> None:
        self._database.close()

    def file(self, lines: Iterable[Line]) -> Iterator[Filed]:
        """What each line belongs to, in their order, each before the next is read."""
        if self._durable:
            for line in lines:
                with self._database.write() as connection:
                    filed = _file(connection, line, self._judge)
                yield filed
            return
        with self._database.write() as connection:
            for line in lines:
                yield _file(connection, line, self._judge)


def _file(connection: Connection, line: Line, judge: Judge) -> Filed:
    at = _moment(connection, line)
    known, rung, rule = _known(connection, line, at, judge)
    identifier = known or _insert(connection, line, at)
    found = group(connection, identifier, line.traits, at, judge, tell=True)
    add_addresses(connection, identifier, line.url_keys)
    _remember(connection, line, identifier, known is not None and rung == "entry")
    if known is None:
        return _filed(connection, line, found, found.copy_of)
    return _filed(connection, line, replace(found, level=rung, rule=rule, numbers={}), found.copy_of or known)


def _moment(connection: Connection, line: Line) -> datetime:
    """When the line is: its date, or the latest seen where it has none or goes backwards."""
    latest = connection.execute(_LATEST).scalar()
    given = line.published or latest or EPOCH
    return max(given, latest) if latest else given


def _known(connection: Connection, line: Line, at: datetime, judge: Judge) -> tuple[ArticleId | None, Rung, str]:
    """The article that this line is, by its guid or its address; None if it is none that we know."""
    places = addresses(connection, line.url_keys)
    there = by_address(line.url_keys, places)
    entry = connection.execute(_ENTRY, {"feed": line.feed, "guid": line.guid}).one_or_none() if line.guid else None
    if entry is not None and entry.trusted:
        if there == entry.article_id or _alike(connection, entry.article_id, line, at, judge):
            return ArticleId(entry.article_id), "entry", "guid"
        connection.execute(_DISTRUST, {"of": line.feed, "named": line.guid})
    return there, "address", "same-address"


def _alike(connection: Connection, known: int, line: Line, at: datetime, judge: Judge) -> bool:
    """Is it the article that had this guid, under another address or none?"""
    row = connection.execute(select(grouped).where(grouped.c.article_id == known)).one()
    other = neighbour(row)
    same_title = bool(other.text.title) and other.text.title == line.traits.text.title
    if not line.url_keys:
        return same_title or other.text.content == line.traits.text.content
    return same_title or judge.copied(line.traits, at, (other,), frozenset()).target is not None


def _insert(connection: Connection, line: Line, at: datetime) -> ArticleId:
    values = {
        "feed_id": FEED,
        "title": line.title,
        "summary": "",
        "text": "",
        "url": line.url,
        "source": "none",
        "flags": "[]",
        "first_seen": at,
        "read_at": at,
        "revision": 0,
        "muted": False,
    }
    identifier = ArticleId(int(connection.execute(_INSERT, values).scalar_one()))
    connection.execute(_NAME, {"article_id": identifier, "name": line.name})
    return identifier


def _remember(connection: Connection, line: Line, identifier: ArticleId, known: bool) -> None:
    if line.guid and not known:
        row = {"feed": line.feed, "guid": line.guid, "article_id": identifier, "trusted": True}
        connection.execute(_REMEMBER, row)


def _filed(connection: Connection, line: Line, found: Grouped, copy_of: ArticleId | None) -> Filed:
    assert found.story is not None
    assert found.dossier is not None
    looked = looked_at(found.numbers)
    wanted: list[int] = [found.story, found.dossier, *([] if copy_of is None else [copy_of])]
    wanted += [each.story for each in looked]
    names = {row.article_id: row.name for row in connection.execute(_NAMES, {"articles": sorted(set(wanted))})}
    near = tuple((names[each.story], each.score, each.veto) for each in looked)
    original = None if copy_of is None else names[copy_of]
    return Filed(line.name, original, names[found.story], names[found.dossier], found, near)


_LATEST = select(func.max(grouped.c.at))
_ENTRY = select(_entry).where(_entry.c.feed == bindparam("feed"), _entry.c.guid == bindparam("guid"))
_DISTRUST = (
    _entry.update().where(_entry.c.feed == bindparam("of"), _entry.c.guid == bindparam("named")).values(trusted=False)
)
_REMEMBER = insert(_entry).on_conflict_do_nothing()
_INSERT = article.insert().returning(article.c.id)
_NAME = _line.insert()
_NAMES = select(_line).where(_line.c.article_id.in_(bindparam("articles", expanding=True)))
