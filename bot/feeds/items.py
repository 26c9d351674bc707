"""Where the items of a feed begin and end, in time linear in its size whatever it holds."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(rb"<!--|<!\[CDATA\[|<(/?)(?:[A-Za-z_][\w.-]{0,30}:)?(item|entry)(?=[\s/>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """body[start:end] is one item, tags included. `closed`: it has its end tag."""

    start: int
    end: int
    closed: bool


def spans(body: bytes) -> list[ItemSpan]:
    """The items (or entries) of a feed in order, disjoint. An item without end tag ends where the next one begins."""
    found: list[ItemSpan] = []
    start = -1
    position = 0
    while token := _TOKEN.search(body, position):
        if token[2] is None:
            position = _skipped(body, token)
            if position < 0:  # never closed: nothing after it can be told apart
                break
            continue
        position = body.find(b">", token.end()) + 1
        if position == 0:
            break
        if token[1]:
            if start >= 0:
                found.append(ItemSpan(start, position, closed=True))
            start = -1
            continue
        if start >= 0:
            found.append(ItemSpan(start, token.start(), closed=False))
        start = token.start()
        if body[position - 2 : position - 1] == b"/":
            found.append(ItemSpan(start, position, closed=True))
            start = -1
    if start >= 0:
        found.append(ItemSpan(start, len(body), closed=False))
    return found


def _skipped(body: bytes, token: "re.Match[bytes]") -> int:
    end = b"-->" if token[0] == b"<!--" else b"]]>"
    at = body.find(end, token.end())
    return at + len(end) if at >= 0 else -1
