"""The hosts we ask: who may be asked now, and who asked to be left alone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, literal, select, update

from storage.database import Database
from storage.dialect import insert
from storage.feeds.model import HostTurn
from storage.schema import EPOCH, MICROSECOND, Duration, Instant, host, upsert

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_BLOCK = 7 * DAY
_NOW = bindparam("now", type_=Instant())


def _reserve() -> Any:
    """The turn, if it may be had, in one statement: of two who ask at once, one gets it. The number of the turn."""
    row = insert(host)
    taken = {name: row.excluded[name] for name in ("next_slot_at", "held_until")} | {"claim_no": host.c.claim_no + 1}
    free = and_(host.c.blocked_until <= _NOW, host.c.next_slot_at <= _NOW, host.c.held_until <= _NOW)
    return row.on_conflict_do_update(index_elements=["name"], set_=taken, where=free).returning(host.c.claim_no)


def _birth(now: datetime) -> int:
    """The first number of a row: a host that was forgotten, and comes back, gives none that it has given before."""
    return (now - EPOCH) // MICROSECOND


_RESERVE = _reserve()


class Hosts:
    """One row a host. Times come from the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, name: str, now: datetime, gap: timedelta, hold: timedelta) -> HostTurn:
        """Ask for the turn of one request, which lasts `hold` at most; the next is `gap` after it at the earliest."""
        wanted = {"name": name, "next_slot_at": now + gap, "held_until": now + hold, "blocked_until": EPOCH}
        with self._database.write_beside() as connection:
            number = connection.execute(_RESERVE, {**wanted, "claim_no": _birth(now), "now": now}).scalar()
            if number is not None:
                return HostTurn(granted=True, number=number)
            row = connection.execute(select(host).where(host.c.name == name)).one()
        if row.blocked_until > now:
            return HostTurn(granted=False, blocked=min(row.blocked_until - now, LONGEST_BLOCK))
        # never longer than a request lasts: the clock may have been put back since
        return HostTurn(granted=False, wait=min(max(row.next_slot_at, row.held_until) - now, hold + gap))

    def finish(self, name: str, number: int, now: datetime, gap: timedelta, *, fine: bool) -> None:
        """The request of that turn is over, unless another turn has begun. `fine`: the host answered as it should, and
        an earlier penalty is forgotten."""
        over = {"next_slot_at": now + gap, "held_until": EPOCH} | ({"penalty": None} if fine else {})
        with self._database.write_beside() as connection:
            connection.execute(update(host).where(host.c.name == name, host.c.claim_no == number).values(**over))

    def block(self, name: str, number: int, now: datetime, wait: timedelta | None) -> None:
        """The host asks to be left alone: for `wait` (7 days at most), else for an hour, doubling up to a day.

        It ends the turn of that number, and no other; what a host asks holds, whoever heard it.
        """
        with self._database.write_beside() as connection:
            row = connection.execute(select(host).where(host.c.name == name).with_for_update()).one_or_none()
            penalty = row.penalty if row is not None else None
            if wait is None:
                wait = penalty = min(DAY, 2 * penalty) if penalty else HOUR
            until = max(now + min(wait, LONGEST_BLOCK), row.blocked_until if row is not None else EPOCH)
            held = row.held_until if row is not None and row.claim_no != number else EPOCH
            values = {"name": name, "next_slot_at": now, "held_until": held, "blocked_until": until}
            values |= {"penalty": penalty, "claim_no": _birth(now)}
            connection.execute(upsert(host, "name", changing=("held_until", "blocked_until", "penalty")), values)

    def release_all(self) -> None:
        """Nobody is asking anybody: for who knows that he is alone. Gaps and blocks stay."""
        with self._database.write() as connection:
            connection.execute(update(host).values(held_until=EPOCH))

    def rewind(self, now: datetime, by: timedelta) -> None:
        """The clock was set back by so much: no host is left alone for longer than it wished."""
        with self._database.write() as connection:
            for until in (host.c.next_slot_at, host.c.held_until, host.c.blocked_until):
                connection.execute(update(host).where(until > now).values({until: until - literal(by, Duration())}))

    def forget(self, now: datetime) -> int:
        """Remove the hosts that nothing is to be remembered of; how many there were."""
        idle = (host.c.next_slot_at < now - DAY) & (host.c.blocked_until < now - 2 * DAY) & (host.c.held_until < now)
        with self._database.write() as connection:
            return connection.execute(host.delete().where(idle)).rowcount
