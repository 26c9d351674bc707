"""A condition on one line, `(@hdh OR SNDS) AND title:migr* NOT webinaire`, read into the tree that YAML gives."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Path, Some, label_of
from matchers.watchlists.terms import REACHES, TermKind, parse

_MOST_LEVELS = 40
_MOST_WORDS = 100  # the widest NEAR

# Quotes of every style hold a phrase; a mark may stand before them (title:"…") or after ("…"!).
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<open>\()|(?P<close>\))
    |(?P<near>(?P<kind>O?NEAR)(?:/(?P<width>\w*))?(?![^\s()]))
    |(?P<word>(?:AND|OR|NOT)(?![^\s()]))
    |(?P<term>(?:[^\s()"“”«»]*(?:"[^"]*"|“[^”]*”|«[^»]*»)|[^\s()"“”«»]+)[!*]?)
    |(?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)
_FRENCH = {"ET": "AND", "OU": "OR", "SAUF": "NOT", "NON": "NOT", "PAS": "NOT", "SANS": "NOT", "PROCHE": "NEAR/12"}
_QUOTES = str.maketrans("", "", '"“”«»')


class BadQuery(ValueError):
    """A query that cannot be read: why, in French, and the character where reading stopped, counted from 0."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def read_query(text: str, path: Path) -> Node[str]:
    """The tree of a query that stands at `path`; each node's path is that and the character where it begins."""
    reader = _Reader(_tokens(text), path)
    node = reader.either()
    token = reader.next
    if token.kind == "close":
        raise BadQuery("cette parenthèse n'a pas été ouverte", token.at)
    if token.kind != "end":
        reader.refuse_neighbour(token)
    return node


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "stray":
            raise BadQuery("ce guillemet n'est pas fermé", match.start())
        if kind != "blank":
            found.append(_Token(_kind(match), match[0], match.start()))
    found.append(_Token("end", "", len(text)))
    return found


def _kind(match: re.Match[str]) -> str:
    for kind in ("open", "close", "near", "term"):
        if match[kind] is not None:
            return kind
    return match[0]


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right: OR binds less than AND and NOT, which bind less than NEAR."""

    tokens: list[_Token]
    path: Path
    index: int = 0
    depth: int = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.index]

    def take(self) -> _Token:
        token = self.next
        self.index += 1
        return token

    def here(self, at: int) -> Path:
        return (*self.path, at)

    def refuse_neighbour(self, token: _Token) -> NoReturn:
        before = self.tokens[max(self.index - 1, 0)]
        for word in (token, before):
            if meant := _FRENCH.get(word.text.upper()):
                raise BadQuery(f"«\u00a0{word.text}\u00a0» s'écrit {meant} dans une requête", word.at)
        raise BadQuery(
            "il manque AND, OR ou NOT ici\u00a0; une expression de plusieurs mots va entre guillemets", token.at
        )

    def either(self) -> Node[str]:
        at = self.next.at
        parts = [self.both()]
        while self.next.kind == "OR":
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Some(1, tuple(parts), self.here(at))

    def both(self) -> Node[str]:
        at = self.next.at
        parts = [self.one()]
        while self.next.kind in ("AND", "NOT"):
            if self.next.kind == "AND":
                self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts), self.here(at))

    def one(self) -> Node[str]:
        if self.next.kind != "NOT":
            return self.close()
        refused = self.take()
        return No((self.deeper(self.one, refused.at),), self.here(refused.at))

    def close(self) -> Node[str]:
        first = self.next
        parts, operators = [self.primary()], list[_Token]()
        while self.next.kind == "near":
            operators.append(self.take())
            parts.append(self.primary())
        if not operators:
            return parts[0]
        if any(operator.text != operators[0].text for operator in operators):
            raise BadQuery(
                "une suite de NEAR garde le même nombre\u00a0: séparez avec des parenthèses et AND", operators[1].at
            )
        ordered, within, sentence = _width(operators[0])
        sides = [_side(part) for part in parts]
        items = tuple(tuple(leaf.term for leaf in side) for side in sides)
        places = tuple(tuple(leaf.path for leaf in side) for side in sides)
        return Close(items, within, ordered, sentence, label_of(items), self.here(first.at), places)

    def primary(self) -> Node[str]:
        token = self.take()
        match token.kind:
            case "open":
                node = self.deeper(self.either, token.at)
                if self.next.kind == "close":
                    self.take()
                    return node
                if self.next.kind != "end":
                    self.refuse_neighbour(self.next)
                raise BadQuery("cette parenthèse n'est pas fermée", token.at)
            case "term":
                return self.term(token)
            case "end":
                raise BadQuery("il manque un terme à la fin" if token.at else "cette requête est vide", token.at)
            case _:
                raise BadQuery(f"un terme est attendu avant «\u00a0{token.text}\u00a0»", token.at)

    def term(self, token: _Token) -> Node[str]:
        written = token.text.translate(_QUOTES).strip()
        if written in (*REACHES, "source:") and self.next.kind == "open":
            raise BadQuery(f"«\u00a0{written}\u00a0» se met devant chaque terme, pas devant une parenthèse", token.at)
        parsed = parse(written)
        if parsed.kind is TermKind.REGEX:
            raise BadQuery("une expression régulière s'écrit en YAML, hors d'une requête", token.at)
        return (
            From(written, self.here(token.at)) if parsed.kind is TermKind.SOURCE else Leaf(written, self.here(token.at))
        )

    def deeper(self, read: Callable[[], Node[str]], at: int) -> Node[str]:
        self.depth += 1
        if self.depth > _MOST_LEVELS:
            raise BadQuery(f"trop de niveaux imbriqués (plus de {_MOST_LEVELS})", at)
        node = read()
        self.depth -= 1
        return node


def _width(operator: _Token) -> tuple[bool, int, bool]:
    """Ordered, within, same sentence: of NEAR/12, ONEAR/12, NEAR/s."""
    kind, _, width = operator.text.partition("/")
    if width.lower() == "s":
        return kind == "ONEAR", _MOST_WORDS, True
    if not width.isdecimal() or not 1 <= int(width) <= _MOST_WORDS:
        message = (
            f"écrivez {kind}/12\u00a0: de 1 à {_MOST_WORDS} mots entre les termes, ou {kind}/s pour la même phrase"
        )
        raise BadQuery(message, operator.at)
    return kind == "ONEAR", int(width), False


def _side(node: Node[str]) -> tuple[Leaf[str], ...]:
    """The alternatives of one side of a NEAR."""
    match node:
        case Leaf():
            return (node,)
        case Some(least=1, children=children) if all(isinstance(child, Leaf) for child in children):
            return tuple(child for child in children if isinstance(child, Leaf))
        case _:
            at = node.path[-1]
            assert isinstance(at, int)
            raise BadQuery("NEAR relie des termes, ou des termes entre parenthèses séparés par OR", at)
