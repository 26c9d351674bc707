"""A change of the configuration put into force while Vigie runs: whole, or not at all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from bot.build import introduce
from bot.config.configuration import Configuration, Rules
from bot.config.folder import load, rules_of, written
from bot.config.yamlfile import ConfigProblem
from bot.daemon.live import Live
from bot.daemon.reloaded import Rejected, Reloaded, ReloadOutcome, compared
from bot.trials.findings import Effect
from storage import StoreError
from storage.operators.rules_in_force import mark_of

log = logging.getLogger("vigie")

QUIET = 0.7  # seconds without a change before the files are read: an editor writes one file in several steps
PATIENCE = 4.0  # seconds a refusal may still be a file half written: nobody is told before


@dataclass(slots=True)
class Reloader:
    """Reads the folder again when asked, or when told that something in it `changed`.

    `tell` is given what nobody waited for: what a change of files led to. `adopted` is called once new rules are in
    force; `weigh` tells what they would have changed of the past. `decides`: whether a change of this machine's files
    is put into force by itself; `replaced` is called once nothing here holds the rules of before; `own` is the mark of
    these files, as they were last read.
    """

    live: Live
    configuration: Configuration
    tell: Callable[[ReloadOutcome], Awaitable[None]]
    adopted: Callable[[], Awaitable[Any]]
    weigh: Callable[[Rules, Rules], Effect | None]
    decides: Callable[[], bool] = lambda: True
    replaced: Callable[[], None] = lambda: None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    own: str = field(init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ordered: bool = False  # by whom waits for an answer
    _said: ReloadOutcome | None = None  # what was told last: a signal and the files themselves may tell of one change

    def __post_init__(self) -> None:
        self.own = _mark(self.configuration)

    async def reload(self) -> ReloadOutcome:
        """Read, check, try the examples, swap. A poll under way ends by the rules it began with."""
        async with self._turn:
            verdict = await self._reload()
            if isinstance(verdict, Reloaded):
                self.replaced()
            return verdict

    async def _reload(self) -> ReloadOutcome:
        before = self.configuration
        # Another thread: polls and messages go on meanwhile
        read = await asyncio.to_thread(load, before.folder, before)
        if not isinstance(read, Configuration):
            return Rejected(tuple(problem for problem in read if problem.severity == "error"))
        ports = self.live.ports
        try:
            number = await ports.offload(ports.store.feeds.sync, read.feeds, ports.clock(), written(read.rules))
        except StoreError as problem:
            return Rejected((ConfigProblem("feeds.yaml", str(problem)),))
        introduce(ports.door, read.feeds)
        self.configuration, self.own = read, _mark(read)
        self.live.adopt(read.engine, read.places, number)
        await self.adopted()
        return replace(compared(before, read), effect=await self._effect(before.rules, read.rules))

    async def _effect(self, before: Rules, after: Rules) -> Effect | None:
        try:
            return await asyncio.to_thread(self.weigh, before, after)
        except StoreError as problem:  # the rules are in force all the same
            log.warning("past not weighed", extra={"problem": problem})
            return None

    async def take(self) -> None:
        """Work by the rules in force, which another daemon put there."""
        async with self._turn:
            before = self.configuration
            self.configuration = await take(self.live, before)
            taken = self.configuration is not before
            del before
            if taken:
                self.replaced()

    async def _look(self) -> None:
        """Read the files again, to know whether they are those in force."""
        read = await asyncio.to_thread(load, self.configuration.folder, self.configuration)
        if isinstance(read, Configuration):
            self.own = _mark(read)
        else:
            log.error("files of this machine not understood", extra={"problems": " | ".join(map(str, read[:10]))})

    def order(self) -> None:
        """Have `follow` reload because the operator said so (SIGHUP): the outcome is told, whatever it is."""
        self._ordered = True
        self.changed.set()

    async def follow(self, quiet: float = QUIET, patience: float = PATIENCE) -> None:
        """Reload whenever the files have changed and rest again. Runs until cancelled."""
        while True:
            await self.changed.wait()
            while await self._stirs(quiet):
                pass
            try:
                ordered, self._ordered = self._ordered, False
                if not ordered and not self.decides():
                    await self._look()
                    continue
                verdict = await self.reload()
                if ordered:
                    await self._told(verdict)
                elif isinstance(verdict, Rejected) and await self._stirs(patience):
                    self.changed.set()  # it was being written
                elif isinstance(verdict, Reloaded):
                    if verdict.differs:
                        await self._told(verdict)
                elif verdict != self._said:
                    await self._told(verdict)
            except Exception:  # a bug of ours: what is in force stays, and the next change is looked at
                log.exception("reload failed")

    async def _stirs(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.changed.wait(), seconds)
        except TimeoutError:
            return False
        self.changed.clear()
        return True

    async def _told(self, verdict: ReloadOutcome) -> None:
        self._said = verdict
        match verdict:
            case Rejected(problems):
                log.error("reload refused, nothing changed", extra={"problems": " | ".join(map(str, problems[:10]))})
            case Reloaded():
                log.info("reloaded", extra=dict(_logged(verdict)))
        await self.tell(verdict)


async def take(live: Live, before: Configuration) -> Configuration:
    """Work by the rules in force: the configuration with them, or as it is where they are its own, or not understood
    here."""
    ports = live.ports
    held = await ports.offload(ports.store.rules.live)
    if held is None or held.number == ports.ruleset:
        return before
    rules = await asyncio.to_thread(rules_of, held.contents, before.rules)
    if not isinstance(rules, Rules):
        log.error("rules in force not understood here", extra={"problems": " | ".join(map(str, rules[:10]))})
        return before
    live.adopt(rules.engine, before.places, held.number)
    log.info("rules taken", extra={"number": held.number})
    return replace(before, rules=rules)


def _mark(read: Configuration) -> str:
    return mark_of(read.feeds, written(read.rules))


def _logged(done: Reloaded) -> Iterable[tuple[str, str]]:
    """`feeds_added=cnil,anssi`: only what differs."""
    for kind, diff in (("feeds", done.feeds), ("watchlists", done.watchlists), ("destinations", done.places)):
        for each in fields(diff):
            if names := getattr(diff, each.name):
                yield f"{kind}_{each.name}", ",".join(names)
