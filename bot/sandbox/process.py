"""The worker process: behind its wall, one request after the other until the parent goes away."""

import hashlib
import math
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.sandbox.channel import read_message, write_message
from bot.sandbox.codec import packed
from bot.sandbox.wall import WallLayer, build

MARK = 16  # bytes of chance before a request, and before its answer: who says them was asked
OUT_OF_MEMORY = 77  # exit code of a process that ran out of memory: its heap is not trusted for another task


@dataclass(frozen=True, slots=True)
class WorkerHello:
    """The first message of a process: which program it is, and which layers stand between it and the rest."""

    program: str
    layers: tuple[WallLayer, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """The function raised. `error` is one line."""

    error: str


@cache
def program() -> str:
    """Changes with any line of ours: a process born after an upgrade does not speak with one that started before it."""
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def serve(file: int) -> None:
    """Greet, then answer what comes over this socket. What is read here was written by our own parent process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        begun = read_message(file)
    except (OSError, EOFError):  # our parent was killed: there is nobody to tell it to
        return
    warm, memory = pickle.loads(begun)  # noqa: S301
    if warm is not None:
        warm()
    known = program()
    _silence()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    write_message(file, packed(WorkerHello(known, build())))
    try:
        while True:
            request = read_message(file)
            write_message(file, request[:MARK] + _bounded(request[MARK:]))
    except (OSError, EOFError):
        return


def _silence() -> None:
    """Until here, what goes wrong is said where the daemon says it; a taken-over process could write its log."""
    sys.dont_write_bytecode = True
    nowhere = os.open(os.devnull, os.O_RDWR)
    for file in (0, 1, 2):
        os.dup2(nowhere, file)
    os.close(nowhere)


def _bounded(request: bytes) -> bytes:
    """The packed answer. The soft CPU limit moves forward before each task: SIGXCPU ends even a loop in C."""
    function: Callable[..., object]
    try:
        function, arguments, cpu = pickle.loads(request)  # noqa: S301
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit_cpu(math.ceil(used.ru_utime + used.ru_stime + cpu))
        return packed(function(*arguments))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        return packed(Raised(repr(error)[:200]))
    finally:
        _limit_cpu(resource.RLIM_INFINITY)


def _limit_cpu(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
