"""How a message reads where there is no Telegram: a subject and a body, in the form the place shows best. Pure."""

import html
import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote

from bot.messages import markup
from bot.messages.visible import Run, runs
from bot.model import Message

BodyFormat = Literal["text", "markdown", "html"]

SUBJECT = 120  # code points
_MARKDOWN = re.compile(r"([][*_`\\])")
_BRACKETS = {ord(sign): quote(sign) for sign in "()<>[]"}  # which would end an address, and open another
_STARS = {"b": "**", "strong": "**", "i": "_", "em": "_"}


def letter(message: Message, form: BodyFormat) -> tuple[str, str]:
    """Its subject, i.e. its first line, and the rest; a line that is alone, or holds a link, stands in the body too.

    « ↪ Même fait que « … » ? » says nothing of what is new in a list of letters, so that what follows joins it."""
    lines = _lines(runs(message.html.strip()))
    told = ["".join(run.text for run in line) for line in lines]
    linked = any(run.url for run in lines[0])  # a subject leads nowhere
    alone = told[0].startswith("↪") and not linked
    subject = markup.cut(" · ".join(told[: 2 if alone else 1]), SUBJECT)
    body = lines if linked or len(lines) == 1 else lines[1:]
    break_line = "<br>\n" if form == "html" else "\n"
    return subject, break_line.join("".join(_pieces(line, form)) for line in body).strip()


def _lines(told: Iterable[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in told:
        first, *others = run.text.split("\n")
        lines[-1].append(Run(first, run.tags, run.url))
        lines += [[Run(part, run.tags, run.url)] for part in others]
    return lines


def _pieces(line: list[Run], form: BodyFormat) -> Iterable[str]:
    """Each run in its form; a link is closed where the next run does not go on with it."""
    for place, run in enumerate(line):
        following = line[place + 1].url if place + 1 < len(line) else ""
        before = line[place - 1].url if place else ""
        yield _linked(_styled(run, form), run.url, form, opens=before != run.url, closes=following != run.url)


def _styled(run: Run, form: BodyFormat) -> str:
    if form == "text" or not run.text.strip():
        return run.text
    if form == "html":
        escaped = markup.escape(run.text)
        return f"<b>{escaped}</b>" if "b" in run.tags else escaped
    star = next((_STARS[tag] for tag in run.tags if tag in _STARS), "") if run.text.strip() == run.text else ""
    return star + _MARKDOWN.sub(r"\\\1", run.text) + star


def _linked(shown: str, url: str, form: BodyFormat, *, opens: bool, closes: bool) -> str:
    if not url:
        return shown
    start, end = {
        "text": ("", f" ({url})"),
        "markdown": ("[", f"]({url.translate(_BRACKETS)})"),
        "html": (f'<a href="{html.escape(url)}">', "</a>"),
    }[form]
    return (start if opens else "") + shown + (end if closes else "")
