"""Looks which machine of several is missing and whose clock is wrong, tells operators, and gives its work to others."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.store_thread import Offload
from storage import Store
from storage.operators.model import DaemonRow, NewNotice, NoticeKind

log = logging.getLogger("vigie")

MISSING = timedelta(minutes=1)  # without a word: a supervisor has had the time to start it again
KINDS: tuple[NoticeKind, ...] = ("absent", "clock")

Ailment = tuple[str, NoticeKind]
"""Which machine, and what ails it."""


async def call_roll(store: Store, offload: Offload, now: datetime) -> None:
    """Begin and end the notices about the daemons of a shared base; what the dead had in hand is for others to take."""
    if freed := await offload(store.feeds.release_dead):
        log.info("leases of the dead given back", extra={"feeds": freed})
    found = ailments(await offload(store.offices.daemons), now)
    told = {(each.about.removeprefix("#"), each.kind) for each in await offload(store.notices.open)}
    for machine, kind in (each for each in told - found.keys() if each[1] in KINDS):
        await offload(store.notices.put, None, (), (kind,), now, machine=f"#{machine}")
    for (machine, _), notice in found.items():
        if (machine, notice.kind) not in told:
            await offload(store.notices.put, None, (notice,), (), now, machine=f"#{machine}")


def ailments(daemons: Iterable[DaemonRow], now: datetime) -> Mapping[Ailment, NewNotice]:
    """Those of each machine. One that went without a word is missed for as long as it is remembered."""
    found: dict[Ailment, NewNotice] = {}
    for each in daemons:
        if each.left < -MISSING:
            found[each.machine, "absent"] = NewNotice("absent", each.machine, now + each.left)
        elif each.astray:
            said = f"{each.machine} ({each.ahead.total_seconds():+.0f} s)"
            found[each.machine, "clock"] = NewNotice("clock", said, now)
    return found
