"""Telegram HTML, parsed as strictly as Telegram does: visible text, entities, or the error with its byte offset."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_ALIASES = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}
_KINDS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "code": "code", "pre": "pre",
          "blockquote": "blockquote", "a": "text_link", "tg-spoiler": "spoiler"}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(#x?[0-9a-fA-F]+|[a-z]+);?")
_START = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>")
_PLAIN = re.compile(r"[^<&]+")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+))?")


class BadEntities(Exception):
    """The text is refused; the message is worded as Telegram words it."""


@dataclass(frozen=True, slots=True)
class Entity:
    """`offset` and `length` are UTF-16 units of the visible text."""

    type: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """`dropped` are the addresses whose link Telegram would lose without a word."""

    text: str
    entities: tuple[Entity, ...]
    dropped: tuple[str, ...]


def parse(html: str) -> Parsed:
    """Raises BadEntities."""
    return _Parser(html).parse()


class _Parser:
    def __init__(self, html: str) -> None:
        self._html = html
        self._at = 0
        self._out: list[str] = []
        self._counted = self._units = 0
        self._open: list[tuple[str, str, int]] = []
        self._entities: list[Entity] = []
        self._dropped: list[str] = []

    def parse(self) -> Parsed:
        while self._at < len(self._html):
            char = self._html[self._at]
            if char == "&":
                self._reference()
            elif char != "<":
                end = _PLAIN.match(self._html, self._at)
                assert end is not None
                self._out.append(end[0])
                self._at = end.end()
            elif self._html.startswith("</", self._at):
                self._end()
            else:
                self._start()
        if self._open:
            raise BadEntities(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        return Parsed("".join(self._out), tuple(self._entities), tuple(self._dropped))

    def _offset(self) -> int:
        return len(self._html[: self._at].encode("utf-8", "surrogatepass"))

    def _place(self) -> int:
        while self._counted < len(self._out):
            self._units += sum(2 if char > "\uffff" else 1 for char in self._out[self._counted])
            self._counted += 1
        return self._units

    def _reference(self) -> None:
        found = _REFERENCE.match(self._html, self._at)
        text = None
        if found is not None:
            name = found[1]
            if name.startswith("#"):
                text = chr(int(f"0{name[1:]}", 0) if name[1] in "xX" else int(name[1:]))
            else:
                text = _NAMED.get(name)
        self._out.append(text if text is not None else "&")
        self._at = found.end() if found is not None and text is not None else self._at + 1

    def _start(self) -> None:
        found = _START.match(self._html, self._at)
        if found is None:
            raise BadEntities(f"Unclosed start tag at byte offset {self._offset()}")
        name = found[1].lower()
        if _ALIASES.get(name, name) not in _KINDS:
            raise BadEntities(f'Unsupported start tag "{name}" at byte offset {self._offset()}')
        attributes = {key.lower(): value.strip("\"'") for key, value in _ATTRIBUTE.findall(found[2])}
        self._open.append((name, _unescape(attributes.get("href", "")), self._place()))
        self._at = found.end()

    def _end(self) -> None:
        close = self._html.find(">", self._at)
        if close < 0:
            raise BadEntities(f"Unclosed end tag at byte offset {self._offset()}")
        name = self._html[self._at + 2 : close].strip().lower()
        if not self._open:
            raise BadEntities(f"Unexpected end tag at byte offset {self._offset()}")
        started, url, offset = self._open.pop()
        if name and name != started:
            raise BadEntities(
                f'Unmatched end tag at byte offset {self._offset()}, expected "</{started}>", found "</{name}>"'
            )
        self._at = close + 1
        self._close(_KINDS[_ALIASES.get(started, started)], url, offset)

    def _close(self, kind: str, url: str, offset: int) -> None:
        length = self._place() - offset
        if kind == "text_link" and not usable(url):
            self._dropped.append(url)
        elif length:
            self._entities.append(Entity(kind, offset, length, url))


def usable(url: str) -> bool:
    """Whether Telegram would keep a link to this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https", "tg") and ("." in host.strip(".") or parts.scheme == "tg")


def _unescape(value: str) -> str:
    parser = _Parser(value.replace("<", "&lt;"))
    return parser.parse().text
