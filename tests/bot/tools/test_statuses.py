"""`vigie statuses` on a store that has read two pages of a list."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from bot.ending import Stop
from bot.tools import statuses
from tests.bot.polling.test_listing import LIST, NAMES, NOW, ROWS, Watched, page, world

__all__ = ["world"]


def said(world: Watched, asked: str | None = None, on: date | None = None, *, as_json: bool = False) -> str:
    out = io.StringIO()
    database = Path(world.store.database.path)
    assert statuses.show(database, asked, on, world.now, out, as_json=as_json) == 0
    return out.getvalue()


async def test_a_tracker_a_name_and_a_day(world: Watched) -> None:
    await world.day(page(ROWS))
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    assert said(world).startswith("secnumcloud : Qualifié\u00a0: 1, J3\u00a0: 5\n")
    first = said(world, "secnumcloud").splitlines()[0]
    assert first == "Brumaire, Brumaire IaaS : Qualifié, depuis aujourd’hui, jusqu’au 31/07/2029"
    event = "  26 nov. 2026 · Liste SecNumCloud · Brumaire, Brumaire IaaS : J3 → Qualifié"
    assert event in said(world, "brumaire").splitlines(), "what is told of a name stands under it"
    assert "Qualifié" not in said(world, "secnumcloud", date(2026, 11, 25))
    assert "première lecture le 25 nov. 2026" in said(world, "secnumcloud", date(2026, 11, 1))
    with pytest.raises(Stop, match="secnumcloud"):
        said(world, "secnumclou")


async def test_each_event_shows_its_proof(world: Watched) -> None:
    await world.day(page(ROWS))
    await world.day(page(ROWS | {"Brumaire": "Qualifié"}))
    answer = json.loads(said(world, as_json=True))
    (event,) = answer["events"]
    assert (event["event"], event["from"], event["to"], event["url"]) == ("changed", "J3", "Qualifié", LIST.url)
    assert world.store.lists.proof(LIST.id, event["after"]["sha256"]) == page(ROWS | {"Brumaire": "Qualifié"}).body
    assert event["before"]["read_at"] == "2026-11-25T08:00:00+00:00"
    assert len(answer["rows"]) == len(NAMES)
    assert answer["lists"][0]["read_at"].startswith("2026-11-26")
    assert NOW.year == 2026


def test_no_list_at_all(world: Watched) -> None:
    world.store.feeds.sync([], NOW)
    assert "jamais lue" in said(world)
