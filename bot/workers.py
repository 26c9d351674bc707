"""Processes that run a function behind a wall and under limits, and can be killed: a loop in C stops for nothing else.

What such a process answers is foreign: it is read by the type that the function declares, and nothing of it ever runs.
"""

import asyncio
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, get_type_hints

from bot.sandbox.channel import Channel
from bot.sandbox.codec import unpacked
from bot.sandbox.process import MARK, OUT_OF_MEMORY, Raised, WorkerHello, program
from bot.sandbox.wall import WallLayer

T = TypeVar("T")
log = logging.getLogger("vigie")

KillReason = Literal["time", "memory", "died", "busy", "stopped"]

MEMORY = 1 << 30  # bytes of address space; the worst page that ended took 454 MB
TASKS = 5_000  # a process is replaced after so many, should libxml2 keep something; 1,200 pages of 140 kB take 90 MB
QUEUE = 60.0  # seconds a task waits for a free process before it is answered `busy`
BIRTH = 30.0  # seconds a new process has to start and warm up, on a loaded machine
_BEGIN = "import sys; sys.path[:] = {path!r}; from bot.sandbox.process import serve; serve({file})"


@dataclass(frozen=True, slots=True)
class Killed:
    """The function was stopped, or never ran.

    `time`: over its CPU or wall limit · `memory`: over the memory limit · `died`: its process ended under it, or
    answered what the function cannot · `busy`: no process became free in time, or none could be born · `stopped`: we
    are closing. The first three accuse the arguments.
    """

    reason: KillReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Crashed:
    """The function raised, or its arguments or result are not of kinds that travel. `error` is one line."""

    error: str


class Workers:
    """Spawned processes under limits, as an async context manager.

    `warm` runs once in each new process, before its first task. It loads all that a task is made of and reads of its
    own: behind the wall no file can be opened. A process is replaced after a kill, and after 5,000 tasks. `queue` is
    in seconds, `memory` in bytes.
    """

    def __init__(
        self,
        count: int = 1,
        *,
        warm: Callable[[], object] | None = None,
        memory: int = MEMORY,
        queue: float = QUEUE,
    ) -> None:
        self._slots = [_Slot(warm, memory) for _ in range(count)]
        self._queue = queue
        self._closing = False

    async def __aenter__(self) -> Self:
        self._free: asyncio.Queue[_Slot] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(len(self._slots), "worker")
        for slot in self._slots:
            self._lend(slot, slot.begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        for slot in self._slots:
            slot.close()
        await asyncio.to_thread(self._threads.shutdown)
        for slot in self._slots:
            slot.bury()

    async def warm(self) -> tuple[WallLayer, ...]:
        """Returns once a process is ready to work, with the layers of its wall; none where no process can be born."""
        await self.run(_nothing)
        return next((slot.layers for slot in self._slots if slot.layers), ())

    @property
    def unborn(self) -> str | None:
        """Why no process can be born now, in one line; None while they can."""
        return next((slot.unborn for slot in self._slots if slot.unborn), None)

    async def run(
        self, function: Callable[..., T], *arguments: object, cpu: float = 4.0, wall: float = 8.0
    ) -> T | Killed | Crashed:
        """The result of `function(*arguments)` in a worker process, as the type that its annotation tells.

        Arguments must be picklable. The result is of the kinds that bot/sandbox/codec.py knows: frozen dataclasses,
        enumerations, dates, tuples, plain values.
        `cpu` and `wall` are seconds, counted from the moment the function starts. Never raises for what the function
        did. A cancelled call kills its process.
        """
        if self._closing:
            return Killed("stopped")
        try:
            async with asyncio.timeout(self._queue):
                slot = await self._free.get()
        except TimeoutError:
            return Killed("busy")
        job = self._lend(slot, slot.ask, function, arguments, cpu, wall)
        try:
            answer: T | Killed | Crashed = await asyncio.shield(job)
        except asyncio.CancelledError:
            slot.kill()
            raise
        return answer

    def _lend(self, slot: "_Slot", action: Callable[..., Any], *arguments: object) -> "asyncio.Future[Any]":
        # A slot is free again when its thread is done, not when the caller stops waiting.
        job = asyncio.get_running_loop().run_in_executor(self._threads, action, *arguments)
        job.add_done_callback(lambda _: self._free.put_nowait(slot))
        return job


@cache
def _answer_type(function: Callable[..., object]) -> Any:
    """What its annotation tells, or that it raised. Raises where it tells nothing that can be named."""
    return get_type_hints(function)["return"] | Raised


class _Unasked(Exception):
    """A process said what nobody asked: maybe since an earlier task, so the one that came then is not to blame."""


def _marked(channel: Channel, mark: bytes, until: float) -> bytes:
    """The one answer to the request that bore this mark. Raises _Unasked where it is another's, ValueError where it is
    not the only one, and the errors of the channel."""
    answer = channel.receive(until)
    if answer[:MARK] != mark:
        raise _Unasked
    if channel.has_more():
        raise ValueError("answers twice")
    return answer[MARK:]


def _nothing() -> None:
    """A task that only waits for a process."""


class _Unborn(Exception):
    """A process could not be started, or is not ours; the text says why, in one line."""


class _Slot:
    """One process and its successors. `start` and `ask` are called from one thread at a time, the others from any.

    `layers` are those of the last process that greeted, `unborn` why the last one could not.
    """

    def __init__(self, warm: Callable[[], object] | None, memory: int) -> None:
        self._begin = (warm, memory)
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._tasks = 0
        self._ready = False
        self._closed = False
        self.layers: tuple[WallLayer, ...] = ()
        self.unborn: str | None = None

    def begin(self) -> None:
        """Start ahead of the first task; where that fails, the task tries again, and tells."""
        with suppress(OSError):
            self.start()

    def start(self) -> None:
        """Raises OSError."""
        program()  # as it is now, for the processes to come
        ours, theirs = socket.socketpair()
        begin = _BEGIN.format(path=[os.path.abspath(each) for each in sys.path], file=theirs.fileno())  # noqa: PTH100
        flags = ("-I", "-B") if sys.dont_write_bytecode else ("-I",)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, and nothing of a stranger's
                [sys.executable, *flags, "-X", "utf8", "-c", begin],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env={},  # no token, no password, no proxy
                pass_fds=(theirs.fileno(),),
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._channel, self._tasks, self._ready = Channel(ours), 0, False
        if self._closed:  # closing came while it was being born
            self.kill()

    def ask(
        self, function: Callable[..., Any], arguments: tuple[object, ...], cpu: float, wall: float
    ) -> Any | Killed | Crashed:
        try:
            request = pickle.dumps((function, arguments, cpu))
            kind = _answer_type(function.func if isinstance(function, partial) else function)
        except Exception as error:
            return Crashed(repr(error)[:200])
        answer = self._answer(request, kind, wall)
        self._tasks += 1
        if isinstance(answer, Killed) or self._tasks >= TASKS:
            self._replace()
        return Killed("stopped") if self._closed and isinstance(answer, Killed) else answer

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        self._closed = True
        self.kill()

    def _answer(self, request: bytes, kind: Any, wall: float, *, again: bool = True) -> Any:
        try:
            channel = self._living()
        except (OSError, EOFError, ValueError, _Unborn) as problem:
            return self._stillborn(problem)
        until, mark = time.monotonic() + wall, os.urandom(MARK)
        try:
            channel.send(mark + request, until)
            answer = unpacked(_marked(channel, mark, until), kind)
        except TimeoutError:
            return Killed("time", "wall")
        except (OSError, EOFError):
            return self._post_mortem()
        except _Unasked:
            log.warning("worker spoke unasked")
            self.bury()
            return self._answer(request, kind, wall, again=False) if again else Killed("died", "réponse illisible")
        except ValueError as problem:  # of a process that is no longer ours, or of a bug
            log.warning("worker answered nonsense", extra={"problem": str(problem)[:200]})
            return Killed("died", "réponse illisible")
        return Crashed(_line(answer.error)) if isinstance(answer, Raised) else answer

    def _living(self) -> Channel:
        if self._channel is not None and self._ready and self._channel.has_more():
            log.warning("worker spoke unasked")
            self.bury()
        if self._ready and self._process is not None and self._process.poll() is not None:
            log.warning("worker was ended while it waited")  # by the system, short of memory: no task is to blame
            self.bury()
        if self._process is None:
            self.start()
        assert self._channel is not None
        if not self._ready:
            until = time.monotonic() + BIRTH
            self._channel.send(pickle.dumps(self._begin), until)
            hello: WorkerHello = unpacked(self._channel.receive(until), WorkerHello)
            if hello.program != program():
                raise _Unborn("le programme a été remplacé sous Vigie : relancez-la")
            self._greeted(hello)
        return self._channel

    def _greeted(self, hello: WorkerHello) -> None:
        if hello.layers != self.layers and not all(layer.holds for layer in hello.layers):
            missing: dict[str, object] = {layer.name: layer.said for layer in hello.layers if not layer.holds}
            log.warning("worker wall incomplete", extra=missing)
        self._ready, self.layers, self.unborn = True, hello.layers, None

    def _stillborn(self, problem: Exception) -> Killed:
        if self._closed:
            return Killed("stopped")
        said = str(problem) or type(problem).__name__
        if self.unborn != said:
            log.critical("no worker can be born", extra={"problem": said})
        self.unborn = said
        return Killed("busy", said)

    def _post_mortem(self) -> Killed:
        if self._process is None:
            return Killed("died", "no process")
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return Killed("died", "silent")
        if code == OUT_OF_MEMORY:
            return Killed("memory")
        return Killed("time", "cpu") if code == -signal.SIGXCPU else Killed("died", f"exit code {code}")

    def bury(self) -> None:
        """Leave nothing behind of the process and its channel."""
        self.kill()
        if self._process is not None:
            self._process.wait()
            self._process = None
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _replace(self) -> None:
        self.bury()
        if not self._closed and self.unborn is None:
            self.begin()


def _line(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text[:200])
