"""Settings of a topic, of a group and of a channel."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.callback_data import Place, Press, base36, token
from bot.messages.deep_links import Links
from bot.messages.texts import text
from bot.model import Incoming, Message
from storage.ids import ArticleId, ChatKey
from storage.stories.model import Announced
from tests.bot.conversation.world import GROUP, LINKS, READER, World, stands_in
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


async def test_another_topic_takes_over_what_a_closed_one_had(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre hds flash", chat=GROUP, user=READER, thread=7)
    await world.says("/suivre hds weekly", chat=GROUP, user=READER, thread=9)
    await world.talk.handle(Incoming("topic", GROUP, "supergroup", text="closed", thread=7))
    world.publish("hds", "Pour le sujet fermé")
    assert world.store.outbox.claim(world.now, "run", 9) == ()

    await world.says("/reglages", chat=GROUP, user=READER, thread=7)
    assert "Reprendre" not in str(world.screen.shown[-1][1].buttons), "not by itself"
    await world.says("/reglages", chat=GROUP, user=READER, thread=8)
    key = next(each for row in world.screen.shown[-1][1].buttons for each in row if "Reprendre" in each.text)
    assert key.text == "Reprendre le sujet 7"
    press = Incoming("press", GROUP, "supergroup", user=99, language="fr", message=7, callback="c", data=key.data,
                     thread=8)  # fmt: skip
    await world.talk.handle(press)
    assert world.store.outbox.claim(world.now, "run", 9) == (), "administrators only"
    await world.talk.handle(replace(press, user=READER))
    (delivery,) = world.store.outbox.claim(world.now, "run", 9)
    assert delivery.thread == 8
    levels = {thread: world.store.chats.following(world.chat(GROUP).key, thread) for thread in (7, 8, 9)}
    assert {thread: [each.level for each in held] for thread, held in levels.items()} == {
        7: [],
        8: ["flash"],
        9: ["weekly"],
    }
    await world.talk.handle(replace(press, user=READER))
    assert world.screen.notices[-1] == ("c", "Ce menu a changé, le voici."), "pressed twice, it changes nothing more"


async def test_a_topic_that_takes_over_keeps_what_it_has_itself(world: World) -> None:
    world.screen.admins = {READER}
    await world.says("/suivre hds flash", chat=GROUP, user=READER, thread=7)
    await world.says("/suivre hds weekly", chat=GROUP, user=READER, thread=9)
    await world.talk.handle(Incoming("topic", GROUP, "supergroup", text="closed", thread=7))
    group = world.chat(GROUP).key
    assert world.store.chats.held_topics(group) == (7,)
    assert not world.store.chats.take_over(group, 9, 7, world.now), "topic 9 is not held"
    assert world.store.chats.take_over(group, 7, 9, world.now)
    assert world.store.chats.held_topics(group) == ()
    assert [each.level for each in world.store.chats.following(group, 9)] == ["weekly"]
    assert world.store.chats.following(group, 7) == ()


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
    told = Announced(ArticleId(1), world.chat(READER).key, 0)
    assert "Pourquoi ce message" in await why(world, told, READER)
    world.screen.members = {STRANGER}
    unknown = await why(world, told, STRANGER, payload="999")
    assert await why(world, told, STRANGER) == unknown


# --- from private, by a link ---------------------------------------------------------------------------------------
CHANNEL, STRANGER = -100888, READER + 1


async def a_link(world: World, thread: int | None = None) -> str:
    """What a press on « Régler en privé » in the group opens."""
    world.screen.admins = {READER}
    press = Incoming("press", GROUP, "supergroup", user=READER, language="fr", message=7, callback="c", data="1e",
                     thread=thread)  # fmt: skip
    await world.talk.handle(press)
    opened = re.fullmatch(r"https://t\.me/vigie_test_bot\?start=(c_[A-Za-z0-9_-]{1,62})", world.screen.links[-1])
    assert opened
    return opened[1]


def carried(message: Message) -> set[str]:
    """The places that the buttons of a menu carry."""
    return {(key.data or "").partition("@")[2] for row in message.buttons for key in row}


@pytest.mark.parametrize("thread", [None, 7])
async def test_a_link_opens_the_settings_of_its_group_or_topic_in_private(world: World, thread: int | None) -> None:
    payload = await a_link(world, thread)
    world.screen.titles[GROUP] = "Veille <santé>"
    await world.says(f"/start {payload}")
    chat, shown = world.screen.shown[-1]
    assert (chat, read(shown.html).text.splitlines()[:2]) == (READER, ["📍 Veille <santé>", "Réglages"])
    place = f"c{world.chat(GROUP).key}" + ("-7" if thread else "")
    assert carried(shown) == {place}
    hour = next(key.data or "" for row in shown.buttons for key in row if "08:00" in key.text)
    await world.presses(hour)
    assert read(world.screen.edited[-1][2].html).text.startswith("📍 Veille <santé>\nHeure des digests")
    assert world.store.chats.find(READER) is None, "nothing is kept of the private chat"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_link_that_opens_nothing_never_says_why(world: World, language: str) -> None:
    payload = await a_link(world)
    said = []

    async def tries(what: str, user: int) -> None:
        await world.says(f"/start {what}", chat=user, user=user, language=language)
        said.append(world.screen.shown[-1][1])

    await tries("c_" + "A" * 32, READER)  # never was
    await tries("c_", READER)
    await tries(payload, STRANGER)  # somebody else's
    await tries(payload, READER)
    assert said.pop().html != said[0].html
    await tries(payload, READER)  # used
    over = await a_link(world)
    world.now += timedelta(minutes=15)
    await tries(over, READER)
    lost = await a_link(world)
    world.screen.admins = set()
    await tries(lost, READER)  # no longer an administrator
    gone = await a_link(world)
    world.store.chats.forget(world.chat(GROUP).key)
    await tries(gone, READER)
    assert len(said) == 7
    assert {message.html for message in said} == {text(language, "place.over")}
    assert {carried(message) == {""} for message in said} == {True}


async def test_a_link_outlives_a_restart_and_can_be_read_out_of_no_file(world: World) -> None:
    payload = await a_link(world)
    with world.store.database.read() as connection:
        cells = [str(cell) for row in connection.exec_driver_sql("SELECT * FROM ticket") for cell in row]
    assert not [cell for cell in cells if payload[2:] in cell or stands_in(READER, cell)]
    world.talk = world.conversation(world.screen)
    await world.says(f"/start {payload}")
    assert "Réglages" in world.screen.last


async def test_links_that_are_over_are_forgotten(world: World) -> None:
    def kept() -> int:
        with world.store.database.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM ticket").scalar_one())

    await a_link(world)
    world.now += timedelta(minutes=16)
    await a_link(world)
    assert kept() == 1
    world.store.prune(world.now + timedelta(minutes=16))
    assert kept() == 0


async def test_only_an_administrator_is_given_a_link(world: World) -> None:
    await world.presses("1e", chat=GROUP, user=STRANGER)
    assert world.screen.links == []
    assert world.screen.notices[-1] == ("c1", "Seuls les administrateurs du groupe peuvent changer cela.")
    assert world.store.chats.find(GROUP) is None


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "supergroup"), (CHANNEL, "channel")])
async def test_who_takes_us_in_is_given_the_link(world: World, chat: int, kind: Any, known: bool) -> None:
    if known:
        await world.says("/suivre hds")
    world.screen.shown.clear()
    await world.talk.handle(Incoming("membership", chat, kind, user=READER, language="fr", text="administrator"))
    ((where, greeting),) = world.screen.shown
    assert where == (READER if known or kind == "channel" else GROUP)
    link = next(key.url for row in greeting.buttons for key in row if key.url)
    world.screen.admins = {READER}
    await world.says(f"/start {link.partition('=')[2]}")
    assert "Réglages" in world.screen.last
    assert f"c{world.chat(chat).key}" in carried(world.screen.shown[-1][1])


async def test_the_link_that_adds_us_to_a_group_asks_to_write_and_no_more(world: World) -> None:
    await world.presses("1o")
    urls = {key.url for row in world.screen.edited[-1][2].buttons for key in row if key.url}
    assert urls == {
        "https://t.me/vigie_test_bot?startgroup=here",
        "https://t.me/vigie_test_bot?startchannel&admin=post_messages",
    }
    await world.talk.handle(Incoming("membership", GROUP, "supergroup", user=READER, language="fr", text="member"))
    await world.says("/start here", chat=GROUP)
    assert len(world.screen.shown) == 1, "it is greeted once"


@pytest.mark.parametrize(("language", "none"), [("fr", "aucun groupe"), ("en", "no group")])
async def test_a_person_sees_the_groups_and_channels_that_they_administer_and_no_other(
    world: World, language: str, none: str
) -> None:
    for number, user in ((1, READER), (2, STRANGER), (3, READER)):
        world.store.chats.arrive(-number, "channel" if number == 3 else "group", "fr", world.now, user)
    world.screen.titles = {-1: "Le groupe", -2: "Un autre", -3: ""}
    await world.says("/settings", language=language)
    assert "1o" in {key.data for row in world.screen.shown[-1][1].buttons for key in row}

    async def shown(user: int) -> list[str]:
        press = Incoming("press", user, "private", user=user, language=language, message=7, callback="c", data="1o")
        await world.talk.handle(press)
        return [key.text for row in world.screen.edited[-1][2].buttons for key in row]

    assert not {"👥 Le groupe", "👥 Un autre"} & set(await shown(READER))
    assert none in read(world.screen.edited[-1][2].html).text
    world.screen.admins = {READER}
    assert await shown(READER) == [
        f"📢 {text(language, 'place.channel', key='3')}", "👥 Le groupe", "👥 Un autre", *(await shown(STRANGER)),
    ]  # fmt: skip


async def test_everything_of_a_channel_is_deleted_from_private(world: World) -> None:
    await world.says("/suivre hds")
    world.store.votes.cast(ArticleId(1), "somebody", True, world.now)
    chat = world.store.chats.arrive(CHANNEL, "channel", "fr", world.now, READER)
    world.screen.admins = {READER}
    await world.presses(Press("s", place=Place(chat.key)))
    assert "Effacer tout" in read(world.screen.edited[-1][2].html).text
    await world.presses(Press("s", "y", place=Place(chat.key)))
    assert world.store.chats.find(CHANNEL) is None
    assert world.following() == {"hds": None}


# --- why, from a link ----------------------------------------------------------------------------------------------
async def why(world: World, told: Announced, user: int, **changes: Any) -> str:
    payload = changes.pop("payload", LINKS.payload(told))
    await world.says(f"/start p_{payload}", chat=user, user=user, **changes)
    return world.screen.last


@pytest.mark.parametrize("kind", ["supergroup", "channel"])
@pytest.mark.parametrize("access", ["open", "closed"])
async def test_a_link_tells_who_reads_a_group_or_channel_why_and_nobody_else(
    world: World, kind: Any, access: str
) -> None:
    chat = world.store.chats.arrive(GROUP, kind, "fr", world.now, READER)
    world.store.chats.follow(chat.key, "hds", "flash", world.now)
    world.publish("hds", "Titre")
    world.queued()
    told = Announced(ArticleId(1), chat.key, 0)
    world.screen.members = {READER}
    world.door.access = access
    assert "Pourquoi ce message" in await why(world, told, READER)
    world.door.access = "open"
    unknown = await why(world, replace(told, article=ArticleId(999)), READER)
    forged = LINKS.payload(told).replace("1-", "2-", 1)
    assert await why(world, told, STRANGER) == unknown
    assert await why(world, told, READER, payload=forged) == unknown
    assert await why(world, told, READER, payload=base36(1)) == unknown, "the number of a delivery is no key"
    assert world.store.chats.find(STRANGER) is None, "a link subscribes nobody"
    other = Links(b"another key", lambda: "vigie_test_bot")
    assert await why(world, told, READER, payload=other.payload(told)) == unknown


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_link_is_read_back_and_fits(article: int, chat: int, thread: int) -> None:
    told = Announced(ArticleId(article), ChatKey(chat), thread)
    payload = LINKS.payload(told)
    assert re.fullmatch("[A-Za-z0-9_-]{1,62}", payload)
    assert LINKS.told(payload) == told


@given(st.text())
def test_what_we_did_not_sign_says_nothing(payload: str) -> None:
    assert LINKS.told(payload) is None


async def test_a_channel_reads_a_link_where_a_group_has_a_button(world: World) -> None:
    for number, kind in ((CHANNEL, "channel"), (GROUP, "supergroup")):
        chat = world.store.chats.arrive(number, kind, "fr", world.now, READER)  # type: ignore[arg-type]
        world.store.chats.follow(chat.key, "hds", "flash", world.now)
    world.publish("hds", "Titre")
    bodies = {each.chat.key: Message.from_json(each.body) for each in world.store.outbox.claim(world.now, "r", 9)}
    channel, group = (bodies[world.chat(each).key] for each in (CHANNEL, GROUP))
    told = Announced(ArticleId(1), world.chat(CHANNEL).key, 0)
    assert channel.buttons == ()
    assert channel.html.endswith(f'\n<a href="{LINKS.why(told)}">Pourquoi\u00a0?</a>')
    assert [[key.text for key in row] for row in group.buttons] == [
        ["👍 Utile", "👎 Bruit", "Pas urgent"],
        ["Pourquoi\u00a0?"],
    ]
    assert "t.me" not in group.html
