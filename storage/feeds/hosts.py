"""The hosts we ask: who may be asked now, and who asked to be left alone."""

from datetime import datetime, timedelta

from sqlalchemy import literal, select, update

from storage.database import Database
from storage.feeds.model import HostTurn
from storage.schema import EPOCH, Duration, host, upsert

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_BLOCK = 7 * DAY


class Hosts:
    """One row a host. Times come from the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, name: str, now: datetime, gap: timedelta, hold: timedelta) -> HostTurn:
        """Ask for the turn of one request, which lasts `hold` at most; the next is `gap` after it at the earliest."""
        with self._database.write() as connection:
            row = connection.execute(select(host).where(host.c.name == name)).one_or_none()
            if row is not None and row.blocked_until > now:
                return HostTurn(granted=False, blocked=min(row.blocked_until - now, LONGEST_BLOCK))
            if row is not None and max(row.next_slot_at, row.held_until) > now:
                # never longer than a request lasts: the clock may have been put back since
                return HostTurn(granted=False, wait=min(max(row.next_slot_at, row.held_until) - now, hold + gap))
            taken = {"name": name, "next_slot_at": now + gap, "held_until": now + hold, "blocked_until": EPOCH}
            connection.execute(upsert(host, "name", changing=("next_slot_at", "held_until")), taken)
        return HostTurn(granted=True)

    def finish(self, name: str, now: datetime, gap: timedelta, *, fine: bool) -> None:
        """The request is over. `fine`: the host answered as it should, and an earlier penalty is forgotten."""
        over = {"next_slot_at": now + gap, "held_until": EPOCH} | ({"penalty": None} if fine else {})
        with self._database.write() as connection:
            connection.execute(update(host).where(host.c.name == name).values(**over))

    def block(self, name: str, now: datetime, wait: timedelta | None) -> None:
        """The host asks to be left alone: for `wait` (7 days at most), else for an hour, doubling up to a day."""
        with self._database.write() as connection:
            row = connection.execute(select(host).where(host.c.name == name)).one_or_none()
            penalty = row.penalty if row is not None else None
            if wait is None:
                wait = penalty = min(DAY, 2 * penalty) if penalty else HOUR
            until = max(now + min(wait, LONGEST_BLOCK), row.blocked_until if row is not None else EPOCH)
            values = {"name": name, "next_slot_at": now, "held_until": EPOCH, "blocked_until": until}
            changing = ("held_until", "blocked_until", "penalty")
            connection.execute(upsert(host, "name", changing=changing), {**values, "penalty": penalty})

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
