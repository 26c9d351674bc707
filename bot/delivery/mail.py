"""Letters: how one is written, and how it is handed to the operator's mail server."""

import asyncio
import html
import io
import logging
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from bot.config.destinations import Mailbox
from bot.delivery.chat import Answer, MessageRefused, Retry, Sent, Unsure
from bot.delivery.letter import letter
from bot.messages import markup
from bot.messages.visible import sendable
from bot.model import Message
from bot.web.fetch import tls
from bot.web.network import Network

log = logging.getLogger("vigie.mail")

PATIENCE = 20.0  # seconds for each exchange with the server
WHOLE = 120.0  # seconds for all that it says of one letter
SAID = 256 << 10  # bytes of that
SOON = timedelta(minutes=5)  # after a temporary refusal: greylisting lets pass after that
_HTML = (
    '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '</head><body style="font-family:sans-serif;line-height:1.45;max-width:40em">{}</body></html>'
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a letter bears beside its text. `id` is the same whenever it is sent again; `about` that of the letter it
    goes on from, None for none; `plain`: text alone. `witness` is its last line, "" for none. All is in `language`."""

    place: str
    id: str
    about: str | None
    now: datetime
    plain: bool = False
    witness: str = ""
    language: str = "fr"


def written(box: Mailbox, envelope: Envelope, message: Message) -> EmailMessage:
    """The letter. Whatever stands in a title, no header comes of it: breaks, controls and what reverses text go."""
    subject, text = letter(message, "text")
    domain = box.sender.rpartition("@")[2]
    made = EmailMessage(policy=SMTP)
    made["From"] = f"Vigie <{box.sender}>"
    made["To"] = ", ".join(box.to)
    made["Subject"] = markup.clean(subject).replace("=?", "= ?")  # Python decodes encoded words again, breaks and all
    made["Date"] = format_datetime(envelope.now)
    made["Message-ID"] = f"<{envelope.id}@{domain}>"
    if envelope.about is not None:
        made["In-Reply-To"] = made["References"] = f"<{envelope.about}@{domain}>"
    made["List-Id"] = f"Vigie {envelope.place} <{envelope.place}.vigie.{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(sendable(f"{text}\n\n{envelope.witness}" if envelope.witness else text), cte="quoted-printable")
    if not envelope.plain:
        body = _HTML.format(envelope.language, letter(message, "html")[1] + _small(envelope.witness))
        made.add_alternative(sendable(body), subtype="html", cte="quoted-printable")
    return made


def _small(line: str) -> str:
    return f'<p style="color:#666;font-size:smaller">{html.escape(line)}</p>' if line else ""


def _line(text: str) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


async def mailed(box: Mailbox, envelope: Envelope, message: Message, network: Network) -> Answer:
    """Hand it to the server, in a thread: smtplib waits, and a letter waits for nobody else."""
    return await asyncio.to_thread(_handed, box, envelope, written(box, envelope, message), network)


def _handed(box: Mailbox, envelope: Envelope, made: EmailMessage, network: Network) -> Answer:
    """Before its text has left, nothing was sent; once it has, only the server's own word says what became of it."""
    leaving = False
    try:
        with _connected(box, network) as server:
            refused = _addressed(server, box, envelope.place)
            if refused is not None:
                return refused
            leaving = True
            code, said = server.data(made.as_bytes())
            return Sent(0) if code == 250 else _judged(envelope.place, "lettre", code, said)
    except (OSError, smtplib.SMTPException, ValueError, _NotOffered) as error:
        return _failed(envelope.place, error, leaving=leaving)


async def known_to_server(box: Mailbox, place: str, network: Network) -> str:
    """Why its server does not let us in; "" where it does. No letter is sent."""
    answer = await asyncio.to_thread(_knocked, box, place, network)
    return getattr(answer, "detail", "")


def _knocked(box: Mailbox, place: str, network: Network) -> Answer:
    try:
        with _connected(box, network):
            return Sent(0)
    except (OSError, smtplib.SMTPException, ValueError, _NotOffered) as error:
        return _failed(place, error, leaving=False)


def _failed(place: str, error: Exception, *, leaving: bool) -> Answer:
    """What an exchange that broke off says; `leaving`: the text had begun to leave."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return _judged(place, "nom ou mot de passe", error.smtp_code, error.smtp_error)
        case smtplib.SMTPResponseException():
            return _judged(place, "connexion", error.smtp_code, error.smtp_error)
        case ssl.SSLCertVerificationError():
            return _held(place, f"certificat du serveur refusé : {error.verify_message}")
        case _NotOffered():
            return _held(place, f"le serveur n’offre pas {error}")
    lost = f"destination « {place} » : {_lost(error)}"
    log.warning("mail server", extra={"destination": place, "problem": type(error).__name__})
    return Unsure(f"{lost}, la lettre est peut-être partie") if leaving else Retry(timedelta(), False, lost)


class _NotOffered(Exception):
    """The server has no such thing; its text says which, in French."""


@contextmanager
def _offered(what: str) -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
        raise
    except smtplib.SMTPException as error:
        raise _NotOffered(what) from error


def _lost(error: Exception) -> str:
    """Why a server was not reached, or fell silent."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"le serveur ne répond pas ({PATIENCE:.0f} s)"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "le serveur a coupé la connexion"
    if isinstance(error, ssl.SSLError):
        return "le serveur ne parle pas TLS à ce port, ou pas le nôtre (« security » et « port »)"
    return f"serveur injoignable ({type(error).__name__})"


class _Heard(io.RawIOBase):
    """What a server says: smtplib reads lines without end, and waits anew for each byte. Raises OSError."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until, self._left = line, until, SAID

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        patience = self._until - time.monotonic()
        if patience <= 0 or self._left <= 0:
            raise TimeoutError
        self._line.settimeout(min(PATIENCE, patience))
        got = self._line.recv_into(buffer)
        self._left -= got
        return got


class _Open(smtplib.SMTP):
    until = 0.0

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.until = self.until or time.monotonic() + WHOLE
            self.file = io.BufferedReader(_Heard(self.sock, self.until))
        return super().getreply()


class _Locked(_Open, smtplib.SMTP_SSL):
    pass


@contextmanager
def _connected(box: Mailbox, network: Network) -> Iterator[smtplib.SMTP]:
    """A server that knows us. What it says at parting changes nothing of what it said of the letter."""
    if box.security == "tls":
        server: smtplib.SMTP = _Locked(box.server, box.port, timeout=PATIENCE, context=tls(network))
    else:
        server = _Open(box.server, box.port, timeout=PATIENCE)
    try:
        if box.security == "starttls":
            with _offered("STARTTLS, que « security » demande"):
                server.starttls(context=tls(network))
        if box.password is not None:
            with _offered("de connexion par mot de passe que Vigie connaisse (« user »)"):
                server.login(box.user, box.password.reveal())
        server.ehlo_or_helo_if_needed()
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _addressed(server: smtplib.SMTP, box: Mailbox, place: str) -> Answer | None:
    """Say from whom and to whom; None where the text may follow. One refused for good does not keep it from the
    others; one refused for now makes all wait, for nobody may be forgotten."""
    code, said = server.mail(box.sender)
    if code != 250:
        return _judged(place, "expéditeur", code, said)
    answers = [server.rcpt(to) for to in box.to]
    refused = [(code, said) for code, said in answers if code not in (250, 251)]
    for code, said in refused:
        if code < 500:
            return _judged(place, "destinataire", code, said)
    if len(refused) == len(box.to):
        return _judged(place, "destinataire", *refused[0])
    if refused:
        log.warning("recipient refused", extra={"destination": place, "how_many": len(refused)})
    return None


def _judged(place: str, what: str, code: int, said: bytes | str) -> Answer:
    """421 and 4xx: later. 5xx on the letter itself is about that letter; on anything else, nothing will pass."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    detail = f"{what} {'refusée' if what in ('lettre', 'connexion') else 'refusé'} ({code} {_line(text)[:120]})"
    if 400 <= code < 500:
        return Retry(SOON, chat_only=True, detail=f"destination « {place} » : {detail}, pour l’instant")
    if what == "lettre":
        return MessageRefused(f"destination « {place} » : {detail}", "ours")
    return _held(place, detail)


def _held(place: str, detail: str) -> MessageRefused:
    return MessageRefused(f"destination « {place} » : {detail} ; corrigez destinations.yaml", "rights")
