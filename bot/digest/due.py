"""Which days a digest reminds of, and when: fifteen days before, two, and on the day, while the chat is on. Pure."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from bot.messages import markup, texts
from storage.acts.model import Reminder, Step, StoredDeadline
from storage.acts.reminders import Told

STEPS: tuple[Step, ...] = (15, 2, 0)
SEEN: Step = -1
NOT_OURS: Step = -2
HORIZON = timedelta(days=15 + 14)  # the first step, and the longest row of days off
TITLE, SENTENCE, SOURCE = 110, 160, 40  # code points
_ONE = timedelta(days=1)

ComesOn = Callable[[date], bool]
"""Does the chat get a digest that day?"""


def reminders(
    deadlines: Iterable[StoredDeadline], followed: Collection[str], told: Told, comes_on: ComesOn, today: date
) -> tuple[Reminder, ...]:
    """What a digest of today reminds of: each once a step, only of lists that the chat follows. A day that was learned
    late, or of which a digest was missed, is told at once and once."""
    found = []
    for each in open_to(deadlines, followed, told):
        step = step_of(each.day, comes_on, today)
        if step is not None and (each.id, each.day.isoformat(), step) not in told:
            found.append(Reminder(each, step))
    return tuple(found)


def open_to(deadlines: Iterable[StoredDeadline], followed: Collection[str], told: Told) -> tuple[StoredDeadline, ...]:
    """The days of these lists that the chat has not put aside; one that was seen comes back when it is moved."""
    return tuple(
        each
        for each in deadlines
        if not set(followed).isdisjoint(each.watchlists)
        and each.state in ("open", "moved")
        and (each.id, "", NOT_OURS) not in told
        and (each.id, each.day.isoformat(), SEEN) not in told
    )


def step_of(day: date, comes_on: ComesOn, today: date) -> Step | None:
    """The last step whose day has come; None before the first one, and once the day is over."""
    if today > day:
        return None
    return next((step for step in reversed(STEPS) if told_on(day, step, comes_on) <= today), None)


def told_on(day: date, step: Step, comes_on: ComesOn) -> date:
    """The day of a step; where no digest comes then, the last day before on which one does."""
    found = day - step * _ONE
    for _ in range(14):
        if comes_on(found):
            return found
        found -= _ONE
    return day - step * _ONE


# --- words ---------------------------------------------------------------------------------------------------------
def section(due: Iterable[Reminder], language: str, today: date) -> str:
    """The first section of a digest, as HTML; "" for nothing."""
    lines = [line(each.deadline, language, today) for each in due]
    return "\n".join((markup.bold(texts.text(language, "due.title")), *lines)) if lines else ""


def line(each: StoredDeadline, language: str, today: date) -> str:
    """« ⏳ J-2 · mar. 15 déc. 12:00 · clôture de la consultation : Titre ↗ (BOAMP) », as HTML, with its own words."""
    day = _day(each.day, language, today) + (f" {each.time}" if each.time else "")
    kind = texts.text(language, f"due.{each.kind}")
    title = markup.link(markup.cut(each.title, TITLE), each.url)
    source = markup.escape(markup.cut(each.source_name, SOURCE))
    told = f"⏳ {markup.bold(left(each.day, language, today))} · {day} · {kind}\u00a0: {title} ({source})"
    return "\n".join(filter(None, (told, _moved(each, language, today), _quoted(each, language))))


def _day(day: date, language: str, today: date) -> str:
    """« mar. 15 déc. », with its year where that is another one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{texts.short_day(language, day)} {texts.month(language, day)}{year}"


def left(day: date, language: str, today: date) -> str:
    """« J-2 », « aujourd’hui »."""
    days = (day - today).days
    return texts.text(language, "due.left", n=days) if days > 0 else texts.text(language, "due.today")


def _moved(each: StoredDeadline, language: str, today: date) -> str:
    if each.old_day is None:
        return ""
    return markup.italic(texts.text(language, "due.moved", day=_day(each.old_day, language, today)))


def _quoted(each: StoredDeadline, language: str) -> str:
    """The words of a text; a field has none worth reading."""
    if each.sure or not each.sentence:
        return ""
    return markup.italic(texts.text(language, "story.quoted", words=markup.cut(each.sentence, SENTENCE)))
