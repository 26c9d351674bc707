"""Whatever the length of what it tells, an answer goes in one message: a longer one is refused, and nothing is seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.changes import NetChange
from bot.conversation import act_view, briefs_view, budget, changes_view, deadlines, menus, triage
from bot.conversation.model import View
from bot.digest.budget import WouldRing
from bot.digest.own_terms import TermFound, deliveries
from bot.messages import markup
from bot.messages.texts import Language
from bot.messages.visible import LIMIT
from bot.model import Message
from storage.acts.model import ActPress, StoredAct
from storage.changes.model import BriefNote, Chronicle, FactKind, Span
from storage.chats.model import OwnTerm, TermPlace
from storage.ids import ArticleId
from tests.bot.briefs.builders import a_brief, a_story, commented
from tests.bot.conversation.world import NOW
from tests.bot.digest.builders import WATCHLISTS, article
from tests.bot.digest.test_due import CHAT, DAY, deadline

LONG = "mot<&> " * 90
PAGE = menus.ROWS + menus.SPARE  # the most rows that one holds
URL = f"https://fil.example/{'a' * 400}"
SPAN = Span(NOW - timedelta(days=7), NOW)
KINDS: tuple[FactKind, ...] = ("story", "status", "act", "deadline", "source", "rules")


def _change(kind: FactKind, number: int) -> NetChange:
    before, after = {
        "deadline": ("2026-12-01", "2027-01-15"),
        "source": ("ok", "dead"),
        "rules": ('{"a":1}', "{}"),
    }.get(kind, ("", LONG))
    return NetChange(kind, str(number), before, after, 1, NOW, NOW, LONG, URL, LONG, True, ("hds",))


def _changes(view: View) -> Message:
    found = [_change(kind, number) for kind in KINDS for number in range(20)]
    return changes_view.shown(view, SPAN, Chronicle((), NOW, NOW), found, "abcdefgh")


def _triage(view: View) -> Message:
    judged = [triage.Judged(ArticleId(number), LONG, NOW, LONG[:60], LONG[:300]) for number in range(PAGE)]
    return triage.shown_list(view, "open", dict.fromkeys(triage.STATES, judged), 0)


def _act(view: View) -> Message:
    names = tuple(f"loi:2024-{number}" for number in range(4))
    found = StoredAct(names, "loi", LONG, LONG[:40], DAY, DAY, URL, LONG, LONG, (), None)
    press = [ActPress(ArticleId(number), "names", LONG, URL, LONG, NOW) for number in range(act_view.SHOWN)]
    return Message(act_view.told(view, names[0], found, [deadline()] * 4, press))


def _brief(view: View) -> Message:
    stories = [replace(a_story(n, LONG, source_name=LONG, url=URL), near=LONG) for n in range(1, PAGE + 1)]
    notes = commented(*((number, BriefNote("raised", LONG, LONG)) for number in range(1, PAGE + 1)))
    return briefs_view.shown(view, a_brief(*stories, notes=notes), "abcdefgh", 0, None)


def _deadlines(view: View) -> Message:
    held = [deadline(number=number, title=LONG, source_name=LONG, sentence=LONG, sure=False, old_day=DAY, url=URL)
            for number in range(PAGE)]  # fmt: skip
    return deadlines.drawn(view, tuple(held), 0, DAY - timedelta(days=2))


def _budget(view: View) -> Message:
    return budget.shown(view, (WouldRing(article(title=LONG, url=URL), None),) * 90)


def _terms(view: View) -> Message:
    terms = tuple(TermFound("x" * 60, (article(title=LONG, url=URL, source_name=LONG),) * 30) for _ in range(5))
    place = TermPlace(replace(CHAT, language=view.language), 0, (OwnTerm(1, "x", ArticleId(0)),), "", NOW)
    (made,) = deliveries(place, terms, "2026-11-24")
    assert isinstance(made.body, Message)
    return made.body


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("drawn", [_changes, _triage, _act, _brief, _deadlines, _budget, _terms])
def test_the_longest_answer_goes_in_one_message(drawn: Callable[[View], Message], language: Language) -> None:
    made = drawn(View(language, WATCHLISTS)).html
    assert len(markup.visible(made)) <= LIMIT
    assert markup.entities(made) <= 100
    assert len(made.encode()) <= 35_000


def test_what_does_not_go_in_is_counted_and_comes_as_a_file() -> None:
    made = _changes(View("en", WATCHLISTS))
    shown = markup.visible(made.html)
    left = [int(line.split()[2]) for line in shown.splitlines() if line.startswith("… and ")]
    assert sum(left) + shown.count("\n• ") + shown.count("\n🏛 ") == 20 * len(KINDS)
    assert made.buttons[0][0].text == "All of it, as a file"
