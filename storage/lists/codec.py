"""Lists and their events as JSON for a column, and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from matchers.lists.model import KnownList, ListedRow, ListRow, ListSpec


def spec_written(spec: ListSpec | None) -> str:
    return "" if spec is None else json.dumps(asdict(spec), ensure_ascii=False)


def spec_read(written: str) -> ListSpec | None:
    """None for a source that is no list."""
    if not written:
        return None
    value = json.loads(written)
    return ListSpec(**value | {"key": tuple(value["key"])})


def known_written(known: KnownList) -> str:
    rows = [
        [key, _row(each.row), *_times(each), each.expired, each.instead_of, each.earlier, _iso(each.doubted_since)]
        for key, each in known.rows.items()
    ]
    whole = {
        "rows": rows,
        "read_at": known.read_at.isoformat(),
        "fields": [known.status_field, known.until_field],
        "ended": known.ended,
        "parts": known.parts,
        "held_since": _iso(known.held_since),
        "goes_on": known.goes_on,
        "counted": known.counted,
        "few_since": _iso(known.few_since),
        "removed": {key: _iso(since) for key, since in known.removed.items()},
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def known_read(written: str) -> KnownList:
    value = json.loads(written)
    status_field, until_field = value["fields"]
    return KnownList(
        {key: _listed(*listed) for key, *listed in value["rows"]},
        _time(value["read_at"]),
        status_field,
        until_field,
        value["ended"],
        _maybe(value["held_since"]),
        value.get("parts", 1),
        value.get("goes_on", True),  # as kept before anybody looked: more may be elsewhere, so it proves nothing later
        value.get("counted", False),
        _maybe(value.get("few_since")),
        {key: _maybe(since) for key, since in value.get("removed", {}).items()},
    )


def _listed(
    row: list[Any],
    since: str,
    status: str,
    missing: str | None,
    expired: bool,
    instead: str,
    earlier: Sequence[str] = (),
    doubted: str | None = None,
) -> ListedRow:
    times = (_time(since), _time(status), _maybe(missing))
    return ListedRow(_of_row(row), *times, expired, instead, tuple(earlier), _maybe(doubted))


def row_written(row: ListRow) -> str:
    return json.dumps(_row(row), ensure_ascii=False, separators=(",", ":"))


def row_read(written: str) -> ListRow:
    return _of_row(json.loads(written))


def _row(row: ListRow) -> list[Any]:
    return [row.key, row.status, row.until, row.cells]


def _of_row(value: list[Any]) -> ListRow:
    key, status, until, cells = value
    return ListRow(tuple(key), status, until, tuple((name, text) for name, text in cells))


def _times(each: ListedRow) -> tuple[str, str, str | None]:
    return each.since.isoformat(), each.status_since.isoformat(), _iso(each.missing_since)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _maybe(written: str | None) -> datetime | None:
    return None if written is None else _time(written)
