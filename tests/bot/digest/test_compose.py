import pytest

from bot.digest.compose import announcer, digest_messages, wants
from bot.model import Message
from matchers.model import Level
from storage.model import Lane, Subscription, Window
from tests.bot.digest.builders import NOW, WATCHLISTS, article, chat, follower, item, match

ANNOUNCE = announcer(WATCHLISTS)


def test_a_flash_list_is_announced_at_once() -> None:
    (delivery,) = ANNOUNCE(article(), (match(article()),), (follower("secnumcloud"),))
    assert (delivery.chat, delivery.lane, delivery.item, delivery.part) == (5, "flash", "a12", 1)
    assert Message.from_json(delivery.body).html.startswith("⚡ <b>SecNumCloud et qualification</b>")


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
    assert len(ANNOUNCE(story, (match(story, watchlist),), (follower(watchlist, level=level),))) == count


def test_several_lists_make_one_message_headed_by_the_flash_one() -> None:
    story = article()
    matches = (match(story, "hds", score=90), match(story, "secnumcloud", score=3), match(story, "eucs"))
    (delivery,) = ANNOUNCE(story, matches, (follower("hds", "secnumcloud"),))
    head = Message.from_json(delivery.body).html.splitlines()[0]
    assert head == "⚡ <b>SecNumCloud et qualification</b> · aussi\u00a0: Hébergement des données de santé"


def test_a_list_that_is_not_followed_is_not_named() -> None:
    story = article()
    (delivery,) = ANNOUNCE(story, (match(story), match(story, "hds")), (follower("secnumcloud"),))
    assert "aussi" not in delivery.body


def test_what_stood_before_the_subscription_is_old_news() -> None:
    story = article()
    assert ANNOUNCE(story, (match(story),), (follower("secnumcloud", since=12),)) == []
    assert len(ANNOUNCE(story, (match(story),), (follower("secnumcloud", since=11),))) == 1


def test_each_reader_has_his_language() -> None:
    story = article()
    readers = (follower("secnumcloud"), follower("secnumcloud", language="en"))
    french, english = ANNOUNCE(story, (match(story),), readers)
    assert "Pourquoi" in french.body
    assert "Why" in english.body


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
    (delivery,) = digest_messages(window, chat(), WATCHLISTS, NOW, (lane,), slot)
    assert (delivery.chat, delivery.lane, delivery.item) == (5, lane, name)
    assert Message.from_json(delivery.body).html.startswith(start)


def test_the_parts_of_a_digest_are_numbered_and_hold_everything() -> None:
    items = tuple(item(n, title=f"Titre {n} " + "é" * 100) for n in range(80))
    deliveries = digest_messages(Window(items, read=80), chat(), WATCHLISTS, NOW, ("daily",), "2026-11-24")
    assert [delivery.part for delivery in deliveries] == list(range(1, len(deliveries) + 1))
    assert all(any(f"Titre {n} é" in delivery.body for delivery in deliveries) for n in range(80))


def test_an_empty_digest_is_still_one_message() -> None:
    (delivery,) = digest_messages(Window(read=3), chat(), WATCHLISTS, NOW, ("daily",), "2026-11-24", late=True)
    assert "en retard · rien à signaler" in delivery.body


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
