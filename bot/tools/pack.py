"""`vigie pack` writes the audit pack of a span, `vigie verify` reads one back and says what was touched."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from bot.config.document import near
from bot.ending import FAILED, FINE, WRONG, CannotRun, Stop
from bot.french import counted
from bot.messages import markup
from bot.opening import opened
from bot.operators.unkept import bound
from bot.tools.pack_contents import (
    CHAIN,
    LINES,
    MANIFEST,
    PARIS,
    READINGS,
    TRIAGE,
    PackMaterial,
    files_of,
    lines_of,
    zipped,
)
from bot.tools.register import (
    FLAWS,
    KEPT,
    SORTED,
    Form,
    RegisterSheet,
    flaws_of,
    foreign,
    parse,
    sheet_of,
    to_json,
    triage_sheet,
    unwitnessed,
)  # fmt: skip
from bot.trials.recall import measured
from matchers.model import Watchlist
from storage import Store
from storage.articles.model import Flaw, RegisterHead
from storage.articles.register import number_of
from storage.changes.model import Span
from storage.files import write
from storage.lists.model import KeptListEvent
from storage.place import Place, from_home
from storage.system import said

MOST_FILES, MOST_BYTES = 20_000, 256 * 2**20
"""No pack of ours has more: what does was made to fill a memory."""
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ALWAYS = {CHAIN, TRIAGE, LINES}  # a manifest that forgets one of these would leave nothing to check
_NAME = 80  # code points of a name that a pack gives


@dataclass(frozen=True, slots=True)
class PackAsked:
    """What the call says: `list` is the id of a watchlist, None for all; `out` a file, None for a name of its own."""

    span: Span
    list: str | None = None
    out: str | None = None


def make(database: Place, asked: PackAsked, watchlists: Mapping[str, Watchlist], out: TextIO) -> int:
    """Write the pack and say its digest. Raises StoreError, CannotRun, Stop."""
    if asked.list is not None and asked.list not in watchlists:
        known = sorted(watchlists)
        raise Stop(WRONG, f"pas de veille « {asked.list} »{near(asked.list, known)} ; il y a : {', '.join(known)}")
    with closing(opened(database)) as store:
        files = files_of(material_of(store, asked))
    content, target = zipped(files), from_home(asked.out or _name(asked))
    try:
        write(target, content)
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire {target} ({said(problem)})") from problem
    digest = hashlib.sha256(content).hexdigest()
    print(f"{target} : {counted(len(files), 'fichier', 'fichiers')}, empreinte {digest}", file=out)
    return FINE


def material_of(store: Store, asked: PackAsked) -> PackMaterial:
    """What the store holds for such a pack."""
    span = asked.span
    chain, triage = sheet_of(*store.register.lines(span.start)), triage_sheet(*store.triage.lines(span.start))
    head = store.register.head()
    entries = store.triage.lines()[1]
    statuses = tuple(_statuses(store, span))
    return PackMaterial(
        span,
        asked.list,
        chain,
        triage,
        store.rules.versions(span.end),
        store.silences(span),
        after=_after(chain, head.number if head else 0),
        triage_after=_after(triage, entries[-1].number if entries else 0),
        recall=bound(measured(store, span.end), "fr"),
        statuses=statuses,
        readings=_readings(store, [event for _, event in statuses]),
    )


def _statuses(store: Store, span: Span) -> Iterator[tuple[str, KeptListEvent]]:
    for view in store.lists.views():
        yield from ((view.name, each) for each in view.events if span.start <= each.told_at < span.end)


def _readings(store: Store, events: Iterable[KeptListEvent]) -> dict[str, bytes]:
    """The readings before and after each event, as far as they are still kept."""
    wanted = {(each.feed, proof.sha256) for each in events for proof in (each.before, each.after) if proof is not None}
    found = {digest: store.lists.proof(feed, digest) for feed, digest in sorted(wanted)}
    return {digest: body for digest, body in found.items() if body is not None}


def _after(sheet: RegisterSheet, last: int) -> int:
    return number_of(sheet.lines[0][0]) - 1 if sheet.lines else last


def _name(asked: PackAsked) -> str:
    start, end = (each.astimezone(PARIS).date().isoformat() for each in (asked.span.start, asked.span.end))
    return "-".join(filter(None, ("vigie", start, end, asked.list))) + ".zip"


# --- read back -----------------------------------------------------------------------------------------------------
def is_archive(file: str) -> bool:
    """Whether it is to be read as a pack: by its name, or by how it begins."""
    path = from_home(file)
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as opened_file:
            return opened_file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def verify(database: Place, file: str, witnesses: Sequence[RegisterHead], out: TextIO) -> int:
    """Check a pack, also by what readers were given of the register. Exit code 1 if anything was touched."""
    files = unpacked(from_home(file))
    found = tuple(troubles(files, witnesses))
    if not found and database.exists():
        with closing(opened(database)) as store:
            found = tuple(_lines(KEPT, foreign(_sheet(files, CHAIN), store)))
    for line in found:
        print(line, file=out)
    verdict = counted(len(found), "anomalie", "anomalies") if found else "rien n’a été touché"
    print(f"{counted(len(files), 'fichier', 'fichiers')} : {verdict}", file=out)
    return FAILED if found else FINE


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a pack, read into memory and nowhere else. Raises CannotRun for what is none, or is made to harm."""
    try:
        with zipfile.ZipFile(path) as pack:
            entries = pack.infolist()
            _refuse(path, entries)
            return {entry.filename: pack.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as problem:
        raise CannotRun(f"{path} n’est pas un paquet de Vigie : l’archive est abîmée, ou n’en est pas une") from problem
    except OSError as problem:
        raise CannotRun(f"fichier illisible : {path} ({said(problem)})") from problem


def _refuse(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raises CannotRun. What an entry says of its size is all that is ever read of it."""
    names = [entry.filename for entry in entries]
    for name in names:
        if name.startswith(("/", "\\")) or ":" in name or "\\" in name or ".." in name.split("/"):
            shown = markup.bounded(name, 60)
            raise CannotRun(f"{path} n’est pas un paquet de Vigie : le nom « {shown} » sort du dossier")
    if any(entry.compress_type not in _PACKED for entry in entries):  # other ways fail in ways of their own
        raise CannotRun(f"{path} n’est pas un paquet de Vigie : l’archive est abîmée, ou n’en est pas une")
    if len(set(names)) != len(names):
        raise CannotRun(f"{path} n’est pas un paquet de Vigie : un nom y est deux fois")
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise CannotRun(f"{path} n’est pas un paquet de Vigie : il est démesuré une fois ouvert")


def troubles(files: Mapping[str, bytes], witnesses: Sequence[RegisterHead] = ()) -> Iterator[str]:
    """What was touched, a line each; nothing where nothing was. Raises CannotRun."""
    manifest = _manifest(files)
    listed = manifest["files"]
    present = files.keys() - {MANIFEST}
    absent = (listed.keys() | _ALWAYS) - present
    yield from (f"fichier absent : {markup.bounded(name, _NAME)}" for name in sorted(absent))
    yield from (f"fichier en trop : {markup.bounded(name, _NAME)}" for name in sorted(present - listed.keys()))
    for name in sorted(listed.keys() & present):
        if hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"fichier modifié : {markup.bounded(name, _NAME)}"
    proofs = (name for name in sorted(present) if name.startswith(f"{READINGS}/"))
    for name in proofs:
        if hashlib.sha256(files[name]).hexdigest() != name.removeprefix(f"{READINGS}/"):
            yield f"{markup.bounded(name, _NAME)} n’est pas ce que dit son empreinte"
    for form, name in ((KEPT, CHAIN), (SORTED, TRIAGE)):
        if name in files:
            yield from _of_chain(form, _sheet(files, name), manifest[form.name], witnesses)
    if LINES in files and CHAIN in files and not _true_to_chain(files, manifest):
        yield f"{LINES} ne dit pas ce que dit {CHAIN}"


def _of_chain(
    form: Form, sheet: RegisterSheet, told: Mapping[str, Any], witnesses: Sequence[RegisterHead]
) -> Iterator[str]:
    yield from _lines(form, (*flaws_of(sheet), *unwitnessed(sheet, witnesses, told["after"])))
    last = sheet.lines[-1][1] if sheet.lines else sheet.before
    first = number_of(sheet.lines[0][0]) if sheet.lines else told["after"] + 1
    if (told["digest"], told["after"]) != (last, first - 1):
        yield f"{form.title.lower()} : ce n’est pas celui du manifeste"


def _lines(form: Form, flaws: Iterable[Flaw]) -> Iterator[str]:
    where = "" if form is KEPT else "tri, "
    return (f"{where}ligne {flaw.number} : {FLAWS[flaw.kind]}" for flaw in flaws)


def _true_to_chain(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> bool:
    return files[LINES] == lines_of(_sheet(files, CHAIN), _span(manifest), manifest["list"]).encode()


def _span(manifest: Mapping[str, Any]) -> Span:
    """ValueError where it is none."""
    start, end = (datetime.fromisoformat(manifest[key]) for key in ("from", "to"))
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("no moment")
    return Span(start, end)


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        value = json.loads(files[MANIFEST])
        kinds = (value["files"], dict), (value["from"], str), (value["to"], str), (value["list"], str | None)
        chains = [(value[form.name][key], kind) for form in (KEPT, SORTED) for key, kind in _CHAIN_KEYS]
        if all(isinstance(held, kind) for held, kind in (*kinds, *chains)):
            _span(value)
            return dict(value)
    except (KeyError, TypeError, ValueError, RecursionError):
        pass
    raise CannotRun(f"ce n’est pas un paquet de Vigie : {MANIFEST} manque, ou ne se lit pas")


_CHAIN_KEYS = (("after", int), ("digest", str))


def _sheet(files: Mapping[str, bytes], name: str) -> RegisterSheet:
    """Raises CannotRun also for one that says more than what is sealed: a key that is twice, for whoever opens it."""
    try:
        sheet = parse(files[name].decode())
        if to_json(sheet).encode() != files[name]:
            raise CannotRun(f"ce n’est pas un paquet de Vigie : {name} n’est pas tel que Vigie l’écrit")
    except (ValueError, RecursionError) as problem:
        raise CannotRun(f"ce n’est pas un paquet de Vigie : {name} ne se lit pas") from problem
    return sheet
