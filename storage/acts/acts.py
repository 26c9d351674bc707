"""Acts and the articles that are, found on or cite them, by whatever name."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from storage.acts.model import ActFields, ActPress, ActRecord, StoredAct
from storage.database import Database
from storage.ids import ArticleId
from storage.prepared import Prepared
from storage.schema import act, act_article, act_name, article, feed, upsert

_SAY = upsert(act_article, "article_id", "name", changing=("role",))
_OF = Prepared(select(act_article.c.name, act_article.c.role).where(act_article.c.article_id == bindparam("article")))
_KNOWN = (
    select(act_name.c.name, act_name.c.act_id)
    .where(act_name.c.name.in_(bindparam("names", expanding=True)))
    .order_by(act_name.c.act_id)
)
_NAMES = select(act_name.c.name).where(act_name.c.act_id == bindparam("act")).order_by(act_name.c.rank, act_name.c.name)
_RANKED = (
    "decret",
    "loi",
    "ordonnance",
    "celex",
    "cnil",
    "ce",
    "cc",
    "cjue",
    "boamp",
    "ted",
    "nor",
    "jorf",
    "cniltext",
)


class Acts:
    """The acts that are known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def act(self, name: str) -> StoredAct | None:
        """The act of this id; None where none is known, or where several bear this day."""
        with self._database.read() as connection:
            found = act_of(connection, name)
            return None if found is None else _stored(connection, found)

    def press(self, name: str, limit: int) -> tuple[ActPress, ...]:
        """The articles that name an act by any of its ids, newest first; a day is one where it alone bears it."""
        with self._database.read() as connection:
            names = aliases(connection, name)
            rows = connection.execute(_PRESS, {"names": names, "most": limit * len(names)}).all()
        told: dict[int, ActPress] = {}
        for row in rows:
            known = told.get(row.id)
            if known is None or _STRENGTH[row.role] < _STRENGTH[known.role]:
                told[row.id] = ActPress(
                    ArticleId(row.id), row.role, row.title, row.url, row.source_name, row.first_seen
                )
        return tuple(told.values())[:limit]


_STRENGTH: dict[str, int] = {"is": 0, "founds": 1, "cites": 2}
_PRESS = (
    select(article.c.id, article.c.title, article.c.url, article.c.first_seen, act_article.c.role,
           feed.c.name.label("source_name"))
    .join(article, article.c.id == act_article.c.article_id)
    .join(feed, feed.c.id == article.c.feed_id)
    .where(act_article.c.name.in_(bindparam("names", expanding=True)))
    .order_by(article.c.first_seen.desc(), article.c.id.desc())
    .limit(bindparam("most"))
)  # fmt: skip


# --- inside a transaction ------------------------------------------------------------------------------------------
def keep_acts(connection: Connection, known: ArticleId, told: ActRecord, *, added: bool = False) -> None:
    """Make what an article has to do with acts this; an act that it is learns its names. `added`: it had to do with
    none before."""
    was = {} if added else {row.name: row.role for row in _OF.rows(connection, {"article": known})}
    now = dict(told.roles)
    if was != now:
        connection.execute(delete(act_article).where(act_article.c.article_id == known))
        if now:
            connection.execute(_SAY, [{"article_id": known, "name": name, "role": role} for name, role in now.items()])
    if told.act is not None:
        _learn(connection, known, told.act)


def _learn(connection: Connection, known: ArticleId, fields: ActFields) -> None:
    """Give an act its row and its names: acts that prove to be one by a name in common become one."""
    sure = [name for name in fields.names if "@" not in name]
    if not sure:
        return
    held = sorted({int(row.act_id) for row in connection.execute(_KNOWN, {"names": sure})})
    number = held[0] if held else _insert(connection, fields)
    if len(held) > 1:
        _unite(connection, number, held[1:])
    _describe(connection, number, known, fields)
    rows = [{"name": name, "act_id": number, "rank": _rank(name)} for name in fields.names]
    connection.execute(upsert(act_name, "name", "act_id", changing=("rank",)), rows)


def _insert(connection: Connection, fields: ActFields) -> int:
    empty = dict.fromkeys(("title", "body", "link", "concerned", "in_force", "audience"), "")
    row = {**empty, "kind": min(fields.names, key=_rank).partition(":")[0]}
    return int(connection.execute(act.insert().returning(act.c.id), row).scalar_one())


def _unite(connection: Connection, kept: int, others: Sequence[int]) -> None:
    for other in others:
        names = [row.name for row in connection.execute(_NAMES, {"act": other})]
        connection.execute(delete(act_name).where(act_name.c.act_id == other))
        rows = [{"name": name, "act_id": kept, "rank": _rank(name)} for name in names]
        connection.execute(upsert(act_name, "name", "act_id", changing=("rank",)), rows)
        connection.execute(delete(act).where(act.c.id == other))


def _describe(connection: Connection, number: int, known: ArticleId, fields: ActFields) -> None:
    """Later items of the same act say what the first did not."""
    row = connection.execute(select(act).where(act.c.id == number)).one()
    values: dict[str, Any] = {
        "title": row.title or fields.title,
        "body": row.body or fields.body,
        "link": row.link or fields.link,
        "concerned": row.concerned or fields.concerned,
        "in_force": row.in_force or fields.in_force,
        "audience": row.audience or " ".join(fields.audience),
        "decided": row.decided or _written(fields.decided),
        "published": row.published or _written(fields.published),
        "article_id": row.article_id or known,
    }
    connection.execute(update(act).where(act.c.id == number).values(**values))


def act_of(connection: Connection, name: str) -> int | None:
    """The number of the act of this name; None for none, or for several that bear one day."""
    found = {int(row.act_id) for row in connection.execute(_KNOWN, {"names": [name]})}
    return found.pop() if len(found) == 1 else None


def aliases(connection: Connection, name: str) -> list[str]:
    """All the names of the act of this name: days only where no other act bears them."""
    number = act_of(connection, name)
    if number is None:
        return [name]
    names = [row.name for row in connection.execute(_NAMES, {"act": number})]
    return [each for each in names if "@" not in each or act_of(connection, each) is not None]


def _stored(connection: Connection, number: int) -> StoredAct:
    row: Row[Any] = connection.execute(select(act).where(act.c.id == number)).one()
    return StoredAct(
        tuple(aliases_of(connection, number)),
        row.kind,
        row.title,
        row.body,
        read_day(row.decided),
        read_day(row.published),
        row.link,
        row.concerned,
        row.in_force,
        tuple(row.audience.split()),
        None if row.article_id is None else ArticleId(row.article_id),
    )


def aliases_of(connection: Connection, number: int) -> Iterable[str]:
    return (row.name for row in connection.execute(_NAMES, {"act": number}))


def _rank(name: str) -> int:
    """The best name first: what people write, then what machines do, then days."""
    kind = name.partition(":")[0]
    return len(_RANKED) + 1 if "@" in name else _RANKED.index(kind) if kind in _RANKED else len(_RANKED)


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def read_day(written: str | None) -> date | None:
    """A day as the tables keep it."""
    return None if written is None else date.fromisoformat(written)
