"""`vigie backup`, `restore` and `prune`: what an operator does with the database."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.daemon.lock import sole_sender
from bot.ending import CannotRun
from bot.french import counted, size
from bot.opening import opened
from storage import backup as copies
from storage.dump import dump
from storage.move import move as move_base
from storage.operators.model import Backup
from storage.operators.retention import Retention
from storage.place import Place, from_home


def backup(database: Place, file: str, out: TextIO) -> int:
    """Copy the store to `file`: a file of SQLite's, or what pg_dump writes. Raises StoreError."""
    target = from_home(file)
    made = copies.backup(database, target) if isinstance(database, Path) else dump(database, target)
    print(f"{target} : {_told(made)}, vérifiée", file=out)
    return 0


def restore(database: Place, file: str, now: datetime, out: TextIO) -> int:
    """Put `file` in place of the store. Raises StoreError, and CannotRun while Vigie runs, or for a server."""
    if not isinstance(database, Path):
        told = f"pg_restore --no-owner --single-transaction -d {database} {file}"
        raise CannotRun(f"la base est sur un serveur : arrêtez chaque Vigie, créez une base vide, puis {told}")
    with sole_sender(database):
        made, kept = copies.restore(database, from_home(file), now)
    print(f"{database} : {_told(made)}", file=out)
    if kept is not None:
        print(f"L’ancienne base est gardée : {kept}", file=out)
    return 0


def move(source: Place, target: Place, out: TextIO) -> int:
    """Carry the whole base elsewhere. Raises StoreError, and CannotRun while Vigie runs on a file."""
    if isinstance(source, Path) and isinstance(target, Path) and source.absolute() == target.absolute():
        raise CannotRun(f"{target} est la base elle-même : donnez-en une autre")  # not « another Vigie »
    with sole_sender(source), sole_sender(target):
        carried = move_base(source, target)
    tables = counted(sum(number > 0 for _, number in carried.rows), "table", "tables")
    print(f"{target} : {counted(carried.total, 'ligne', 'lignes')} de {tables}, vérifiées", file=out)
    print(f"{source} n’a pas changé. Donnez la nouvelle base à Vigie : VIGIE_DATABASE={target}", file=out)
    return 0


def prune(database: Place, keep: Retention, now: datetime, out: TextIO) -> int:
    """Forget what is kept no longer. Raises StoreError, and CannotRun without a database."""
    with closing(opened(database, "rien à oublier")) as store:
        pruned = store.prune(now, keep)
        left = store.figures(now).size
    for number, one, many, kept in (
        (pruned.texts, "texte vidé", "textes vidés", keep.texts),
        (pruned.deliveries, "message effacé", "messages effacés", keep.messages),
        (pruned.chats, "chat parti effacé", "chats partis effacés", keep.chats),
        (pruned.copies, "base d’avant une restauration effacée", "bases d’avant une restauration effacées", keep.chats),
    ):
        print(f"{counted(number, one, many)} (plus de {kept.days} jours)", file=out)
    print(f"{database} : {size(left)}", file=out)
    return 0


def _told(made: Backup) -> str:
    held = counted(made.articles, "article", "articles"), counted(made.chats, "chat", "chats")
    return f"{size(made.size)}, {', '.join(held)}, schéma {made.version}"
