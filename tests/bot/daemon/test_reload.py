import asyncio
import dataclasses
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config.configuration import Configuration, Rules
from bot.config.folder import load
from bot.daemon.garbage import set_aside
from bot.daemon.in_force import Agreement
from bot.daemon.live import Live
from bot.daemon.reload import Reloader
from bot.daemon.reloaded import Diff, Rejected, Reloaded, ReloadOutcome, difference
from bot.digest.newsroom import newsroom
from bot.operators import reloads
from bot.ports import Ports
from bot.trials.backtest import effect
from bot.trials.findings import Effect
from bot.web.login import Logins
from matchers.model import Article
from storage import Store, StoreError, open_store
from storage.ids import FeedId
from tests.bot.daemon.heap import aside
from tests.bot.digest.telegram_html import read
from tests.file import an_empty_file
from tests.storage.builders import an_entry, poll
from tests.whole.daemon import WATCHLIST, folder

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEEDS = "feeds:\n  - {id: cnil, url: 'https://cnil.example/rss'}\n  - {id: anssi, url: 'https://anssi.example/rss'}\n"
SHORT = 0.05  # seconds


@dataclass
class World:
    """A running Vigie's rules and store, and the folder they came from."""

    config: Path
    store: Store
    reloader: Reloader = field(init=False)
    told: list[ReloadOutcome] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    adopted: int = 0
    opened: tuple[str, ...] = ()
    logins: Logins = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = load(self.config)
        assert isinstance(first, Configuration), first
        self.store.feeds.sync(first.feeds, NOW)
        unused: Any = None
        ports = Ports(**dict.fromkeys((each.name for each in dataclasses.fields(Ports)), unused))
        engine = first.engine
        ports = dataclasses.replace(
            ports,
            store=self.store,
            offload=self.offload,
            engine=engine,
            newsroom=newsroom(engine.watchlists),
            door=self,  # type: ignore[arg-type] # the world plays the one thing that a reload asks of it
            clock=lambda: NOW,
        )
        self.reloader = Reloader(Live(ports), first, self.tell, self.adopt, self.weigh)

    def open_to(self, addresses: Iterable[str]) -> None:
        self.opened = tuple(addresses)

    def log_in(self, logins: Logins) -> None:
        self.logins = logins

    async def offload(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    async def tell(self, verdict: ReloadOutcome) -> None:
        self.told.append(verdict)
        self.heard.set()

    async def adopt(self) -> None:
        self.adopted += 1

    def weigh(self, before: Rules, after: Rules) -> Effect | None:
        return effect(self.store.database.path, before, after, NOW)

    def write(self, name: str, text: str) -> None:
        (self.config / name).write_text(text, encoding="utf-8")

    def hits(self, title: str) -> list[str]:
        return [match.watchlist for match in self.reloader.live.ports.engine.match(Article(title=title))]

    def feeds(self) -> dict[str, bool]:
        return {feed.id: feed.enabled for feed, _ in self.store.feeds.overview()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(an_empty_file(tmp_path / "base"))
    yield World(folder(tmp_path / "config", FEEDS), store)
    store.close()


class Pair:
    """Two machines on one base: the first decides, the second follows."""

    def __init__(self, first: World, second: World) -> None:
        self.first, self.second = first, second
        self.first.reloader.decides, self.second.reloader.decides = (lambda: True), (lambda: False)
        self.agreements = [Agreement(each.reloader, name) for each, name in ((first, "un"), (second, "deux"))]

    async def look(self) -> list[str]:
        """Both look; the machines whose files are said not to be those in force."""
        for each in self.agreements:
            await each.look()
        return [each.detail for each in self.first.store.notices.open() if each.kind == "differs"]

    async def until(self, machines: list[str]) -> None:
        """Look until these are the ones."""
        for _ in range(200):
            if await self.look() == machines:
                return
            await asyncio.sleep(SHORT)
        raise AssertionError(f"never {machines}")


@pytest.fixture
def pair(tmp_path: Path, world: World) -> Pair:
    return Pair(world, World(folder(tmp_path / "other", FEEDS), world.store))


HDS = WATCHLIST.replace("SecNumCloud", "HDS")


async def test_the_others_take_what_one_puts_into_force(pair: Pair) -> None:
    assert isinstance(await pair.first.reloader.reload(), Reloaded)
    assert await pair.look() == []
    pair.first.write("watchlists/hds.yaml", HDS)
    assert isinstance(await pair.first.reloader.reload(), Reloaded)
    assert await pair.look() == ["deux"]
    assert pair.second.hits("Le HDS") == ["hds"]
    one, two = (each.reloader.live.ports.ruleset for each in (pair.first, pair.second))
    assert (one, two) == (2, 2)
    pair.second.write("watchlists/hds.yaml", HDS)
    pair.second.reloader.changed.set()
    follows = asyncio.create_task(pair.second.reloader.follow(SHORT, SHORT))
    await pair.until([])
    follows.cancel()
    assert pair.second.store.rules.enacted().number == 2, "the same files are no change"


async def test_files_of_one_machine_alone_are_told_and_not_obeyed(pair: Pair) -> None:
    await pair.first.reloader.reload()
    pair.second.write("watchlists/hds.yaml", HDS)
    pair.second.reloader.changed.set()
    follows = asyncio.create_task(pair.second.reloader.follow(SHORT, SHORT))
    await pair.until(["deux"])
    assert (pair.second.hits("Le HDS"), pair.first.store.rules.enacted().number) == ([], 1)
    pair.second.reloader.order()
    await pair.until(["un"])
    follows.cancel()
    assert pair.first.store.rules.enacted().number == 2, "who was asked puts them into force"
    assert pair.first.hits("Le HDS") == ["hds"]


async def test_rules_that_this_version_does_not_understand_leave_those_it_has(pair: Pair) -> None:
    await pair.first.reloader.reload()
    await pair.look()
    pair.first.store.feeds.sync([], NOW, {"watchlists/demain.yaml": '{"any_of_tomorrow": []}', "entities.yaml": "{}"})
    await pair.look()
    assert pair.second.hits("Le SecNumCloud") == ["essai"]
    pair.first.store.feeds.sync([], NOW, {"../dehors.yaml": "{}"})
    await pair.look()
    assert not (pair.second.config.parent / "dehors.yaml").exists()


def test_a_difference_names_what_came_went_and_changed() -> None:
    assert difference({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 5}) == Diff(("d",), ("a",), ("c",))
    assert not difference({"a": 1}, {"a": 1})


async def test_a_right_change_is_in_force_at_once(world: World) -> None:
    before = world.reloader.live.ports
    world.write("watchlists/essai.yaml", WATCHLIST.replace("[SecNumCloud]", "[SecNumCloud, SNC]"))
    world.write("watchlists/hds.yaml", WATCHLIST.replace("SecNumCloud", "HDS"))
    world.write("feeds.yaml", FEEDS.replace("id: anssi", "id: esante").replace("cnil.example/rss", "cnil.example/2"))
    verdict = await world.reloader.reload()
    assert isinstance(verdict, Reloaded)
    assert verdict.watchlists == Diff(("hds",), (), ("essai",))
    assert verdict.feeds == Diff(("esante",), ("anssi",), ("cnil",))
    assert world.hits("Le SNC et le HDS") == ["essai", "hds"]
    assert world.feeds() == {"anssi": False, "cnil": True, "esante": True}
    assert world.adopted == 1
    assert [match.watchlist for match in before.engine.match(Article(title="HDS"))] == [], (
        "a poll under way keeps its own"
    )


async def test_rules_that_were_set_aside_and_replaced_are_let_go_of(world: World, heap: None) -> None:
    reloader = world.reloader
    reloader.replaced = set_aside
    old = reloader.live.ports.engine
    ring: list[object] = [old]  # as whatever may hold on to rules in a circle
    ring.append(ring)
    gone = weakref.ref(old)
    set_aside()
    del old, ring
    world.write("watchlists/essai.yaml", WATCHLIST.replace("[SecNumCloud]", "[SecNumCloud, SNC]"))
    assert isinstance(await reloader.reload(), Reloaded)
    assert gone() is None
    assert aside(reloader.live.ports.engine), "as those before were"


async def test_rules_taken_from_another_are_set_aside_too(pair: Pair, heap: None) -> None:
    reloader = pair.second.reloader
    reloader.replaced = set_aside
    pair.first.write("watchlists/essai.yaml", WATCHLIST.replace("[SecNumCloud]", "[SecNumCloud, SNC]"))
    await pair.first.reloader.reload()
    before = weakref.ref(reloader.live.ports.engine)
    await reloader.take()
    assert before() is None
    assert aside(reloader.live.ports.engine)
    kept = [reloader.live.ports.engine]
    await reloader.take()
    assert not aside(kept), "nothing was taken: nothing is set aside again"


async def test_what_is_in_force_is_written_down_and_what_is_refused_is_not(world: World) -> None:
    world.write("watchlists/hds.yaml", WATCHLIST.replace("[SecNumCloud]", "[SecNumCloud, agrément HDS]"))
    assert isinstance(await world.reloader.reload(), Reloaded)
    live = world.store.rules.live()
    assert live is not None
    assert "agrément HDS" in live.contents["watchlists/hds.yaml"]
    world.write("watchlists/hds.yaml", "name: HDS\n")
    assert isinstance(await world.reloader.reload(), Rejected)
    assert world.store.rules.live() == live


async def test_a_broken_example_is_refused_and_the_old_rules_stay(world: World) -> None:
    world.write("watchlists/essai.yaml", WATCHLIST.replace("any: [SecNumCloud]", "any: [Cirrova]"))
    world.write("feeds.yaml", FEEDS + "  - {id: deux, url: 'https://deux.example/rss'}\n")
    verdict = await world.reloader.reload()
    assert isinstance(verdict, Rejected)
    assert verdict.problems[0].place.startswith("watchlists/essai.yaml:")
    assert world.hits("Le SecNumCloud") == ["essai"]
    assert "deux" not in world.feeds(), "all of it, or nothing"
    assert world.adopted == 0


async def test_a_store_that_cannot_be_written_changes_nothing(world: World) -> None:
    async def full(*_: Any, **__: Any) -> Any:
        raise StoreError("plus de place", passing=True)

    world.reloader.live.ports = dataclasses.replace(world.reloader.live.ports, offload=full)
    world.write("watchlists/hds.yaml", WATCHLIST.replace("SecNumCloud", "HDS"))
    verdict = await world.reloader.reload()
    assert isinstance(verdict, Rejected)
    assert "plus de place" in verdict.problems[0].message
    assert world.hits("Le HDS") == []


async def test_what_did_not_change_is_not_tried_again(world: World) -> None:
    for number in range(3):
        world.write(f"watchlists/autre-{number}.yaml", WATCHLIST)
    await world.reloader.reload()
    before = world.reloader.configuration.rules.sheets
    world.write("watchlists/essai.yaml", WATCHLIST + "# une remarque\n")
    verdict = await world.reloader.reload()
    after = world.reloader.configuration.rules.sheets
    assert isinstance(verdict, Reloaded)
    assert not verdict.watchlists, "a remark decides nothing"
    assert [name for name in after if after[name] is not before[name]] == ["watchlists/essai.yaml"]


async def test_what_was_doubtful_stays_told(world: World) -> None:
    world.write("watchlists/doute.yaml", "name: Doute\nany: [SecNumCloud]\nthreshold: 1\n")
    await world.reloader.reload()
    before = world.reloader.configuration.rules.warnings
    assert any(problem.file == "doute" for problem in before)
    world.write("watchlists/autre.yaml", WATCHLIST)
    await world.reloader.reload()
    assert world.reloader.configuration.rules.warnings == before


async def test_a_new_entity_tries_the_examples_of_every_list(world: World) -> None:
    world.write("entities.yaml", "anssi: {name: ANSSI, kind: org}\ncirrova: {name: Cirrova, kind: org}\n")
    world.write("watchlists/deux.yaml", WATCHLIST.replace("[SecNumCloud]", "[SecNumCloud, '@cirrova']")
                .replace("Cirrova ouvre une école", "Une école ouvre"))  # fmt: skip
    assert isinstance(await world.reloader.reload(), Reloaded)
    world.write("entities.yaml", "anssi: {name: ANSSI, kind: org}\ncirrova: {name: école, kind: org}\n")
    assert isinstance(await world.reloader.reload(), Rejected), "deux.yaml did not change, and is broken by the entity"


async def follow(world: World) -> asyncio.Task[None]:
    return asyncio.create_task(world.reloader.follow(quiet=SHORT, patience=4 * SHORT))


async def test_a_file_half_written_is_waited_for(world: World) -> None:
    following = await follow(world)
    world.write("watchlists/hds.yaml", "name: HDS\nany: [HDS\n")
    world.reloader.changed.set()
    await asyncio.sleep(2 * SHORT)
    world.write("watchlists/hds.yaml", WATCHLIST.replace("SecNumCloud", "HDS"))
    world.reloader.changed.set()
    await asyncio.wait_for(world.heard.wait(), 20)
    following.cancel()
    assert [type(verdict) for verdict in world.told] == [Reloaded], "nobody hears of the half"
    assert world.hits("Le HDS") == ["hds"]


async def test_a_file_that_stays_broken_is_told_once(world: World) -> None:
    following = await follow(world)
    world.write("watchlists/hds.yaml", "name: HDS\nany: [HDS\n")
    world.reloader.changed.set()
    await asyncio.wait_for(world.heard.wait(), 20)
    await asyncio.sleep(3 * SHORT)
    following.cancel()
    assert [type(verdict) for verdict in world.told] == [Rejected]
    assert world.hits("Le SecNumCloud") == ["essai"]


async def test_an_order_is_answered_though_nothing_changed_or_nothing_holds(world: World) -> None:
    following = await follow(world)
    world.reloader.order()
    await asyncio.wait_for(world.heard.wait(), 20)
    world.heard.clear()
    world.write("watchlists/hds.yaml", "name: HDS\nany: [HDS\n")
    for _ in range(2):
        world.reloader.order()
        await asyncio.wait_for(world.heard.wait(), 20)
        world.heard.clear()
    following.cancel()
    assert [type(verdict) for verdict in world.told] == [Reloaded, Rejected, Rejected], "told each time it was asked"


async def test_an_order_during_a_reload_is_not_lost(world: World) -> None:
    world.write("watchlists/hds.yaml", "name: HDS\nany: [HDS\n")
    following = await follow(world)
    async with world.reloader._turn:  # a reload is under way
        world.reloader.changed.set()
        await asyncio.sleep(3 * SHORT)
        world.reloader.order()
    await asyncio.wait_for(world.heard.wait(), 20)
    following.cancel()
    assert [type(verdict) for verdict in world.told] == [Rejected]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_operators_read_what_changed(world: World, language: str) -> None:
    world.write("watchlists/hds.yaml", WATCHLIST.replace("SecNumCloud", "HDS"))
    done = read(reloads.reloaded(await world.reloader.reload(), language).html).text
    assert "+hds" in done
    same = read(reloads.reloaded(await world.reloader.reload(), language).html).text
    assert "+hds" not in same
    for number in range(12):
        world.write(f"watchlists/casse-{number}.yaml", "name: <b>Cassée\nany: [&\n")
    refused = read(reloads.reloaded(await world.reloader.reload(), language).html).text
    assert refused.count("watchlists/casse-") == reloads.PROBLEMS_SHOWN


async def test_operators_read_what_the_change_would_have_changed(world: World) -> None:
    for number, title in enumerate(("Le HDS évolue", "SecNumCloud évolue", "Une école ouvre")):
        poll(world.store, an_entry(str(number), urls=(str(number),), title=title), feed=FeedId("cnil"), now=NOW)
    world.write("watchlists/essai.yaml", WATCHLIST.replace("SecNumCloud", "HDS"))
    verdict = await world.reloader.reload()
    assert isinstance(verdict, Reloaded)
    assert verdict.effect == Effect(gained=1, lost=1, read=3, days=30)
    assert "3 articles relus\u00a0: +1 −1" in read(reloads.reloaded(verdict, "fr").html).text
    world.write("feeds.yaml", FEEDS + "  - {id: deux, url: 'https://deux.example/rss'}\n")
    verdict = await world.reloader.reload()
    assert isinstance(verdict, Reloaded)
    assert verdict.effect is None, "sources decide nothing"
