"""Links that open our own private chat: what they carry, under which key, and how they are read back. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.messages.callback_data import base36, number
from storage.ids import ArticleId, ChatKey
from storage.stories.model import Announced

ADDED = "here"  # what our link to add us to a group has Telegram say there
KEY = "links"  # the memo that holds the key of this installation
SAME, OTHER = "s_", "o_"  # before what was announced: it is the event of the message above it, or another one
TRIAGE = "t_"  # before the number of an article that the team judges
_TOLD = re.compile("([0-9a-z]{1,13})-([0-9a-z]{1,13})-([0-9a-z]{1,13})_([a-z2-7]{16})")
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Links:
    """`key` is secret to this installation; `name` the bot's own on Telegram, "" while it is not known."""

    key: bytes
    name: Callable[[], str]

    def why(self, told: Announced) -> str:
        """The address that tells why this was announced there; "" while we do not know our own name."""
        return self.start(f"p_{self.payload(told)}")

    def same_event(self, told: Announced) -> str:
        """The address by which a reader of a channel says that this is the event of the message above it; or ""."""
        return self.start(f"{SAME}{self.payload(told)}")

    def other_event(self, told: Announced) -> str:
        """The address by which they say that it is another one; or ""."""
        return self.start(f"{OTHER}{self.payload(told)}")

    def triage(self, article: ArticleId) -> str:
        """The address by which the team judges an article of a channel; or "". Whoever opens it is asked who he is."""
        return self.start(f"{TRIAGE}{base36(article)}")

    def start(self, payload: str) -> str:
        """The address that opens our private chat with `/start payload`, at most 64 of `[A-Za-z0-9_-]`; or ""."""
        return f"https://t.me/{self.name()}?start={payload}" if self.name() else ""

    def payload(self, told: Announced) -> str:
        """What was announced, signed: numbers count up, and nobody is to try the next one. At most 58 characters."""
        said = f"{base36(told.article)}-{base36(told.chat)}-{base36(told.thread)}"
        return f"{said}_{self._sign(said)}"

    def told(self, payload: str) -> Announced | None:
        """What `payload` signed; None for anything that we did not sign."""
        found = _TOLD.fullmatch(payload)
        if not found or not hmac.compare_digest(self._sign(payload[: found.start(4) - 1]), found[4]):
            return None
        article, chat, thread = (number(part) for part in found.groups()[:3])
        return Announced(ArticleId(article), ChatKey(chat), thread) if max(article, chat, thread) < _LARGEST else None

    def _sign(self, said: str) -> str:
        digest = hmac.new(self.key, said.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:10]).decode().lower()
