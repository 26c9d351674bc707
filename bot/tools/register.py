"""`vigie register` and `vigie verify`: what was kept, when, from where, and the proof that nobody touched it since."""

import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal, TextIO
from zoneinfo import ZoneInfo

from bot.ending import FAILED, FINE, CannotRun
from bot.french import counted
from storage import open_store
from storage.articles.model import Flaw, Kept
from storage.articles.register import START, Register, flaws, number_of, written
from storage.files import write
from storage.system import said

RegisterFormat = Literal["csv", "markdown", "json"]

PARIS = ZoneInfo("Europe/Paris")
KEYS = (
    "number", "detected", "watchlist", "version", "level", "score", "threshold", "title", "url", "source", "feed",
    "published", "read", "announced", "digest",
)  # fmt: skip
HEADS = (
    "numéro", "détecté", "veille", "version", "niveau", "score", "seuil", "titre", "adresse", "source", "flux",
    "publié", "lu", "annoncé", "empreinte",
)  # fmt: skip
SEAL = "sceau"
_RUN = frozenset("=+-@")  # a spreadsheet would run a cell that begins so, in full width as well
_BLANK = re.compile("[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\x00-\x20]*")
_FLAWS = {
    "altered": "a été modifiée",
    "missing": "manque",
    "moved": "n’est pas à sa place",
    "cut": "et les suivantes manquent : la fin a été coupée",
    "foreign": "n’est pas celle de la base",
}


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A register on its way out, or read back. `lines` are the words of each line and its digest.

    `before` is the digest that the first line follows; `last` that of the last line, i.e. of the whole.
    """

    before: str
    lines: tuple[tuple[tuple[str, ...], str], ...]
    last: str


class NotARegister(ValueError):
    """The text is no register that we wrote; the message says why, in French."""


# --- commands ------------------------------------------------------------------------------------------------------
def export(database: Path, form: RegisterFormat, since: date | None, file: str | None, out: TextIO) -> int:
    """Write the register to `file`, or to `out`. Raises StoreError, CannotRun."""
    start = datetime.combine(since, time(), PARIS) if since else None
    sheet = _opened(database, lambda register: sheet_of(*register.lines(start)))
    text = WRITERS[form](sheet)
    if file is None:
        out.write(text)
        return FINE
    target = Path(file).expanduser()
    try:
        write(target, text)
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire {target} ({said(problem)})") from problem
    print(f"{target} : {counted(len(sheet.lines), 'ligne', 'lignes')}, empreinte {sheet.last}", file=out)
    return FINE


def verify(database: Path, file: str | None, out: TextIO) -> int:
    """Check the register of the database, or a file that was made from it. Exit code 1 if anything was touched."""
    if file is None:
        found, number = _opened(database, lambda register: (register.flaws(), len(register.lines()[1])))
    else:
        sheet = _read(Path(file).expanduser())
        found, number = flaws_of(sheet), len(sheet.lines)
        if not found and database.exists():
            found = _opened(database, lambda register: tuple(_foreign(sheet, register)))
    for flaw in found:
        print(f"ligne {flaw.number} : {_FLAWS[flaw.kind]}", file=out)
    verdict = f"{counted(len(found), 'anomalie', 'anomalies')}" if found else "rien n’a été touché"
    print(f"{counted(number, 'ligne', 'lignes')} : {verdict}", file=out)
    return FAILED if found else FINE


def _opened(database: Path, use: Callable[[Register], Any]) -> Any:
    if not database.exists():
        raise CannotRun(f"{database} n’existe pas : rien à lire (VIGIE_DATABASE)")
    store = open_store(database)
    try:
        return use(store.register)
    finally:
        store.close()


def _read(path: Path) -> RegisterSheet:
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise CannotRun(f"fichier illisible : {path} ({said(problem)})") from problem
    except ValueError as problem:  # of NotARegister, of JSON or of UTF-8
        why = problem if isinstance(problem, NotARegister) else "son contenu est abîmé"
        raise CannotRun(f"{path} n’est pas un registre de Vigie : {why}") from problem


# --- a sheet, pure -------------------------------------------------------------------------------------------------
def sheet_of(before: str, lines: Sequence[Kept]) -> RegisterSheet:
    held = tuple((written(line), line.digest) for line in lines)
    return RegisterSheet(before, held, held[-1][1] if held else before)


def flaws_of(sheet: RegisterSheet) -> tuple[Flaw, ...]:
    """What was altered, removed or moved in a sheet, its end included."""
    numbers = [number for words, _ in sheet.lines if (number := number_of(words))]
    first = 1 if sheet.before == START else min(numbers, default=1)
    found = tuple(flaws(sheet.lines, sheet.before, first))
    if (sheet.lines[-1][1] if sheet.lines else sheet.before) != sheet.last:
        return (*found, Flaw(max(numbers, default=0) + 1, "cut"))
    return found


def _foreign(sheet: RegisterSheet, register: Register) -> Iterator[Flaw]:
    """The last line of a sheet must be the same in the database: then all the others are."""
    if sheet.lines:
        words, digest = sheet.lines[-1]
        if register.digest(number_of(words)) != digest:
            yield Flaw(number_of(words), "foreign")


# --- forms, pure ---------------------------------------------------------------------------------------------------
def to_csv(sheet: RegisterSheet) -> str:
    """For spreadsheets: a byte order mark, so that accents show; no cell that would run as a formula."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(HEADS)
    for words, digest in sheet.lines:
        rows.writerow([*map(_harmless, words), digest])
    rows.writerow([SEAL, sheet.before, *[""] * (len(HEADS) - 3), sheet.last])
    return "\ufeff" + out.getvalue()


def to_markdown(sheet: RegisterSheet) -> str:
    """A table that people read, and that can be checked as well."""
    rows = [HEADS, ("---",) * len(HEADS), *((*map(_cell, words), digest) for words, digest in sheet.lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    count = counted(len(sheet.lines), "ligne", "lignes")
    return f"# Registre de veille\n\n{count}. Suite de `{sheet.before}`, empreinte `{sheet.last}`.\n\n{table}\n"


def to_json(sheet: RegisterSheet) -> str:
    """For programs: every value as the text that is sealed."""
    lines = [dict(zip(KEYS, (*words, digest), strict=True)) for words, digest in sheet.lines]
    value = {"register": 1, "before": sheet.before, "last": sheet.last, "lines": lines}
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
        lines = tuple(_line([str(line[key]) for key in KEYS]) for line in value["lines"])
        return RegisterSheet(str(value["before"]), lines, str(value["last"]))
    except (KeyError, TypeError) as problem:
        raise NotARegister("une valeur manque") from problem


def _from_markdown(text: str) -> RegisterSheet:
    ends = re.search(r"Suite de `(\w+)`, empreinte `(\w+)`", text)
    if ends is None:
        raise NotARegister("la ligne des empreintes manque")
    rows = [row for row in text.splitlines() if row.startswith("|")][2:]
    lines = tuple(_line([_uncell(cell[1:-1]) for cell in re.findall(r"(?:[^|\\]|\\.)+", row)]) for row in rows)
    return RegisterSheet(ends[1], lines, ends[2])


def _from_csv(text: str) -> RegisterSheet:
    delimiter = ";" if ";" in text.partition("\n")[0] else ","  # a spreadsheet may have saved it its own way
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    if not rows or tuple(rows[0]) != HEADS:
        raise NotARegister("la première ligne n’est pas la sienne")
    lines = tuple(_line([*map(_unharmed, row[:-1]), row[-1]]) for row in rows[1:] if row[0] != SEAL)
    ends = next(((row[1], row[-1]) for row in rows if row[0] == SEAL), None)
    if ends is None:
        raise NotARegister("la dernière ligne, le sceau, manque")
    return RegisterSheet(ends[0], lines, ends[1])


def _line(cells: Sequence[str]) -> tuple[tuple[str, ...], str]:
    if len(cells) != len(KEYS):
        raise NotARegister(f"une ligne a {len(cells)} colonnes au lieu de {len(KEYS)}")
    return tuple(cells[:-1]), cells[-1]


def _harmless(cell: str) -> str:
    return f"'{cell}" if _runs(cell) else cell


def _unharmed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula, or for one that was made harmless already."""
    blank = _BLANK.match(cell)
    first = cell[blank.end() if blank else 0 :][:1]
    return cell[:1] in ("'", "\t", "\r") or unicodedata.normalize("NFKC", first)[:1] in _RUN


def _cell(word: str) -> str:
    return html.escape(word, quote=False).replace("\\", "\\\\").replace("|", "\\|")


def _uncell(cell: str) -> str:
    return html.unescape(re.sub(r"\\([\\|])", r"\1", cell))
