"""The watchlists and entities that the daemon runs, as it read them, and every version that it ever ran."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, select

from storage.database import Database
from storage.feeds.model import Feed
from storage.operators.model import RulesInForce, RulesVersion
from storage.prepared import Prepared
from storage.schema import live_sheet, ruleset, sheet_version

FOLLOWED = "feeds"
"""Under this name stands which feeds were followed: their names by id, as JSON."""


class Enacted(NamedTuple):
    """Which rules are in force: a number that grows with each change of the sheets or of the feeds, 0 while there are
    none, and their mark (`mark_of`)."""

    number: int
    mark: str


class RulesOnFile:
    """What is in force: the last that `Feeds.sync` put there, also after the daemon has stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> RulesInForce | None:
        """None where no daemon has worked on this base yet."""
        with self._database.read() as connection:
            rows = connection.execute(select(live_sheet).order_by(live_sheet.c.name)).all()
            held = number(connection)
        return RulesInForce(rows[0].since, {row.name: row.content for row in rows}, held) if rows else None

    def enacted(self) -> Enacted:
        """Which rules are in force."""
        with self._database.read() as connection:
            return _last(connection)

    def versions(self, until: datetime) -> tuple[RulesVersion, ...]:
        """Every version of every file that came into force before then, in order; those of the feeds are not among
        them."""
        query = select(sheet_version).where(sheet_version.c.at < until, sheet_version.c.name != FOLLOWED)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(sheet_version.c.id)).all()
        return tuple(RulesVersion(row.at, row.name, row.content) for row in rows)


def adopt(connection: Connection, contents: Mapping[str, str], now: datetime) -> None:
    """Put these sheets into force, whole; those that are already keep their date."""
    known = {row.name: row.content for row in connection.execute(select(live_sheet))}
    if known == contents:
        return
    connection.execute(delete(live_sheet))
    if contents:
        rows = [{"name": name, "content": content, "since": now} for name, content in contents.items()]
        connection.execute(insert(live_sheet), rows)
    _remember(connection, {**dict.fromkeys(known, None), **contents}, now)


def mark_of(feeds: Iterable[Feed], contents: Mapping[str, str]) -> str:
    """Another one for other sheets, or for other feeds; what is not kept of a feed does not count."""
    listed = sorted(str(astuple(replace(each, private=False, login=None))) for each in feeds)
    return hashlib.sha256(json.dumps([listed, sorted(contents.items())]).encode()).hexdigest()


def enact(connection: Connection, mark: str, now: datetime) -> None:
    """From now on these rules are in force: the next number, unless they are already."""
    last = _last(connection)
    if last.mark != mark:
        connection.execute(insert(ruleset).values(number=last.number + 1, mark=mark, since=now))


def number(connection: Connection) -> int:
    """That of the rules in force, inside the caller's transaction."""
    return _last(connection).number


def outdated(connection: Connection, judged_by: int | None) -> bool:
    """Whether what was judged by these rules comes too late: two changes have passed. None: by no numbered ones."""
    return judged_by is not None and judged_by < number(connection) - 1


def _last(connection: Connection) -> Enacted:
    row = _NEWEST.one(connection, {})
    return Enacted(0, "") if row is None else Enacted(row.number, row.mark)


_NEWEST = Prepared(select(ruleset.c.number, ruleset.c.mark).order_by(ruleset.c.number.desc()).limit(1))


def follow(connection: Connection, names: Mapping[str, str], now: datetime) -> None:
    """These are the feeds that are followed from now on: names by id."""
    listed = json.dumps(names, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    _remember(connection, {FOLLOWED: listed}, now)


def _remember(connection: Connection, contents: Mapping[str, str | None], now: datetime) -> None:
    """Add a version of each file that is not what it was last; None: it is no more."""
    last = select(func.max(sheet_version.c.id)).group_by(sheet_version.c.name)
    held = select(sheet_version.c.name, sheet_version.c.content).where(
        and_(sheet_version.c.name.in_(list(contents)), sheet_version.c.id.in_(last))
    )
    before = {row.name: row.content for row in connection.execute(held)}
    rows = [
        {"name": name, "content": content, "at": now}
        for name, content in sorted(contents.items())
        if content != before.get(name)
    ]
    if rows:
        connection.execute(insert(sheet_version), rows)
