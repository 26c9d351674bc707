"""What a terminal shows."""

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.chat import Sent
from bot.delivery.console import Console, columns, render
from bot.model import Button, Message

NOW = datetime(2026, 11, 24, 8, 4, tzinfo=UTC)
FLASH = Message(
    "⚡ <b>SecNumCloud &amp; qualification</b>\n"
    '<a href="https://fil.example/nebulis">Nébulis obtient la qualification</a>\n'
    "<i>« … la décision de qualification a été remise mardi à Nébulis, qui l’attendait depuis longtemps … »</i>",
    ((Button("👍 Utile", "u"), Button("👎 Bruit", "b")),),
)
GOLDEN = """\
╭─ Vigie · 09:04 ──────────────────────────────────────────────────────────────╮
│ ⚡ SecNumCloud & qualification                                               │
│ Nébulis obtient la qualification ↗ https://fil.example/nebulis               │
│ « … la décision de qualification a été remise mardi à Nébulis, qui           │
│ l’attendait depuis longtemps … »                                             │
╰──────────────────────────────────────────────────────────────────────────────╯
  [ 👍 Utile ] [ 👎 Bruit ]

"""


async def test_a_flash_reads_as_in_telegram() -> None:
    out = io.StringIO()
    assert await Console(out, lambda: NOW).send(0, FLASH) == Sent(1)
    assert out.getvalue() == GOLDEN


def test_a_terminal_gets_bold_and_italics() -> None:
    lines = render(Message("<b>gras fort</b> et <i>penché</i>"), "Vigie", colour=True)
    assert "\x1b[1mgras fort\x1b[0m et \x1b[3mpenché\x1b[0m" in lines[1]


def test_addresses_may_be_left_out() -> None:
    shown = "\n".join(render(FLASH, "Vigie", colour=False, addresses=False))
    assert "qualification ↗" in shown
    assert "https://" not in shown


async def test_an_edit_is_shown_below() -> None:
    out = io.StringIO()
    console = Console(out, lambda: NOW)
    await console.edit(0, 4, Message("Autre", silent=True))
    assert "n° 4 modifié" in out.getvalue()


def test_a_feed_cannot_move_the_cursor() -> None:
    assert "\x1b" not in "".join(render(Message("a\x1b[2Jb\rc"), "Vigie", colour=False))


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_every_bubble_has_straight_edges(text: str) -> None:
    lines = render(Message(text.replace("&", "&amp;").replace("<", "&lt;")), "Vigie", colour=False)
    assert {columns(line) for line in lines} == {80}
