"""A conversation from end to end, as people read it: a change of one word shows here, in both languages.

To renew the files: VIGIE_GOLDEN=1 pytest tests/bot/conversation/test_golden.py
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.messages.callback_data import Press, token
from bot.model import Keyboard, Message
from tests.bot.conversation.french import french
from tests.bot.conversation.world import ADMIN, READER, World
from tests.bot.digest.telegram_html import read

FOLDER = Path(__file__).parent / "golden"


class Scribe:
    """Writes down what a reader sees after each thing that he does."""

    def __init__(self, world: World, language: str) -> None:
        self.world, self.language, self.lines = world, language, list[str]()

    async def says(self, text: str, user: int = READER) -> None:
        shown = len(self.world.screen.shown)
        self.lines.append(f"> {text}")
        await self.world.says(text, chat=user, user=user, language=self.language)
        for chat, message in self.world.screen.shown[shown:]:
            self.draw(message, "" if chat == user else f"[to {chat}]")

    async def presses(self, press: Press | str, user: int = READER) -> None:
        screen = self.world.screen
        edited, boards, sent = len(screen.edited), len(screen.keyboards), len(screen.shown)
        await self.world.presses(press, chat=user, user=user)
        data = press if isinstance(press, str) else press.verb
        self.lines.append(f"> press {data} {screen.notices[-1][1]}".rstrip())
        for _, _, message in screen.edited[edited:]:
            self.draw(message)
        for _, message in screen.shown[sent:]:
            self.draw(message, "[answer]")
        for _, _, board in screen.keyboards[boards:]:
            self.keys(board)

    def arrives(self) -> None:
        """What the outbox holds is delivered."""
        outbox = self.world.store.outbox
        while found := outbox.claim(self.world.now, "run", 9):
            for delivery in found:
                self.draw(Message.from_json(delivery.body), "[delivered]")
                outbox.sent(delivery.id, 5, self.world.now)

    def draw(self, message: Message, mark: str = "") -> None:
        self.lines += [*([mark] if mark else []), read(message.html).text]
        self.keys(message.buttons)

    def keys(self, board: Keyboard) -> None:
        self.lines += ["    " + " ".join(f"[{key.text}]" for key in row) for row in board]
        self.lines.append("")


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_week_of_a_reader(world: World, language: str) -> None:
    world.door.admins = frozenset({ADMIN})
    told = Scribe(world, language)
    await told.says("/start")
    await told.presses(Press("c", token("hds")))
    await told.presses(Press("f", token("hds"), "d"))
    await told.says("/settings")
    for menu in ("h", "d", "q", "p", "l", "z"):
        await told.presses(Press("g", menu))
    await told.presses(Press("g", "q", "12000480"))
    await told.says("/digest")
    world.publish("secnumcloud", "Nébulis obtient la qualification SecNumCloud 3.2")
    world.publish("eucs", "EUCS : un pas de plus")
    for number in range(24):
        world.publish("hds", f"L’entrepôt {number + 1} change d’hébergeur")
    told.arrives()
    await told.presses(Press("u", "1", "n"))
    await told.presses(Press("r", "1", "known"))
    await told.presses(Press("y", "1"))
    await told.says("/digest")
    told.arrives()
    name = _last_digest(world)
    await told.presses(Press("q", name))
    await told.presses(Press("wu", name))
    await told.presses(Press("wu", name, "1"))
    await told.says("entrepot -3")
    await told.says("/search secnumclud")
    await told.says("/why https://ailleurs.example/1")
    await told.says("/missed https://ailleurs.example/1")
    await told.says("/help")
    await told.says("/status")
    await told.says("/sources", user=ADMIN)
    await told.says("/pause 2h", user=ADMIN)
    await told.says("/status")
    world.now += timedelta(hours=3)
    await told.says("/veiles")
    await told.says("/stop")
    await told.presses(Press("s", "y"))
    written, golden = "\n".join(told.lines) + "\n", FOLDER / f"{language}.txt"
    if os.environ.get("VIGIE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text("utf-8")
    to_her = re.sub(r"\[to \d+\]\n(?:.+\n)+", "", written)  # an administrator who never spoke reads French
    assert language == "fr" or french(to_her) == []


def _last_digest(world: World) -> str:
    with world.store.database.read() as connection:
        return str(connection.exec_driver_sql("SELECT name FROM digest ORDER BY made_at DESC LIMIT 1").scalar())
