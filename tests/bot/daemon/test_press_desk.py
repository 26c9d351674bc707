"""The press review served on the local port."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.config.settings import Settings, settings
from bot.daemon.press_desk import FRESH, PressDesk
from storage.articles.model import Sorting
from storage.ids import ArticleId
from tests.bot.conversation.world import World


def desk(world: World) -> PressDesk:
    ports = SimpleNamespace(store=world.store, offload=world.offload, clock=lambda: world.now)
    live: Any = SimpleNamespace(ports=ports, engine=SimpleNamespace(watchlists=world.watchlists, entities={}))
    return PressDesk(live)


async def test_the_page_and_every_feed_are_served_and_nothing_else(world: World) -> None:
    world.publish("hds", "Cirrova quitte Paris")
    world.store.triage.note(ArticleId(1), Sorting("applies", owner="Claire"), "h", world.now)
    serving = desk(world)
    page = await serving.answer("/")
    assert page is not None
    assert (page.status, page.content_type) == ("200 OK", "text/html; charset=utf-8")
    assert "Cirrova quitte Paris" in page.body.decode()
    assert "Claire" not in page.body.decode(), "whoever reaches the port reads it"
    for path in ("/index.html", "/atom.xml", "/veille-hds.xml", "/matches.json"):
        answer = await serving.answer(path)
        assert answer is not None
        if path.endswith(".xml"):
            assert answer.content_type.startswith("application/atom+xml")
            ET.fromstring(answer.body)
    for path in ("/veille-absente.xml", "/../index.html", "/page.css", "/favicon.ico", "//", "/index.html/"):
        assert await serving.answer(path) is None


async def test_it_is_made_again_once_it_is_old(world: World) -> None:
    serving = desk(world)
    before = await serving.answer("/")
    world.store.chats.arrive(5, "private", "fr", world.now)
    world.now += timedelta(seconds=1)
    assert await serving.answer("/") == before
    then = world.now
    world.publish("hds", "Cirrova quitte Paris")
    world.now = then + FRESH
    after = await serving.answer("/")
    assert after is not None
    assert b"Cirrova quitte Paris" in after.body
    world.now -= timedelta(days=1)  # the clock was set back
    again = await serving.answer("/")
    assert again is not None
    assert b"Cirrova" in again.body


@pytest.mark.parametrize(("value", "served"), [("on", True), ("off", False), ("", False)])
def test_it_is_served_where_that_is_asked_for(value: str, served: bool) -> None:
    read = settings({"VIGIE_PUBLISH": value, "VIGIE_METRICS": "9877"})
    assert isinstance(read, Settings)
    assert (read.publish, read.warnings) == (served, ())


def test_a_review_that_no_port_serves_is_told() -> None:
    read = settings({"VIGIE_PUBLISH": "on"})
    assert isinstance(read, Settings)
    assert "VIGIE_METRICS" in read.warnings[0].message
    assert not isinstance(settings({"VIGIE_PUBLISH": "oui"}), Settings)
