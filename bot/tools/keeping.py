"""`vigie backup`, `restore` and `prune`: what an operator does with the database."""

from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.daemon.lock import sole_sender
from bot.ending import CannotRun
from bot.french import counted, size
from storage import backup as copies
from storage import open_store
from storage.operators.model import Backup, Retention


def backup(database: Path, file: str, out: TextIO) -> int:
    """Copy the store to `file`. Raises StoreError."""
    target = Path(file).expanduser()
    print(f"{target} : {_told(copies.backup(database, target))}, vérifiée", file=out)
    return 0


def restore(database: Path, file: str, now: datetime, out: TextIO) -> int:
    """Put `file` in place of the store. Raises StoreError, and CannotRun while Vigie runs."""
    with sole_sender(database):
        made, kept = copies.restore(database, Path(file).expanduser(), now)
    print(f"{database} : {_told(made)}", file=out)
    if kept is not None:
        print(f"L’ancienne base est gardée : {kept}", file=out)
    return 0


def prune(database: Path, keep: Retention, now: datetime, out: TextIO) -> int:
    """Forget what is kept no longer. Raises StoreError, and CannotRun without a database."""
    if not database.exists():
        raise CannotRun(f"{database} n’existe pas : rien à oublier (VIGIE_DATABASE)")
    store = open_store(database)
    try:
        pruned = store.prune(now, keep)
        left = store.figures(now).size
    finally:
        store.close()
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
