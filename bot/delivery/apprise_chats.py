"""Chats that are not on Telegram: e-mail, Matrix, Slack, Mattermost… The only door to apprise."""

import asyncio
import logging
import os
import re
import ssl
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from bot.delivery.chat import Answer, CommandMenu, Look, MessageRefused, Messenger, Retry, Sent, Unsure
from bot.ending import CannotRun
from bot.messages import markup
from bot.messages.visible import Run, runs
from bot.model import Keyboard, Message
from bot.web.fetch import tls
from bot.web.network import Network
from storage import files

log = logging.getLogger("vigie.elsewhere")

BodyFormat = Literal["text", "markdown", "html"]

PATIENCE = 60.0  # seconds: a service that hangs must not keep one of the places to send from
UNKNOWN = timedelta(hours=1)  # a chat of Telegram, while there is no Telegram
SUBJECT = 120  # code points
_FIRST = -(1 << 60)  # far below any id of Telegram's
_MARKDOWN = re.compile(r"([][*_`\\])")
_STARS = {"b": "**", "strong": "**", "i": "_", "em": "_"}


@dataclass(frozen=True, slots=True)
class AppriseTarget:
    """`name` is the operator's; `id` stands for it where chats have Telegram ids."""

    name: str
    id: int
    plugin: Any

    @property
    def form(self) -> BodyFormat:
        """The one it likes best; `?format=html` in the address is a choice of the operator's."""
        liked = self.plugin.resolve_format().value
        return "html" if liked == "html" else "markdown" if liked == "markdown" else "text"


@contextmanager
def way_out(network: Network) -> Iterator[None]:
    """Apprise asks as the usual variables say: in here they say what Vigie's own setting does."""
    before = dict(os.environ)
    with TemporaryDirectory(prefix="vigie-") as folder:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
            os.environ.pop(name, None)
            os.environ.pop(name.lower(), None)
        os.environ.update(_variables(network, Path(folder)))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _variables(network: Network, folder: Path) -> Iterator[tuple[str, str]]:
    for name, proxy in (("HTTP_PROXY", network.plain), ("HTTPS_PROXY", network.secure)):
        if proxy is not None:
            yield name, proxy.url
    yield "NO_PROXY", ",".join((*network.direct, "localhost", "127.0.0.1", "::1"))
    if network.authorities or network.system:
        bundle = folder / "ca.pem"
        trusted = map(ssl.DER_cert_to_PEM_cert, tls(network).get_ca_certs(binary_form=True))
        files.create(bundle, "".join(trusted).encode())
        yield "REQUESTS_CA_BUNDLE", str(bundle)


def destination(name: str, address: str) -> AppriseTarget:
    """What an Apprise address stands for. Raises CannotRun, without the address: it holds passwords."""
    try:
        import apprise
    except ModuleNotFoundError as missing:
        raise CannotRun("VIGIE_APPRISE : il faut l’option apprise (pip install 'vigie[apprise]')") from missing
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it tells of its own failures with addresses
    plugin = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if plugin is None:
        raise CannotRun(f"VIGIE_APPRISE : l’adresse de « {name} » n’est pas de celles que connaît Apprise")
    plugin.overflow_mode = apprise.OverflowMode.SPLIT  # nothing is cut
    return AppriseTarget(name, identity(name), plugin)


def identity(name: str) -> int:
    """The same number for the same name, for ever."""
    return _FIRST - zlib.crc32(name.encode())


# --- how a message reads there, pure -------------------------------------------------------------------------------
def letter(message: Message, form: BodyFormat) -> tuple[str, str]:
    """Its subject, i.e. its first line, and the rest; a message of one line is its own body too."""
    lines = _lines(runs(message.html.strip()))
    subject = markup.cut("".join(run.text for run in lines[0]), SUBJECT)
    body = lines[1:] if len(lines) > 1 else lines
    break_line = "<br>\n" if form == "html" else "\n"
    return subject, break_line.join("".join(_pieces(line, form)) for line in body).strip()


def _lines(told: Iterable[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in told:
        first, *others = run.text.split("\n")
        lines[-1].append(Run(first, run.tags, run.url))
        lines += [[Run(part, run.tags, run.url)] for part in others]
    return lines


def _pieces(line: list[Run], form: BodyFormat) -> Iterable[str]:
    """Each run in its form; a link is closed where the next run does not go on with it."""
    for place, run in enumerate(line):
        following = line[place + 1].url if place + 1 < len(line) else ""
        before = line[place - 1].url if place else ""
        yield _linked(_styled(run, form), run.url, form, opens=before != run.url, closes=following != run.url)


def _styled(run: Run, form: BodyFormat) -> str:
    if form == "text" or not run.text.strip():
        return run.text
    if form == "html":
        escaped = markup.escape(run.text)
        return f"<b>{escaped}</b>" if "b" in run.tags else escaped
    star = next((_STARS[tag] for tag in run.tags if tag in _STARS), "") if run.text.strip() == run.text else ""
    return star + _MARKDOWN.sub(r"\\\1", run.text) + star


def _linked(shown: str, url: str, form: BodyFormat, *, opens: bool, closes: bool) -> str:
    if not url:
        return shown
    start, end = {
        "text": ("", f" ({url})"),
        "markdown": ("[", f"]({url})"),
        "html": (f'<a href="{markup.escape(url)}">', "</a>"),
    }[form]
    return (start if opens else "") + shown + (end if closes else "")


# --- messenger -----------------------------------------------------------------------------------------------------
class Elsewhere:
    """Sends to the destinations by Apprise, and to all other chats by `home` (None: there are none)."""

    def __init__(
        self, destinations: Iterable[AppriseTarget], home: Messenger | None, *, patience: float = PATIENCE
    ) -> None:
        self._plugins: Mapping[int, AppriseTarget] = {each.id: each for each in destinations}
        self._home = home
        self._patience = patience
        self._numbers = count(1)

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        """See `Messenger.send`. A failure is a doubt: Apprise says neither why, nor whether it may have arrived."""
        there = self._plugins.get(chat_id)
        if there is None:
            if self._home is None:
                return Retry(UNKNOWN, chat_only=True)
            return await self._home.send(chat_id, message, plain=plain, reply_to=reply_to, thread=thread)
        form: BodyFormat = "text" if plain else there.form
        subject, body = letter(message, form)
        try:
            async with asyncio.timeout(self._patience):
                sent = await there.plugin.async_notify(body=body, title=subject, body_format=form)
        except Exception as problem:  # a plugin is not ours: whatever it raises, the message waits
            log.warning("not sent elsewhere", extra={"destination": there.name, "problem": type(problem).__name__})
            return Unsure(f"{type(problem).__name__} ({there.name})")
        return Sent(next(self._numbers)) if sent else Unsure(f"Apprise n’a pas pu l’envoyer ({there.name})")

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        """See `Messenger.edit`. What was sent elsewhere stays as it was."""
        if chat_id in self._plugins or self._home is None:
            return Sent(message_id)
        return await self._home.edit(chat_id, message_id, message, plain=plain)

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        """See `Messenger.probe`. Nothing tells what became of a message elsewhere."""
        if chat_id in self._plugins or self._home is None:
            return Unsure("rien ne dit là-bas ce qui est arrivé")
        return await self._home.probe(chat_id, message_id, message, plain=plain)

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        """See `Messenger.keys`. There are no buttons elsewhere."""
        if chat_id in self._plugins or self._home is None:
            return Sent(message_id)
        return await self._home.keys(chat_id, message_id, buttons)

    async def file(self, chat_id: int, name: str, content: bytes, caption: str) -> Answer:
        """See `Messenger.file`. Nobody asks for files elsewhere."""
        if chat_id in self._plugins or self._home is None:
            return MessageRefused("pas de fichier hors de Telegram", "ours")
        return await self._home.file(chat_id, name, content, caption)

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None:
        """See `Messenger.answer`."""
        if self._home is not None:
            await self._home.answer(callback, text, url=url)

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_admin`."""
        return self._home is not None and await self._home.is_admin(chat_id, user_id)

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_member`."""
        return self._home is not None and await self._home.is_member(chat_id, user_id)

    async def title(self, chat_id: int) -> str:
        """See `Messenger.title`."""
        return "" if self._home is None else await self._home.title(chat_id)

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        """See `Messenger.set_commands`."""
        return self._home is None or await self._home.set_commands(menus)

    async def reachable(self) -> bool:
        """See `Messenger.reachable`: of Telegram; nobody can ask the others without writing to them."""
        return self._home is None or await self._home.reachable()

    async def typing(self, chat_id: int) -> None:
        """See `Messenger.typing`."""
        if self._home is not None and chat_id not in self._plugins:
            await self._home.typing(chat_id)
