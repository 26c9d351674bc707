"""What a base tells of itself through SQLite, and no byte at its head does: whether another program rewrote it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_SCHEMA = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
_COUNTERS = "SELECT name, seq FROM sqlite_sequence"
BEAT_NAME = "beat"  # in memo
_BEAT = "SELECT CAST(value AS INTEGER) FROM memo WHERE name = 'beat'"
BEAT = (
    "INSERT INTO memo (name, value) VALUES ('beat', '1')"
    " ON CONFLICT (name) DO UPDATE SET value = CAST(value + 1 AS TEXT)"
)
"""What a transaction that writes does now and then, so that of two states of a base the later one is known."""
_KEYS = "SELECT name, value FROM memo WHERE name IN ('links', 'voters', 'places')"


@dataclass(frozen=True, slots=True)
class Traces:
    """`version` counts migrations; `schema` is each table, index and trigger with its text; `counters` give each table
    the highest number that one of its rows ever bore; `keys`: what this installation alone has; `beat` only grows."""

    version: int
    schema: Mapping[str, str]
    counters: Mapping[str, int]
    keys: Mapping[str, str]
    beat: int = 0


def rewritten(before: Traces, found: Traces) -> str | None:
    """What became of the base from one look to the next, in French; None where it may be the same. Its own copies are
    older, since no number of a row is given twice; VACUUM and ANALYZE are nobody's harm."""
    if any(found.keys.get(name, key) != key for name, key in before.keys.items()):
        return "a été écrasée par une autre base"
    if found.version != before.version:
        return "a été mise à jour par une autre version de Vigie"
    if changed := sorted(name for name, _ in before.schema.items() ^ found.schema.items()):
        return f"a été changée par un autre programme ({changed[0]!a})"
    older = any(found.counters.get(name, 0) < number for name, number in before.counters.items())
    if older or found.beat < before.beat:
        return "a été écrasée par une copie plus ancienne"
    return None


class Reader:
    """One connection that only reads, waits for nobody, and asks more only where something was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw: sqlite3.Connection | None = None
        self._seen: object = None

    def read(self) -> Traces | None:
        """None where nothing was written since the last reading, or it can't be read just now."""
        try:
            if self._raw is None:
                uri = f"{self._path.as_uri()}?mode=ro"
                self._raw = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
            seen = self._raw.execute("PRAGMA data_version").fetchone()
            if seen == self._seen:
                return None
            found = _traces(self._raw)
            self._seen = seen
        except (sqlite3.Error, OverflowError):
            return None
        return found

    def forget(self) -> None:
        """Ask all at the next reading."""
        self._seen = None

    def close(self) -> None:
        """Before the last connection that writes: a log is emptied into its base by who closes last."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None


def _traces(raw: sqlite3.Connection) -> Traces:
    with closing(raw.cursor()) as cursor:
        cursor.execute("BEGIN")  # one moment
        try:
            ((version,),) = cursor.execute("PRAGMA user_version").fetchall()
            schema = dict(cursor.execute(_SCHEMA).fetchall())
            counters = dict(cursor.execute(_COUNTERS).fetchall()) if "table memo" in schema else {}
            keys = dict(cursor.execute(_KEYS).fetchall()) if "table memo" in schema else {}
            beat = cursor.execute(_BEAT).fetchone() if "table memo" in schema else None
        finally:
            cursor.execute("COMMIT")
    return Traces(version, schema, counters, keys, beat[0] if beat else 0)
