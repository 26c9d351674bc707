"""A worker process gives a result or is killed; the others go on."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
import time

import pytest

from bot.sandbox.process import serve
from bot.workers import Crashed, Killed, Workers


def loaded() -> None:
    """Whoever names it loads this module."""


def double(number: int) -> int:
    return 2 * number


def fail() -> None:
    raise ValueError("cassé")


def length(body: bytes) -> int:
    return len(body)


def rest(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def hang_in_c() -> None:
    ctypes.PyDLL(None).sleep(30)  # keeps the interpreter lock: no Python signal handler ever runs


def devour() -> int:
    return len(bytearray(3 << 30))


def vanish() -> None:
    os._exit(9)


def says_nothing_of_its_type(number):
    return number


def answers_code() -> int:
    return lambda: 4


def answers_another_type() -> int:
    return "quatre"


def imported() -> bool:
    return "colorsys" in sys.modules


def import_colorsys() -> None:
    import colorsys  # noqa: F401


async def test_a_function_gives_its_result_and_what_it_raises_comes_back_as_a_value():
    async with Workers(warm=loaded) as workers:
        assert await workers.run(double, 21) == 42
        assert await workers.run(fail) == Crashed("ValueError('cassé')")
        assert isinstance(await workers.run(says_nothing_of_its_type, 4), Crashed)
        assert isinstance(await workers.run(answers_code), Crashed)
        assert await workers.run(answers_another_type) == Killed("died", "réponse illisible")
        assert isinstance(await workers.run(double, lambda: None), Crashed)
        assert await workers.run(double, 4) == 8


async def test_a_large_body_travels():
    async with Workers(warm=loaded) as workers:
        assert await workers.run(length, b"x" * (4 << 20)) == 4 << 20


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        (spin, Killed("time", "cpu")),
        (hang_in_c, Killed("time", "wall")),
        (devour, Killed("memory")),
        (vanish, Killed("died", "exit code 9")),
    ],
)
async def test_a_task_beyond_its_limits_is_killed_and_the_next_is_answered(function, answer):
    async with Workers(warm=loaded) as workers:
        assert await workers.run(function, cpu=0.2, wall=0.2 if function is hang_in_c else 8) == answer
        assert await workers.run(double, 1) == 2


def number() -> int:
    return os.getpid()


async def test_a_process_that_something_else_ended_while_it_waited_costs_no_task():
    async with Workers(warm=loaded) as workers:
        first = await workers.run(number)
        os.kill(first, signal.SIGKILL)
        await asyncio.to_thread(os.waitid, os.P_PID, first, os.WEXITED | os.WNOWAIT)  # ended, and still to be buried
        assert await workers.run(double, 1) == 2
        assert await workers.run(number) != first


async def test_one_hung_task_among_twenty_costs_only_itself():
    async with Workers(warm=loaded) as workers:
        tasks = [workers.run(double, n) if n != 3 else workers.run(hang_in_c, wall=0.2) for n in range(20)]
        answers = await asyncio.gather(*tasks)
    assert answers.pop(3) == Killed("time", "wall")
    assert answers == [2 * n for n in range(20) if n != 3]


async def test_a_task_that_waits_too_long_for_a_process_is_told_so():
    async with Workers(warm=loaded, queue=0.05) as workers:
        while isinstance(await workers.run(double, 1), Killed):
            pass  # the process is being born
        first = asyncio.create_task(workers.run(rest, 0.5))
        await asyncio.sleep(0)
        assert await workers.run(double, 1) == Killed("busy")
        await first


async def test_closing_with_a_hung_task_answers_it_at_once():
    async with Workers(warm=loaded) as workers:
        await workers.warm()
        hung = asyncio.create_task(workers.run(hang_in_c))
        await asyncio.sleep(0.1)
    assert await hung == Killed("stopped")
    assert await workers.run(double, 1) == Killed("stopped")


async def test_a_cancelled_call_leaves_a_free_worker():
    async with Workers(warm=loaded) as workers:
        await workers.warm()
        hung = asyncio.create_task(workers.run(hang_in_c))
        await asyncio.sleep(0.1)
        hung.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hung
        assert await workers.run(double, 1) == 2


async def test_a_process_that_cannot_be_born_accuses_nothing_and_is_told(monkeypatch):
    async with Workers(warm=loaded) as workers:
        await workers.warm()
        monkeypatch.setattr(sys, "executable", "/nonexistent/python")
        await workers.run(vanish)
        answer = await workers.run(double, 1)
        assert isinstance(answer, Killed)
        assert answer.reason == "busy"
        assert workers.unborn
        monkeypatch.undo()
        assert await workers.run(double, 1) == 2
        assert workers.unborn is None


async def test_a_process_of_another_version_reads_nothing(monkeypatch):
    async with Workers(warm=loaded) as workers:
        monkeypatch.setattr("bot.workers.program", lambda: "celle d'hier")
        answer = await workers.run(double, 1)
    assert answer == Killed("busy", "le programme a été remplacé sous Vigie : relancez-la")


def test_a_process_whose_parent_was_killed_ends_without_a_word():
    ours, theirs = socket.socketpair()
    ours.close()
    before = signal.getsignal(signal.SIGINT)
    try:
        with theirs:
            assert serve(theirs.fileno()) is None
    finally:
        signal.signal(signal.SIGINT, before)


async def test_each_new_process_is_warmed_before_its_first_task():
    async with Workers(warm=import_colorsys) as workers:
        assert await workers.run(imported)
        await workers.run(vanish)
        assert await workers.run(imported)
