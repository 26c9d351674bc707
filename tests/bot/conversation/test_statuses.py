"""/statuts, and the two buttons of a reading that is held."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages.callback_data import Press, token
from bot.model import Fetched
from bot.operators import causes
from storage import Store
from tests.bot.conversation.world import ADMIN, NOW, World
from tests.bot.polling.test_listing import LIST, NAMES, ROWS, SOURCE, Watched, page


async def watched(store: Store, *pages: Fetched) -> Watched:
    """The store of the conversation, after some days of a list."""
    store.feeds.sync([LIST], NOW)
    lived = Watched(store, now=NOW - timedelta(days=len(pages)))
    for each in pages:
        await lived.day(each)
    return lived


async def test_a_tracker_and_the_history_of_a_name(world: World) -> None:
    await world.says("/statuts")
    assert world.screen.last == "Aucune liste officielle n’est suivie."
    await watched(world.store, page(ROWS), page(ROWS | {"Brumaire": "Qualifié"}))
    await world.says("/statuts")
    first = world.screen.last.splitlines()[1]
    assert first == "• Brumaire, Brumaire IaaS\u00a0: Qualifié, depuis aujourd’hui, jusqu’au 31/07/2029"
    await world.says("/statuses BRUMAIRE")
    assert "Brumaire, Brumaire IaaS\u00a0: J3 → Qualifié" in world.screen.last
    await world.says("/statuts nuage")
    assert "secnumcloud" in world.screen.last


@pytest.mark.parametrize("verb", ["la", "li"])
async def test_what_is_held_is_let_through_or_ignored_by_a_button(world: World, verb: str) -> None:
    lived = await watched(world.store, page(ROWS), page(dict.fromkeys(NAMES[:3], "J3")))
    (notice,) = lived.told()
    accept, ignore = causes.page([notice], "fr", NOW, {}).buttons[0]
    assert (accept.text, ignore.text) == ("Accepter", "Ignorer")
    world.door.admins = frozenset({ADMIN})
    data = accept.data if verb == "la" else ignore.data
    assert data is not None
    await world.presses(data, chat=ADMIN, user=ADMIN)
    assert lived.told() == ()
    stored = world.store.lists.get(SOURCE)
    assert (stored.accepted == stored.held, stored.ignored) == (verb == "la", verb == "li")


async def test_a_reading_that_is_no_longer_the_one_is_not_let_through(world: World) -> None:
    await watched(world.store, page(ROWS), page(dict.fromkeys(NAMES[:3], "J3")))
    world.door.admins = frozenset({ADMIN})
    await world.presses(Press("la", token(SOURCE), "deadbeef"), chat=ADMIN, user=ADMIN)
    assert world.store.lists.get(SOURCE).accepted == ""
    assert "n’est plus celui qui attend" in world.screen.last


async def test_an_end_that_goes_is_told_with_its_column_and_never_with_the_status(world: World) -> None:
    whole = page(ROWS)
    gone = replace(whole, body=b"".join(whole.body.rpartition(b"31/07/2029")[::2]))  # of the last row, which is its
    await watched(world.store, whole, gone)
    await world.says("/statuts brumaire")
    assert world.screen.last.splitlines()[-1].endswith("Brumaire, Brumaire IaaS\u00a0: Fin\u00a0: 31/07/2029 → –")
