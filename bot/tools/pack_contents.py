"""What an audit pack holds: one file after another, out of what was kept. Pure: the same material, the same bytes."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

from bot.archive import archived
from bot.cells import harmless
from bot.tools.register import KEPT, RegisterSheet, to_json
from storage.articles.register import number_of
from storage.changes.model import SourceSilence, Span
from storage.lists.model import KeptListEvent
from storage.operators.model import RulesVersion

MANIFEST, READ_ME, SCRIPT = "MANIFESTE.json", "LISEZMOI.txt", "verifier.py"
CHAIN, TRIAGE, LINES, SILENCES = "registre.json", "tri.json", "lignes.csv", "silences.csv"
STATUSES, READINGS = "statuts.csv", "preuves"
PARIS = ZoneInfo("Europe/Paris")
_DETECTED, _LIST = 1, 2  # columns of a register's line


@dataclass(frozen=True, slots=True)
class PackMaterial:
    """What a pack is made of. `chain` and `triage` go from the first line of the span to the newest there is, so that
    later witnesses can speak; `after` and `triage_after` are the numbers of the lines that they follow, 0 for none.
    `list` is the id of a watchlist, None for all. `versions` came into force before the end of the span. `recall` is
    what is known of what was missed, in words. `statuses`: what official lists said anew, with the name of each;
    `readings` are the bytes that prove it, by SHA-256."""

    span: Span
    list: str | None
    chain: RegisterSheet
    triage: RegisterSheet
    versions: tuple[RulesVersion, ...]
    silences: tuple[SourceSilence, ...]
    after: int
    triage_after: int
    recall: str = ""
    statuses: tuple[tuple[str, KeptListEvent], ...] = ()
    readings: Mapping[str, bytes] = field(default_factory=dict)


def files_of(material: PackMaterial) -> dict[str, bytes]:
    """Every file of the pack by name, the manifest last."""
    texts = {
        CHAIN: to_json(material.chain),
        TRIAGE: to_json(material.triage),
        LINES: lines_of(material.chain, material.span, material.list),
        SILENCES: _silences(material.silences),
        STATUSES: _statuses(material.statuses),
        SCRIPT: resources.files(__package__).joinpath(SCRIPT).read_text("utf-8"),
        **_versions(material),
    }
    texts[READ_ME] = _read_me(material, sorted(texts))
    files = {name: text.encode() for name, text in sorted(texts.items())}
    files |= {f"{READINGS}/{digest}": body for digest, body in sorted(material.readings.items())}
    return {**files, MANIFEST: _manifest(material, files)}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The pack as one archive; it bears no hour: what it says is the same whenever it is made."""
    return archived(sorted(files.items()))


def lines_of(chain: RegisterSheet, span: Span, watchlist: str | None) -> str:
    """The lines of the span and of the list as a table for people: nothing in it that the chain does not say."""
    start, end = _utc(span.start), _utc(span.end)
    chosen = (words for words, _ in chain.lines if start <= words[_DETECTED] < end)
    rows = (words for words in chosen if watchlist is None or words[_LIST] == watchlist)
    return _table(KEPT.heads[:-1], rows)


def _silences(silences: Iterable[SourceSilence]) -> str:
    heads = ("source", "flux", "raison", "depuis", "jusqu’à")
    return _table(heads, ((each.name, each.feed, each.kind, _utc(each.start), _end(each)) for each in silences))


def _statuses(statuses: Iterable[tuple[str, KeptListEvent]]) -> str:
    """The readings are named by their digest, which the register seals too."""
    heads = ("liste", "dit", "événement", "nom", "colonne", "avant", "après", "adresse", "lecture", "lecture d’avant")
    rows = (
        (
            name, _utc(each.told_at), each.event.kind, each.event.row.name, each.event.field, each.event.before,
            each.event.after, each.url, each.after.sha256, each.before.sha256 if each.before else "",
        )
        for name, each in statuses
    )  # fmt: skip
    return _table(heads, rows)


def _end(silence: SourceSilence) -> str:
    return "" if silence.end is None else _utc(silence.end)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(heads)
    table.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _versions(material: PackMaterial) -> dict[str, str]:
    """What was in force as the span began, and every version that came after; in order by name."""
    before: dict[str, RulesVersion] = {}
    during: list[RulesVersion] = []
    for each in material.versions:
        if material.list is not None and each.name not in (f"watchlists/{material.list}.yaml", "entities.yaml"):
            continue
        if each.at <= material.span.start:
            before[each.name] = each
        else:
            during.append(each)
    told = [*(before[name] for name in sorted(before)), *during]
    return {
        f"veilles/{number:03}-{each.at:%Y%m%dT%H%M%SZ}-{_stem(each.name)}.json": _indented(each.content)
        for number, each in enumerate(told, start=1)
    }


def _stem(name: str) -> str:
    stem = name.rpartition("/")[2].removesuffix(".yaml")
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in stem)


def _indented(content: str | None) -> str:
    return "retirée\n" if content is None else json.dumps(json.loads(content), ensure_ascii=False, indent=1) + "\n"


def _manifest(material: PackMaterial, files: Mapping[str, bytes]) -> bytes:
    value = {
        "pack": 1,
        "from": _utc(material.span.start),
        "to": _utc(material.span.end),
        "list": material.list,
        "register": {"file": CHAIN, "after": material.after, "digest": material.chain.last},
        "triage": {"file": TRIAGE, "after": material.triage_after, "digest": material.triage.last},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _read_me(material: PackMaterial, names: Sequence[str]) -> str:
    start, end = (
        each.astimezone(PARIS).strftime("%d/%m/%Y %H:%M") for each in (material.span.start, material.span.end)
    )
    of = f"la veille « {material.list} »" if material.list else "toutes les veilles"
    last = number_of(material.chain.lines[-1][0]) if material.chain.lines else material.after
    held = "\n".join(f"  {name}" for name in names)
    return _READ_ME.format(
        start=start,
        end=end,
        of=of,
        first=material.after + 1,
        last=last,
        digest=material.chain.last,
        files=held,
        recall=material.recall,
    )


_READ_ME = """Paquet d’audit de Vigie
Du {start} au {end} (heure de Paris), {of}.

Ce que c’est : une preuve d’intégrité. Chaque ligne de registre.json scelle toutes celles d’avant (SHA-256) ; une ligne
modifiée, retirée, ajoutée ou déplacée se voit. Qui tient la base pourrait refaire toute la chaîne : les témoins l’en
empêchent. Chaque semaine, chaque abonné reçoit « Témoin du registre : N:HEX », et chaque courriel en porte un ; un
seul, retrouvé chez n’importe qui, prouve toutes les lignes jusqu’à la N-ième. Ce paquet ne dit pas que ce qui est
écrit est vrai, ni que rien n’a été manqué.
{recall}

Vérifier :
  vigie verify paquet.zip --witness N:HEX
  python3 verifier.py paquet.zip N:HEX      (sans Vigie ; prenez verifier.py chez qui vous avez confiance, et non ici)

registre.json  lignes {first} à {last}, de toutes les veilles, jusqu’à la dernière connue ; empreinte {digest}
tri.json       ce qui en a été décidé, par qui (responsable) et quand, scellé de même
lignes.csv     les lignes du laps de temps et de la veille, pour un tableur ; comparées à registre.json par les deux
silences.csv   les sources qui n’ont rien dit (gone, dead, blocked, unparsable, failing, silent), et quand (UTC)
statuts.csv    ce que les listes officielles ont dit de neuf
preuves/       leurs lectures, octet pour octet, sous leur empreinte SHA-256, que registre.json scelle aussi
veilles/       les veilles et les noms en vigueur au début, puis chaque version, dans l’ordre

Les deux premiers sont scellés ligne à ligne ; le reste l’est par MANIFESTE.json, donc par l’empreinte du paquet que
« vigie pack » affiche : notez-la.

{files}
"""


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")
