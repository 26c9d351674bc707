"""Chats that are not on Telegram: e-mail, Matrix, Slack, Mattermost… by Apprise, in a process a message."""

import asyncio
import json
import logging
import os
import ssl
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.delivery.apprise_process import NOT_SENT, plugin
from bot.delivery.chat import Answer, Retry, Sent, Unsure
from bot.delivery.letter import BodyFormat, letter
from bot.delivery.no_telegram import UNKNOWN
from bot.ending import CannotRun
from bot.model import Message
from bot.sandbox.wall import WallLayer
from bot.web.fetch import tls
from bot.web.network import Network
from storage import files
from storage.system import said

log = logging.getLogger("vigie.elsewhere")

PATIENCE = 60.0  # seconds: a service that hangs must not keep one of the places to send from

_BEGIN = "import sys; sys.path[:] = {path!r}; from bot.delivery.apprise_process import serve; sys.exit(serve())"
_KEPT = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZ")


@dataclass(frozen=True, slots=True)
class AppriseTarget:
    """`name` is the operator's; `form` the one it likes best: `?format=html` in the address is a choice of theirs."""

    name: str
    address: str = field(repr=False)  # it holds passwords
    form: BodyFormat


@contextmanager
def way_out(network: Network) -> Iterator[Mapping[str, str]]:
    """The environment in which Apprise asks as Vigie's own setting says: it goes by the usual variables."""
    with TemporaryDirectory(prefix="vigie-") as folder:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        yield kept | dict(_variables(network, Path(folder)))


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
        made = plugin(address)
    except ModuleNotFoundError as missing:
        raise CannotRun("Apprise : il faut l’option apprise (pip install 'vigie[apprise]')") from missing
    if made is None:
        raise CannotRun(f"Apprise : l’adresse de « {name} » n’est pas de celles que connaît Apprise")
    liked = made.resolve_format().value
    return AppriseTarget(name, address, "html" if liked == "html" else "markdown" if liked == "markdown" else "text")


async def notify(
    there: AppriseTarget, message: Message, way: Mapping[str, str], *, plain: bool, patience: float = PATIENCE
) -> Answer:
    """Send it, in the environment of `way_out`. A failure is a doubt: Apprise says neither why, nor whether it arrived.
    `Sent` has no number."""
    form: BodyFormat = "text" if plain else there.form
    title, body = letter(message, form)
    task = {"address": there.address, "title": title, "body": body, "form": form, "seconds": int(patience) + 5}
    try:
        process = await _begun(way)
    except OSError as problem:
        return Retry(UNKNOWN, chat_only=True, detail=f"Apprise : {said(problem)} ({there.name})")
    try:
        async with asyncio.timeout(patience):
            await process.communicate(json.dumps(task).encode())
    except TimeoutError:
        log.warning("not sent elsewhere", extra={"destination": there.name, "problem": "TimeoutError"})
        return Unsure(f"TimeoutError ({there.name})")
    finally:
        await _ended(process)
    return _understood(process.returncode, there.name)


def _program() -> str:
    return _BEGIN.format(path=[os.path.abspath(each) for each in sys.path])  # noqa: PTH100


async def wall() -> tuple[WallLayer, ...]:
    """What stands around a process that sends by Apprise; none where none can be started. Raises OSError."""
    process = await _begun({}, stdout=PIPE)
    try:
        async with asyncio.timeout(PATIENCE):
            told, _ = await process.communicate(json.dumps({"address": None, "seconds": int(PATIENCE)}).encode())
    finally:
        await _ended(process)
    return tuple(WallLayer(**layer) for layer in json.loads(told or "[]"))


async def _begun(way: Mapping[str, str], stdout: int = DEVNULL) -> Process:
    begin = ("-I", "-X", "utf8", "-c", _program())
    room = {"MALLOC_ARENA_MAX": "2", **way}  # no token, no password but the one it is given
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *begin,
        stdin=PIPE,
        stdout=stdout,
        stderr=DEVNULL,
        cwd="/",
        env=room,
        start_new_session=True,  # an interruption at the terminal is for us
    )


async def _ended(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def _understood(code: int | None, name: str) -> Answer:
    if code == 0:
        return Sent(0)
    if code == NOT_SENT:
        return Unsure(f"Apprise n’a pas pu l’envoyer ({name})")
    log.warning("not sent elsewhere", extra={"destination": name, "problem": f"exit code {code}"})
    return Unsure(f"Apprise s’est arrêté avant de le dire ({name})")
