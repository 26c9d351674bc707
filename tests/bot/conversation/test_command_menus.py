"""The commands that clients propose in one chat: more for who runs Vigie, and in the chat's own language."""

from bot.messages.callback_data import Press
from tests.bot.conversation.world import ADMIN, GROUP, World


async def offered(world: World) -> list[tuple[str, int | None, str]]:
    """What was told since the last time: audience, chat, first command; each published."""
    await world.talk.offers.rest()
    told = [(menu.audience, menu.chat, menu.commands[0][0]) for menu in world.screen.offered]
    world.screen.offered.clear()
    return told


async def test_who_runs_vigie_has_the_commands_for_it_after_a_start(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    await world.says("/start", chat=ADMIN, user=ADMIN)
    await world.talk.offers.rest()
    (menu,) = world.screen.offered
    assert {"sources", "essai", "recharger", "pause", "separer", "fusionner"} < {name for name, _ in menu.commands}
    assert await offered(world) == [("chat", ADMIN, "aide")]
    world.talk = world.conversation(world.screen)
    await world.says("/start", chat=ADMIN, user=ADMIN)
    assert await offered(world) == [], "a restart tells nothing anew"


async def test_a_reader_in_the_language_of_his_client_needs_no_list_of_his_own(world: World) -> None:
    await world.says("/start")
    await world.says("/aide")
    assert await offered(world) == []


async def test_a_chat_that_speaks_another_language_than_its_client_has_its_own_list(world: World) -> None:
    await world.says("/start")
    await world.presses(Press("g", "l", "en"))
    assert await offered(world) == [("chat", 555, "help")]
    await world.presses(Press("g", "l", "fr"))
    assert await offered(world) == [("chat", 555, "aide")], "its own list goes before that of all chats"


async def test_a_group_has_one_list_for_all_and_one_for_its_administrators(world: World) -> None:
    world.screen.admins = {9}
    await world.says("/start", chat=GROUP, user=9)
    await world.presses(Press("g", "l", "en"), chat=GROUP, user=9)
    assert await offered(world) == [("chat", GROUP, "help"), ("chat_admins", GROUP, "help")]


async def test_a_refusal_is_tried_again_at_the_next_start(world: World) -> None:
    world.door.admins = frozenset({ADMIN})
    world.screen.takes_commands = False
    await world.says("/start", chat=ADMIN, user=ADMIN)
    assert len(await offered(world)) == 1
    world.screen.takes_commands = True
    await world.says("/start", chat=ADMIN, user=ADMIN)
    assert len(await offered(world)) == 1
    await world.says("/start", chat=ADMIN, user=ADMIN)
    assert await offered(world) == []
