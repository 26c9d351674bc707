"""What the buttons under a digest and an alert do."""

import hashlib
from datetime import timedelta

from bot.digest import catchup
from bot.messages.callback_data import Press, base36
from bot.model import Keyboard, Message
from storage.chats.model import VoteTally
from storage.ids import ArticleId
from tests.bot.conversation.world import ADMIN, GROUP, READER, World
from tests.bot.digest.telegram_html import read


def labels(keyboard: Keyboard) -> list[list[str]]:
    return [[key.text for key in row] for row in keyboard]


async def a_digest(world: World, count: int) -> str:
    """Follow everything, receive a digest of so many stories; its name."""
    await world.says("/start")
    for number in range(count):
        world.publish("hds", f"Titre {number:02d}")
    await world.says("/digest")
    world.queued()
    return f"dnow{base36(int(world.now.timestamp() * 1000))}"


async def test_a_button_under_a_message_too_old_to_be_read_is_still_that_of_its_topic(world: World) -> None:
    """Telegram then tells its number and its chat, and not its topic."""
    world.screen.admins = {ADMIN}
    await world.says("/suivre hds", chat=GROUP, user=ADMIN, thread=3)
    world.publish("hds", "Cirrova quitte Paris")
    await world.says("/digest", chat=GROUP, user=ADMIN, thread=3)
    assert any("Cirrova quitte Paris" in text for text in world.queued())
    name = f"dnow{base36(int(world.now.timestamp() * 1000))}"
    for press in (Press("wu", name), Press("wu", name, "1"), Press("kd", name)):
        await world.presses(press, chat=GROUP, message=1)
    assert [labels(rows)[0] for _, _, rows in world.screen.keyboards] == [
        ["1"],
        ["👍 Utile", "👎 Bruit", "Réglages"],
        ["👍 Utile", "👎 Bruit", "Réglages"],
    ]
    await world.presses(Press("kd", name), chat=GROUP, message=2)
    assert "trop ancien" in world.screen.last, "a message that was never sent has no topic"


def shown(world: World) -> list[str]:
    return read(world.screen.edited[-1][2].html).text.splitlines()


async def test_the_rest_opens_by_edit_and_leads_back(world: World) -> None:
    name = await a_digest(world, 33)
    await world.presses(Press("q", name))
    assert shown(world)[:4] == [
        "☀ À la demande · le reste\u00a0: 13 sujets", "", "Hébergement des données de santé",
        "21. Titre 20 — Le Fil",
    ]  # fmt: skip
    assert labels(world.screen.edited[-1][2].buttons) == [["‹", "1/2 (13)", "›"], ["‹ Le digest"]]
    await world.presses(world.screen.edited[-1][2].buttons[0][2].data or "")
    assert shown(world)[-1].startswith("33. Titre 32")
    await world.presses(world.screen.edited[-1][2].buttons[-1][0].data or "")
    assert shown(world)[0] == "☀ À la demande · 33 sujets, sur 33 lus"
    assert labels(world.screen.edited[-1][2].buttons)[0] == ["Le reste (13)"]


async def test_shown_and_rest_are_all_that_was_kept(world: World) -> None:
    name = await a_digest(world, 41)
    seen: set[str] = set()
    await world.presses(Press("d", name))
    seen.update(shown(world))
    for page in range(4):
        await world.presses(Press("q", name, page=page))
        seen.update(shown(world))
    numbers = {int(line.split(".")[0]) for line in seen if line[:1].isdecimal()}
    assert numbers == set(range(1, 42))


async def test_a_digest_forgotten_says_so(world: World) -> None:
    await world.says("/start")
    for press in (Press("q", "d20200101"), Press("wu", "d20200101"), Press("kd", "d20200101")):
        await world.presses(press)
        assert "trop ancien" in world.screen.last
    assert world.screen.edited == [], "what it told stays"


async def test_a_number_of_the_digest_is_voted_on(world: World) -> None:
    name = await a_digest(world, 3)
    await world.presses(Press("wu", name))
    assert labels(world.screen.keyboards[-1][2]) == [["1", "2", "3"], ["‹ Retour"]]
    await world.presses(Press("wu", name, "2"))
    await world.presses(Press("wn", name, "3"))
    assert world.screen.notices[-2:] == [("c1", "Noté\u00a0: n° 2, utile."), ("c1", "Noté\u00a0: n° 3, bruit.")]
    assert labels(world.screen.keyboards[-1][2]) == [["👍 Utile", "👎 Bruit", "Réglages"]]
    assert world.store.votes.by_watchlist(world.now - timedelta(days=1)) == {"hds": VoteTally(1, 1)}


async def test_an_alert_is_noise_and_why(world: World) -> None:
    await world.says("/start")
    world.publish("secnumcloud", "Alerte")
    await world.presses(Press("u", "1", "n"))
    assert labels(world.screen.keyboards[-1][2]) == [
        ["Hors sujet", "Déjà su"],
        ["Trop vieux", "Source"],
        ["C’est tout"],
    ]
    await world.presses(Press("r", "1", "old"))
    assert world.screen.notices[-1] == ("c1", "Noté\u00a0: trop vieux.")
    assert labels(world.screen.keyboards[-1][2]) == [["👍 Utile", "👎 Bruit", "Pas urgent"], ["Pourquoi\u00a0?"]]
    assert world.store.votes.by_watchlist(world.now - timedelta(days=1)) == {"secnumcloud": VoteTally(0, 1)}


async def test_an_alert_is_right_and_could_have_waited(world: World) -> None:
    await world.says("/start")
    world.publish("secnumcloud", "Alerte")
    await world.presses(Press("u", "1", "l"))
    assert world.screen.notices[-1] == ("c1", "Noté\u00a0: utile, mais cela pouvait attendre.")
    since = world.now - timedelta(days=1)
    assert world.store.votes.by_watchlist(since) == {"secnumcloud": VoteTally(1, 0, not_urgent=1)}
    await world.presses(Press("r", "1", "old"))
    assert world.store.votes.by_watchlist(since) == {"secnumcloud": VoteTally(1, 0, not_urgent=1)}, "no reason of noise"
    await world.presses(Press("u", "1", "y"))
    assert world.store.votes.by_watchlist(since) == {"secnumcloud": VoteTally(1, 0)}, "the last word counts"


async def test_in_a_group_each_person_has_one_vote(world: World) -> None:
    world.publish("hds", "Alerte")
    for user, opinion in ((1, "y"), (1, "n"), (2, "n"), (2, "y"), (2, "y")):
        await world.presses(Press("u", "1", opinion), chat=GROUP, user=user)
    assert world.store.votes.noise("hds", world.now - timedelta(days=1)) == ((ArticleId(1), True),)
    assert world.store.votes.by_watchlist(world.now - timedelta(days=1)) == {"hds": VoteTally(1, 1)}


async def test_who_leaves_takes_his_votes_along(world: World) -> None:
    await world.says("/start")
    world.publish("hds", "Alerte")
    await world.presses(Press("u", "1", "y"))
    await world.presses(Press("s", "y"))
    assert world.store.votes.by_watchlist(world.now - timedelta(days=1)) == {}


async def test_the_store_holds_no_voter_in_clear(world: World) -> None:
    await world.says("/start")
    world.publish("hds", "Alerte")
    await world.presses(Press("u", "1", "y"))
    with world.store.database.read() as connection:
        (voter,) = connection.exec_driver_sql("SELECT voter FROM vote").scalars()
    assert len(voter) == 32
    assert voter != hashlib.sha256(str(READER).encode()).hexdigest()[:32], "nobody tries every id"


async def test_a_digest_on_request_consumes_nothing(world: World) -> None:
    """What one reader looked at is told to all in the morning."""
    await world.says("/start")
    world.publish("hds", "Titre unique")
    told = []
    for _ in range(2):
        world.now += timedelta(milliseconds=5)
        await world.says("/digest")
        told += world.queued()
    assert [text.count("Titre unique") for text in told] == [1, 1]
    levels = {name: each.level for name, each in world.watchlists.items()}
    window = world.store.digests.window(world.chat().key, ("daily", "weekly"), levels)
    assert [item.article.title for item in window.items] == ["Titre unique"]


async def test_a_chat_may_have_a_digest_on_request_stand_for_the_next_one(world: World) -> None:
    await world.says("/start")
    await world.presses(Press("g", "c", "1"))
    assert world.chat().digest_closes
    world.publish("hds", "Titre unique")
    await world.says("/digest")
    assert "Titre unique" in world.queued()[0]
    await world.says("/digest")
    assert world.queued() == []
    assert "rien" in world.screen.last.lower()
    await world.presses(Press("g", "c", "0"))
    assert "redit par le digest, à son heure" in read(world.screen.edited[-1][2].html).text


async def test_no_member_of_a_group_makes_that_choice(world: World) -> None:
    world.screen.admins = {ADMIN}
    await world.says("/suivre hds", chat=GROUP, user=ADMIN)
    await world.presses(Press("g", "c", "1"), chat=GROUP)
    assert not world.chat(GROUP).digest_closes
    await world.presses(Press("g", "c", "1"), chat=GROUP, user=ADMIN)
    assert world.chat(GROUP).digest_closes


async def test_who_comes_back_catches_up_on_the_alerts_missed(world: World) -> None:
    await world.says("/start")
    await world.member("kicked")
    for number in range(3):
        world.publish("secnumcloud", f"Alerte {number} SecNumCloud")
    assert world.queued() == []
    await world.says("/start")
    claimed = world.store.outbox.claim(world.now, "run", 9, catch_up=catchup.digest)
    (text,) = [read(Message.from_json(each.body).html).text for each in claimed]
    assert [f"Alerte {number} SecNumCloud" in text for number in range(3)] == [True] * 3
