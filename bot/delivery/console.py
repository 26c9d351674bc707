"""A terminal as a chat: messages are printed as a reader would see them in Telegram."""

import re
import unicodedata
from itertools import groupby
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.delivery.chat import Answer, CommandMenu, Look, Sent, Unsure
from bot.messages import markup
from bot.messages.visible import Run, runs, sendable
from bot.model import Keyboard, Message

WIDTH = 80  # columns, frame included
_ZONE = ZoneInfo("Europe/Paris")
_STYLES = {"b": "1", "strong": "1", "i": "3", "em": "3", "u": "4", "ins": "4", "s": "9", "del": "9", "code": "36"}
_RESET = "\x1b[0m"
_PIECES = re.compile(r"\n|[ ]+|[^ \n]+")

Styled = tuple[str, str]  # a piece of text, and the SGR codes it is shown in ("" for none)


class Console:
    """Prints every message to `out`; ANSI styles only where that is a terminal. Every message arrives."""

    def __init__(self, out: TextIO, clock: Clock, *, colour: bool | None = None, addresses: bool = True) -> None:
        """`clock` gives the time shown beside each message; `colour` None asks `out` whether it is a terminal.

        `addresses`: whether the address of a link is written out, since nobody can press it here.
        """
        self._out = out
        self._clock = clock
        self._colour = out.isatty() if colour is None else colour
        self._addresses = addresses
        self._count = 0

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        """See `Messenger.send`."""
        self._count += 1
        answering = f" · en réponse au n° {reply_to}" if reply_to else ""
        self._show(f"Vigie · {self._time()}{answering}", message)
        return Sent(self._count)

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        """See `Messenger.edit`: what is printed stays, so the new form is printed below."""
        self._show(f"Vigie · {self._time()} · n° {message_id} modifié", message)
        return Sent(message_id)

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        """See `Messenger.probe`: a terminal forgets what it printed."""
        return Unsure("le terminal ne garde rien")

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        """See `Messenger.keys`: a terminal has none."""
        return Sent(message_id)

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        """See `Messenger.file`: its name and its size are shown."""
        return await self.send(chat_id, Message(f"{name} ({len(content)}) · {markup.escape(caption)}"))

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None:
        """See `Messenger.answer`."""
        if text:
            print(f"  ({text})", file=self._out)

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_admin`: whoever holds the terminal does."""
        return True

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_member`."""
        return True

    async def title(self, chat_id: int) -> str:
        """See `Messenger.title`: a terminal has none."""
        return ""

    def topic(self, chat_id: int, thread: int) -> str:
        """See `Messenger.topic`: a terminal has none."""
        return ""

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        """See `Messenger.set_commands`: a terminal has no menu."""
        return True

    async def reachable(self) -> bool:
        """See `Messenger.reachable`."""
        return True

    async def typing(self, chat_id: int) -> None:
        """See `Messenger.typing`: nothing to show."""

    def _time(self) -> str:
        return self._clock().astimezone(_ZONE).strftime("%H:%M")

    def _show(self, head: str, message: Message) -> None:
        lines = render(message, head, colour=self._colour, addresses=self._addresses)
        print("\n".join(lines), end="\n\n", file=self._out, flush=True)


def render(message: Message, head: str, *, colour: bool, addresses: bool = True, width: int = WIDTH) -> list[str]:
    """The lines of a bubble of `width` columns, `head` in its upper edge, its buttons below. Pure."""
    inner = width - 4
    top = f"╭─ {head} "
    sound = "🔕 " if message.silent else ""
    lines = [top + "─" * (width - columns(top) - columns(sound) - 1) + sound + "╮"]
    for line in wrap(_pieces(message.html, addresses), inner):
        shown = "".join(
            _paint("".join(text for text, _ in same), style, colour)
            for style, same in groupby(line, key=lambda piece: piece[1])
        )
        lines.append(f"│ {shown}{' ' * (inner - sum(columns(text) for text, _ in line))} │")
    lines.append("╰" + "─" * (width - 2) + "╯")
    return lines + [_keys(row) for row in ([button.text for button in row] for row in message.buttons)]


def wrap(pieces: list[Styled], width: int) -> list[list[Styled]]:
    """Lines of at most `width` columns, cut between words where possible; no space ends or begins a wrapped line."""
    lines: list[list[Styled]] = [[]]
    used = 0
    for text, style in pieces:
        if text == "\n":
            lines.append([])
            used = 0
            continue
        if used + columns(text) > width and used:
            lines.append([])
            used = 0
            if text.isspace():
                continue
        if text.isspace() and not used and len(lines) > 1 and lines[-2]:
            continue
        for part in _chop(text, width):
            if used + columns(part) > width:
                lines.append([])
                used = 0
            lines[-1].append((part, style))
            used += columns(part)
    return lines


def columns(text: str) -> int:
    """How many terminal columns `text` takes: two for a wide character, none for a mark that joins another."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _chop(text: str, width: int) -> list[str]:
    if columns(text) <= width:
        return [text]
    return [text[start : start + width // 2] for start in range(0, len(text), width // 2)]


def _pieces(html: str, addresses: bool) -> list[Styled]:
    """Words and spaces with their style; a link is followed by « ↗ », and by its address if wanted."""
    pieces: list[Styled] = []
    linked = ""
    for run in (*runs(html.strip()), Run("")):
        if linked and run.url != linked:
            pieces += [(" ", ""), ("↗", "2")]
            pieces += [(" ", ""), (linked, "2;4")] if addresses else []
        linked = run.url
        style = ";".join(dict.fromkeys(_STYLES[tag] for tag in run.tags if tag in _STYLES))
        pieces += [(piece, style) for piece in _PIECES.findall(sendable(run.text))]
    return pieces


def _paint(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{style}m{text}{_RESET}" if colour and style else text


def _keys(texts: list[str]) -> str:
    return "  " + " ".join(f"[ {text} ]" for text in texts)
