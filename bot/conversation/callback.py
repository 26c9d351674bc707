"""What a button carries, in at most 64 bytes. Pure.

`1f.k3jq7xza.d` is grammar version, verb, target, value; `.p2` a page. A button sets, never toggles, so that a double
press changes nothing; it carries no authority, since the rights are checked at each press.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

VERSION = "1"
_DATA = re.compile(
    rf"{VERSION}([a-z]{{1,2}})(?:\.(-?[a-z0-9]{{1,20}})(?:\.([a-z]{{1,8}}|[0-9]{{1,8}}))?(?:\.p([1-9][0-9]{{0,2}}))?)?"
)


@dataclass(frozen=True, slots=True)
class Press:
    """A button. `target` is what it is about, `value` what it sets; "" where there is none.

    A value or a page needs a target.
    """

    verb: str
    target: str = ""
    value: str = ""
    page: int = 0


def build(press: Press) -> str:
    """The data of a button."""
    page = f"p{press.page}" if press.page else ""
    return ".".join(filter(None, (VERSION + press.verb, press.target, press.value, page)))


def parse(data: str) -> Press | None:
    """The button behind `data`; None for an older grammar, or for anything else."""
    found = _DATA.fullmatch(data)
    if not found:
        return None
    verb, target, value, page = found.groups()
    return Press(verb, target or "", value or "", int(page or 0))


def token(watchlist: str) -> str:
    """Eight characters that stand for a watchlist's id, the same for ever."""
    digest = hashlib.sha256(watchlist.encode()).digest()
    return base64.b32encode(digest[:5]).decode().lower()


def named(target: str, watchlists: Iterable[str]) -> str | None:
    """The watchlist that a token stands for; None if it is no longer there."""
    return next((watchlist for watchlist in watchlists if token(watchlist) == target), None)
