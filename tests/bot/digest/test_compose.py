from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.compose import Printer, announcer, arrange, flashes, wants
from bot.model import Message
from matchers.model import Level
from storage.articles.model import RegisterHead
from storage.chats.model import (
    NUMBERED,
    Chat,
    ChatKind,
    DigestItem,
    Follower,
    Lane,
    Loudness,
    NewDigest,
    Subscription,
    Window,
)
from storage.ids import ChatKey
from tests.bot.digest.builders import NOW, WATCHLISTS, about, article, chat, follower, item, match

ANNOUNCE = announcer(WATCHLISTS)


def digest(window: Window, reader: Chat, lanes: Sequence[Lane], slot: str, *, late: bool = False) -> NewDigest:
    return Printer(WATCHLISTS, NOW).digest(window, reader, lanes, slot, late)


def test_a_flash_list_is_announced_at_once() -> None:
    (delivery,) = ANNOUNCE(article(), (match(article()),), (follower("secnumcloud"),), NOW)
    assert (delivery.chat, delivery.lane, delivery.item, delivery.part) == (5, "flash", "a12", 1)
    assert delivery.body.html.endswith("\n⚡ SecNumCloud et qualification")


@pytest.mark.parametrize(
    ("watchlist", "level", "count"),
    [
        ("secnumcloud", None, 1),
        ("secnumcloud", "daily", 0),
        ("secnumcloud", "weekly", 0),
        ("hds", None, 0),
        ("hds", "flash", 1),
    ],
)
def test_the_reader_s_own_level_wins(watchlist: str, level: Level | None, count: int) -> None:
    story = article()
    assert len(ANNOUNCE(story, (match(story, watchlist),), (follower(watchlist, level=level),), NOW)) == count


def test_several_lists_make_one_message_signed_by_the_flash_one() -> None:
    story = article()
    matches = (match(story, "hds", score=90), match(story, "secnumcloud", score=3), match(story, "eucs"))
    (delivery,) = ANNOUNCE(story, matches, (follower("hds", "secnumcloud"),), NOW)
    assert delivery.body.html.splitlines()[-1] == "⚡ SecNumCloud et qualification, +1 veille"


def test_a_list_that_is_not_followed_is_not_named() -> None:
    story = article()
    (delivery,) = ANNOUNCE(story, (match(story), match(story, "hds")), (follower("secnumcloud"),), NOW)
    assert delivery.body.html.endswith("\n⚡ SecNumCloud et qualification")


def test_what_stood_before_the_subscription_is_old_news() -> None:
    story = article()
    assert ANNOUNCE(story, (match(story),), (follower("secnumcloud", since=12),), NOW) == []
    assert len(ANNOUNCE(story, (match(story),), (follower("secnumcloud", since=11),), NOW)) == 1


def test_each_reader_has_his_language() -> None:
    story = article()
    readers = (follower("secnumcloud"), follower("secnumcloud", language="en"))
    french, english = ANNOUNCE(story, (match(story),), readers, NOW)
    assert "Pourquoi" in french.body.to_json()
    assert "Why" in english.body.to_json()


NIGHT = NOW.replace(hour=22)  # 23:00 in Paris
AT_NIGHT = {"quiet_from": 20 * 60, "quiet_to": 8 * 60}


def announced(reader: Follower, now: datetime = NOW) -> list[Message]:
    story = article()
    return [each.body for each in ANNOUNCE(story, (match(story),), (reader,), now)]


@pytest.mark.parametrize(("choice", "silent"), [("silent", True), ("sound", False)])
def test_in_quiet_hours_a_flash_leaves_at_once_as_its_reader_chose(choice: Loudness, silent: bool) -> None:
    (message,) = announced(follower("secnumcloud", quiet_flash=choice, **AT_NIGHT), NIGHT)
    assert message.silent is silent


def test_a_flash_that_is_to_wait_is_left_to_the_digest() -> None:
    reader = follower("secnumcloud", quiet_flash="wait", **AT_NIGHT)
    assert announced(reader, NIGHT) == []
    assert len(announced(reader, NOW)) == 1


@pytest.mark.parametrize(
    ("hour", "day", "count", "said"),
    [(0, 0, 1, False), (3, 13, 1, False), (4, 4, 1, True), (0, 14, 1, True), (5, 5, 0, False), (0, 15, 0, False)],
)
def test_the_last_flash_under_the_caps_says_where_the_rest_goes(hour: int, day: int, count: int, said: bool) -> None:
    messages = announced(replace(follower("secnumcloud"), hour=hour, day=day))
    assert len(messages) == count
    assert any("Plafond atteint\u00a0: la suite viendra au digest de 08:00." in each.html for each in messages) is said


def test_a_preview_can_be_turned_off() -> None:
    assert [each.preview for each in announced(follower("secnumcloud", preview=False))] == [None]


def test_an_empty_digest_can_be_left_unsaid() -> None:
    quiet = chat(empty_line=False)
    assert digest(Window(read=3), quiet, ("daily",), "2026-11-24") == NewDigest()
    full = Window((item(1),), read=3)
    assert len(digest(full, quiet, ("daily",), "2026-11-24").deliveries) == 1


@pytest.mark.parametrize(("read", "since", "count"), [(0, None, 0), (1, None, 1), (0, NOW, 1)])
def test_the_first_digest_says_nothing_of_a_time_when_nothing_was_read(
    read: int, since: datetime | None, count: int
) -> None:
    for lane, slot in (("daily", "2026-11-24"), ("weekly", "2026-11-23")):
        assert len(digest(Window(read=read, since=since), chat(), (lane,), slot).deliveries) == count


@pytest.mark.parametrize(
    ("lane", "slot", "name", "start"),
    [
        ("daily", "2026-11-24", "d2026-11-24", "☀ <b>Quotidien · mardi 24 novembre</b>"),
        ("weekly", "2026-11-23", "w2026-11-23", "📅 <b>Hebdo · du 16 au 22 novembre</b>"),
        ("daily", "now-1", "dnow-1", "☀ <b>À la demande"),
    ],
)
def test_a_digest_is_named_after_its_slot(lane: Lane, slot: str, name: str, start: str) -> None:
    window = Window((item(1),), read=4, since=NOW)
    (delivery,) = digest(window, chat(), (lane,), slot).deliveries
    assert (delivery.chat, delivery.lane, delivery.item) == (5, lane, name)
    assert delivery.body.html.startswith(start)


@pytest.mark.parametrize(
    ("lane", "slot", "days", "told"),
    [
        ("weekly", "2026-11-23", "all", True),
        ("daily", "2026-11-23", "all", True),  # a Monday
        ("daily", "2026-11-24", "all", False),
        ("daily", "2026-11-24", "2345", True),  # the first day of the week for whoever reads on no Monday
        ("daily", "now-1", "all", False),
    ],
)
def test_once_a_week_every_reader_becomes_a_witness_of_the_register(
    lane: Lane, slot: str, days: str, told: bool
) -> None:
    window = Window((item(1),), read=4, since=NOW, head=RegisterHead(1204, "9f3ac2b1d0e4" + "0" * 52))
    (delivery,) = digest(window, chat(days=days), (lane,), slot).deliveries
    assert ("Témoin du registre\u00a0: 1204:9f3ac2b1d0e4" in delivery.body.html) == told
    assert "Témoin" not in digest(replace(window, head=None), chat(days=days), (lane,), slot).deliveries[0].body.html


def some(count: int, lists: int = 1) -> tuple[DigestItem, ...]:
    names = list(WATCHLISTS)
    return tuple(item(n, names[n % lists], score=n % 13 + 1, title=f"Titre {n} " + "é" * 100) for n in range(count))


@pytest.mark.parametrize("kind", ["channel", "elsewhere", "console"])
def test_where_no_button_opens_the_rest_the_parts_hold_everything(kind: ChatKind) -> None:
    made = digest(Window(some(80), read=80), chat(kind=kind), ("daily",), "2026-11-24")
    assert [delivery.part for delivery in made.deliveries] == list(range(1, len(made.deliveries) + 1))
    assert all(any(f"Titre {n} é" in delivery.body.to_json() for delivery in made.deliveries) for n in range(80))
    assert all(key.data is None for delivery in made.deliveries for row in delivery.body.buttons for key in row)


def test_a_digest_shows_twenty_stories_and_says_what_the_rest_is() -> None:
    made = digest(Window(some(30, 3), read=80), chat(), ("daily",), "2026-11-24")
    message = made.deliveries[-1].body
    assert "Le reste\u00a0: 10 sujets (5 " in message.html, "none of those that would have rung"
    assert [[key.text for key in row] for row in message.buttons] == [
        ["Le reste (10)"], ["👍 Utile", "👎 Bruit", "Réglages"],
    ]  # fmt: skip
    assert message.buttons[0][0].data == "1q.d20261124"
    assert made.kept is not None
    assert sum(part in NUMBERED for _, _, part in made.kept.lines) == 20


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 30), st.booleans()), max_size=200),
    st.sampled_from([1, 5, 20]),
)
def test_what_is_shown_and_the_rest_are_what_was_kept(drawn: list[tuple[int, int, bool]], cap: int) -> None:
    names = [*WATCHLISTS, "l3", "l4", "disparue"]
    items = [item(n, names[place], score, flashed) for n, (place, score, flashed) in enumerate(drawn, start=1)]
    lines = arrange(items, WATCHLISTS, cap)
    assert sorted(line.item.article.id for line in lines) == [each.article.id for each in items]
    fresh = [line for line in lines if line.part != "flashed"]
    shown = [line for line in fresh if line.part in NUMBERED]
    lists = {line.watchlist for line in fresh}
    assert {line.watchlist for line in shown} == lists, "at least one a list"
    assert len(shown) == min(max(cap, len(lists)), len(fresh))
    assert [line.part for line in lines] == sorted(
        (line.part for line in lines), key=["shown", "weak", "flashed", "rest"].index
    )


def test_an_empty_digest_is_still_one_message() -> None:
    (delivery,) = digest(Window(read=3), chat(), ("daily",), "2026-11-24", late=True).deliveries
    assert "en retard · rien à signaler" in delivery.body.to_json()


@pytest.mark.parametrize(
    ("watchlist", "level", "daily", "weekly"),
    [
        ("secnumcloud", None, True, False),
        ("hds", None, True, False),
        ("eucs", None, False, True),
        ("hds", "weekly", False, True),
        ("vanished", None, False, False),
    ],
)
def test_a_digest_goes_to_who_expects_one(watchlist: str, level: Level | None, daily: bool, weekly: bool) -> None:
    held = [Subscription(watchlist, level, 0)]
    assert (wants("daily", held, WATCHLISTS), wants("weekly", held, WATCHLISTS)) == (daily, weekly)


def test_what_reads_alike_is_printed_once() -> None:
    printer, window = Printer(WATCHLISTS, NOW), Window(some(5), read=80)
    one, two, english = (
        printer.digest(window, chat(key=ChatKey(number), language=language), ("daily",), "2026-11-24")
        for number, language in ((1, "fr"), (2, "fr"), (3, "en"))
    )
    assert [each.chat for made in (one, two, english) for each in made.deliveries] == [1, 2, 3]
    assert one.deliveries[0].body is two.deliveries[0].body
    assert english.deliveries[0].body != one.deliveries[0].body
    alone = Printer(WATCHLISTS, NOW).digest(window, chat(key=ChatKey(2)), ("daily",), "2026-11-24")
    assert two == alone, "as if nobody else had asked"


def test_an_article_that_tells_no_event_rings_nobody() -> None:
    story = article()
    follower = Follower(chat(), (Subscription("secnumcloud", "flash", 0),))
    held = match(story)
    assert flashes(story, (held,), follower) == (held,)
    assert flashes(story, (replace(held, quiet="guide"),), follower) == ()


def test_what_may_be_another_stands_below_it_in_a_list_that_kept_both() -> None:
    first = replace(item(1, "hds", score=4), story=1)
    both = replace(item(2, "hds", score=3), story=2, beside=1)
    both = replace(both, matches=(*both.matches, match(both.article, "secnumcloud", score=9)))
    alone = replace(item(3, "secnumcloud", score=9), story=3, beside=1)
    told = arrange([about(each) for each in (alone, both, first)], WATCHLISTS)
    found = {line.item.article.id: (line.watchlist, line.beside) for line in told}
    assert found == {1: ("hds", False), 2: ("hds", True), 3: ("secnumcloud", False)}
    sent = arrange([replace(each, flashed=True) for each in (alone, both, first)], WATCHLISTS)
    assert [(line.item.article.id, line.beside) for line in sent] == [(1, False), (3, True), (2, True)]
