"""OPML, the format in which feed readers exchange their lists. Read with suspicion: such a file comes from anywhere."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from bot.config.http_address import bad_url
from bot.feeds.charset import decoded
from bot.feeds.source import repaired
from bot.web import urls
from matchers import sites
from storage.feeds.model import Feed

LIMIT = 1 << 20  # bytes
LONGEST_NAME = 200
LONGEST_URL = 2000
DEEPEST = 8  # levels whose names make a category

_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


class NotOpml(Exception):
    """The file can't be read; the text says why, in French."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of the list. `category` is where it stood, outermost first: « Presse / Cloud ». `refused`: why it can't be
    followed, "" if it can."""

    url: str
    name: str
    category: str
    refused: str = ""


def read(body: bytes, *, allow_private: bool = False) -> tuple[Outline, ...]:
    """Its feeds, in its order; an address that comes twice counts once. Raises NotOpml."""
    if len(body) > LIMIT:
        raise NotOpml("plus de 1 Mio : ce n’est pas une liste de flux")
    text = decoded(body, "").lstrip("\ufeff \t\r\n")
    if _FORBIDDEN.search(text):
        raise NotOpml("le fichier déclare un DOCTYPE ou des entités : retirez cette déclaration")
    found: dict[str, Outline] = {}
    for outline in _outlines(_tree(_DECLARATION.sub("", text)), allow_private):
        found.setdefault(next(iter(urls.url_keys(outline.url)), outline.url), outline)
    return tuple(found.values())


def write(feeds: Iterable[Feed], title: str = "Vigie") -> str:
    """The feeds as OPML 2.0, by category; sources of other kinds mean nothing to other readers."""
    groups: dict[str, list[Feed]] = {}
    for feed in feeds:
        if feed.kind == "feed":
            groups.setdefault(feed.category, []).append(feed)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', f"  <head><title>{title}</title></head>"]
    lines += [
        "  <body>",
        *(line for category, group in groups.items() for line in _group(category, group)),
        "  </body>",
    ]
    return "\n".join((*lines, "</opml>", ""))


def _tree(text: str) -> ET.Element:
    try:
        tree = ET.fromstring(repaired(text))  # noqa: S314 - no doctype, no entity: see read
    except ET.ParseError as broken:
        line, column = broken.position
        raise NotOpml(f"XML cassé, ligne {line}, colonne {column + 1}") from broken
    except RecursionError as deep:
        raise NotOpml("trop de niveaux") from deep
    if tree.tag.lower() != "opml":
        raise NotOpml("ce n’est pas de l’OPML")
    return tree


def _outlines(tree: ET.Element, allow_private: bool) -> Iterator[Outline]:
    waiting = [(child, ()) for child in reversed(list(tree))]
    stack: list[tuple[ET.Element, tuple[str, ...]]] = list(waiting)
    while stack:
        element, above = stack.pop()
        values = {name.lower(): " ".join(value.split()) for name, value in element.attrib.items()}
        name = (values.get("text") or values.get("title") or "")[:LONGEST_NAME]
        url = values.get("xmlurl", "")
        if url:
            category = (" / ".join(above) or values.get("category", ""))[:LONGEST_NAME]
            yield Outline(url, name, category, _refusal(url, allow_private))
        named = name and element.tag.lower() == "outline" and not url and len(above) < DEEPEST
        inside = (*above, name) if named else above
        stack.extend((child, inside) for child in reversed(list(element)))


def _refusal(url: str, allow_private: bool) -> str:
    if len(url) > LONGEST_URL:
        return f"adresse de plus de {LONGEST_URL} caractères"
    reason = bad_url(url)
    if reason is None and sites.is_local(sites.host(url)) and not allow_private:
        reason = "adresse de cette machine ou de ce réseau"
    return reason or ""


def _group(category: str, feeds: list[Feed]) -> Iterator[str]:
    indent = "    " if category else ""
    if category:
        yield f"    <outline text={quoteattr(category)}>"
    for feed in feeds:
        name = quoteattr(feed.name)
        yield f'{indent}    <outline type="rss" text={name} title={name} xmlUrl={quoteattr(feed.url)}/>'
    if category:
        yield "    </outline>"
