"""Who holds the file rewrites history: alters, drops, inserts, reorders, truncates, and may seal it all again."""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.tools.pack_contents import CHAIN, LINES, MANIFEST, PackMaterial, files_of, lines_of
from bot.tools.register import RegisterSheet, parse, sheet_of, to_json, triage_sheet
from storage.articles import triage
from storage.articles.model import Kept, RegisterHead
from storage.articles.register import START, seal, written
from storage.changes.model import SourceSilence, Span
from storage.operators.model import RulesVersion

FIRST = datetime(2026, 10, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS = ("alter", "drop", "insert", "reorder", "truncate")
Row = tuple[tuple[str, ...], str]


def a_line(number: int) -> Kept:
    return Kept(
        number, FIRST + number * HOUR, "hds" if number % 3 else "cloud", "abc123", "flash", 4 + number % 5, 3,
        f"Titre {number}", f"https://presse.example/{number}", "Le Fil", "fil", None, "page", True, "",
    )  # fmt: skip


def a_chain(count: int) -> tuple[Kept, ...]:
    lines, before = [], START
    for number in range(1, count + 1):
        line = a_line(number)
        before = seal(before, written(line))
        lines.append(replace(line, digest=before))
    return tuple(lines)


def a_pack(lines: tuple[Kept, ...], since: int = 1, watchlist: str | None = None) -> dict[str, bytes]:
    """The files of a pack whose span begins with line `since` and ends two lines before the newest."""
    before = lines[since - 2].digest if since > 1 else START
    span = Span(FIRST + since * HOUR, FIRST + (len(lines) - 2) * HOUR)
    versions = (RulesVersion(FIRST, "watchlists/hds.yaml", '{"any":["a"]}'),
                RulesVersion(FIRST + 9 * HOUR, "watchlists/hds.yaml", None))  # fmt: skip
    silences = (SourceSilence("fil", "=1+1", "dead", FIRST, None),)
    chain = sheet_of(before, lines[since - 1 :])
    return files_of(
        PackMaterial(span, watchlist, chain, triage_sheet(triage.START, ()), versions, silences, since - 1, 0)
    )


def forged(
    files: Mapping[str, bytes], kind: str, chance: random.Random, *, sealed: bool
) -> tuple[int, dict[str, bytes]]:
    """The oldest line that was touched, by its number, and the pack after that: its tables and manifest made anew, its
    chain sealed again where `sealed`."""
    sheet = parse(files[CHAIN].decode())
    rows, first = list(sheet.lines), int(sheet.lines[0][0][0])
    at = chance.randrange(len(rows) - 1)
    match kind:
        case "alter":
            words = list(rows[at][0])
            column = chance.randrange(1, len(words))
            words[column] = "2026-10-02T00:00:00+00:00" if column == 1 else f"{words[column]}x"
            rows[at] = (tuple(words), rows[at][1])
        case "drop":
            del rows[at]
        case "insert":
            rows.insert(
                at, (tuple("faux" if place == 7 else word for place, word in enumerate(rows[at][0])), rows[at][1])
            )
        case "reorder":
            rows[at], rows[at + 1] = rows[at + 1], rows[at]
        case _:
            del rows[at:]
    if sealed:
        rows = resealed(rows, sheet.before, first)
    return first + at, remade(files, replace(sheet, lines=tuple(rows), last=rows[-1][1] if rows else sheet.before))


def resealed(rows: list[Row], before: str, first: int) -> list[Row]:
    """The whole chain, numbered and sealed as if it had always been so."""
    made: list[Row] = []
    for number, (words, _) in enumerate(rows, start=first):
        whole = (str(number), *words[1:])
        before = seal(before, whole)
        made.append((whole, before))
    return made


def remade(files: Mapping[str, bytes], sheet: RegisterSheet) -> dict[str, bytes]:
    """The pack with this chain, and all that is made of it."""
    manifest = json.loads(files[MANIFEST])
    span = Span(*(datetime.fromisoformat(manifest[key]) for key in ("from", "to")))
    made = {**files, CHAIN: to_json(sheet).encode(), LINES: lines_of(sheet, span, manifest["list"]).encode()}
    manifest["register"]["digest"] = sheet.last
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in made.items() if name != MANIFEST
    }
    return {**made, MANIFEST: json.dumps(manifest).encode()}


def witnesses(lines: tuple[Kept, ...]) -> list[RegisterHead]:
    """What readers were given week after week."""
    return [RegisterHead(line.number, line.digest[:12]) for line in lines[6::7]]
