"""Processes that run a function under limits and can be killed: nothing else stops a loop inside C code."""

import asyncio
import math
import multiprocessing
import os
import pickle
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

T = TypeVar("T")

KillReason = Literal["time", "memory", "died", "busy", "stopped"]

MEMORY = 1 << 30  # bytes of address space; the worst page that ended took 454 MB
TASKS = 500  # a process is replaced after so many: libxml2 and malloc never give everything back
QUEUE = 60.0  # seconds a task waits for a free process before it is answered `busy`
BIRTH = 30.0  # seconds a new process has to start and warm up, on a loaded machine
_OUT_OF_MEMORY = 77  # exit code of a process that ran out of memory: its heap is not trusted for another task


@dataclass(frozen=True, slots=True)
class Killed:
    """The function was stopped, or never ran.

    `time`: over its CPU or wall limit · `memory`: over the memory limit · `died`: its process ended under it ·
    `busy`: no process became free in time · `stopped`: we are closing. The first three accuse the arguments.
    """

    reason: KillReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Crashed:
    """The function raised, or its arguments or result could not be pickled. `error` is one line."""

    error: str


class Workers:
    """Spawned processes under limits, as an async context manager.

    `warm` runs once in each new process, before its first task. A process is replaced after a kill, and after
    500 tasks. `queue` is in seconds, `memory` in bytes.
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
            self._lend(slot, slot.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        for slot in self._slots:
            slot.close()
        await asyncio.to_thread(self._threads.shutdown)

    async def warm(self) -> None:
        """Returns once a process is ready to work."""
        await self.run(os.getpid)

    async def run(
        self, function: Callable[..., T], *arguments: object, cpu: float = 4.0, wall: float = 8.0
    ) -> T | Killed | Crashed:
        """The result of `function(*arguments)` in a worker process; everything must be picklable.

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


class _Slot:
    """One process and its successors. `start` and `ask` are called from one thread at a time, the others from any."""

    def __init__(self, warm: Callable[[], object] | None, memory: int) -> None:
        self._begin = (warm, memory)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._tasks = 0
        self._ready = False
        self._closed = False

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, *self._begin), name="vigie-worker", daemon=True)
        process.start()
        theirs.close()
        self._process, self._tasks, self._ready = process, 0, False
        if self._closed:  # closing came while it was being born
            self.kill()

    def ask(
        self, function: Callable[..., Any], arguments: tuple[object, ...], cpu: float, wall: float
    ) -> Any | Killed | Crashed:
        try:
            request = pickle.dumps((function, arguments, cpu))
        except Exception as error:
            return Crashed(repr(error)[:200])
        answer = self._answer(request, wall)
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

    def _answer(self, request: bytes, wall: float) -> Any:
        try:
            if self._process is None:
                self.start()
            pipe, self._ready = self._living(), True
            pipe.send_bytes(request)
            return pickle.loads(pipe.recv_bytes()) if pipe.poll(wall) else Killed("time", "wall")  # noqa: S301
        except (OSError, EOFError):
            return self._post_mortem()

    def _living(self) -> Connection:
        assert self._pipe is not None
        if not self._ready:
            if not self._pipe.poll(BIRTH):
                raise EOFError
            self._pipe.recv_bytes()
        return self._pipe

    def _post_mortem(self) -> Killed:
        if self._process is None:
            return Killed("died", "no process")
        self._process.join(1)
        match self._process.exitcode:
            case code if code == _OUT_OF_MEMORY:
                return Killed("memory")
            case code if code == -signal.SIGXCPU:
                return Killed("time", "cpu")
            case code:
                return Killed("died", f"exit code {code}")

    def _replace(self) -> None:
        self.kill()
        if self._process is not None:
            self._process.join()
            self._process.close()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
        if not self._closed:
            try:
                self.start()
            except OSError:  # no memory or no process left now: the next task tries again
                self._process = None


def _serve(pipe: Connection, warm: Callable[[], object] | None, memory: int) -> None:
    """The worker process: one request after the other until the parent goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if warm is not None:
        warm()
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))
    try:
        pipe.send_bytes(b"")
        while True:
            pipe.send_bytes(_bounded(pipe.recv_bytes()))
    except (OSError, EOFError):
        return


def _bounded(request: bytes) -> bytes:
    """The pickled answer. The soft CPU limit moves forward before each task: SIGXCPU ends even a loop in C."""
    try:
        function, arguments, cpu = pickle.loads(request)  # noqa: S301 - written by our own parent process
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit_cpu(math.ceil(used.ru_utime + used.ru_stime + cpu))
        return pickle.dumps(function(*arguments))
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except Exception as error:
        return pickle.dumps(Crashed(repr(error)[:200]))
    finally:
        _limit_cpu(resource.RLIM_INFINITY)


def _limit_cpu(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
