"""A copy of the store that can be trusted, and its way back."""

import glob
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from sqlalchemy import create_engine

from storage import files
from storage.checking import misfit
from storage.database import Database
from storage.failure import StoreError
from storage.migrations import APPLICATION, MIGRATIONS, migrate
from storage.operators.model import Backup
from storage.sqlite_file import PATIENCE, explain, refuse_foreign, refuse_others
from storage.sqlite_header import LENGTH, header
from storage.system import said

_SIDES = ("-wal", "-shm")
_HIGHEST = 1 << 62  # no base of ours comes near
_SET_ASIDE = re.compile(r"\.avant-(\d{8}-\d{6})(?:-wal|-shm)?$")
_MASTER = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
_COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
_SQLITE_OWN = ("sqlite_sequence", "sqlite_stat1", "sqlite_stat4")


def backup(database: Path, target: Path) -> Backup:
    """Copy the store as it is at one moment, while others may use it; an older copy at `target` goes only then.

    The copy is 0600, checked, and safe on the disk before it takes its name. Raises StoreError.
    """
    if not database.is_file():
        raise StoreError(f"« {database} » n’existe pas : rien à sauvegarder (VIGIE_DATABASE).")
    refuse_foreign(database)
    if target.is_dir() or (target.exists() and target.samefile(database)):
        raise StoreError(f"« {target} » : donnez le nom d’un nouveau fichier.")
    refuse_another(target)
    with _beside(target) as copy:
        with _explained(database, copy), closing(_opened(database)) as raw:
            refuse_others(database, raw, newest=1 << 30)  # a copy of a newer store is a good copy
            raw.execute("VACUUM INTO ?", (str(copy),))
        made = verify(copy)
        _take(copy, target)
    return made


def refuse_another(target: Path) -> None:
    """A copy takes the place of an older one, of an empty file, and of nothing else. Raises StoreError."""
    if files.is_beside(target):
        raise StoreError(f"« {target} » est le nom du journal d’une base : donnez celui d’un nouveau fichier.")
    if target.is_symlink() or not target.is_file():
        return
    try:
        with target.open("rb") as file:
            head = file.read(LENGTH)
    except OSError:
        return  # whoever may not read it learns it by the writing
    found = header(head)
    if head and not head.startswith(b"PGDMP") and (found is None or found.application != APPLICATION):
        raise StoreError(f"« {target} » n’est pas une sauvegarde : donnez le nom d’un nouveau fichier.")


def restore(database: Path, source: Path, now: datetime) -> tuple[Backup, Path | None]:
    """Put a checked copy of `source` in place of the store, which nobody uses meanwhile.

    The store of before is kept beside, under the name given back; None if there was none. Raises StoreError, and
    then nothing has changed.
    """
    if not source.is_file():
        raise StoreError(f"« {source} » n’existe pas, ou n’est pas un fichier.")
    if database.exists() and source.samefile(database):
        raise StoreError(f"« {source} » est la base elle-même : donnez une sauvegarde.")
    refuse_foreign(source)
    if not source.stat().st_size:
        raise StoreError(f"« {source} » est vide : ce n’est pas une sauvegarde de Vigie.")
    with _beside(database, like=_owner(database)) as copy:
        with _tried(source, copy), closing(_opened(source)) as raw:
            refuse_others(source, raw, newest=len(MIGRATIONS))
            _refuse_strange(source, raw)
            _refuse_damaged(source, raw)  # a copy made anew would hide it
            raw.execute("VACUUM INTO ?", (str(copy),))
        verify(copy, source)
        _bring_on(source, copy)
        made = verify(copy, source)
        _refuse_misfit(source, copy)
        kept = _set_aside(database, now)
        _take(copy, database)
    return made, kept


def forget_set_aside(database: Path, before: datetime) -> int:
    """Remove what restores have set aside before this moment: chats are in it that have left since. How many."""
    old = [
        path
        for path in database.parent.glob(f"{glob.escape(database.name)}.avant-*")
        if (found := _SET_ASIDE.search(path.name)) and found[1] < f"{before:%Y%m%d-%H%M%S}"
    ]
    for path in old:
        with suppress(OSError):
            path.unlink()
    return sum(not path.name.endswith(_SIDES) for path in old)


def strange(path: Path) -> str | None:
    """The name of a table, trigger or view that this version of Vigie does not make, or of one that is missing or
    was changed; None where all is ours. Raises StoreError."""
    with _tried(path, path), closing(_opened(path)) as raw:
        return _strange(raw)


def verify(path: Path, source: Path | None = None) -> Backup:
    """What the file holds, every page of it read. Raises StoreError if anything is wrong with it; a copy that we make
    is told by the name of its `source`."""
    named = source or path
    refuse_foreign(path)
    with _tried(named, path), closing(_opened(path)) as raw:
        refuse_others(named, raw, newest=1 << 30)
        _refuse_damaged(named, raw)
        if (broken := raw.execute("PRAGMA foreign_key_check").fetchone()) is not None:
            raise StoreError(
                f"« {named} » est abîmée (des liens entre tables sont rompus : « {broken[0]} » renvoie à des lignes de "
                f"« {broken[2]} » qui n’existent pas). Prenez une autre sauvegarde."
            )
        (version,) = raw.execute("PRAGMA user_version").fetchone()
        if not version:
            raise StoreError(f"« {named} » est vide : ce n’est pas une sauvegarde de Vigie.")
        (articles,) = raw.execute("SELECT count(*) FROM article").fetchone()
        (chats,) = raw.execute("SELECT count(*) FROM chat WHERE kind != 'console'").fetchone()
    return Backup(path.stat().st_size, version, articles, chats)


def _refuse_damaged(path: Path, raw: sqlite3.Connection) -> None:
    (said,) = raw.execute("PRAGMA integrity_check(1)").fetchone()
    said = " ".join(said.rpartition("***")[2].split())  # one line of what may be several
    if said == "ok" and _is_full(raw):
        said = "un numéro de ligne que Vigie n’a pu donner"
    if said != "ok":
        raise StoreError(f"« {path} » est abîmée ({said}). Prenez une autre sauvegarde.")


def _is_full(raw: sqlite3.Connection) -> bool:
    """Whether a table that counts its rows could take few more, or none: SQLite says then that the disk is full."""
    names = ['"' + name.replace('"', '""') + '"' for (name,) in raw.execute(_COUNTED).fetchall()]
    last = [raw.execute(f"SELECT max(rowid) FROM {name}").fetchone()[0] for name in names]  # noqa: S608 # as it says
    last += [number for (number,) in raw.execute("SELECT seq FROM sqlite_sequence")] if names else []
    return any(not isinstance(number, int) or number > _HIGHEST for number in last if number is not None)


@contextmanager
def _beside(target: Path, like: os.stat_result | None = None) -> Iterator[Path]:
    """An empty file of ours next to `target`, gone at the end unless it was taken."""
    folder = target.absolute().parent
    try:
        # SQLite opens by name: where others may change what a name leads to, it could be led to a file of theirs
        if files.shared(folder):
            raise StoreError(f"D’autres peuvent écrire dans « {folder} » : chmod o-w {folder}, ou un autre dossier.")
        with files.draft(target, like=like) as path:
            yield path
    except OSError as problem:
        raise StoreError(f"Impossible d’écrire dans « {folder} » ({said(problem)}).") from problem


def _take(copy: Path, target: Path) -> None:
    """Give the copy its name once the disk has it."""
    try:
        files.take(copy, target)
    except OSError as problem:
        raise StoreError(f"Impossible d’écrire « {target} » ({said(problem)}).") from problem


def _owner(database: Path) -> os.stat_result:
    """The file whose owner the store is to have: itself, or its folder. Raises OSError where there is neither."""
    return database.stat() if database.exists() else database.absolute().parent.stat()


def _set_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.avant-{now:%Y%m%d-%H%M%S}")
    # What its log holds goes into it first. Where it is too broken for that, the log is kept with it.
    with suppress(sqlite3.Error), closing(_opened(database)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        for side, other in zip(_sides(database), _sides(kept), strict=True):
            if side.exists():
                side.rename(other)
        os.link(database, kept)  # never a moment without a store under its name
    except OSError as problem:
        raise StoreError(f"Impossible de garder l’ancienne base sous « {kept} » ({said(problem)}).") from problem
    return kept


def _refuse_strange(source: Path, raw: sqlite3.Connection) -> None:
    if (found := _strange(raw)) is not None:
        name = "".join(sign if sign.isprintable() else "?" for sign in found)
        raise StoreError(
            f"« {source} » n’est pas faite comme une base de Vigie (« {name} ») : quelqu’un l’a changée. "
            "Rien n’a été changé : prenez une autre sauvegarde."
        )


def _bring_on(source: Path, copy: Path) -> None:
    """To the version of this program, before it counts. Steps read the rows of older versions."""
    try:
        Database(copy).close()
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(
            f"« {source} » ne peut être portée à cette version de Vigie ({type(error).__name__}) : quelqu’un a changé "
            "ses lignes. Rien n’a été changé : prenez une autre sauvegarde."
        ) from error


def _refuse_misfit(source: Path, copy: Path) -> None:
    with _tried(source, copy), closing(_opened(copy)) as raw:
        found = misfit(raw)
    if found is not None:
        raise StoreError(
            f"« {source} » : « {found.table}.{found.column} » ne tient pas ce que Vigie y écrit ({found.rows} "
            f"{'ligne' if found.rows == 1 else 'lignes'} sur {found.of}). Rien n’a été changé : prenez une autre "
            "sauvegarde, ou corrigez ces lignes."
        )


def _strange(raw: sqlite3.Connection) -> str | None:
    (number,) = raw.execute("PRAGMA user_version").fetchone()
    ours, found = made_by(number), _schema(raw.execute(_MASTER))
    return min((name for _, name, *_ in ours ^ found), default=None)


@cache
def made_by(number: int) -> frozenset[tuple[str, ...]]:
    """What the first so many migrations make, as SQLite tells it."""
    with create_engine("sqlite://").begin() as connection:
        migrate(connection, MIGRATIONS[:number])
        return _schema(connection.exec_driver_sql(_MASTER))


def _schema(rows: Iterable[Iterable[str]]) -> frozenset[tuple[str, ...]]:
    """Kind, name, table and text of everything but SQLite's own statistics and counters. Versions of SQLite differ in
    how they quote and space what a renaming rewrites."""
    return frozenset(
        (kind, name, table, re.sub(r"[\s\"]+", "", text))
        for kind, name, table, text in rows
        if not (kind == "table" and name in _SQLITE_OWN)
    )


def _sides(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(f"{path.name}{side}") for side in _SIDES)


def _opened(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=rw"  # never created by looking at it
    raw = sqlite3.connect(uri, uri=True, timeout=PATIENCE.total_seconds(), isolation_level=None)
    # What a foreign file holds of code may call nothing; our own search needs its triggers trusted
    raw.executescript("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    raw.text_factory = partial(str, encoding="utf-8", errors="replace")  # what is damaged is told all the same
    return raw


@contextmanager
def _tried(source: Path, copy: Path) -> Iterator[None]:
    """The same where the file is a backup: a damaged one is no reason to touch the store."""
    with _explained(source, copy):
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            told = f"« {source} » est abîmée ({error}). Rien n’a été changé : prenez une autre sauvegarde."
            raise StoreError(told) from error


@contextmanager
def _explained(source: Path, copy: Path) -> Iterator[None]:
    """A failure while one file is copied to another is told by the one it is about."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        is_copy = code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE
        explain(copy.parent if is_copy else source, error, error)
