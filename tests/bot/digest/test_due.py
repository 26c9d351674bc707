"""Days come back fifteen days before, two, and on the day: once each, on days that the chat is on."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from bot.digest import calendar, due
from bot.digest.compose import Printer
from storage.acts.model import DeadlineState, StoredDeadline
from storage.acts.reminders import Told
from storage.chats.model import Chat, Window
from storage.ids import ArticleId, ChatKey
from tests.bot.digest.builders import NOW, WATCHLISTS
from tests.bot.digest.telegram_html import read

CHAT = Chat(ChatKey(1), 5, "private", "fr", days="open")
DAY = date(2027, 1, 15)  # a Friday
NOTHING: Told = frozenset()


def deadline(day: date = DAY, number: int = 1, state: DeadlineState = "open", **changes: object) -> StoredDeadline:
    made = StoredDeadline(
        number, "consultation", day, None, "Ouverte jusqu’au 15 janvier", state, "com:2026-118", None, ArticleId(3),
        "Cloud <souverain> : la Commission consulte", "https://ec.example/118", "Commission", True, True, None,
        NOW, NOW, ("hds",), key="com:2026-118\nconsultation\nec",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def on(chat: Chat = CHAT, rhythm: calendar.DigestRhythm = "daily") -> due.ComesOn:
    return partial(calendar.comes_on, chat, rhythm)


def steps(day: date, comes_on: due.ComesOn, learned: date) -> list[tuple[date, int]]:
    """What is told, by the digests of these days."""
    told: Told = NOTHING
    found = []
    today = learned
    while today <= day + timedelta(days=3):
        if comes_on(today):
            for each in due.reminders([deadline(day)], ["hds"], told, comes_on, today):
                found.append((today, int(each.step)))
                told |= {(each.deadline.id, day.isoformat(), int(each.step))}
        today += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("day", "days", "learned", "told"),
    [
        (DAY, "all", date(2026, 12, 1), [(date(2026, 12, 31), 15), (date(2027, 1, 13), 2), (DAY, 0)]),
        # 15 days before 2027-01-18 is a Sunday: the Friday before is 1 January, a holiday, so the Thursday
        (date(2027, 1, 18), "open", date(2026, 12, 1),
         [(date(2026, 12, 31), 15), (date(2027, 1, 15), 2), (date(2027, 1, 18), 0)]),
        # a Sunday: its own step and the one of two days before fall on the same Friday, and are one line
        (date(2027, 1, 17), "open", date(2026, 12, 1), [(date(2026, 12, 31), 15), (date(2027, 1, 15), 0)]),
        # learned late: told now
        (DAY, "all", date(2027, 1, 5), [(date(2027, 1, 5), 15), (date(2027, 1, 13), 2), (DAY, 0)]),
        (DAY, "all", date(2027, 1, 14), [(date(2027, 1, 14), 2), (DAY, 0)]),
        (DAY, "all", DAY, [(DAY, 0)]),
        (DAY, "all", date(2027, 1, 16), []),
        (date(2027, 3, 30), "1", date(2027, 3, 1),
         [(date(2027, 3, 15), 15), (date(2027, 3, 22), 2), (date(2027, 3, 29), 0)]),
    ],
)  # fmt: skip
def test_each_step_is_told_once_and_never_on_a_day_off(
    day: date, days: str, learned: date, told: list[tuple[date, int]]
) -> None:
    assert steps(day, on(replace(CHAT, days=days)), learned) == told


@pytest.mark.parametrize(
    ("day", "days", "told"),
    [
        # no digest comes between the Monday and the Friday: the Monday says all that is left
        (DAY, "open", [(date(2026, 12, 28), 15), (date(2027, 1, 11), 0)]),
        (date(2027, 1, 12), "open", [(date(2026, 12, 28), 15), (date(2027, 1, 4), 2), (date(2027, 1, 11), 0)]),
        # the Monday is a holiday: that week's digest comes on the Tuesday
        (date(2027, 3, 31), "open", [(date(2027, 3, 15), 15), (date(2027, 3, 22), 2), (date(2027, 3, 30), 0)]),
        (date(2027, 1, 15), "3", [(date(2026, 12, 30), 15), (date(2027, 1, 13), 0)]),
    ],
)
def test_who_gets_a_digest_a_week_is_told_in_the_last_one_before_each_step(
    day: date, days: str, told: list[tuple[date, int]]
) -> None:
    assert steps(day, on(replace(CHAT, days=days), "weekly"), date(2026, 12, 15)) == told


def test_a_chat_that_is_never_on_keeps_the_day_itself() -> None:
    assert due.told_on(DAY, 2, on(replace(CHAT, days=""))) == DAY - timedelta(days=2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"watchlists": ("secnumcloud",)}, False),
        ({"watchlists": ()}, False),
        ({"watchlists": ("secnumcloud", "hds")}, True),
        ({"state": "moved"}, True),
        ({"state": "done"}, False),
        ({"state": "cancelled"}, False),
    ],
)
def test_only_open_days_of_lists_that_are_followed(changes: dict[str, object], told: bool) -> None:
    assert bool(due.reminders([deadline(**changes)], ["hds"], NOTHING, on(), DAY)) == told


def test_what_was_seen_comes_back_when_it_is_moved_and_what_is_not_ours_does_not() -> None:
    moved = deadline(DAY + timedelta(days=14), state="moved", old_day=DAY)
    seen: Told = frozenset({(1, DAY.isoformat(), due.SEEN)})
    assert due.reminders([deadline()], ["hds"], seen, on(), DAY) == ()
    assert len(due.reminders([moved], ["hds"], seen, on(), DAY)) == 1
    assert due.reminders([moved], ["hds"], frozenset({(1, "", due.NOT_OURS)}), on(), DAY) == ()


def test_two_sources_that_disagree_are_both_told() -> None:
    other = deadline(DAY + timedelta(days=1), 2, source_name="DGE")
    assert [each.deadline.id for each in due.reminders([deadline(), other], ["hds"], NOTHING, on(), DAY)] == [1, 2]


# --- words ---------------------------------------------------------------------------------------------------------
def shown(each: StoredDeadline, today: date, language: str = "fr") -> list[str]:
    return read(due.line(each, language, today)).text.replace("\u00a0", " ").splitlines()


def test_a_line_says_how_long_what_and_from_whom() -> None:
    (line,) = shown(deadline(time="12:00"), date(2027, 1, 13))
    head = "⏳ J-2 · ven. 15 janv. 12:00 · fin de la consultation"
    assert line == f"{head} : Cloud <souverain> : la Commission consulte (Commission)"
    assert shown(deadline(), DAY, "en")[0].startswith("⏳ today · Fri 15 Jan · consultation closes")
    assert shown(deadline(), date(2026, 12, 31))[0].startswith("⏳ J-15 · ven. 15 janv. 2027 · ")


def test_a_moved_day_says_the_old_one_and_prose_is_quoted() -> None:
    told = shown(deadline(old_day=date(2027, 1, 4), sure=False), date(2027, 1, 13))
    assert told[1:] == ["d’abord fixée au lun. 4 janv.", "« Ouverte jusqu’au 15 janvier »"]


def test_the_days_come_first_in_a_digest_even_of_a_chat_that_wants_no_empty_one() -> None:
    chat = replace(CHAT, empty_line=False)
    now = NOW.replace(year=2027, month=1, day=13)
    printer = Printer(WATCHLISTS, now)
    assert printer.digest(Window(), chat, ("daily",), "2027-01-13").deliveries == ()
    window = Window(due=due.reminders([deadline()], ["hds"], NOTHING, on(chat), date(2027, 1, 13)))
    (made,) = printer.digest(window, chat, ("daily",), "2027-01-13").deliveries
    lines = read(made.body.html).text.splitlines()  # type: ignore[attr-defined]
    assert lines[1:3] == ["", "Échéances"]
    assert lines[3].startswith("⏳ J-2 · ven. 15 janv.")
