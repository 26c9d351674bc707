"""YAML files as plain values with the place of each, or every reason why not. The only door to yaml."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from storage.system import said

Spot = tuple[str | int, ...]
Position = tuple[int, int]

MAX_BYTES = 16 << 20  # 200,000 sources; a file that is read by mistake is seldom smaller
MAX_DEPTH = 40
GLUED_DASH = "il manque une espace après « - » : écrivez « - {}… »"
OTHER_DASH = "« {} » n’est pas le tiret de YAML : écrivez « - {}… »"
TOO_DEEP = f"trop de niveaux imbriqués (plus de {MAX_DEPTH})"
MAX_VALUES = 200_000  # aliases count for what they expand to: a bomb of 2 kB would build 10^9 values

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: 8 times faster
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_NOT_YAML = (
    (re.compile(rb"\xff\xfe|\xfe\xff|\0.|.\0"), "fichier en UTF-16 : enregistrez-le en UTF-8"),
    (
        re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"),
        "un document ou une archive, pas du texte : enregistrez-le en texte brut",
    ),
    (re.compile(rb"\s*\{\\rtf"), "un document RTF, pas du texte : enregistrez-le en texte brut"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-zA-Z]"), "une page HTML ou XML : du YAML est attendu"),
)
_RESOLVER: Any = yaml.resolver.Resolver()  # untyped in the stubs
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_STR = "tag:yaml.org,2002:str"
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Something wrong, or doubtful, in the configuration. `line` and `column` count from 1; 0 means the whole file."""

    file: str
    message: str
    line: int = 0
    column: int = 0
    severity: Literal["error", "warning"] = "error"

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place}\u00a0: {self.message}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document: mappings, lists and scalars, keys always as written. Dates are `datetime.date` values.

    `unquoted` keeps what was typed where YAML read something else than text (`no`, `3.2`, `12:30`).
    `extents` tells where each text begins and ends in `source`.
    """

    data: Any
    marks: Mapping[Spot, Position]
    unquoted: Mapping[Spot, str]
    source: str = ""
    extents: Mapping[Spot, tuple[int, int]] = field(default_factory=dict)

    def line_of(self, path: Spot) -> Position:
        """Line and column of a key or item, or of the nearest thing that holds it; both count from 1.

        After a text, a number leads to that character of it: ("query", 12).
        """
        if path and path[:-1] in self.extents and isinstance(path[-1], int):
            return self._within(path[:-1], path[-1])
        for length in range(len(path), 0, -1):
            if path[:length] in self.marks:
                return self.marks[path[:length]]
        return self.marks.get((), (1, 1))

    def _within(self, spot: Spot, count: int) -> Position:
        at, end = self.extents[spot]
        value: Any = self.data
        for part in spot:
            value = value[part]
        value = str(value)
        # The characters are met again one by one in the file, past quotes, escapes and the breaks of a long text
        for char in "".join(value[: count + 1].split()):
            found = self.source.find(char, at, end)
            at = found + 1 if found >= 0 else at
        place = at - 1 if value[count : count + 1].strip() else at
        before = self.source[:place]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


def load(path: Path, name: str | None = None) -> Loaded | tuple[ConfigProblem, ...]:
    """Reads one file; problems call it `name` (by default its path)."""
    called = name or str(path)
    match read(path, called):
        case str(text):
            return parse(text, called)
        case problem:
            return (problem,)


def read(path: Path, name: str) -> str | ConfigProblem:
    """The text of a UTF-8 file of at most 16 MiB."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would be waited for
            return ConfigProblem(name, "ce n’est pas un fichier (tube, périphérique) : mettez-y un fichier")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return ConfigProblem(name, _unreadable(error))
    if len(content) > MAX_BYTES:
        return ConfigProblem(name, "fichier trop gros (plus de 16 Mio) : découpez-le, ou vérifiez que c’est le bon")
    for starts, message in _NOT_YAML:
        if starts.match(content):
            return ConfigProblem(name, message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = "caractère illisible en UTF-8 : enregistrez le fichier en UTF-8"
        return ConfigProblem(name, message, before.count(b"\n") + 1, column)


def parse(text: str, name: str) -> Loaded | tuple[ConfigProblem, ...]:
    """One document from its text."""
    if strange := _UNPRINTABLE.search(text):
        before = text[: strange.start()]
        message = f"caractère de contrôle U+{ord(strange[0]):04X} : supprimez-le"
        return (ConfigProblem(name, message, before.count("\n") + 1, len(before) - before.rfind("\n")),)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.refuse(*_broken(error, text))
    except _StopError:
        pass
    if builder.problems:
        return tuple(ConfigProblem(name, message, *mark) for message, mark in builder.problems)
    if not builder.documents:
        return (ConfigProblem(name, "fichier vide : remplissez-le, ou partez de celui de « vigie init »", 1, 1),)
    return Loaded(builder.root, builder.marks, builder.unquoted, text, builder.extents)


class _StopError(Exception):
    """Going on would cost too much or say nothing more."""


@dataclass(slots=True)
class _Open:
    """A mapping or list being filled. `key` is the key that waits for its value; `firsts` the place of each key."""

    value: dict[str, Any] | list[Any]
    spot: Spot
    anchor: str | None
    key: str | None = None
    firsts: dict[str, Position] = field(default_factory=dict)


@dataclass(slots=True)
class _Builder:
    """Values from YAML events, without recursion: neither depth nor aliases can exhaust anything."""

    root: Any = None
    documents: int = 0
    values: int = 0
    marks: dict[Spot, Position] = field(default_factory=dict)
    unquoted: dict[Spot, str] = field(default_factory=dict)
    extents: dict[Spot, tuple[int, int]] = field(default_factory=dict)
    problems: list[tuple[str, Position]] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)

    def refuse(self, message: str, mark: Position) -> None:
        self.problems.append((message, mark))

    def stop(self, message: str, mark: Position) -> None:
        self.refuse(message, mark)
        raise _StopError

    def take(self, event: Any) -> None:
        if handle := _HANDLERS.get(type(event)):
            handle(self, event, _mark(event.start_mark))

    def document(self, _event: Any, mark: Position) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop("un second document commence ici : retirez la ligne « --- »", mark)

    def scalar(self, event: Any, mark: Position) -> None:
        if self._wants_key():
            self._key(event.value, mark)
            return
        if event.anchor and not event.value:
            self.refuse(_ANCHOR.format(event.anchor), mark)
        spot = self._put(self._value(event, mark), mark, event.anchor, 1)
        self.extents[spot] = (event.start_mark.index, event.end_mark.index)

    def open(self, event: Any, mark: Position) -> None:
        if self._wants_key():
            self.stop(
                "une clé doit être un mot ou un texte : mettez cette accolade ou ce crochet entre guillemets", mark
            )
        if len(self.stack) >= MAX_DEPTH:
            self.stop(TOO_DEEP, mark)
        if event.tag is not None and event.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self.refuse(_TAG.format(tag=_short(event.tag)), mark)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        spot = self._put(value, mark, None, 1)
        self.stack.append(_Open(value, spot, event.anchor))

    def close(self, _event: Any, _mark: Position) -> None:
        done = self.stack.pop()
        if done.anchor:
            self.anchors[done.anchor] = (done.value, _size(done.value))

    def alias(self, event: Any, mark: Position) -> None:
        if event.anchor not in self.anchors:
            self.stop(f"« *{event.anchor} » est lu comme un renvoi YAML inconnu : écrivez \"*{event.anchor}\" "
                      "entre guillemets", mark)  # fmt: skip
        if self._wants_key():
            self.stop("un renvoi YAML ne peut pas servir de clé : écrivez la clé en toutes lettres", mark)
        value, size = self.anchors[event.anchor]
        self._put(value, mark, None, size)

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _key(self, key: str, mark: Position) -> None:
        top = self.stack[-1]
        if key == "<<":
            self.refuse("« << » n’est pas pris en charge : recopiez les lignes, ou servez-vous de « defaults »", mark)
        if key in top.firsts:
            self.refuse(f"clé « {key} » en double, déjà ligne {top.firsts[key][0]} : gardez-en une seule", mark)
        top.firsts.setdefault(key, mark)
        top.key = key

    def _put(self, value: Any, mark: Position, anchor: str | None, size: int) -> Spot:
        self.values += size
        if self.values > MAX_VALUES:
            self.stop(
                f"plus de {MAX_VALUES} valeurs une fois les renvois (« * ») développés : retirez des renvois", mark
            )
        if anchor:
            self.anchors[anchor] = (value, size)
        if not self.stack:
            self.root = value
            self.marks[()] = mark
            return ()
        return self._attach(self.stack[-1], value, mark)

    def _attach(self, top: _Open, value: Any, mark: Position) -> Spot:
        if isinstance(top.value, list):
            spot = (*top.spot, len(top.value))
            self.marks[spot] = mark
            top.value.append(value)
            return spot
        key = top.key or ""
        spot = (*top.spot, key)
        self.marks[spot] = top.firsts[key]
        top.value[key] = value
        top.key = None
        return spot

    def _value(self, event: Any, mark: Position) -> Any:
        tag = event.tag or (_RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit))
        if event.tag == "!" or tag == _STR:
            return event.value
        if tag not in _PLAIN_TAGS:
            self.refuse(_EQUALS if tag.endswith(":value") else _TAG.format(tag=_short(tag)), mark)
            return event.value
        try:
            value = _CONSTRUCTOR.construct_object(yaml.ScalarNode(tag, event.value))
        except ValueError:  # 2027-02-31
            self.refuse(f"« {event.value} » ressemble à une date ou à un nombre, mais n’existe pas", mark)
            return event.value
        self.unquoted[self._next_spot()] = event.value
        return value

    def _next_spot(self) -> Spot:
        if not self.stack:
            return ()
        top = self.stack[-1]
        return (*top.spot, len(top.value) if isinstance(top.value, list) else top.key or "")


_HANDLERS: dict[type, Callable[[_Builder, Any, Position], None]] = {
    yaml.DocumentStartEvent: _Builder.document,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.MappingStartEvent: _Builder.open,
    yaml.SequenceStartEvent: _Builder.open,
    yaml.MappingEndEvent: _Builder.close,
    yaml.SequenceEndEvent: _Builder.close,
    yaml.AliasEvent: _Builder.alias,
}
_TAG = "« {tag} » est lu comme une étiquette YAML : mettez la valeur entre guillemets"
_ANCHOR = '« &{0} » est lu comme une ancre YAML : mettez des guillemets, "&{0}"'
_EQUALS = '« = » seul n’est pas une valeur : mettez-le entre guillemets, ou écrivez le mot après, comme "=texte"'


def _mark(mark: Any) -> Position:
    return (mark.line + 1, mark.column + 1)


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _size(value: Any) -> int:
    """How many values stand in this one, itself included; shared parts count each time, and counting stops early."""
    count = 0
    for _ in _walk(value):
        count += 1
        if count > MAX_VALUES:
            break
    return count


def _walk(value: Any) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        top = waiting.pop()
        yield top
        if isinstance(top, dict):
            waiting.extend(top.values())
        elif isinstance(top, list):
            waiting.extend(top)


def _unreadable(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "fichier introuvable : vérifiez le chemin, ou lancez « vigie init »"
        case PermissionError():
            return "lecture refusée : donnez à Vigie le droit de lire ce fichier"
        case IsADirectoryError():
            return "c’est un dossier : un fichier est attendu"
        case _:
            return f"lecture impossible ({said(error)})"


def _broken(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Position]:
    """What is wrong, and where to mend it: seldom where reading stopped."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return _BROKEN, (0, 0)
    if "cannot start any token" not in (error.problem or ""):
        lines = text.splitlines()[: mark.line + 1]
        for look in (_unbreakable, _odd_colon, _glued_dash, _open_quote, _apostrophe, _remark, _uneven):
            if (found := look(lines)) is not None:
                return found
    return _syntax(error, text, mark)


def _unbreakable(lines: list[str]) -> tuple[str, Position] | None:
    """A no-break space where YAML wants a plain one."""
    for number, line in enumerate(lines, 1):
        if found := _NO_BREAK.match(line):
            message = "espace insécable ici : YAML veut une espace ordinaire, effacez-la et retapez-la"
            return message, (number, found.end())
    return None


def _odd_colon(lines: list[str]) -> tuple[str, Position] | None:
    """A colon that is none for YAML, by what it is or by what stands before it, where reading stopped or just above."""
    first = max(len(lines) - 2, 0)
    for number, line in enumerate(lines[first:], first + 1):
        if found := _ODD_COLON.match(line):
            message = "« : » n’est pas lu ici : collez-le à sa clé, et retapez-le suivi d’une espace ordinaire"
            return message, (number, found.end())
    return None


def _glued_dash(lines: list[str]) -> tuple[str, Position] | None:
    """A first item whose dash is part of its text."""
    for number, (above, line) in enumerate(itertools.pairwise(lines), 2):
        if above.rstrip().endswith(":") and (found := _GLUED_DASH.match(line)):
            return GLUED_DASH.format(found[1]), (number, found.start(1))
    return None


def _open_quote(lines: list[str]) -> tuple[str, Position] | None:
    """A quote that the next key or item finds still open. One that goes on with a deeper line is a long text."""
    opened: tuple[int, int] | None = None  # its line, and how deep that is
    for number, line in enumerate(lines, 1):
        depth = len(line) - len(line.lstrip())
        if opened is not None and depth <= opened[1] and _BEGINS.match(line):
            break
        if _quotes(line) % 2:
            opened = (number, depth) if opened is None else None
    if opened is None:
        return None
    return "il manque le guillemet qui ferme le texte ouvert ici", (opened[0], lines[opened[0] - 1].rfind('"') + 1)


def _apostrophe(lines: list[str]) -> tuple[str, Position] | None:
    """An apostrophe of French that ends a text between apostrophes."""
    for number, line in enumerate(lines, 1):
        if found := _APOSTROPHE.match(line):
            message = f"l’apostrophe de « {found[2]} » ferme le texte : mettez-le entre guillemets doubles"
            return message, (number, found.start(1) + 1)
    return None


def _uneven(lines: list[str]) -> tuple[str, Position] | None:
    """The item on which reading stopped, where it stands on no column of an item above it."""
    stopped = _ITEM.match(lines[-1]) if lines else None
    above = next((found for line in reversed(lines[:-1]) if (found := _ITEM.match(line))), None)
    if stopped is None or above is None or stopped.end() == above.end():
        return None
    return "ce « - » n’est pas aligné sur celui de l’élément qui le précède : même retrait", (len(lines), stopped.end())


def _quotes(line: str) -> int:
    """How many double quotes open or close a text: no escaped one, nor those of a remark."""
    count = 0
    for found in _QUOTE_OR_REMARK.finditer(line):
        if found[0].startswith("\\"):
            continue
        if found[0] != '"' and count % 2 == 0:
            break
        count += found[0] == '"'
    return count


def _remark(lines: list[str]) -> tuple[str, Position] | None:
    """A word behind « # » in a list: a remark to YAML, which then misses the end of the list."""
    for number, line in enumerate(lines, 1):
        if found := _HASHTAG.match(line):
            message = f'« # » commence une remarque : mettez des guillemets, "{found[1]}"'
            return message, (number, found.start(1) + 1)
    return None


def hashtags(loaded: Loaded) -> Iterator[tuple[str, Position]]:
    """Words that « # » makes a remark of, at the end of a line that says something: whoever remarks leaves a blank."""
    if _MAY_TAG.search(loaded.source) is None:
        return
    texts = sorted(loaded.extents.values())
    line, counted = 1, 0
    for found in _TAGGED.finditer(loaded.source):
        at = found.start(1)
        line, counted = line + loaded.source.count("\n", counted, at), at
        before = bisect_right(texts, at, key=lambda text: text[0])  # no text stands within another
        if not before or at >= texts[before - 1][1]:
            yield found[1], (line, at - loaded.source.rfind("\n", 0, at))


_NO_BREAK = re.compile(
    r"\s*(?:- )?[\w-]+:[\u00a0\u202f]|[ ]*-[\u00a0\u202f]|[ ]*[\u00a0\u202f]++(?=\s*+(?:[\w-]+:|- ))"
)
_ODD_COLON = re.compile(r"\s*+(?:- )?[a-z_]+(?: ?[\uff1a\ufe55]|[\u00a0\u202f]:)")
_APOSTROPHE = re.compile(r"\s*(?:- |[\w-]+:\s+|- [\w-]+:\s+|[\w-]+:\s+\[)'((?:[^']|'')*?((?<!\w)\w++'\w[^\s',\]]*))")
_ITEM = re.compile(r"\s*-(?=\s)")
_BEGINS = re.compile(r"\s*(?:- |[\w-]+:(?:\s|\Z))")
_QUOTE_OR_REMARK = re.compile(r"\\.|\"|(?:(?<=\s)|\A)#")
_MAY_TAG = re.compile(r"[ \t]#\w")
_TAGGED = re.compile(r"^[ \t]*(?:- +)?[^\s#-].*?[ \t](#\w+)", re.MULTILINE)
_HASHTAG = re.compile(r"[^\"'#\[]*\[(?:[^\"'#]|\"[^\"]*\"|'[^']*')*(?<=[\s\[,])(#[^\s\],}#]+)")
_GLUED_DASH = re.compile(r"\s*-(\w{1,20})")


def _syntax(error: yaml.MarkedYAMLError, text: str, mark: Any) -> tuple[str, Position]:
    """A French line for a syntax error, and its place. Both libyaml's words and PyYAML's are known."""
    problem, opened, place = error.problem or "", error.context_mark, _mark(mark)
    if "cannot start any token" in problem:
        return _bad_start(text, mark.line, mark.column), place
    lines = text.splitlines()[: mark.line + 1]
    likely = _likely(lines, place)
    if likely and any(fragment in problem for fragment in ("mapping values", "expected ':'")):
        return likely
    for fragment, message in _SYNTAX:
        if fragment in problem:
            begun = opened and ("la clé" in message or ("fermer" in message and _goes_on(lines, opened, mark)))
            return message, _mark(opened) if begun else place
    return likely or (_BROKEN, place)


def _goes_on(lines: list[str], opened: Any, mark: Any) -> bool:
    """Whether what was not closed was found open at the end, or at a later key or item."""
    return mark.line >= len(lines) or (mark.line > opened.line and bool(_BEGINS.match(lines[mark.line])))


def _likely(lines: list[str], place: Position) -> tuple[str, Position] | None:
    """What a structure that does not hold at this place most often comes from; None where it is none of that."""
    if lines and lines[-1].lstrip(" ").startswith("\t"):
        return _TAB, place
    for number in (place[0], place[0] - 1):
        if 0 < number <= len(lines) and (found := _GLUED.match(lines[number - 1])):
            return "il manque une espace après « : »", (number, found.end() - 1)
    return None


_BROKEN = "la structure YAML ne tient pas ici : vérifiez alignement et guillemets, ici et à la ligne précédente"
_TAB = "tabulation : en YAML, décalez avec des espaces"
_GLUED = re.compile(r"\s*(?:- )?[a-z_]+:[^\s/:]")  # name:Essai, and no address


_SYNTAX = (
    (
        "mapping values are not allowed",
        "« : » inattendu : mettez le texte entre guillemets, ou alignez la clé sur ses voisines",
    ),
    ("entries are not allowed", "« - » inattendu : commencez la liste à la ligne suivante"),
    ("',' or ']'", "il manque « , » ou « ] » pour fermer cette liste"),
    ("',' or '}'", "il manque « , » ou « } » pour fermer cette accolade"),
    ("unexpected end of stream", "il manque le guillemet pour fermer le texte"),
    ("unknown escape", "« \\ » inconnu entre guillemets doubles : doublez-le, ou prenez des guillemets simples"),
    ("comment or line break", "« > » ou « | » ouvre un bloc de texte : mettez la valeur entre guillemets"),
    ("chomping or indentation", "« > » ou « | » ouvre un bloc de texte : mettez la valeur entre guillemets"),
    ("could not find expected ':'", "il manque « : » après la clé"),
    ("maximum nesting depth", TOO_DEEP),  # libyaml looks a thousand levels ahead
    ("duplicate anchor", "renvoi « & » en double : changez l’un des noms"),
)


def _bad_start(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    rest = lines[line][column:] if line < len(lines) else ""
    if rest.startswith("\t"):
        return _TAB
    word = (rest.split() or [""])[0].rstrip(",]}")
    return f'« {rest[:1]} » ne peut pas commencer une valeur : mettez des guillemets, "{word}"'
