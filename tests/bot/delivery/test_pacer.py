"""Turns to send, on logical time."""

import asyncio
import heapq
import itertools

from bot.delivery.pacer import TELEGRAM, Pacer, Priority, Rate, Rates


class Time:
    """A clock that jumps to the next sleeper as soon as everybody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = itertools.count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), woken))
        await woken.wait()

    async def run(self, *work: asyncio.Task[None]) -> None:
        while not all(task.done() for task in work):
            for _ in range(3):
                await asyncio.sleep(0)
            if self._sleepers:
                self.now, _, woken = heapq.heappop(self._sleepers)
                woken.set()


async def times(asked: list[tuple[int, Priority]], rates: Rates = TELEGRAM) -> list[tuple[float, int, Priority]]:
    """When each of these, all asked for at once, got its turn, in order."""
    clock = Time()
    pacer = Pacer(rates, clock=clock, sleep=clock.sleep)
    given: list[tuple[float, int, Priority]] = []

    async def one(chat: int, priority: Priority) -> None:
        await pacer.turn(chat, priority)
        given.append((round(clock.now, 3), chat, priority))

    await clock.run(*[asyncio.create_task(one(*each)) for each in asked])
    return given


def most(moments: list[float], span: float) -> int:
    return max(sum(start <= other < start + span for other in moments) for start in moments)


async def test_a_start_never_bursts() -> None:
    assert [when for when, _, _ in await times([(chat, "flash") for chat in (1, 2, 3)])] == [1.0, 1.0, 1.04]


async def test_a_chat_gets_one_message_a_second() -> None:
    assert [when for when, _, _ in await times([(1, "flash")] * 4)] == [1.0, 2.0, 3.0, 4.0]


async def test_all_chats_together_get_25_a_second() -> None:
    moments = [when for when, _, _ in await times([(chat, "daily") for chat in range(1, 201)])]
    assert most(moments, 1.0) <= 27
    assert moments[-1] <= 1 + 200 / 24


async def test_a_group_gets_18_a_minute() -> None:
    moments = [when for when, _, _ in await times([(-1, "flash")] * 60)]
    assert most(moments, 60.0) <= 18
    assert most(moments, 0.99) == 1


async def test_a_flash_overtakes_a_running_broadcast() -> None:
    given = await times([*[(chat, "daily") for chat in range(1, 200)], (999, "flash"), (998, "reply")])
    assert {(when, chat) for when, chat, _ in given[:2]} == {(1.0, 998), (1.0, 999)}


async def test_a_chat_that_must_wait_lets_the_others_pass() -> None:
    slow = Rates(Rate(25.0), Rate(1.0), 1)
    given = await times([(-1, "flash"), (-1, "flash"), (2, "weekly"), (3, "catchup")], slow)
    assert [(when, chat) for when, chat, _ in given] == [(1.0, -1), (1.04, 2), (1.08, 3), (61.0, -1)]


async def test_what_went_out_before_a_restart_counts() -> None:
    clock = Time()
    pacer = Pacer(clock=clock, sleep=clock.sleep)
    pacer.remember([(-1, 59.0 - index) for index in range(18)])
    assert pacer.busy() == ()
    pacer.remember([(-1, 0.0)])
    assert pacer.busy() == (-1,)
    moments = []

    async def one() -> None:
        await pacer.turn(-1, "flash")
        moments.append(clock.now)

    await clock.run(*[asyncio.create_task(one()) for _ in range(3)])
    assert moments == [2.0, 3.0, 4.0]


async def test_who_gives_up_takes_no_turn() -> None:
    clock = Time()
    pacer = Pacer(clock=clock, sleep=clock.sleep)
    first, second = (asyncio.create_task(pacer.turn(1, "flash")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await clock.run(first, second)
    assert clock.now <= 2.0
