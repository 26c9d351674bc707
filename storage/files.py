"""Every file that is written: never through a link, never half, never open to more than was meant."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OURS = 0o600
PUBLIC = 0o644

# How a base begins, its log, and a copy of a server
_BASES = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"PGDMP")
_SIDES = ("-wal", "-shm", "-journal")
_SETTINGS = (".yaml", ".yml")


def write(target: Path, content: str | bytes, mode: int = OURS) -> None:
    """Put a whole file in the place of `target`, safe on the disk. A link of that name goes, what it leads to stays.

    Raises OSError, and then `target` is as it was; also where it is a base or settings, which nothing that is written
    whole may replace.
    """
    refuse_precious(target)
    with draft(target, mode) as path:
        fill(path, content)
        take(path, target)


def create(target: Path, content: bytes, mode: int = PUBLIC) -> bool:
    """Write a file where nothing is yet, not even a link that leads nowhere. False if there is. Raises OSError."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)
    return True


@contextmanager
def draft(target: Path, mode: int = OURS, like: os.stat_result | None = None) -> Iterator[Path]:
    """An empty file of ours next to `target`, under a name that nobody can guess; gone at the end unless taken.

    `like`: it has the owner, the group and the mode of that file, as far as we may give them. Raises OSError.
    """
    path = target.absolute().with_name(f".{target.name[:100]}.{secrets.token_hex(8)}")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, OURS)
    try:
        if like is not None:
            with suppress(PermissionError):  # only root gives files away
                os.fchown(handle, like.st_uid, like.st_gid)
        os.fchmod(handle, mode)
    finally:
        os.close(handle)
    try:
        yield path
    finally:
        for left in (path, *(path.with_name(f"{path.name}{side}") for side in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                left.unlink()


def fill(path: Path, content: str | bytes) -> None:
    """Write into a draft. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def refuse_precious(target: Path) -> None:
    """Raises OSError where this name is that of a base, of its log, or of settings: a slip of who names an output."""
    if target.suffix.lower() in _SETTINGS:
        raise OSError(errno.EINVAL, "un nom en .yaml est celui d’un réglage : donnez-en un autre")
    if is_base(target) or is_beside(target):
        raise OSError(errno.EINVAL, "ce nom est celui d’une base : donnez-en un autre")


def is_base(path: Path) -> bool:
    """Whether a regular file begins as a base, its log or a copy of one does. What can't be read is none."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return os.pread(handle, 16, 0).startswith(_BASES)
        finally:
            os.close(handle)
    except OSError:
        return False


def is_beside(path: Path) -> bool:
    """Whether a name is that of the log of a base, or of its index, there or not yet."""
    return any(
        path.name.endswith(side) and is_base(path.with_name(path.name.removesuffix(side)))
        for side in _SIDES
        if path.name != side
    )


def take(path: Path, target: Path) -> None:
    """Give a draft the name of `target` once the disk has it. Raises OSError, also where a device has that name."""
    _synced(path, os.O_RDONLY | os.O_NOFOLLOW)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.is_char_device() or target.is_block_device() or (target.is_symlink() and target.is_fifo()):
        raise OSError(errno.EINVAL, f"« {target} » n’est pas un fichier")  # « /dev/null », or « /dev/stdout » in a pipe
    path.replace(target)
    _synced(target.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)


def empty_into(source: Path, kept: Path) -> None:
    """Leave `source` empty, what it held in a file of ours named `kept`. Raises OSError."""
    with draft(kept) as copy:
        shutil.copyfile(source, copy)
        take(copy, kept)
    os.truncate(source, 0)


def held(path: Path, mode: int = OURS) -> int:
    """A descriptor of a file that stays, made if it is not there. Raises OSError where the name is taken by a link."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, mode)
    found = os.fstat(handle)
    if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
        return handle
    os.close(handle)
    raise OSError(errno.EMLINK, f"« {path} » est un lien ou un autre genre de fichier : retirez-le")


def close_to_others(path: Path) -> None:
    """Make a file readable by its owner only, unless the name is a link. What is not there, or not ours, is left.

    One that is closed already is not opened: closing it would cost this program the locks of SQLite on it.
    """
    with suppress(OSError):
        if not path.lstat().st_mode & 0o077:
            return
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(handle)
            if stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
                os.fchmod(handle, OURS)
        finally:
            os.close(handle)


def shared(folder: Path) -> bool:
    """Whether others than its owner and root may put a file of their own under any name in this folder."""
    found = folder.stat()
    return bool(found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX)


def _synced(path: Path, how: int) -> None:
    handle = os.open(path, how | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
