"""Who wrote an article, as its page says: in its data, in its metas, in the line under its title."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.reading import structured, tree
from bot.reading.published import Around
from bot.reading.structured import Node
from bot.reading.text import one_line

_METAS = (
    "author", "og:article:author", "citation_author", "dc.creator",
    "dcterms.creator", "dc.contributor", "parsely-author", "sailthru.author", "byl",
    "article:author_name", "rnews:author", "vr:author", "authors", "cxenseparse:author",
)  # fmt: skip
_CALLED = re.compile(
    r"(?:^|[\s_-])(?:author|auteur|autor|byline|by-line|signature|redacteur|writer"
    r"|journalist)",
    re.IGNORECASE,
)
_BY = (
    r"(?:écrit par|rédigé par|publié par|posté par|proposé par|propos recueillis par|written by|posted by|par"
    r"|by|von|por|di)"
)
_LEAD = re.compile(
    rf"^(?:(?:auteure?s?|author|texte|article|un article)\s*(?:de\s*)?:?\s*|{_BY}\s*:?\s+)+", re.IGNORECASE
)
_BYLINE = re.compile(rf"(?:^|[|·•–—,]\s*){_BY}\s*:?\s+(?=[A-ZÀ-Þ])", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[;|/•·]|,|\bet\b|\band\b|\bund\b|&)\s*")
_END = re.compile(
    r"\s*(?:[|·•–—(\[]|\s-\s|,?\s(?:le|on|à|avec|pour|journaliste|rédact|publié|mis en ligne|posté|updated"
    r"|published)\b|\d).*",
    re.IGNORECASE | re.DOTALL,
)
_PART = re.compile(r"(?:[dl][’'])?[A-ZÀ-ÞŒŠŽ]")  # of a name: « Lysandre », « d’Hauterive »
_NO_NAME = re.compile(r"://|www\.|@|[{}<>]|\d{3}|\.(?:fr|com|org|net)\b", re.IGNORECASE)
_NOBODY = frozenset(
    ("admin", "administrateur", "administrator", "webmaster", "editor", "user", "anonymous", "anonyme", "null", "none",
     "undefined", "auteur", "author", "root", "voir le profil", "la suite", "partager")
)  # fmt: skip
_BESIDE = frozenset({"comment", "aside", "footer", "related", "sidebar", "widget"})
_LONGEST, _MOST = 80, 10  # characters of a name, names
_WORDS = 5  # of a name that only its place vouches for


def found(node: Node, nodes: Sequence[Node], named: dict[str, str], lines: Around, page: Any) -> str | None:
    """The names joined by "; ", None without one. The first source that gives a name gives all of them."""
    for written in _sources(node, nodes, named, lines, page):
        names = list(dict.fromkeys(name for one in written for name in _names(one)))
        if names:
            return "; ".join(names[:_MOST])
    return None


def _sources(
    node: Node, nodes: Sequence[Node], named: dict[str, str], lines: Around, page: Any
) -> Iterator[Iterable[str]]:
    yield structured.names(node, "author", nodes) or structured.names(node, "creator", nodes)
    yield [named[name] for name in _METAS if named.get(name)][:1]
    yield _marked(page)
    yield _signed(lines)


def _names(written: str) -> Iterator[str]:
    line = one_line(written[:500])
    if "://" in line:
        return
    for piece in _BETWEEN.split(_LEAD.sub("", line)):
        name = _LEAD.sub("", piece).strip(" ,.:;-–—|")
        if 1 < len(name) <= _LONGEST and not _NO_NAME.search(name) and name.casefold() not in _NOBODY:
            yield name


def _marked(page: Any) -> Iterator[str]:
    """Elements that say they are the author, the first of their kind, outside cards and remarks."""
    for path in (".//*[@rel='author']", ".//*[@itemprop='author']"):
        places = {
            words: None
            for _, one in zip(range(20), page.iterfind(path), strict=False)
            if (words := tree.words_of(one)) and _is_name(words) and not _is_beside(one)
        }
        if places:
            yield from list(places)[:3]
            return


def _signed(lines: Around) -> Iterator[str]:
    """The line under the title: « Par Anne Lys », or what its class calls an author."""
    for block in lines.near():
        if len(block.words) > 200:
            continue
        by = _BYLINE.search(block.words)
        if by:
            name = _END.sub("", block.words[by.end() :])
            if _is_name(name):
                yield name
                return
        if _is_called(block.element):
            name = _END.sub("", _LEAD.sub("", block.words))
            if _is_name(name):
                yield name
                return


def _is_called(element: Any) -> bool:
    around = (element, *(one for one, _ in zip(element.iterancestors(), range(2), strict=False)))
    inside = (one for _, one in zip(range(5), element.iterdescendants(), strict=False))
    return any(_CALLED.search(one.get("class") or "") for one in (*around, *inside))


def _is_name(words: str) -> bool:
    """Whether this looks like names: few words, each with a capital or short."""
    name = _LEAD.sub("", words)
    parts = name.split()
    people = max(1, len(_BETWEEN.findall(name)) + 1)
    return (
        0 < len(parts) <= _WORDS * people
        and len(name) <= _LONGEST * people
        and not _NO_NAME.search(name)
        and all(_PART.match(part) or len(part) <= 3 for part in parts)
        and parts[0][:1].isupper()
    )


def _is_beside(element: Any) -> bool:
    return any(tree.margin(one) in _BESIDE for one in (element, *element.iterancestors()))
