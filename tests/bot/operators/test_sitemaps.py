"""A day of the news sitemaps held against what was seen: exactly what no feed brought, with the reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model import Fetched
from bot.operators import unlisted
from bot.operators.sitemaps import MOST_SITEMAPS, sample_sitemaps
from bot.trials.unseen import MEMO, SitemapSample, UnseenTitle, read, reason, written
from storage import open_store
from storage.feeds.model import Feed, FeedState
from storage.ids import FeedId
from storage.place import Place
from storage.schema import delivery
from tests.bot.digest.telegram_html import read as shown
from tests.bot.test_pipeline import DOWN, FEED, NOW, RULES, World, baseline, item
from tests.storage.builders import a_chat

DAY, AFTER = date(2026, 11, 26), datetime(2026, 11, 27, 5, tzinfo=UTC)  # the Thursday whose turn it is in week 48
MAP = "https://journal.example/news-sitemap.xml"
ADMINS = frozenset({1})
ROBOTS = f"User-agent: *\nDisallow: /prive/\nSitemap: https://journal.example/tout.xml\nSitemap: {MAP}\n"


@pytest.fixture
def world(home: Place, tmp_path: Path) -> Iterator[World]:
    store = open_store(home)
    store.feeds.sync([Feed(FeedId("journal"), "Le Journal", FEED, reading="summary")], NOW)
    yield World(store, folder=tmp_path)
    store.close()


def listed(*names: str, when: str = "2026-11-26T09:00:00+01:00") -> Fetched:
    rows = "".join(
        f"<url><loc>https://journal.example/{name}</loc><news:news><news:publication_date>{when}</news:publication_date>"
        f"<news:title>Titre de {name}</news:title></news:news></url>"
        for name in names
    )
    return Fetched(f"<urlset>{rows}</urlset>".encode(), MAP, "text/xml")


async def day_of(
    world: World, brought: list[str], answer: Fetched, robots: str = ROBOTS, address: str = ""
) -> SitemapSample | None:
    """The feed brings these, the sitemap lists those: what is found the day after."""
    await baseline(world)
    world.now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    when = "Thu, 26 Nov 2026 08:30:00 GMT"
    world.feed(
        *(
            item(name, f"https://journal.example/{address or name}?utm_source=rss", f"Titre de {name}", "", when)
            for name in brought
        )
    )
    world.answers |= {MAP: [answer], RULES[0]: [Fetched(robots.encode(), RULES[0], "text/plain")]}
    await world.poll()
    world.now = AFTER
    await sample_sitemaps(world.ports, ADMINS)
    return read(world.store.key_values.get(MEMO))


async def test_of_fifty_titles_five_that_the_feed_does_not_have_are_told_and_no_other(world: World) -> None:
    names = [f"actu/titre-{number}" for number in range(50)]
    sample = await day_of(world, names[:45], listed(*names))
    assert sample is not None
    assert (sample.sources, sample.listed, sample.unseen) == (1, 50, 5)
    assert {each.url for each in sample.titles} == {f"https://journal.example/{name}" for name in names[45:]}
    assert {each.why for each in sample.titles} == {"absent"}
    asked = len(world.asked)
    await sample_sitemaps(world.ports, ADMINS)
    assert len(world.asked) == asked, "once a week"


async def test_a_sample_is_told_once_also_where_a_daemon_stops_before_it_is_noted(world: World) -> None:
    a_chat(world.store, 1)
    await day_of(world, [], listed("actu/un"))
    world.store.key_values.put(MEMO, None)
    await sample_sitemaps(world.ports, ADMINS)
    with world.store.database.read() as connection:
        told = [text for (text,) in connection.execute(select(delivery.c.body))]
    assert ["Titre de actu/un" in text for text in told] == [True]


async def test_of_an_index_of_sitemaps_three_are_read(world: World) -> None:
    rows = "".join(f"<sitemap><loc>https://journal.example/news-{n}.xml</loc></sitemap>" for n in range(1_000))
    index = Fetched(f"<sitemapindex>{rows}</sitemapindex>".encode(), MAP, "text/xml")
    world.answers |= {
        f"https://journal.example/{name}.xml": [DOWN] for name in ("tout", *(f"news-{n}" for n in range(1_000)))
    }
    await day_of(world, [], index)
    assert sum("/news-" in url for url, _ in world.asked) == 1 + MOST_SITEMAPS


async def test_what_stands_elsewhere_under_its_title_or_is_of_another_day_is_not_missing(world: World) -> None:
    sample = await day_of(world, ["actu/un"], listed("actu/un"), address="ailleurs")
    assert sample is not None
    assert (sample.listed, sample.unseen) == (1, 0)
    world.store.key_values.put(MEMO, None)
    world.answers[MAP] = [listed("autre-adresse", when="2026-11-25T09:00:00+01:00")]
    await sample_sitemaps(world.ports, ADMINS)
    sample = read(world.store.key_values.get(MEMO))
    assert sample is not None
    assert (sample.listed, sample.unseen) == (0, 0)


@pytest.mark.parametrize(
    ("answer", "robots"),
    [
        (listed("actu/un"), ROBOTS.replace("/prive/", "/news-sitemap")),
        (listed("actu/un"), "User-agent: *\n"),
        (Fetched(b"<urlset><url><loc>https://journal.example/un</loc></url></urlset>", MAP, "text/xml"), ROBOTS),
        (Fetched(b"<html>", MAP, "text/html"), ROBOTS),
    ],
)
async def test_a_sitemap_that_is_forbidden_unnamed_undated_or_none_says_nothing(
    world: World, answer: Fetched, robots: str
) -> None:
    world.answers["https://journal.example/tout.xml"] = [DOWN]
    sample = await day_of(world, ["actu/un"], answer, robots)
    assert sample is not None
    assert (sample.sources, sample.listed) == (0, 0)


@pytest.mark.parametrize("now", [AFTER - timedelta(hours=3), AFTER + timedelta(days=1), AFTER - timedelta(days=1)])
async def test_another_day_or_too_early_asks_nothing(world: World, now: datetime) -> None:
    await baseline(world)
    world.now = now
    await sample_sitemaps(world.ports, ADMINS)
    assert world.store.key_values.get(MEMO) is None
    world.now = AFTER
    await sample_sitemaps(world.ports, frozenset())
    assert world.store.key_values.get(MEMO) is None, "nobody runs Vigie"


KNOWN = [f"https://a.example/actu/{number}" for number in range(12)]
UNTIL = datetime(2026, 11, 26, 23, tzinfo=UTC)


def test_the_reason_is_the_feed_s_silence_its_sections_or_that_it_did_not_have_it() -> None:
    well = FeedState(FEED, UNTIL, "ok", succeeded_at=UNTIL)
    down = replace(well, health="failing", succeeded_at=UNTIL - timedelta(hours=9))
    assert reason("https://a.example/actu/99", KNOWN, down, UNTIL) == "failing"
    assert reason("https://a.example/sport/1", KNOWN, well, UNTIL) == "section"
    assert reason("https://a.example/sport/1", KNOWN[:9], well, UNTIL) == "absent", "too few to tell"
    assert reason("https://a.example/actu/99", KNOWN, well, UNTIL) == "absent"


SAMPLE = SitemapSample(DAY, 1, 50, (0, 1, 4), (UnseenTitle("Un <b>titre</b>", "https://a.example/x", "A", "section"),))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "jeudi 26 novembre : 5 titres jamais vus, sur 50 de 1 source (rubrique 1, absent du flux 4)."),
        ("en", "Thursday 26 November: 5 titles never seen, of 50 of 1 source (section 1, not in the feed 4)."),
    ],
)
def test_it_is_told_in_both_languages(language: str, said: str) -> None:
    text = shown(unlisted.message(SAMPLE, language).html).text
    assert said in text.replace("\u00a0", " ")
    assert "Un <b>titre</b>" in text
    assert read(written(SAMPLE)) == SAMPLE
    seen = unlisted.proofs(None, replace(SAMPLE, counts=(0, 0, 0)), language)[1]
    assert ("tout a été vu" if language == "fr" else "all was seen") in seen
