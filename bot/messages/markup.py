"""Telegram HTML out of plain values. Pure."""

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from matchers.language.graphemes import border

LINK_LIMIT = 2048  # code points; Telegram cuts a raw message at 35,000 bytes, so one address must not fill it
_SPACES = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_TAG = re.compile(r"<[^>]*>")
_WINDOW = 8  # a title of 10 MB is not worth cleaning whole
_OBEYED = re.compile(r"(?<![\w/.<>])[/@](?=\w|\Z)|<(?=[!@#]|https?:|mailto:)|(?i:\b(?:tg|ton|tonsite):)(?=//)")
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ALONE = len("\u2068\u2069")
_OPENING = re.compile(r"<[a-z]")
_JOINERS = "\u200c\u200d"  # emoji and some scripts need them


def flat(value: str) -> str:
    """One line of harmless text: no control, bidi or surrogate character, white space collapsed.

    No-break spaces stay, and so does a space at either end.
    """
    line = _SPACES.sub(" ", value)
    if line.isascii() and line.isprintable():
        return line
    return "".join(char for char in line if _harmless(char))


def clean(value: str) -> str:
    """`flat` without the spaces at the ends."""
    return flat(value).strip(" ")


def inert(line: str) -> str:
    """`line` in which no word is an order or calls anybody: Telegram makes « /stop » a button wherever it stands, and
    « @name », « @channel », « <!here> » ring people there and elsewhere. A space without width keeps them words."""
    return _OBEYED.sub("\\g<0>\u200b", line) if "/" in line or "@" in line or "<" in line else line


def foreign(value: str) -> str:
    """A piece of strangers' words as it is shown: `flat`, and inert."""
    return inert(flat(value))


def isolated(shown: str) -> str:
    """Words that are written from right to left, kept from turning round the date and the source on their line."""
    return f"\u2068{shown}\u2069" if _LEFTWARD.search(shown) else shown


def _harmless(char: str) -> bool:
    if char in _JOINERS:
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn")


def cut(value: str, limit: int) -> str:
    """`value` cleaned, inert, isolated and held to `limit` code points; a cut falls between words where it can, never
    within what is seen as one character, and shows as « … ». The one way for strangers' words into a message."""
    line = inert(clean(value[: limit * _WINDOW]))
    room = limit - _ALONE if _LEFTWARD.search(line) else limit
    return isolated(_cut(line, room, whole=len(value) <= limit * _WINDOW))


def bounded(value: str, limit: int) -> str:
    """The same of words that are kept, not shown: they stay as they were written."""
    return _cut(clean(value[: limit * _WINDOW]), limit, whole=len(value) <= limit * _WINDOW)


def _cut(line: str, limit: int, *, whole: bool) -> str:
    if len(line) <= limit and whole:
        return line
    kept = line[: border(line, limit - 1)]
    blank = kept.rfind(" ", limit * 2 // 3)
    return (kept[:blank] if blank > 0 else kept).rstrip(" ,;:") + "…"


def escape(value: str) -> str:
    """Text between tags."""
    return html.escape(value, quote=False)


def bold(value: str) -> str:
    """`value` escaped, in bold; blank stays as it is: Telegram drops a tag around nothing."""
    return f"<b>{escape(value)}</b>" if value.strip() else value


def italic(value: str) -> str:
    """`value` escaped, in italics; blank stays as it is."""
    return f"<i>{escape(value)}</i>" if value.strip() else value


def aside(value: str) -> str:
    """`value` escaped, in a quotation that opens by a tap."""
    return f"<blockquote expandable>{escape(value)}</blockquote>"


def fold(lines: Iterable[str]) -> str:
    """Lines of HTML that this module made, in a quotation that opens by a tap."""
    told = "\n".join(lines)
    return f"<blockquote expandable>{told}</blockquote>"


def link(label: str, url: str) -> str:
    """`label` escaped and linked; unlinked where Telegram would drop the address without a word."""
    target = address(url)
    return f'<a href="{html.escape(target)}">{escape(label)}</a>' if target else escape(label)


def address(url: str) -> str | None:
    """The address as Telegram takes it: http or https with a real host; None for any other."""
    target = "".join(quote(char) if char.isspace() else char for char in clean(url))
    if len(target) > LINK_LIMIT:
        return None
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    real = "." in host.strip(".") or ":" in host
    if "@" in parts.netloc:  # « https://cnil.fr@elsewhere.example » : what stands before is shown, and leads nowhere
        target = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return target if parts.scheme in ("http", "https") and real else None


def visible(markup: str) -> str:
    """What a reader sees of HTML that this module made."""
    return html.unescape(_TAG.sub("", markup))


def entities(markup: str) -> int:
    """How many entities Telegram counts in HTML that this module made."""
    return len(_OPENING.findall(markup))
