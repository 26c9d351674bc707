"""Who was seen first with what was kept, and by how much."""

from datetime import timedelta
from pathlib import Path

from storage.stories.model import SourceLead
from tests.grouping.builders import prose
from tests.grouping.test_newcomers import publish
from tests.grouping.world import FEEDS, World, opened
from tests.storage.builders import NOW

HOUR = timedelta(hours=1)


def led(world: World, days: int = 90) -> dict[int, SourceLead]:
    found = world.store.leads(world.now - timedelta(days=days))
    return {number: found[feed] for number, feed in enumerate(FEEDS) if feed in found}


def test_the_first_of_a_story_leads_by_the_time_until_the_next_source(tmp_path: Path) -> None:
    one, two = (f"SecNumCloud. {prose(name, 200)}" for name in ("une", "deux"))
    with opened(tmp_path) as world:
        publish(world, 0, "Nebulis obtient SecNumCloud", hours=1, text=one)
        publish(world, 1, "Nebulis obtient SecNumCloud, dit une dépêche", hours=4, text=one)
        publish(world, 2, "Nebulis obtient SecNumCloud hier", hours=9, text=one)
        publish(world, 3, "Altair renonce à SecNumCloud après un audit", hours=30, text=two)
        publish(world, 4, "Altair renonce à SecNumCloud : un audit", hours=40, text=two)
        assert led(world) == {
            0: SourceLead(1, 1, 3 * HOUR, 1, 0),
            1: SourceLead(1, 0, None, 1, 1),
            2: SourceLead(1, 0, None, 1, 1),
            3: SourceLead(1, 1, 10 * HOUR, 1, 0),
            4: SourceLead(1, 0, None, 1, 1),
        }


def test_a_source_that_is_alone_with_a_story_leads_nobody(tmp_path: Path) -> None:
    with opened(tmp_path) as world:
        publish(world, 0, "Cirrova ouvre seule une région SecNumCloud", hours=1)
        assert led(world) == {0: SourceLead(0, 0, None, 1, 0)}


def test_what_is_older_counts_for_nobody(tmp_path: Path) -> None:
    with opened(tmp_path) as world:
        publish(world, 0, "Nebulis obtient SecNumCloud", hours=1)
        world.now = NOW + timedelta(days=100)
        assert led(world) == {}
