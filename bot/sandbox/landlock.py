"""Landlock: this process may read what it was told to, write nothing and signal nobody (docs.kernel.org)."""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from bot.sandbox.kernel import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILES = {1: 13, 2: 14, 3: 15, 5: 16}  # from this version on, so many rights over files are known
_NETWORK, _BIND_AND_CONNECT = 4, 3
_SCOPES, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 3


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Of the kernel's Landlock, 1 or more. Raises OSError where there is none, or where we may not use it."""
    return syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))


def restrict(readable: Iterable[Path], *, calls: bool = False) -> int:
    """From now on this thread reads these files, and beneath these folders, only. It connects nowhere by TCP, unless it
    `calls`. Gives the version of Landlock. Raises OSError."""
    known = version()
    files = (1 << max(rights for since, rights in _FILES.items() if since <= known)) - 1
    network = _BIND_AND_CONNECT if known >= _NETWORK and not calls else 0
    scoped = _ABSTRACT_SOCKETS_AND_SIGNALS if known >= _SCOPES else 0
    wanted = _Ruleset(files, network, scoped)
    size = 24 if scoped else 16 if network else 8  # older kernels know a shorter one
    ruleset = syscall(_CREATE, ctypes.byref(wanted), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for place in readable:
            _allow(ruleset, place)
        syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return known


def _allow(ruleset: int, place: Path) -> None:
    rights = _READ_FILE | _READ_FOLDER if place.is_dir() else _READ_FILE
    parent = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        beneath = _Beneath(rights, parent)
        syscall(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(beneath), ctypes.c_uint32(0))
    finally:
        os.close(parent)
