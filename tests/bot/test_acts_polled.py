"""Acts as they are polled: an archive of the JO, the press that came first, a market and its last day."""

from datetime import date

from bot.model import Fetched
from storage.feeds.model import Feed
from storage.ids import FeedId
from tests.bot.feeds import acts_served as served
from tests.bot.test_pipeline import NOW, World, item, world

__all__ = ["world"]

JORF = "https://journal.example/JORFSIMPLE/"
OLD, NEW = "JORFSIMPLE_20261123-003012.tar.gz", "JORFSIMPLE_20261124-003009.tar.gz"


def serve(world: World, *names: str) -> None:
    """The index lists these archives."""
    world.answers[JORF] = [Fetched(served.index(names), JORF, "text/html")]
    for name in names:
        files = [("x.xml", served.xml(served.DECREE, served.NOTICE))] if name == NEW else [("lisez-moi.txt", b"")]
        world.answers[JORF + name] = [Fetched(served.archive(files), JORF + name, "application/x-gzip")]


async def test_the_act_takes_the_press_that_came_first_and_says_its_day(world: World) -> None:
    world.feed(item("0", "https://journal.example/0", "Hébergement : le décret n° 2026-272 est paru"))
    await world.poll()
    world.store.feeds.sync([Feed(FeedId("jorf"), "Journal officiel", JORF, kind="jorf", official=True)], NOW)
    serve(world, OLD)
    await world.poll()
    serve(world, OLD, NEW)
    await world.poll()
    act = world.store.acts.act("nor:TSSD2603214D")
    assert act is not None
    assert (act.names[0], act.audience) == ("decret:2026-272", ("hebergeur", "etablissement", "journaliste"))
    assert [each.role for each in world.store.acts.press("decret:2026-272", 10)] == ["is", "founds"]
    (deadline,) = world.store.deadlines.of_act("decret:2026-272")
    assert (deadline.kind, deadline.day) == ("in_force", date(2027, 1, 1))
    assert [url for url, _ in world.asked if NEW in url or OLD in url] == [JORF + OLD, JORF + NEW]


async def test_a_market_is_kept_with_its_last_day_and_moved_by_the_next_answer(world: World) -> None:
    address = "https://journal.example/records"
    world.store.feeds.sync([Feed(FeedId("boamp"), "BOAMP", address, kind="boamp")], NOW)
    first = served.notice("26-104512")
    change = served.notice("26-110000", annonce_lie=["26-104512"], datelimitereponse="2027-01-26T11:00:00+00:00")
    for records in ((first,), (change, first)):
        world.answers[address] = [Fetched(served.notices(*records), address, "application/json")]
        await world.poll()
    (deadline,) = world.store.deadlines.of_act("boamp:26-104512")
    assert (deadline.state, deadline.day, deadline.old_day) == ("moved", date(2027, 1, 26), date(2027, 1, 12))
    assert world.pages_asked() == [address, address]
