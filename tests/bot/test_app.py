"""The composition root: nothing that runs beside the rest ends unheard."""

import asyncio
import logging
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import pytest

from bot import app
from bot.app import Running, background, jobs
from bot.daemon.offices import Beats
from storage.operators.retention import KEPT


async def test_what_breaks_beside_the_rest_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ValueError("voilà pourquoi")

    async with AsyncExitStack() as stack:
        background(broken(), "essai", stack)
        background(asyncio.sleep(60), "long", stack)
        with caplog.at_level(logging.ERROR):
            await asyncio.sleep(0.01)
    (record,) = caplog.records
    assert "voilà pourquoi" in str(record.exc_info)
    assert record.__dict__["task"] == "essai"


class Counted:
    """Stands for anyone who has work at a tick."""

    def __init__(self) -> None:
        self.ticks = 0

    async def tick(self) -> None:
        self.ticks += 1

    pages = listen = tick


def a_daemon(beats: Beats) -> Any:
    return Running(SimpleNamespace(ports=None), Counted(), Counted(), Counted(), SimpleNamespace(), beats)  # type: ignore[arg-type] # those that are asked here


ASKING, DESK = ["polls", "pages"], ["digests", "terms", "journal", "quality", "sample", "sitemaps", "silence", "prune"]


@pytest.mark.parametrize(
    ("roles", "names"),
    [
        ({"polls", "messages", "talk"}, [*ASKING, "waves", "messages", *DESK]),
        ({"polls"}, [*ASKING, "waves"]),
        ({"messages"}, ["waves", "messages", *DESK]),
    ],
)
def test_a_daemon_does_what_its_roles_say(roles: set[str], names: list[str]) -> None:
    table = jobs(a_daemon(Beats("one")), KEPT, frozenset(roles), console=False)
    assert [job.name for job in table] == names
    several: Any = object()
    shared = jobs(a_daemon(Beats("one", several)), KEPT, frozenset(roles), console=False)
    assert [job.name for job in shared if job.name != "daemons"] == names
    assert ("daemons" in {job.name for job in shared}) == ("messages" in roles)


async def test_only_who_is_at_the_desk_keeps_the_journal() -> None:
    daemon = a_daemon(Beats("one"))
    journal = next(job for job in jobs(daemon, KEPT, frozenset({"messages"}), console=False) if job.name == "journal")
    await journal.work()
    assert daemon.journal.ticks == 1
    daemon.beats.desk.left()
    await journal.work()
    assert daemon.journal.ticks == 1


class Stuck:
    """Whoever waits for a store that is full, and will not be free."""

    async def drain(self) -> None:
        await asyncio.Event().wait()


async def test_a_store_that_stays_full_holds_up_no_stop(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "PROMISED", 0.01)
    nothing: Any = None
    held: Any = Stuck()
    await Running(nothing, held, held, nothing, nothing, nothing).drain()
    assert [record.message for record in caplog.records] == ["stopped without waiting for the store"]
