"""`vigie lists replay`: a case in, what each of its snapshots tells out."""

import io
import json
from typing import Any

from bot.tools import lists

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
