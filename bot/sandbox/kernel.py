"""The few calls to the kernel that Python has no name for."""

import ctypes
import os
from functools import cache
from typing import Any

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38


@cache
def _library() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int = 0, pointer: Any = None) -> None:
    """Raises OSError."""
    zero = ctypes.c_ulong(0)
    _raised(_library().prctl(option, ctypes.c_ulong(value), pointer or zero, zero, zero))


def syscall(number: int, *arguments: Any) -> int:
    """The kernel's answer. Raises OSError."""
    return _raised(_library().syscall(ctypes.c_long(number), *arguments))


def wiped(name: str) -> None:
    """Take a variable out of our environment and out of /proc/self/environ, which shows what we were started with."""
    value = os.environ.get(name)
    if value is None:
        return
    find = _library().getenv
    find.restype = ctypes.c_void_p
    if place := find(os.fsencode(name)):
        ctypes.memset(place, 0, len(os.fsencode(value)))
    del os.environ[name]


def _raised(answer: int) -> int:
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer
