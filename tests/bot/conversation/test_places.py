"""Settings of a topic, of a group and of a channel."""

from dataclasses import replace

import pytest

from bot.conversation.callback import Place, Press, token
from tests.bot.conversation.world import GROUP, READER, World
from tests.bot.digest.telegram_html import read


async def a_group(world: World) -> Place:
    world.screen.admins = {READER}
    await world.says("/suivre hds", chat=GROUP, user=READER)
    return Place(world.chat(GROUP).key)


async def test_a_topic_follows_by_itself_and_gets_its_alerts(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre hds flash", chat=GROUP, user=READER, thread=7)
    await world.says("/suivre secnumcloud", chat=GROUP, user=READER)
    key = world.chat(GROUP).key
    assert [held.watchlist for held in world.store.chats.following(key, 7)] == ["hds"]
    assert [held.watchlist for held in world.store.chats.following(key)] == ["secnumcloud"]
    world.publish("hds", "Pour le sujet")
    (delivery,) = world.store.outbox.claim(world.now, "run", 9)
    assert delivery.thread == 7


async def test_a_list_may_feed_several_topics(world: World) -> None:
    world.screen.admins = {READER}
    for thread in (7, 8):
        await world.says("/suivre hds flash", chat=GROUP, user=READER, thread=thread)
    assert world.publish("hds", "Pour les deux") == 2


async def test_a_group_is_set_from_private_by_an_administrator_alone(world: World) -> None:
    place = await a_group(world)
    await world.presses(Press("g", "h", "420", place=place))
    assert world.chat(GROUP).digest_at == 420
    assert world.store.chats.find(READER) is None, "nothing is kept of the private chat"
    await world.presses(Press("f", token("hds"), "x", place=place))
    assert world.following(GROUP) == {}
    world.screen.admins = set()
    await world.presses(Press("g", "h", "600", place=place))
    assert world.chat(GROUP).digest_at == 420
    assert world.screen.notices[-1] == ("c1", "Seuls les administrateurs du groupe peuvent changer cela.")


async def test_every_button_of_a_menu_for_elsewhere_keeps_its_place(world: World) -> None:
    place = await a_group(world)
    await world.presses(Press("g", place=place))
    buttons = [key for row in world.screen.edited[-1][2].buttons for key in row]
    assert all((key.data or "").endswith(f"@c{place.chat}") for key in buttons)
    assert "Veilles suivies\u00a0: 1" in [key.text for key in buttons]


async def test_a_place_that_is_gone_changes_nothing(world: World) -> None:
    await world.presses(Press("g", "h", "600", place=Place(999)))
    assert world.screen.notices[-1] == ("c1", "Seuls les administrateurs du groupe peuvent changer cela.")


async def test_a_topic_s_menu_counts_its_own_lists(world: World) -> None:
    await a_group(world)
    await world.says("/reglages", chat=GROUP, user=READER, thread=7)
    assert world.screen.shown[-1][1].buttons[0][0].text == "Veilles suivies\u00a0: 0"
    assert read(world.screen.shown[-1][1].html).text.startswith("Réglages")


@pytest.mark.parametrize("press", [Press("v"), Press("c", token("hds")), Press("h")], ids=lambda press: press.verb)
@pytest.mark.parametrize("access", ["open", "closed"])
async def test_forged_data_shows_nothing_of_another_chat(world: World, press: Press, access: str) -> None:
    await world.says("/suivre hds flash")
    world.door.access = access
    forged = replace(press, place=Place(world.chat(READER).key))
    await world.presses(forged, chat=READER + 1, user=READER + 1)
    assert world.screen.edited == []
    assert world.screen.notices[-1] == ("c1", "Seuls les administrateurs du groupe peuvent changer cela.")


async def test_a_link_tells_nobody_of_the_messages_of_a_private_chat(world: World) -> None:
    await world.says("/suivre hds flash")
    assert world.publish("hds", "Titre") == 1
    world.queued()
    await world.says("/start p_1")
    assert "Pourquoi ce message" in world.screen.last
    await world.says("/start p_999", chat=READER + 1, user=READER + 1)
    unknown = world.screen.last
    await world.says("/start p_1", chat=READER + 1, user=READER + 1)
    assert world.screen.last == unknown
