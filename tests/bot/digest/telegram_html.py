"""Telegram's HTML rules, as a strict reader: what it refuses, what it drops, what a person sees."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_TOKEN = re.compile(
    r'<(/?)([a-z]+)(?: href="([^"<>]*)"|(?<=<blockquote) expandable)?>|&(lt|gt|amp|quot|#\d+|#x[0-9a-f]+);|([^<&])',
    re.DOTALL,
)
_TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass(frozen=True)
class Read:
    text: str
    entities: int


def read(html: str) -> Read:
    """Raises AssertionError at the first thing that Telegram would refuse, cut or silently drop."""
    assert len(html.encode()) < 35_000, "Telegram cuts the raw text"
    shown: list[str] = []
    open_tags: list[tuple[str, int]] = []
    entities = here = 0
    while here < len(html):
        token = _TOKEN.match(html, here)
        assert token, f"refused at {here}: {html[here : here + 40]!r}"
        here = token.end()
        closing, tag, href, reference, char = token.groups()
        if tag and closing:
            assert open_tags, "nothing to close"
            name, at = open_tags.pop()
            assert name == tag, f"{tag} closes {name}"
            assert "".join(shown[at:]).strip(), f"empty {tag}: dropped"
        elif tag:
            assert tag in _TAGS
            _link(tag, href)
            open_tags.append((tag, len(shown)))
            entities += 1
        else:
            shown.append(_character(reference, char))
    assert not open_tags, "left open"
    text = "".join(shown)
    assert text.strip()
    assert len(text) <= 4096
    assert entities <= 100
    text.encode()  # a lone surrogate has no UTF-8 form
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066\u2067]", text)
    assert re.fullmatch("[^\u2068\u2069]*(\u2068[^\u2068\u2069]*\u2069[^\u2068\u2069]*)*", text), "open isolate"
    return Read(text, entities)


def _link(tag: str, href: str | None) -> None:
    assert (tag == "a") == (href is not None)
    if href is None:
        return
    parts = urlsplit(re.sub("&(?:amp|quot|lt|gt|#x27|#39);", "_", href))
    assert parts.scheme in ("http", "https"), "dropped silently"
    assert parts.hostname
    assert not re.search(r"\s", href)


def _character(reference: str | None, char: str) -> str:
    if reference is None:
        return char
    if reference in _NAMED:
        return _NAMED[reference]
    return chr(int(reference.replace("#x", "0x").replace("#", ""), 0))
