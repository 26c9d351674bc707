"""Chats that are not on Telegram: e-mail, Matrix, Slack, Mattermost… The only door to apprise."""

import asyncio
import logging
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.delivery.chat import Answer, Sent, Unsure
from bot.delivery.letter import BodyFormat, letter
from bot.ending import CannotRun
from bot.model import Message
from bot.web.fetch import tls
from bot.web.network import Network
from storage import files

log = logging.getLogger("vigie.elsewhere")

PATIENCE = 60.0  # seconds: a service that hangs must not keep one of the places to send from


@dataclass(frozen=True, slots=True)
class AppriseTarget:
    """`name` is the operator's."""

    name: str
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
        raise CannotRun("Apprise : il faut l’option apprise (pip install 'vigie[apprise]')") from missing
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it tells of its own failures with addresses
    asset = apprise.AppriseAsset(http_redirects=False)  # a service would lead a message of ours anywhere
    plugin = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise CannotRun(f"Apprise : l’adresse de « {name} » n’est pas de celles que connaît Apprise")
    plugin.overflow_mode = apprise.OverflowMode.SPLIT  # nothing is cut
    return AppriseTarget(name, plugin)


async def notify(there: AppriseTarget, message: Message, *, plain: bool, patience: float = PATIENCE) -> Answer:
    """Send it. A failure is a doubt: Apprise says neither why, nor whether it arrived. `Sent` has no number."""
    form: BodyFormat = "text" if plain else there.form
    subject, body = letter(message, form)
    try:
        async with asyncio.timeout(patience):
            sent = await there.plugin.async_notify(body=body, title=subject, body_format=form)
    except Exception as problem:  # a plugin is not ours: whatever it raises, the message waits
        log.warning("not sent elsewhere", extra={"destination": there.name, "problem": type(problem).__name__})
        return Unsure(f"{type(problem).__name__} ({there.name})")
    return Sent(0) if sent else Unsure(f"Apprise n’a pas pu l’envoyer ({there.name})")
