"""A loop whose clock jumps to the next thing to do: a day of waiting takes no time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Nothing real may be waited for in it: there is no socket, and what is given to a thread is done at once."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Jumping(self))
        self._clock_resolution = 1e-6  # after half a year, a float knows no nanoseconds: the loop would spin for ever

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as problem:
            future.set_exception(problem)
        return future


class _Jumping(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits, and for nothing")
        if timeout > 0:
            self._loop.now += timeout
        return []


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
