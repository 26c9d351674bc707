"""Lists and their events as JSON for a column, and back."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from matchers.lists import KnownList, ListedRow, ListRow, ListSpec


def spec_written(spec: ListSpec | None) -> str:
    return "" if spec is None else json.dumps(asdict(spec), ensure_ascii=False)


def spec_read(written: str) -> ListSpec | None:
    """None for a source that is no list."""
    if not written:
        return None
    value = json.loads(written)
    return ListSpec(**value | {"key": tuple(value["key"])})


def known_written(known: KnownList) -> str:
    rows = [[key, _row(each.row), *_times(each), each.expired, each.instead_of] for key, each in known.rows.items()]
    whole = {
        "rows": rows,
        "read_at": known.read_at.isoformat(),
        "fields": [known.status_field, known.until_field],
        "ended": known.ended,
        "parts": known.parts,
        "held_since": known.held_since and known.held_since.isoformat(),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def known_read(written: str) -> KnownList:
    value = json.loads(written)
    rows = {
        key: ListedRow(_of_row(row), _time(since), _time(status), _maybe(missing), expired, instead)
        for key, row, since, status, missing, expired, instead in value["rows"]
    }
    status_field, until_field = value["fields"]
    held = _maybe(value["held_since"])
    return KnownList(
        rows, _time(value["read_at"]), status_field, until_field, value["ended"], held, value.get("parts", 1)
    )


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
    missing = each.missing_since.isoformat() if each.missing_since else None
    return each.since.isoformat(), each.status_since.isoformat(), missing


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _maybe(written: str | None) -> datetime | None:
    return None if written is None else _time(written)
