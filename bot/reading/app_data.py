"""What a page made by scripts in the browser carries for them: its article, where nothing else shows it."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bot.feeds import loose_json, plain_text
from bot.reading import structured, tree

LEAST = 600  # characters of a text worth having

_ROOTS = '//div[@id="__next" or @id="__nuxt" or @id="root" or @id="app" or @id="___gatsby" or @id="svelte"]'
# Where a script gives data to a name of the whole page: « window.__STATE__ = { », « Fusion.content = { ».
_STATE = re.compile(
    r"(?:\A|[;}\n])[ \t]*(?:(?:var|let|const)\s+)?(?:(?:window|self|globalThis)[.\[]|(?!this\b)[A-Z][\w$]{1,40}\.)"
    r"[\w.$\"'\]]{2,60}\s*=\s*(?=[{\[(\"])"
)
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # one that never ends is met once
_TEXTS = ("text", "html", "value", "content", "body", "data", "attributes", "children", "paragraph", "spans", "nodes")
_OF_CARDS = frozenset({"url", "href", "slug", "link", "permalink", "headline", "title", "titre", "excerpt", "teaser"})
_PIECES, _DEEP, _VISITED = 3, 6, 50_000  # paragraphs of a text in pieces; levels of one; values looked at
_STATES = 5  # pieces of data in a script


def is_shell(page: Any, size: int) -> bool:
    """Whether the page, of `size` characters, is made by scripts in the browser."""
    scripts = sum(len(script.text or "") for script in page.iter("script"))
    if scripts > 0.6 * size:
        return True
    asked = any("javascript" in "".join(one.itertext()).lower() for one in page.iter("noscript"))
    return asked or any(not "".join(one.itertext()).strip() for one in page.xpath(_ROOTS))


def found(page: Any) -> str:
    """The longest text that the page carries, in one string or in pieces of a list; "" if none is long enough."""
    texts = [text for script in page.iter("script") for source in _of_data(script) for text in _texts(source)]
    best = max(texts, key=len, default="")
    return best if len(best) >= LEAST else ""


def _of_data(script: Any) -> Iterator[str]:
    """The pieces of data in a script, each with what follows it."""
    source = (script.text or "")[: structured.SCRIPT]
    if script.get("src"):
        return
    if (script.get("type") or "").lower() == "application/json" or script.get("id") == "__NEXT_DATA__":
        yield source
    else:
        yield from (source[state.end() :] for state in islice(_STATE.finditer(source), _STATES))


def _texts(source: str) -> Iterator[str]:
    longest = max((one[0] for one in _STRING.finditer(source) if len(one[0]) >= LEAST), key=len, default="")
    read = next(iter(loose_json.values(longest)), "") if longest else ""
    whole = plain_text.paragraphs(read, structured.LONGEST_BODY) if isinstance(read, str) and " " in read else ""
    if len(whole) >= LEAST:
        yield whole
        return
    for listed in _lists(loose_json.values(source)):
        pieces = [text for item in listed if (text := _paragraph(item))]
        if len(pieces) >= _PIECES:
            yield plain_text.paragraphs("\n".join(pieces), structured.LONGEST_BODY)


def _lists(values: list[Any]) -> Iterator[list[Any]]:
    """The lists of a piece of data, those outside first."""
    waiting, seen = list(values), 0
    while waiting and seen < _VISITED:
        value = waiting.pop()
        seen += 1
        if isinstance(value, list):
            yield value
        waiting += value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()


def _paragraph(item: Any) -> str:
    """What a piece of a text says: « {"type": "p", "text": … } », whatever its maker calls it; "" for a card, which has
    a title or an address of its own."""
    if isinstance(item, dict) and not _OF_CARDS.isdisjoint(item):
        return ""
    words = "".join(_words(item, _DEEP))
    return words if len(words) >= tree.PARAGRAPH and " " in words else ""


def _words(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, list):
        for one in value:
            yield from _words(one, depth - 1)
    elif depth and isinstance(value, dict):
        for name, one in value.items():
            if name in _TEXTS:
                yield from _words(one, depth - 1)
