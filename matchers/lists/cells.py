"""When two cells of a list say the same, typography aside. Pure."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from matchers.language.months import MONTHS

_DASHES = (
    dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "’‘ʼ‛′`"), "'")
    | dict.fromkeys(map(ord, "“”„«»"), '"')
)


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """Without case, accents, what is not seen, and pictures beside words: « ✅ Qualifié »."""
    words = "".join(char for char in text if unicodedata.category(char) != "So")
    if any(char.isalnum() for char in words):
        text = words
    letters = (
        char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in ("Mn", "Me", "Cf")
    )
    return "".join(letters).casefold().translate(_DASHES)


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    return "".join(folded(NOTE.sub("", text)).split()).rstrip(".,;:")


@lru_cache(maxsize=1 << 14)
def squeezed(name: str) -> str:
    """A key or the name of a column, less all that writers vary: case, accents, blanks, punctuation."""
    return "".join(char for char in folded(name) if char.isalnum() or char in "+#") or plain(name)


def alike(one: str, other: str) -> bool:
    """True where two cells say the same, typography aside."""
    return one == other or plain(one) == plain(other)


def says_nothing(text: str) -> bool:
    """True for a cell that is empty, or stands for one: « — », « n.c. », « n/a »."""
    return squeezed(text) in _NOTHING or not any(char.isalnum() or unicodedata.category(char) == "So" for char in text)


_NOTHING = frozenset({"na", "nc", "nd", "#na", "nr"})


def same_end(one: str, other: str) -> bool:
    if alike(one, other):
        return True
    day = day_of(one)
    return day is not None and day == day_of(other)


_DAY = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<day>\d{1,2})(?:\s*er)?[\s./-]+(?P<month>[a-z]{3,9}|\d{1,2})[\s./-]+(?P<year>\d{4}))(?!\d)"
)


@lru_cache(maxsize=1 << 12)
def day_of(text: str) -> date | None:
    """The last day written in a cell: 2029-07-31, 31/07/2029, 31 juil. 2029; None where there is none."""
    days = [day for found in _DAY.finditer(folded(text)) if (day := _made(found)) is not None]
    return max(days, default=None)


def _made(found: re.Match[str]) -> date | None:
    if found["y"]:
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    else:
        written = found["month"]
        month = int(written) if written.isdecimal() else MONTHS.get(written, 0)
        year, day = int(found["year"]), int(found["day"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


NOTE = re.compile(r"(?<=[^\s*†‡])\s*(?:[(\[]\d{1,2}[)\]]|[¹²³⁴-⁹]{1,2}|[*†‡]{1,3})\s*\Z")  # the mark of a footnote
