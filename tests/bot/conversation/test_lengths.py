"""Every text fits its place with the longest values, in both languages."""

import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.config.yamlfile import ConfigProblem
from bot.conversation import (
    group_setup,
    help_text,
    menus,
    privacy,
    searching_view,
    settings_view,
    status_view,
    trial_view,
    watchlists_view,
)
from bot.conversation.model import View
from bot.messages.callback_data import Place
from bot.messages.texts import LANGUAGES, Language, catalogue, text
from bot.model import Message
from bot.trials.findings import Misread, Trial, Weighed
from matchers.model import Difference
from storage.articles.model import Finding, Findings
from storage.chats.model import Chat, Subscription
from storage.feeds.model import Yield
from storage.ids import ChatKey, FeedId
from tests.bot.digest.builders import NOW, WATCHLISTS, article
from tests.bot.digest.telegram_html import read

BUTTON, NOTICE, DESCRIPTION, MESSAGE, DATA = 30, 200, 256, 3_900, 64
MOST = 999_999
LONG = "Hébergement & <données> de santé " * 40
PLACES = (
    *(("button.", BUTTON), ("level.", BUTTON), ("zone.", BUTTON), ("switch.", BUTTON), ("reason.", BUTTON)),
    *(("holidays.", BUTTON), ("rights.", NOTICE), ("menu.", NOTICE), ("vote.", NOTICE), ("command.", DESCRIPTION)),
)
NUMBERED = {"page": "125", "pages": "125"}
CUT = {"button.confirm_miss", "button.try"}  # the name in it is cut to what is left


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("prefix", "limit"), PLACES)
def test_a_short_place_takes_its_longest_sentence(language: Language, prefix: str, limit: int) -> None:
    keys = [key for key in catalogue(language).sentences if key.startswith(prefix) and key not in CUT]
    assert keys
    for key in keys:
        names = {
            name for form in catalogue(language).sentences[key] for _, name, _, _ in string.Formatter().parse(form)
        }
        # a number of many digits, a page of three; what is not a number is a word of ours
        values = {name: NUMBERED.get(name, "9" * 7) for name in names if name and name != "n"}
        for n in (0, 1, 2, 999):
            assert 0 < len(text(language, key, n=n, **values)) <= limit, key


def a_view(language: Language, *, there: bool) -> View:
    """Of everything the most."""
    lists = {
        f"{'veille-' * 6}{n:03d}": replace(
            WATCHLISTS["hds"], id=f"{'veille-' * 6}{n:03d}", name=LONG, question=LONG, terms=(LONG,) * 300,
            review=date(2020, 1, 1),
        )
        for n in range(120)
    }  # fmt: skip
    chat = Chat(
        ChatKey(2**62), -(2**62), "supergroup", language, timezone="America/Miquelon", digest_at=23 * 60 + 45,
        days="123456", quiet_from=1, quiet_to=24 * 60, per_hour=20, per_day=60,
    )  # fmt: skip
    held = tuple(Subscription(name, "weekly", 0) for name in lists)
    place = Place(2**62, 2**62) if there else None
    return View(
        language, lists, chat, held, date(2026, 11, 30), place, 2**62 if there else 0, (2**31 - 1,), not there, LONG
    )


def drawn(view: View) -> Iterator[Message]:
    """Every menu and every answer of some length."""
    one = next(iter(view.watchlists.values()))
    stored = article(title=LONG)
    stored = replace(stored, source_name=LONG, url=f"https://site.example/{'a' * 1_900}")
    finding = Finding(stored, LONG[:1_000])
    changes = tuple(Difference("1", LONG, "hds", gained, (LONG,), LONG) for gained in (True, False) for _ in range(50))
    weighed = Weighed(LONG[:200], MOST, MOST, MOST, 3_650, NOW - timedelta(days=3_650), MOST, (stored,) * 5)
    yields = tuple(Yield(FeedId(str(n)), LONG, MOST, MOST, MOST) for n in range(200))
    yield from (
        watchlists_view.lists(view, 3),
        watchlists_view.card(view, one),
        watchlists_view.terms(view, one, 3),
        privacy.ask_stop(view),
    )
    yield from (
        help_text.everyday(view),
        help_text.everything(view, operator=True),
        watchlists_view.welcome(view, subscribed=True),
    )
    yield from (watchlists_view.following(view, one, 5, MOST, MOST, more=True), watchlists_view.unfollowed(view, one))
    yield from (
        watchlists_view.examples(view, one, (stored,) * 5),
        watchlists_view.unknown_watchlist(view, LONG, tuple(view.watchlists)[:3]),
    )
    yield from (
        searching_view.found(view, LONG, "abcdefgh", 3, Findings((finding,) * 8, MOST, NOW)),
        searching_view.confusing(view, LONG),
    )
    yield searching_view.not_found(view, LONG, {"a" * 30: "b" * 30}, datetime(2020, 1, 1, tzinfo=UTC))
    yield from filter(None, (settings_view.menu(view, name) for name in ("", "h", "d", "q", "qf", "qt", "p", "l", "z")))
    yield status_view.yields(view, yields, 24)
    yield from (
        trial_view.weighed(weighed, view, NOW),
        trial_view.weighed(Misread(LONG[:200], (LONG,) * 50), view, NOW),
    )
    tried = Trial({f"liste-{n}": changes for n in range(60)}, MOST, 30, NOW)
    yield from (trial_view.tried(tried, view.language), trial_view.progress(MOST, MOST, view.language))
    yield trial_view.tried((ConfigProblem("watchlists/a.yaml", LONG, 9, 9),) * 50, view.language)
    yield trial_view.tried_without(Trial({"hds": changes}, MOST, 30, NOW), view.name(one.id), "a" * 40, view.language)
    if view.chat is not None:
        yield group_setup.greeting(view, view.chat, "https://t.me/vigie?start=c_" + "a" * 32)
        yield group_setup.listed(view, ((view.chat, LONG),) * 30, 2, "vigie_bot")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("there", [True, False])
def test_what_is_drawn_of_the_longest_values_fits(language: Language, there: bool) -> None:
    for message in drawn(a_view(language, there=there)):
        shown = menus.placed(a_view(language, there=there), message)
        assert len(read(shown.html).text) <= MESSAGE, read(shown.html).text[:300]
        for key in (key for row in shown.buttons for key in row):
            assert 0 < len(key.text) <= BUTTON, key.text
            assert key.url or 0 < len((key.data or "").encode()) <= DATA, key.data
