"""`vigie register` and `vigie verify`: what was kept, what was decided of it, and the proof that nobody touched it."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Literal, TextIO
from zoneinfo import ZoneInfo

from bot import given
from bot.cells import harmless, unharmed
from bot.ending import FAILED, FINE, WRONG, CannotRun, Stop
from bot.french import counted
from bot.messages import markup
from bot.opening import opened
from storage import Store
from storage.articles import triage
from storage.articles.model import WITNESSED, Flaw, Kept, RegisterHead, Sorted
from storage.articles.register import DIGITS, START, flaws, number_of, written
from storage.files import write
from storage.place import Place, from_home
from storage.system import said

RegisterFormat = Literal["csv", "markdown", "json"]

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Form:
    """What the sheets of one chain have in common. `keys` and `heads` name their columns, the digest last."""

    name: Literal["register", "triage"]
    title: str
    start: str
    keys: tuple[str, ...]
    heads: tuple[str, ...]


KEPT = Form(
    "register", "Registre de veille", START,
    (
        "number", "detected", "watchlist", "version", "level", "score", "threshold", "title", "url", "source", "feed",
        "published", "read", "announced", "digest",
    ),
    (
        "numéro", "détecté", "veille", "version", "niveau", "score", "seuil", "titre", "adresse", "source", "flux",
        "publié", "lu", "annoncé", "empreinte",
    ),
)  # fmt: skip
SORTED = Form(
    "triage", "Registre du tri", triage.START,
    ("number", "at", "article", "title", "url", "state", "owner", "note", "by", "digest"),
    ("numéro", "quand", "article", "titre", "adresse", "état", "responsable", "note", "par", "empreinte"),
)  # fmt: skip
FORMS = (KEPT, SORTED)
SEAL = "sceau"
FLAWS = {
    "altered": "a été modifiée",
    "missing": "manque",
    "moved": "n’est pas à sa place",
    "cut": "et les suivantes manquent : la fin a été coupée",
    "foreign": "n’est pas celle de la base",
    "unwitnessed": "n’est pas celle que le témoin a reçue",
    "beyond": "n’y est pas : ce registre s’arrête avant le témoin, coupé ou plus ancien que lui",
}


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A register on its way out, or read back. `lines` are the words of each line and its digest.

    `form` is which register it is of. `before` is the digest that the first line follows; `last` that of the last line,
    i.e. of the whole.
    """

    before: str
    lines: tuple[tuple[tuple[str, ...], str], ...]
    last: str
    form: Form = KEPT


class NotARegister(ValueError):
    """The text is no register that we wrote; the message says why, in French."""


# --- commands ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RegisterAsked:
    """What the call says. `since` None: from its beginning; `file` None: on the output."""

    database: Place
    style: RegisterFormat
    form: Form = KEPT
    since: date | None = None
    file: str | None = None


def export(asked: RegisterAsked, out: TextIO) -> int:
    """Write a register to its file, or to `out`. Raises StoreError, CannotRun."""
    start = datetime.combine(asked.since, time(), PARIS) if asked.since else None
    sheet = _opened(asked.database, lambda store: _sheet(store, asked.form, start))
    text = WRITERS[asked.style](sheet)
    if asked.file is None:
        out.write(text)
        return FINE
    target = from_home(asked.file)
    try:
        write(target, text)
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire {target} ({said(problem)})") from problem
    print(f"{target} : {counted(len(sheet.lines), 'ligne', 'lignes')}, empreinte {sheet.last}", file=out)
    return FINE


def verify(database: Place, file: str | None, witnesses: Sequence[RegisterHead], out: TextIO) -> int:
    """Check the registers of the database, or a file that was made from one, also by what readers were given of it.
    Exit code 1 if anything was touched."""
    if file is None:
        owned = [_opened(database, partial(_own, form, witnesses)) for form in FORMS]
        return max(_verified(own, touched, out) for own, touched in owned)
    sheet = read_sheet(from_home(file))
    found = (*flaws_of(sheet), *unwitnessed(sheet, witnesses))
    if not found and database.exists():
        found = _opened(database, lambda store: tuple(foreign(sheet, store)))
    return _verified(sheet, found, out)


def witness_of(text: str) -> RegisterHead:
    """What a reader was given, « 1204:9f3ac2b1d0e4 ». Raises Stop for what was never given to anybody."""
    found = re.fullmatch(rf"\s*(\d{{1,{DIGITS}}})\s*:\s*([0-9a-f]{{{WITNESSED},64}})\s*", text.lower(), re.ASCII)
    if found is None:
        shown = markup.bounded(text, 60)
        raise Stop(WRONG, f"--witness : « {shown} » n’est pas un témoin de la forme 1204:9f3ac2b1d0e4")
    return RegisterHead(int(found[1]), found[2])


def unwitnessed(sheet: RegisterSheet, witnesses: Iterable[RegisterHead], after: int = 0) -> Iterator[Flaw]:
    """The witnesses that this register is not the one of; of the triage nobody is. `after` is the line that one without
    lines follows. Raises CannotRun for one older than what the sheet holds: of that it can say nothing."""
    digests = {number_of(words): digest for words, digest in sheet.lines}
    start = min(digests) - 1 if digests else after
    digests[start] = sheet.before
    for witness in witnesses if sheet.form is KEPT else ():
        if witness.number < start and sheet.before != START:
            raise CannotRun(f"le témoin {witness.number} est d’avant ce fichier, qui suit la ligne {start}")
        if not digests.get(witness.number, "").startswith(witness.digest):
            yield Flaw(witness.number, "beyond" if witness.number > max(digests) else "unwitnessed")


def _own(form: Form, witnesses: Sequence[RegisterHead], store: Store) -> tuple[RegisterSheet, tuple[Flaw, ...]]:
    sheet, flaws = _sheet(store, form, None), (store.register if form is KEPT else store.triage).flaws()
    return sheet, (*flaws, *unwitnessed(sheet, witnesses))


def _verified(sheet: RegisterSheet, found: Sequence[Flaw], out: TextIO) -> int:
    where = "" if sheet.form is KEPT else "tri, "
    for flaw in found:
        print(f"{where}ligne {flaw.number} : {FLAWS[flaw.kind]}", file=out)
    verdict = f"{counted(len(found), 'anomalie', 'anomalies')}" if found else "rien n’a été touché"
    print(f"{where}{counted(len(sheet.lines), 'ligne', 'lignes')} : {verdict}", file=out)
    return FAILED if found else FINE


def _opened(database: Place, use: Callable[[Store], Any]) -> Any:
    with closing(opened(database)) as store:
        return use(store)


def _sheet(store: Store, form: Form, since: datetime | None) -> RegisterSheet:
    return sheet_of(*store.register.lines(since)) if form is KEPT else triage_sheet(*store.triage.lines(since))


def _lines_of(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_sheet(path: Path) -> RegisterSheet:
    try:
        return parse(_lines_of(given.whole(path, 1 << 30).decode("utf-8-sig")))
    except ValueError as problem:  # of NotARegister, of JSON or of UTF-8
        why = problem if isinstance(problem, NotARegister) else "son contenu est abîmé"
        raise CannotRun(f"{path} n’est pas un registre de Vigie : {why}") from problem


# --- a sheet, pure -------------------------------------------------------------------------------------------------
def sheet_of(before: str, lines: Sequence[Kept]) -> RegisterSheet:
    held = tuple((written(line), line.digest) for line in lines)
    return RegisterSheet(before, held, held[-1][1] if held else before)


def triage_sheet(before: str, entries: Sequence[Sorted]) -> RegisterSheet:
    held = tuple((triage.written(entry), entry.digest) for entry in entries)
    return RegisterSheet(before, held, held[-1][1] if held else before, SORTED)


def flaws_of(sheet: RegisterSheet) -> tuple[Flaw, ...]:
    """What was altered, removed or moved in a sheet, its end included."""
    numbers = [number for words, _ in sheet.lines if (number := number_of(words))]
    first = 1 if sheet.before == sheet.form.start else min(numbers, default=1)
    found = tuple(flaws(sheet.lines, sheet.before, first))
    if (sheet.lines[-1][1] if sheet.lines else sheet.before) != sheet.last:
        return (*found, Flaw(max(numbers, default=0) + 1, "cut"))
    return found


def foreign(sheet: RegisterSheet, store: Store) -> Iterator[Flaw]:
    """The last line of a sheet must be the same in the database: then all the others are."""
    if sheet.lines:
        words, digest = sheet.lines[-1]
        register = store.register if sheet.form is KEPT else store.triage
        if register.digest(number_of(words)) != digest:
            yield Flaw(number_of(words), "foreign")


# --- forms, pure ---------------------------------------------------------------------------------------------------
def to_csv(sheet: RegisterSheet) -> str:
    """For spreadsheets: a byte order mark, so that accents show; no cell that would run as a formula."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(sheet.form.heads)
    for words, digest in sheet.lines:
        rows.writerow([*map(harmless, words), digest])
    rows.writerow([SEAL, sheet.before, *[""] * (len(sheet.form.heads) - 3), sheet.last])
    return "\ufeff" + out.getvalue()


def to_markdown(sheet: RegisterSheet) -> str:
    """A table that people read, and that can be checked as well."""
    heads = sheet.form.heads
    rows = [heads, ("---",) * len(heads), *((*map(_cell, words), digest) for words, digest in sheet.lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    count = counted(len(sheet.lines), "ligne", "lignes")
    return f"# {sheet.form.title}\n\n{count}. Suite de `{sheet.before}`, empreinte `{sheet.last}`.\n\n{table}\n"


def to_json(sheet: RegisterSheet) -> str:
    """For programs: every value as the text that is sealed."""
    lines = [dict(zip(sheet.form.keys, (*words, digest), strict=True)) for words, digest in sheet.lines]
    value = {sheet.form.name: 1, "before": sheet.before, "last": sheet.last, "lines": lines}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


WRITERS: Mapping[RegisterFormat, Callable[[RegisterSheet], str]] = {
    "csv": to_csv,
    "markdown": to_markdown,
    "json": to_json,
}


def parse(text: str) -> RegisterSheet:
    """A sheet from any of its forms. ValueError where it is none."""
    start = text.lstrip("\ufeff \r\n")
    if start.startswith("{"):
        return _from_json(start)
    return _from_markdown(start) if start.startswith("#") else _from_csv(start)


def _from_json(text: str) -> RegisterSheet:
    try:
        value = json.loads(text)
        form = next((each for each in FORMS if each.name in value), KEPT)
        lines = tuple(_line([str(line[key]) for key in form.keys], form) for line in value["lines"])
        return RegisterSheet(str(value["before"]), lines, str(value["last"]), form)
    except (KeyError, TypeError) as problem:
        raise NotARegister("une valeur manque") from problem


def _from_markdown(text: str) -> RegisterSheet:
    ends = re.search(r"Suite de `(\w+)`, empreinte `(\w+)`", text)
    if ends is None:
        raise NotARegister("la ligne des empreintes manque")
    rows = [row for row in text.splitlines() if row.startswith("|")][2:]
    form = next((each for each in FORMS if text.startswith(f"# {each.title}\n")), KEPT)
    cells = ([_uncell(cell[1:-1]) for cell in re.findall(r"(?:[^|\\]|\\.)+", row)] for row in rows)
    return RegisterSheet(ends[1], tuple(_line(row, form) for row in cells), ends[2], form)


def _from_csv(text: str) -> RegisterSheet:
    delimiter = ";" if ";" in text.partition("\n")[0] else ","  # a spreadsheet may have saved it its own way
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error as problem:
        raise NotARegister("une ligne ne se lit pas") from problem
    form = next((each for each in FORMS if rows and tuple(rows[0]) == each.heads), None)
    if form is None:
        raise NotARegister("la première ligne n’est pas la sienne")
    lines = tuple(_line([*map(unharmed, row[:-1]), row[-1]], form) for row in rows[1:] if row[0] != SEAL)
    ends = next(((row[1], row[-1]) for row in rows if row[0] == SEAL), None)
    if ends is None:
        raise NotARegister("la dernière ligne, le sceau, manque")
    return RegisterSheet(ends[0], lines, ends[1], form)


def _line(cells: Sequence[str], form: Form) -> tuple[tuple[str, ...], str]:
    if len(cells) != len(form.keys):
        raise NotARegister(f"une ligne a {len(cells)} colonnes au lieu de {len(form.keys)}")
    return tuple(cells[:-1]), cells[-1]


def _cell(word: str) -> str:
    return html.escape(word, quote=False).replace("\\", "\\\\").replace("|", "\\|")


def _uncell(cell: str) -> str:
    return html.unescape(re.sub(r"\\([\\|])", r"\1", cell))
