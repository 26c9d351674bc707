"""What a button carries, in at most 64 bytes. Pure.

`1f.k3jq7xza.d.p2@c5-3f` is grammar version, verb, target, value, page, and the place being set from elsewhere: a chat
by our own key, with a topic of it. A button sets, never toggles, so that a double press changes nothing; it carries no
authority, since the rights are checked at each press.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

VERSION = "1"
_NUMBER = "-?[0-9a-z]{1,13}"  # 64 bits in base 36
_DATA = re.compile(
    rf"{VERSION}([a-z]{{1,2}})"
    rf"(?:\.({_NUMBER})(?:\.([a-z]{{1,8}}|[0-9]{{1,8}}))?(?:\.p([1-9][0-9]{{0,2}}))?)?"
    rf"(?:@c({_NUMBER})(?:-([0-9a-z]{{1,13}}))?)?"
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, by our own key, and a topic of it: 0 is the chat itself."""

    chat: int
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Press:
    """A button. `target` is what it is about, `value` what it sets; "" where there is none.

    A value or a page needs a target. `place` is what is set from another chat; None: the chat of the button.
    """

    verb: str
    target: str = ""
    value: str = ""
    page: int = 0
    place: Place | None = None


def build(press: Press) -> str:
    """The data of a button."""
    page = f"p{press.page}" if press.page else ""
    said = ".".join(filter(None, (VERSION + press.verb, press.target, press.value, page)))
    return said if press.place is None else f"{said}@{written(press.place)}"


def parse(data: str) -> Press | None:
    """The button behind `data`; None for an older grammar, or for anything else."""
    found = _DATA.fullmatch(data)
    if not found:
        return None
    verb, target, value, page, chat, thread = found.groups()
    place = Place(number(chat), number(thread or "0")) if chat else None
    if place is not None and not (_kept(place.chat) and _kept(place.thread)):
        return None
    made = Press(verb, target or "", value or "", int(page or 0), place)
    return made if build(made) == data else None


def _kept(value: int) -> bool:
    """Whether the store can hold it: thirteen digits of base 36 say more than 64 bits."""
    return -(2**63) <= value < 2**63


def written(place: Place) -> str:
    """« c5 », « c5-3f »."""
    return f"c{base36(place.chat)}" + (f"-{base36(place.thread)}" if place.thread else "")


def base36(value: int) -> str:
    """A whole number in at most 14 characters for 64 bits."""
    digits, rest = "", abs(value)
    while rest or not digits:
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if value < 0 else digits


def number(text: str) -> int:
    """The number that `base36` wrote; ValueError for anything else."""
    return int(text, 36)


def token(watchlist: str) -> str:
    """Eight characters that stand for a watchlist's id, the same for ever."""
    digest = hashlib.sha256(watchlist.encode()).digest()
    return base64.b32encode(digest[:5]).decode().lower()


def named(target: str, watchlists: Iterable[str]) -> str | None:
    """The watchlist that a token stands for; None if it is no longer there."""
    return next((watchlist for watchlist in watchlists if token(watchlist) == target), None)
