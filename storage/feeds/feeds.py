"""The feeds: their settings, their state and their leases."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, and_, bindparam, exists, func, or_, select, update

from matchers import sites
from storage.database import Database
from storage.dialect import elements, moment
from storage.feeds.model import Claim, Feed, FeedState, Handling
from storage.ids import FeedId
from storage.lists.codec import spec_read, spec_written
from storage.operators.causes import NORMAL, PAUSED, drop, settle
from storage.operators.rules_in_force import adopt, enact, follow, mark_of, number
from storage.prepared import Prepared
from storage.schema import EPOCH, Instant, daemon, feed, host

HOUR = timedelta(hours=1)
AHEAD = 4  # times what is wanted is looked at: several feeds may stand on one host
_STATE = tuple(field.name for field in fields(FeedState))

# Made once: a tick runs every few seconds, and making a query costs more than running it.
_NOW = bindparam("now", type_=Instant)
_FREE = and_(
    feed.c.enabled,
    feed.c.same_as.is_(None),
    or_(feed.c.lease_until.is_(None), feed.c.lease_until <= _NOW),
    or_(feed.c.paused_until.is_(None), feed.c.paused_until <= _NOW),
)


def _due() -> Any:
    """What is due of hosts that may be asked, the longest due first, from a place on; `passed` are hosts besides."""
    busy = feed.alias()
    waiting = exists().where(
        host.c.name == feed.c.host,
        or_(host.c.blocked_until > _NOW, host.c.next_slot_at > _NOW, host.c.held_until > _NOW),
    )
    asked = exists().where(busy.c.host == feed.c.host, busy.c.lease_until > _NOW)
    since = bindparam("since", type_=Instant)
    beyond = and_(feed.c.due_at >= since, or_(feed.c.due_at > since, feed.c.id > bindparam("behind")))
    others = or_(feed.c.host.is_(None), feed.c.host.not_in(select(elements(bindparam("passed", type_=String)).c.value)))
    return (
        select(feed.c.id, feed.c.host, feed.c.due_at)
        .where(_FREE, feed.c.due_at <= _NOW, beyond, others, ~waiting, ~asked)
        .order_by(feed.c.due_at, feed.c.id)
        .limit(bindparam("most"))
    )


_DUE = Prepared(_due())
_AT_WORK = select(daemon.c.run).where(daemon.c.until > moment())
_OF_THE_DEAD = and_(feed.c.lease_owner.is_not(None), feed.c.lease_owner.not_in(_AT_WORK))
# What is being written is passed over, and what was a moment ago is looked at as it is now: it may be due no more
_CHOSEN = (
    select(feed)
    .where(_FREE, feed.c.due_at <= _NOW, feed.c.id.in_(bindparam("chosen", expanding=True)))
    .order_by(feed.c.due_at, feed.c.id)
    .with_for_update(skip_locked=True)
)
_ALL = select(feed).order_by(feed.c.id).with_for_update()  # no poll that ends meanwhile is judged by what it was


class Feeds:
    """What is polled, when, and by whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, feeds: Sequence[Feed], now: datetime, sheets: Mapping[str, str] | None = None) -> int:
        """Make the stored feeds those of the configuration: a new one is due now, a missing one is kept, disabled.

        `sheets` are the watchlists and entities read with them (None: leave those in force): all of it, or nothing.
        The number of the rules that are in force now.
        """
        with self._database.write() as connection:
            if sheets is not None:
                adopt(connection, sheets, now)
                enact(connection, mark_of(feeds, sheets), now)
            follow(connection, {each.id: each.name for each in feeds if each.enabled}, now)
            known = {row.id: row for row in connection.execute(_ALL)}
            listed = {each.id for each in feeds}
            missing = [identifier for identifier in known if identifier not in listed]
            for identifier in missing:
                connection.execute(update(feed).where(feed.c.id == identifier).values(enabled=False))
                drop(connection, FeedId(identifier), now)
            for each in feeds:
                _store(connection, each, known.get(each.id), now)
            followed = [each.id for each in feeds if each.enabled]
            # where the feed that stood for it is read no more, it is read again
            connection.execute(update(feed).where(feed.c.same_as.not_in(followed)).values(same_as=None, due_at=now))
            return number(connection)

    def claim_due(self, now: datetime, owner: str, lease: timedelta, limit: int) -> tuple[Claim, ...]:
        """Lease up to `limit` enabled feeds that are due and free, the longest due first, and one a host at most.

        A host that is being asked, that was a moment ago, or that wants to be left alone, has to wait.
        """
        with self._database.write_beside("feeds") as connection:
            chosen = _one_a_host(connection, now, limit)
            rows = connection.execute(_CHOSEN, {"now": now, "chosen": chosen}).all() if chosen else ()
            return _lend(connection, rows, now, owner, lease)

    def claim_all(self, now: datetime, owner: str, lease: timedelta, *, everything: bool = True) -> tuple[Claim, ...]:
        """Lease every enabled feed that is free, due or not (those that are due, without `everything`)."""
        wanted = _FREE if everything else and_(_FREE, feed.c.due_at <= _NOW)
        query = select(feed).where(wanted).order_by(feed.c.due_at, feed.c.id).with_for_update(skip_locked=True)
        with self._database.write_beside("feeds") as connection:
            return _lend(connection, connection.execute(query, {"now": now}).all(), now, owner, lease)

    def release(self, claims: Sequence[Claim]) -> None:
        """Give back the leases that are still ours; the feeds stay due."""
        with self._database.write_beside() as connection:
            for claim in _in_order(claims):
                connection.execute(update(feed).where(held(claim)).values(lease_owner=None, lease_until=None))

    def release_dead(self) -> int:
        """Give back the leases of daemons of a shared base that went without a word; how many there were. A poll of
        theirs that still runs writes nothing."""
        with self._database.read() as connection:  # nearly always there is none: no writer waits for this
            if connection.execute(select(feed.c.id).where(_OF_THE_DEAD).limit(1)).first() is None:
                return 0
        with self._database.write() as connection:
            freed = update(feed).where(_OF_THE_DEAD).values(lease_owner=None, lease_until=None)
            return connection.execute(freed).rowcount

    def release_all(self) -> None:
        """Give back every lease: for who knows that nobody else polls from this file."""
        with self._database.write() as connection:
            connection.execute(update(feed).values(lease_owner=None, lease_until=None))

    def ahead(self, now: datetime) -> timedelta:
        """How far in the future a feed was asked last, by this clock; none where it goes as it should."""
        newest = select(func.max(feed.c.checked_at, type_=feed.c.checked_at.type))
        with self._database.read() as connection:
            last = connection.execute(newest).scalar()
        return timedelta() if last is None else max(last - now, timedelta())

    def rewind(self, now: datetime) -> int:
        """The clock was set back: a feed that was asked in what is now the future waits for as long as it was to wait.

        The number of those feeds.
        """
        wait = feed.c.due_at - feed.c.checked_at
        sooner = update(feed).where(feed.c.checked_at > now).values(due_at=_NOW + wait, checked_at=now)
        with self._database.write() as connection:
            return connection.execute(sooner, {"now": now}).rowcount

    def renew(self, claims: Sequence[Claim], now: datetime, lease: timedelta) -> int:
        """Make the leases last `lease` from now; the number of those that were still ours."""
        with self._database.write_beside() as connection:
            return sum(
                connection.execute(update(feed).where(held(claim)).values(lease_until=now + lease)).rowcount
                for claim in _in_order(claims)
            )

    def overview(self) -> tuple[tuple[Feed, FeedState], ...]:
        """Every feed ever listed, by id; one that is listed no more is disabled."""
        with self._database.read() as connection:
            rows = connection.execute(select(feed).order_by(feed.c.id)).all()
        return tuple((feed_of(row), state_of(row)) for row in rows)

    def pause(self, identifier: FeedId, until: datetime | None, now: datetime) -> None:
        """Do not ask a feed before then, whoever wants to; None: ask it at once. Meanwhile nobody is told of it."""
        with self._database.write() as connection:
            held = {"paused_until": until} if until else {"paused_until": None, "due_at": now}
            connection.execute(update(feed).where(feed.c.id == identifier).values(**held))
            if until:
                settle(connection, identifier, ("silent",), f"{PAUSED} {until.isoformat()}", now)

    def normal(self, identifier: FeedId, now: datetime) -> bool:
        """Its silence is as it should be: it takes twice as long to be told again. False where it is not silent."""
        with self._database.write() as connection:
            if not settle(connection, identifier, ("silent",), NORMAL, now):
                return False
            twice = update(feed).where(feed.c.id == identifier).values(patience=feed.c.patience * 2)
            connection.execute(twice)
            return True

    def handling(self) -> dict[FeedId, Handling]:
        """What operators chose of each feed in the chat."""
        with self._database.read() as connection:
            rows = connection.execute(select(feed.c.id, feed.c.paused_until, feed.c.patience))
            return {FeedId(row.id): Handling(row.paused_until, row.patience) for row in rows}


def _in_order(claims: Sequence[Claim]) -> list[Claim]:
    """So that two who write several of them wait for each other in turn."""
    return sorted(claims, key=lambda claim: claim.feed.id)


def overdue(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many feeds are due, of hosts that may be asked, and since when the first of them is."""
    left_alone = exists().where(host.c.name == feed.c.host, host.c.blocked_until > _NOW)
    query = select(func.count(), func.min(feed.c.due_at)).where(_FREE, feed.c.due_at <= _NOW, ~left_alone)
    number, since = connection.execute(query, {"now": now}).one()
    return number, since


def _one_a_host(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Up to `limit` feeds that are due, the longest due of each host.

    The queue is walked and left as soon as there are enough: a host with thousands of feeds is passed over once its
    first is found, and what is behind is not looked at.
    """
    place: dict[str, Any] = {"since": EPOCH, "behind": ""}
    hosts: set[str] = set()
    chosen: list[str] = []
    while len(chosen) < limit:
        asked = {"now": now, "passed": json.dumps(sorted(hosts)), "most": AHEAD * limit, **place}
        rows = _DUE.rows(connection, asked)
        for row in rows:
            if row.host is None or row.host not in hosts:
                chosen.append(row.id)
                hosts |= set() if row.host is None else {row.host}
        if len(rows) < AHEAD * limit:
            break
        place = {"since": rows[-1].due_at, "behind": rows[-1].id}
    return chosen[:limit]


def _lend(
    connection: Connection, rows: Sequence[Row[Any]], now: datetime, owner: str, lease: timedelta
) -> tuple[Claim, ...]:
    if rows:
        lent = {"owner": owner, "until": now + lease}
        connection.execute(_LEND, [{"lent": row.id, **lent} for row in rows])
    return tuple(Claim(feed_of(row), state_of(row), owner, row.claim_no + 1) for row in rows)


_LEND = (
    update(feed)
    .where(feed.c.id == bindparam("lent"))
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"), claim_no=feed.c.claim_no + 1)
)


def _lasts(of: Any, owner: Any, number: Any) -> Any:
    return and_(feed.c.id == of, feed.c.lease_owner == owner, feed.c.claim_no == number)


HELD = _lasts(bindparam("of"), bindparam("holder"), bindparam("turn"))
"""The condition that a claim's lease has neither ended nor passed on, be it to another claim of the same owner."""


def holder(claim: Claim) -> dict[str, Any]:
    """The values of `HELD`."""
    return {"of": claim.feed.id, "holder": claim.owner, "turn": claim.number}


def held(claim: Claim) -> Any:
    """`HELD` with its values."""
    return _lasts(*holder(claim).values())


def state_columns(state: FeedState) -> dict[str, Any]:
    """A feed's state as the values of its columns."""
    return {name: getattr(state, name) for name in _STATE} | {"host": sites.spared(state.url)}


def state_names() -> tuple[str, ...]:
    """Those columns."""
    return (*_STATE, "host")


def listed_at(connection: Connection, url: str, besides: FeedId) -> FeedId | None:
    """The other followed feed that is read at this address; None if there is none."""
    there = and_(feed.c.url == url, feed.c.id != besides, feed.c.enabled, feed.c.same_as.is_(None))
    found = connection.execute(select(feed.c.id).where(there).order_by(feed.c.id).limit(1)).scalar()
    return None if found is None else FeedId(found)


def _store(connection: Connection, each: Feed, known: Any, now: datetime) -> None:
    settings: dict[str, Any] = {
        "name": each.name,
        "listed_url": each.url,
        "category": each.category,
        "language": each.language,
        "every": each.every,
        "reading": each.reading,
        "enabled": each.enabled,
        "least": each.least,
        "most": each.most,
        "kind": each.kind,
        "links": each.links,
        "selector": each.selector,
        "permission": each.permission,
        "dedup": each.dedup,
        "listing": spec_written(each.listing),
        "official": each.official,
    }
    if known is None:
        connection.execute(feed.insert().values(id=each.id, **settings, **state_columns(FeedState(each.url, now))))
        return
    if known.listed_url != each.url:
        settings |= _readdressed(each.url, now)
        drop(connection, each.id, now)
    if known.host is None:
        settings.setdefault("host", sites.spared(known.url))
    now_read = (each.kind, each.links, each.selector, settings["listing"])
    if (known.kind, known.links, known.selector, known.listing) != now_read:
        settings |= {"etag": None, "last_modified": None, "body": None, "memory": None, "due_at": now}
    if known.every != each.every or (known.least, known.most) != (each.least, each.most):
        settings.setdefault("due_at", _sooner(each, known, now))
    connection.execute(update(feed).where(feed.c.id == each.id).values(**settings))


def _sooner(each: Feed, known: Any, now: datetime) -> Any:
    """When a feed that was well is due under a shorter interval: as if it had always had it."""
    shortest = each.every or each.least
    due, asked = known.due_at, known.checked_at
    if shortest is None or asked is None or known.failures or known.health == "throttled":
        return due
    if known.hint_until is not None:  # the server's wish still holds for an hour
        shortest = max(shortest, HOUR)
    return min(due, max(now, asked + shortest))


def _readdressed(url: str, now: datetime) -> dict[str, Any]:
    """What a new address changes: nothing said by or about the old one may be told to it, or believed of it.

    The lease goes too, so that a poll of the old address that is under way writes nothing.
    """
    kept = (
        "baseline", "requests", "not_modified", "checked_at", "succeeded_at", "new_entry_at", "rhythm", "started_at",
    )  # fmt: skip
    fresh = {name: value for name, value in state_columns(FeedState(url, now)).items() if name not in kept}
    return fresh | {"lease_owner": None, "lease_until": None}


def feed_of(row: Row[Any]) -> Feed:
    return Feed(
        FeedId(row.id), row.name, row.listed_url, row.category, row.language, row.every, row.reading, row.enabled,
        row.least, row.most, row.kind, row.links, row.selector,
        row.permission, row.dedup, row.official, listing=spec_read(row.listing),
    )  # fmt: skip


def state_of(row: Row[Any]) -> FeedState:
    return FeedState(**{name: getattr(row, name) for name in _STATE})
