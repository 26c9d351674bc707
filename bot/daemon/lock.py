"""One Vigie for one database: the right to poll and send, held with the kernel."""

import errno
import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.ending import CannotRun
from storage.failure import StoreError
from storage.files import held
from storage.place import Place
from storage.system import said

log = logging.getLogger("vigie")

_TRIES = 10  # times that a file may be taken away between opening and locking it


class SoleRight:
    """The right that one file stands for, for as long as `handle` is open. `fresh`: we made that file."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, and BlockingIOError where another process holds it."""
        self._path = path
        self.fresh = not path.exists()
        self._handle = _locked(path)

    def lost(self) -> StoreError | None:
        """Why it is ours no more. A file that was deleted or replaced stops nobody: it is taken anew, if it can be."""
        if _stands(self._handle, self._path):
            return None
        try:
            handle = _locked(self._path)
        except BlockingIOError:
            return StoreError(f"« {self._path} » a été effacé, et une autre Vigie a pris la base : celle-ci s’arrête")
        except OSError as problem:
            return StoreError(f"« {self._path} » a été effacé, et ne peut être refait : {said(problem)}")
        log.warning("lock file deleted or replaced, taken anew", extra={"file": self._path})
        os.close(self._handle)
        self._handle = handle
        return None

    def close(self, *, remove: bool) -> None:
        """Give it back; `remove` the file too, while nobody else can hold it."""
        if remove and _stands(self._handle, self._path):
            with suppress(OSError):
                self._path.unlink()
        os.close(self._handle)


@contextmanager
def sole_sender(database: Place) -> Iterator[SoleRight | None]:
    """Hold the right to poll and send for this database; the kernel gives it back however we end. What ends by an error
    leaves no file that it made.

    Several daemons may work on one server, where offices say who sends: nothing is held. Raises CannotRun if another
    process holds it, or where no file can be made.
    """
    if not isinstance(database, Path):
        yield None
        return
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        right = SoleRight(Path(f"{database}-sender"))
    except BlockingIOError as problem:
        raise CannotRun(f"une autre Vigie travaille déjà sur {database} : arrêtez-la d’abord") from problem
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire à côté de {database} : {said(problem)}") from problem
    failed = True
    try:
        yield right
        failed = False
    finally:
        right.close(remove=failed and right.fresh)


def _locked(path: Path) -> int:
    """A descriptor of the file of this name, locked, with our number in it. Raises OSError."""
    for _ in range(_TRIES):
        handle = held(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _stands(handle, path):
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
                return handle
        except OSError:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it took it away meanwhile
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _stands(handle: int, path: Path) -> bool:
    """Whether the file that is open is the one of this name."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except OSError:
        return False


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
