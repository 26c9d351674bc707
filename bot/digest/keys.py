"""The buttons under an alert and a digest. Pure."""

from collections.abc import Sequence
from typing import Literal

from bot.digest.content import DigestLine
from bot.messages import texts
from bot.messages.callback_data import Press, base36, build
from bot.model import Button
from storage.articles.model import TriageState

Rows = tuple[tuple[Button, ...], ...]
Thumb = Literal["u", "n"]  # useful, noise
Verdict = Literal["y", "n", "l"]  # of an alert: useful, noise, right but it could have waited

REASONS = ("topic", "known", "old", "source")
NUMBERS = 5  # in a row


def flash(language: str, article: int) -> Rows:
    """Useful, noise, not urgent; why."""
    target = base36(article)
    return (
        (
            Button(texts.text(language, "button.useful"), build(Press("u", target, "y"))),
            Button(texts.text(language, "button.noise"), build(Press("u", target, "n"))),
            Button(texts.text(language, "button.not_urgent"), build(Press("u", target, "l"))),
        ),
        (Button(texts.text(language, "button.why"), build(Press("y", target))),),
    )


def with_triage(rows: Rows, language: str, article: int) -> Rows:
    """The same, with what opens its triage."""
    opens = Button(texts.text(language, "button.triage"), build(Press("tr", base36(article))))
    return (*rows[:-1], (*rows[-1], opens))


def triage(language: str, article: int, state: TriageState) -> Rows:
    """The four states, of which the present one is marked; an owner, a note, and the way back."""
    target = base36(article)

    def key(each: TriageState) -> Button:
        mark = "● " if each == state else ""
        return Button(mark + texts.text(language, f"button.triage_{each}"), build(Press("ts", target, each)))

    return (
        (key("open"), key("applies")),
        (key("void"), key("done")),
        (
            Button(texts.text(language, "button.triage_owner"), build(Press("tw", target))),
            Button(texts.text(language, "button.triage_note"), build(Press("tn", target))),
        ),
        (Button(texts.text(language, "button.back"), build(Press("k", target))),),
    )


def doubt(language: str, article: int) -> Rows:
    """The same event, another one; why."""
    target = base36(article)
    return (
        (
            Button(texts.text(language, "button.same_event"), build(Press("ms", target))),
            Button(texts.text(language, "button.other_event"), build(Press("mo", target))),
        ),
        (Button(texts.text(language, "button.why"), build(Press("y", target))),),
    )


def reasons(language: str, article: int) -> Rows:
    """Why it was noise, if the reader cares to say."""
    target = base36(article)
    picks = [Button(texts.text(language, f"reason.{reason}"), build(Press("r", target, reason))) for reason in REASONS]
    return (
        tuple(picks[:2]),
        tuple(picks[2:]),
        (Button(texts.text(language, "button.done"), build(Press("k", target))),),
    )


def digest(language: str, name: str, lines: Sequence[DigestLine]) -> Rows:
    """The rest, if there is any; useful, noise, settings."""
    rest = sum(line.part == "rest" for line in lines)
    more = ((Button(texts.text(language, "button.rest", n=rest), build(Press("q", name))),),) if rest else ()
    if not lines:
        return ()
    return (
        *more,
        (
            Button(texts.text(language, "button.useful"), build(Press("wu", name))),
            Button(texts.text(language, "button.noise"), build(Press("wn", name))),
            Button(texts.text(language, "button.settings"), build(Press("g"))),
        ),
    )


def numbers(language: str, name: str, opinion: Thumb, count: int) -> Rows:
    """The numbers of a digest, to say which story was useful or noise."""
    picks = [Button(str(number), build(Press(f"w{opinion}", name, str(number)))) for number in range(1, count + 1)]
    rows = tuple(tuple(picks[start : start + NUMBERS]) for start in range(0, count, NUMBERS))
    return (*rows, (Button(texts.text(language, "button.back"), build(Press("kd", name))),))
