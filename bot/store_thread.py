"""The one thread that may use the store: off the event loop, and patient with a file that is busy or full."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from storage import StoreError

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("vigie")

WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds: a locked or full file is waited for, not given up


class Offload(Protocol):
    """Runs a plain function, with its arguments, in the one thread that may use the store."""

    async def __call__(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T: ...


@contextmanager
def store_thread() -> Iterator[Offload]:
    """Give the way into that thread, which ends with the block."""
    with ThreadPoolExecutor(1, thread_name_prefix="store") as thread:

        async def attempt(work: Callable[[], T]) -> T:
            return await asyncio.get_running_loop().run_in_executor(thread, work)

        async def offload(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
            # What the store could not do was rolled back whole, so that it may simply be done again
            work = partial(function, *arguments, **named)
            for wait in WAITS:
                try:
                    return await attempt(work)
                except StoreError as problem:
                    if not problem.passing:
                        raise
                    log.warning("store busy, will try again", extra={"problem": problem, "again_in": wait})
                await asyncio.sleep(wait)
            return await attempt(work)

        yield offload
