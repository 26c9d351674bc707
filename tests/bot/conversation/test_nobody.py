"""Who is nobody — a channel that writes, an anonymous administrator, an account of Telegram itself — runs nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.delivery.telegram import Telegram
from bot.model import SERVICE_ACCOUNTS, Incoming, person
from tests.bot.conversation.world import ADMIN, GROUP, World
from tests.emulator import TOKEN, Emulator

HERE = -1005
REFUSED = "Seuls les administrateurs de Vigie peuvent faire cela."


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(speed=10_000) as made:
        yield made


@pytest.mark.parametrize("admins", [{0}, {136817688}, {1087968824}, {777000}, {HERE}, {-1009}])
@pytest.mark.parametrize(
    "speaker",
    [{"anonymous": True}, {"as_channel": -1009}, {"user": 136817688}, {"user": 1087968824}, {"user": 777000}],
    ids=["an anonymous administrator", "a channel", "channels' account", "administrators' account", "Telegram"],
)
async def test_no_setting_makes_an_operator_of_nobody(
    world: World, emulator: Emulator, admins: set[int], speaker: dict[str, Any]
) -> None:
    """VIGIE_ADMINS refuses these numbers; were one to come through, it still would be nobody's."""
    world.door.admins = frozenset(admins)
    there = emulator.chat(HERE, "supergroup")
    async with Telegram(TOKEN, emulator.url, menu_pause=0) as telegram:
        telegram.listen(world.conversation(telegram).handle)
        emulator.user_says(HERE, "/pause 2h", **speaker)
        await emulator.wait_for(lambda: there.messages != [])
    assert [post.text for post in there.messages] == [REFUSED]
    assert world.store.outbox.paused(world.now) is None


@pytest.mark.parametrize("telegram_id", [0, -1, HERE, *SERVICE_ACCOUNTS])
def test_nobody_is_not_a_person(telegram_id: int) -> None:
    assert person(telegram_id) is None
    assert person(5) == 5


@pytest.mark.parametrize("anonymous", [True, False], ids=["an anonymous administrator", "a channel that writes here"])
@pytest.mark.parametrize("admins", [{0}, {0, ADMIN}, {GROUP}, {ADMIN}])
@pytest.mark.parametrize("text", ["/pause 2h", "/sources", "/journal", "/recharger", "/essai"])
async def test_nobody_runs_vigie_whatever_the_settings_say(
    world: World, text: str, admins: set[int], anonymous: bool
) -> None:
    world.door.admins = frozenset(admins)
    await world.says(text, chat=GROUP, user=None, anonymous=anonymous)
    assert world.screen.last == REFUSED
    assert world.store.outbox.paused(world.now) is None


async def test_nobody_is_let_in_as_an_operator_where_access_is_closed(world: World) -> None:
    world.door.access, world.door.admins = "closed", frozenset({0})
    await world.talk.handle(Incoming("membership", GROUP, "supergroup", text="administrator"))
    await world.says("/suivre hds", chat=GROUP, user=None, anonymous=True)
    assert world.store.chats.find(GROUP) is None


async def test_a_channel_that_writes_in_a_group_sets_nothing(world: World) -> None:
    world.screen.admins = {0}
    await world.says("/suivre hds", chat=GROUP, user=None)
    assert world.screen.last == "Seuls les administrateurs du groupe peuvent changer cela."


async def test_a_group_that_nobody_took_us_into_is_greeted_there(world: World) -> None:
    await world.talk.handle(Incoming("membership", GROUP, "supergroup", text="administrator", language="fr"))
    assert [chat for chat, _ in world.screen.shown] == [GROUP], "there is no person to write to"
    assert not any(key.url for row in world.screen.shown[0][1].buttons for key in row), "nor one to give a link to"


async def test_two_groups_whose_administrators_are_anonymous_have_a_patience_each(world: World) -> None:
    for _ in range(21):
        await world.says("/aide", chat=GROUP, user=None, anonymous=True)
    await world.says("/aide", chat=GROUP - 1, user=None, anonymous=True)
    assert world.screen.shown[-1][0] == GROUP - 1
