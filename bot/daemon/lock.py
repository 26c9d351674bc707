"""One Vigie for one database: the right to poll and send, held with the kernel."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.ending import CannotRun
from storage.files import held
from storage.place import Place
from storage.system import said


@contextmanager
def sole_sender(database: Place) -> Iterator[None]:
    """Hold the right to poll and send for this database; the kernel gives it back however we end.

    Several daemons may work on one server, where offices say who sends: nothing is held. Raises CannotRun if another
    process holds it, or where no file can be made.
    """
    if not isinstance(database, Path):
        yield
        return
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = held(Path(f"{database}-sender"))
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire à côté de {database} : {said(problem)}") from problem
    with os.fdopen(handle, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise CannotRun(f"une autre Vigie travaille déjà sur {database} : arrêtez-la d’abord") from problem
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def holder(database: Place) -> int | None:
    """The process that polls and sends for this file now; None if nobody does, 0 if it can't be told who."""
    if not isinstance(database, Path):
        return None  # any number of daemons may: its offices tell
    try:
        path = f"{database}-sender"
        with open(path, encoding="ascii", opener=_no_link) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                written = file.read(20).strip()
                return int(written) if written.isdecimal() else 0
    except (OSError, UnicodeDecodeError):
        return None
    return None


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
