"""The feeds of a site, found and tried."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.config.settings import Settings, settings
from bot.ending import CannotRun
from bot.tools.discover import discover
from storage import open_store
from tests.bot.feeds.test_parse import item, rss
from tests.bot.web.site import http, serve

FEED = http(200, rss(item(1), item(2)).encode(), content_type="application/rss+xml")


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    made = settings({"VIGIE_DATABASE": str(tmp_path / "base"), "VIGIE_ALLOW_PRIVATE_NETWORKS": "1"})
    assert isinstance(made, Settings)
    return made


def page(*links: str) -> bytes:
    head = "".join(f"<link rel='alternate' type='application/rss+xml' title='Actus' href='{link}'>" for link in links)
    return http(
        200, f"<!doctype html><html><head>{head}</head><body>x</body></html>".encode(), content_type="text/html"
    )


async def found(site, path, chosen, code=0):
    out = io.StringIO()
    assert await discover(site.url(path), chosen, out) == code
    return out.getvalue()


async def test_what_a_page_announces_is_tried_and_shown_as_lines_for_feeds_yaml(chosen: Settings) -> None:
    answers = {"/": page("/rss", "/dead"), "/rss": FEED, "/dead": http(404, b"")}
    async with serve(answers) as site:
        said = await found(site, "/", chosen)
        assert "# Le flux : 2 articles" in said
        assert yaml.safe_load(said) == [{"id": "le-flux", "name": "Le flux", "url": site.url("/rss")}]
    assert sum("GET /feed/" in request for request in site.requests) == 0


async def test_where_nothing_is_announced_the_common_places_are_tried(chosen: Settings) -> None:
    async with serve({"/": page(), "/rss.xml": FEED, "/feed/": http(404, b""), "/feed.xml": http(404, b""),
                      "/rss/": http(404, b"")}) as site:  # fmt: skip
        assert site.url("/rss.xml") in await found(site, "/", chosen)
    assert len(site.requests) == 5


async def test_a_feed_is_itself(chosen: Settings) -> None:
    async with serve({"/rss": FEED}) as site:
        assert site.url("/rss") in await found(site, "/rss", chosen)
    assert len(site.requests) == 1


async def test_a_site_without_feeds_says_what_else_can_be_done(chosen: Settings) -> None:
    nothing = {path: http(404, b"") for path in ("/feed/", "/rss.xml", "/feed.xml", "/rss/")}
    async with serve({"/": page(), **nothing}) as site:
        assert "kind: page" in await found(site, "/", chosen, code=1)


async def test_a_page_that_can_not_be_had_is_one_line(chosen: Settings) -> None:
    async with serve({"/": http(404, b"")}) as site:
        with pytest.raises(CannotRun, match="introuvable"):
            await discover(site.url("/"), chosen, io.StringIO())
        with pytest.raises(CannotRun, match="adresse refusée"):
            await discover(site.url("/"), replace(chosen, allow_private_networks=False), io.StringIO())


async def test_beside_a_daemon_its_turns_are_kept(chosen: Settings) -> None:
    open_store(chosen.database).close()
    async with serve({"/": page("/rss"), "/rss": FEED}) as site:
        assert "2 articles" in await found(site, "/", chosen)


async def test_a_page_with_a_table_is_proposed_as_a_list(chosen: Settings) -> None:
    rows = "".join(f"<tr><td>Firme {n}</td><td>Offre {n}</td><td>J1</td><td>1 mai 2027</td></tr>" for n in range(4))
    head = "<tr><th>Prestataire</th><th>Service: « cloud »</th><th>Statut</th><th>Fin de validité</th></tr>"
    text = f"<!doctype html><html><body><table class='x liste'>{head}{rows}</table></body></html>"
    nothing = {path: http(404, b"") for path in ("/feed/", "/rss.xml", "/feed.xml", "/rss/")}
    async with serve({"/": http(200, text.encode(), content_type="text/html"), **nothing}) as site:
        said = await found(site, "/", chosen)
        (line,) = yaml.safe_load(said)
    assert (line["kind"], line["rows"], line["key"]) == ("list", "table.x", "Prestataire + Service: « cloud »")
    assert (line["status"], line["until"], line["url"]) == ("Statut", "Fin de validité", site.url("/"))
