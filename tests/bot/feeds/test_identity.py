"""Who an entry is: one test for each way in which feeds confuse their readers."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import open_store
from tests.bot.feeds.test_parse import item
from tests.bot.test_pipeline import FEED, PAGE, World, world  # noqa: F401 - a fixture

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LONG = "Le SecNumCloud entre dans la loi"


def news(number: int, **given) -> str:
    return item(number, **{"guid": f"g{number}", "title": f"{LONG}, épisode {number}", **given})


def dated(when: str = "Tue, 24 Nov 2026 07:00:00 GMT") -> str:
    return f"<pubDate>{when}</pubDate>"


@pytest.fixture
def told(world: World):  # noqa: F811
    """Poll a document; the titles that are articles by then, each as often as it was found new."""
    world.answers.setdefault("*", [PAGE])
    get = world.get

    async def lenient(url, **given):
        world.answers.setdefault(url, [PAGE])
        return await get(url, **given)

    world.get = lenient

    async def poll(*items: str, later: timedelta = timedelta(hours=1), **given) -> list[str]:
        world.now += later - timedelta(hours=1)
        world.feed(*items, etag=f'"{world.now.isoformat()}"', **given)
        await world.poll()
        found = world.store.digests.preview(["essai"], 99)
        return sorted(each.article.title for each in found)

    return poll


async def once(told, *polls, later=timedelta(hours=1)):
    """Whether after all these documents each title is one article."""
    await told()
    for each in polls:
        titles = await told(*each, later=later)
    return len(titles) == len(set(titles)), len(titles)


async def test_a_guid_that_changes_is_not_news(told):
    assert await once(told, [news(1), news(2)], [news(1, guid="new"), news(2)]) == (True, 2)


async def test_guids_that_change_at_each_poll_are_not_news_and_are_no_longer_believed(told, world):  # noqa: F811
    polls = [[news(n, guid=f"{n}?session={turn}") for n in range(5)] for turn in range(6)]
    assert await once(told, *polls) == (True, 5)
    state = world.store.feeds.overview()[0][1]
    assert '"link"' in (state.memory or ""), "the address is the key from now on: no alias for each poll"


async def test_a_rewritten_address_under_a_known_guid_is_not_news(told):
    assert await once(told, [news(1)], [news(1, link="https://site.example/autre-titre-1")]) == (True, 1)


async def test_an_entry_renamed_altogether_is_known_by_its_title_and_date(told):
    first = [news(1, more=dated()), news(2, more=dated())]
    second = [news(1, guid="new", link="https://site.example/neuf/1", more=dated()), news(2, more=dated())]
    assert await once(told, first, second) == (True, 2)


async def test_one_title_twice_on_one_day_is_two_entries(told):
    first = [item(1, guid="g1", title=LONG, more=dated())]
    both = [item(2, guid="g2", title=LONG, more=dated()), *first]
    assert await once(told, first, both) == (False, 2)


async def test_a_short_title_is_nobodys_name(told):
    first = [item(1, guid="g1", title="SecNumCloud", more=dated())]
    second = [item(2, guid="g2", title="SecNumCloud", more=dated())]
    assert await once(told, first, second) == (False, 2)


async def test_a_guid_used_again_long_after_is_another_entry(told):
    reused = [item(9, guid="g1", title="Une tout autre nouvelle du SecNumCloud")]
    assert await once(told, [news(1)], reused, later=timedelta(days=40)) == (True, 2)


async def test_a_guid_used_again_soon_is_an_edit(told):
    reused = [item(9, guid="g1", title="Un titre corrigé sur le SecNumCloud")]
    assert await once(told, [news(1)], reused) == (True, 1)


async def test_one_guid_for_all_hides_nobody_even_when_only_one_is_new(told):
    same = [news(n, guid="same") for n in range(4)]
    assert await once(told, same[:3], same[:3], [same[3], *same[:3]]) == (True, 4)
    assert await once(told, same[1:3], [same[3], *same[:3]]) == (True, 4)


async def test_one_guid_for_all_hides_nobody_where_the_feed_began_with_one_entry(told):
    same = [news(n, guid="same") for n in range(4)]
    assert await once(told, same[:1], same[1::-1], same[2::-1], same[3::-1]) == (True, 4)


async def test_guids_that_come_and_go_are_not_news(told):
    bare = [news(n, guid="") for n in range(4)]
    full = [news(n) for n in range(4)]
    assert await once(told, full, bare, full, bare, bare, full) == (True, 4)


async def test_without_guid_and_date_nothing_is_news_twice(told):
    bare = [news(n, guid="") for n in range(3)]
    assert await once(told, bare, bare[::-1], bare) == (True, 3)


async def test_a_date_is_no_mark_to_read_up_to(told):
    late = news(3, more=dated("Sun, 01 Nov 2026 07:00:00 GMT"))
    assert await once(told, [news(1, more=dated()), news(2, more=dated())], [late, news(1, more=dated())]) == (True, 3)


async def test_a_date_ahead_or_unreadable_changes_nothing(told):
    odd = [news(1, more=dated("Tue, 24 Nov 2099 07:00:00 GMT")), news(2, more=dated("demain"))]
    assert await once(told, odd, odd) == (True, 2)


async def test_an_edit_is_not_told_twice(told, world):  # noqa: F811
    edited = [news(1, more="<description>Corrigé</description>")]
    assert await once(told, [news(1)], edited, edited) == (True, 1)


async def test_an_item_that_leaves_and_returns_is_not_news(told):
    assert await once(told, [news(1), news(2)], [news(2)], [news(1), news(2)]) == (True, 2)


async def test_guids_that_differ_by_case_are_two_entries(told):
    assert await once(told, [news(1, guid="abc")], [news(2, guid="ABC"), news(1, guid="abc")]) == (True, 2)


async def test_guids_that_turn_from_http_to_https_are_not_news(told):
    old = [item(n, guid=f"http://site.example/{n}", title=f"{LONG} {n}") for n in range(3)]
    new = [item(n, guid=f"https://site.example/{n}", title=f"{LONG} {n}") for n in range(3)]
    assert await once(told, old, new) == (True, 3)


async def test_items_that_hold_only_an_enclosure_are_entries(told):
    sound = [f"<item><title>{LONG}</title><guid>e{n}</guid><enclosure url='https://site.example/{n}.mp3'/></item>"
             for n in range(2)]  # fmt: skip
    assert await once(told, sound) == (False, 2)


async def test_an_item_written_inside_a_text_is_no_entry(told):
    nested = news(1, more="<description><![CDATA[<item><title>SecNumCloud</title></item>]]></description>")
    assert await once(told, [nested], [nested]) == (True, 1)


async def test_a_rebuilt_site_is_kept_and_not_announced(told, world):  # noqa: F811
    await told()
    old = [news(n, more=dated(f"Mon, 23 Nov 2026 12:0{n}:00 GMT")) for n in range(1, 8)]
    await told(*old)
    rebuilt = [
        item(n, guid=f"new{n}", link=f"https://site.example/neuf/{n}", title=f"{LONG}, épisode {n}",
             more=dated("Tue, 24 Nov 2026 07:00:00 GMT"))
        for n in range(1, 8)
    ]  # fmt: skip
    await told(*rebuilt, news(8))
    (notice,) = world.store.notices.open()
    assert (notice.kind, notice.detail) == ("migrated", "7")
    again = {f"{LONG}, épisode {n}" for n in range(1, 8)}
    assert world.fresh() == again | {f"{LONG}, épisode 8"}, "the old ones once; what is really new all the same"
    assert len(world.store.digests.preview(["essai"], 99)) == 15


async def test_old_entries_under_new_names_are_not_announced(told, world):  # noqa: F811
    await told()
    await told(*(news(n) for n in range(1, 8)))
    old = [item(n, guid=f"a{n}", link=f"https://site.example/archives/{n}", title=f"SecNumCloud, archive {n}",
                more=dated(f"Tue, 0{n - 19} Jan 2024 07:00:00 GMT")) for n in range(20, 28)]  # fmt: skip
    await told(*old)
    assert not any("archive" in title for title in world.fresh())
    assert [each.kind for each in world.store.notices.open()] == ["migrated"]


async def test_a_small_feed_may_be_new_from_end_to_end(told, world):  # noqa: F811
    await told()
    await told(news(1), news(2))
    await told(*(news(n, more=dated(f"Tue, 0{n} Jan 2024 07:00:00 GMT")) for n in range(3, 9)))
    assert world.store.notices.open() == ()


async def test_two_processes_that_poll_one_feed_write_it_once(told, world):  # noqa: F811
    await told()
    (first,) = world.store.feeds.claim_all(world.now, "one", timedelta(minutes=1))
    other = open_store(world.store.database.path)
    assert other.feeds.claim_all(world.now, "two", timedelta(minutes=1)) == ()
    other.close()
    assert first.feed.url == FEED


# --- a source's past -----------------------------------------------------------------------------------------------
async def test_a_sources_past_never_rings(told, world):  # noqa: F811
    """Its window slides back, opens wider, or an old text comes back: it was there before we were."""
    await told(*(news(n, more=dated(f"Tue, 24 Nov 2026 06:0{n}:00 GMT")) for n in range(1, 8)))
    slid = news(20, more=dated("Tue, 29 Sep 2026 07:00:00 GMT"))
    wider = [news(n, more=dated("Mon, 02 Nov 2026 07:00:00 GMT")) for n in range(21, 24)]
    ancient = news(24, more=dated("Sun, 24 Nov 2024 07:00:00 GMT"))
    fresh = [news(30, more=dated("Tue, 24 Nov 2026 07:30:00 GMT")), news(31), news(32, more=dated("24/11/2026"))]
    await told(*(news(n, more=dated(f"Tue, 24 Nov 2026 06:0{n}:00 GMT")) for n in range(2, 8)), slid, *wider, ancient)
    assert world.fresh() == set()
    await told(*fresh, *(news(n, more=dated(f"Tue, 24 Nov 2026 06:0{n}:00 GMT")) for n in range(2, 8)), slid)
    assert world.fresh() == {f"{LONG}, épisode {n}" for n in (30, 31, 32)}
    assert world.store.notices.open() == ()
