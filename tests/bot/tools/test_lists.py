"""`vigie lists`: a case replayed snapshot by snapshot, and a list tried before it is followed."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.config.feedfile import read_feeds
from bot.config.settings import Settings, settings
from bot.ending import Stop
from bot.tools import lists
from tests.bot.web.site import http, serve

SOURCE = {"kind": "list", "format": "csv", "key": "nom + service", "status": "statut", "until": "fin", "name": "Liste"}
HEAD = "nom;service;statut;fin\n"
ROWS = [f"Firme {letter};Offre {letter};J1;2027-01-01\n" for letter in "ABCDEFGHIJ"]


def case(*bodies: str, **source: str) -> dict[str, Any]:
    snapshots = [
        {"at": f"2026-12-{day:02}T08:00:00Z", "content_type": "text/csv", "body": body}
        for day, body in enumerate(bodies, 29 - len(bodies))
    ]
    return {"source": SOURCE | source, "snapshots": snapshots}


def replayed(*cases: dict[str, Any] | bytes) -> tuple[int, list[dict[str, Any]]]:
    out = io.BytesIO()
    lines = (each if isinstance(each, bytes) else json.dumps(each).encode() for each in cases)
    return lists.replay(lines, out), [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_kind_of_event_in_its_form() -> None:
    moved = [
        "Firme A;Offre A;Qualifié;2027-01-01\n", *ROWS[1:8],
        "Firme I SAS;Offre I;J1;2027-01-01\n", "Firme K;Offre K;J0;2026-12-27\n",
    ]  # fmt: skip
    code, answers = replayed(case(HEAD + "".join(ROWS), HEAD, *[HEAD + "".join(moved)] * 2))
    assert code == 0
    assert answers[0]["events"] == [
        [],
        [{"event": "held", "key": ""}],
        [
            {"event": "changed", "key": "Firme A | Offre A", "field": "statut", "from": "J1", "to": "Qualifié"},
            {"event": "added", "key": "Firme K | Offre K"},
        ],
        [
            {"event": "renamed", "key": "Firme I | Offre I", "to": "Firme I SAS | Offre I"},
            {"event": "expired?", "key": "Firme K | Offre K"},
            {"event": "removed", "key": "Firme J | Offre J"},
        ],
    ]


def test_a_bad_case_is_told_and_the_next_one_read() -> None:
    broken: list[dict[str, Any] | bytes] = [
        b"{",
        {"snapshots": []},
        {"source": {"kind": "list"}, "snapshots": []},
        {"source": SOURCE, "snapshots": [{"at": "hier", "body": ""}]},
        {"source": SOURCE | {"format": "xls"}, "snapshots": []},
    ]
    code, answers = replayed(*broken, case(HEAD + ROWS[0]))
    assert code == 1
    assert [each.get("line") for each in answers] == [1, 2, 3, 4, 5, None]
    assert answers[-1] == {"events": [[]]}


CATALOGUE = """feeds:
  - {id: liste, url: "%s", kind: list, format: csv, key: nom + service, status: état, until: fin}
  - {id: fil, url: "https://fil.example/rss"}
"""


async def tried(tmp_path: Path, body: bytes, wanted: str = "liste") -> tuple[int, str]:
    out = io.StringIO()
    async with serve({"/liste": http(200, body, content_type="text/csv")}) as site:
        (tmp_path / "feeds.yaml").write_text(CATALOGUE % site.url("/liste"), "utf-8")
        feeds, problems = read_feeds(tmp_path / "feeds.yaml")
        assert problems == []
        chosen = settings({"VIGIE_DATABASE": str(tmp_path / "base"), "VIGIE_ALLOW_PRIVATE_NETWORKS": "1"})
        assert isinstance(chosen, Settings)
        return await lists.attempt(wanted, chosen, feeds, out), out.getvalue()


async def test_a_list_is_tried_as_a_table_with_what_is_wrong_with_it(tmp_path: Path) -> None:
    code, said = await tried(tmp_path, (HEAD + "".join(ROWS) + ROWS[0].replace("2027-01-01", "?")).encode())
    lines = said.splitlines()
    assert code == 0
    assert [lines[0].split(), lines[2].split()] == [
        ["nom", "service", "statut", "fin"],
        ["Firme", "A", "Offre", "A", "état", "2027-01-01"],
    ]
    assert lines[-4:] == [
        "10 lignes en tout",
        "! 1 ligne porte une clé déjà prise : complétez « key »",
        "! pas de colonne « état » : c’est le statut de toutes les lignes",
        "autres colonnes : statut",
    ]
    assert not (tmp_path / "base").exists()


async def test_what_is_no_list_is_said(tmp_path: Path) -> None:
    assert await tried(tmp_path, b"a;b\n1;2\n") == (
        1,
        "liste : pas de colonne « nom + service » ; celles que voici : a, b\n".replace("liste", "127.0.0.1/liste", 1),
    )
    with pytest.raises(Stop, match="vouliez-vous"):
        await tried(tmp_path, b"", "listes")
