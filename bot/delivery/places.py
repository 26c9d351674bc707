"""Carries messages to the places that are not on Telegram, each by its own way."""

import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, assert_never

from bot.clock import Clock
from bot.config.destinations import AppriseAddress, Mailbox, Outside, Webhook
from bot.delivery.chat import Answer, MessageRefused, Retry, Sent
from bot.delivery.mail import Envelope, mailed
from bot.delivery.no_telegram import UNKNOWN
from bot.delivery.webhook import EventArticle, event, posted
from bot.ending import CannotRun
from bot.model import Message
from bot.web.network import Network
from bot.web.post import Poster
from storage.chats.model import Delivery

if TYPE_CHECKING:
    from bot.delivery.apprise_chats import AppriseTarget

_FIRST = -(1 << 60)  # far below any id of Telegram's

Describe = Callable[[str], Awaitable[EventArticle | None]]
"""What an item of the outbox is about; None where it is about no article."""


def identity(name: str) -> int:
    """What stands for a destination where chats have Telegram ids: the same number for the same name, for ever."""
    return _FIRST - zlib.crc32(name.encode())


class Carrier(Protocol):
    """Whoever carries what does not go to Telegram."""

    async def post(self, delivery: Delivery, message: Message) -> Answer:
        """Deliver it. What is `Sent` bears the number of its delivery; an edit changes nothing that was sent."""
        ...


Witness = Callable[[str], Awaitable[str]]
"""The line by which a reader becomes a witness of the register, in this language; "" while it is empty."""


@dataclass(slots=True)
class Places:
    """The destinations in force. `stamp` tells what this installation sends from what another does: ids are
    remembered where they arrive. `describe` says what an item is about; `witness` ends each letter;
    `way` is the environment in which Apprise goes out."""

    network: Network
    poster: Poster
    clock: Clock
    describe: Describe
    witness: Witness
    way: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""
    held: tuple[Outside, ...] = ()
    _plugins: "dict[str, AppriseTarget | str]" = field(default_factory=dict)

    def adopt(self, places: Iterable[Outside], stamp: str) -> None:
        """From now on, these and no others. An address that Apprise does not know is told when something goes there."""
        held = tuple(places)
        self._plugins = {
            each.name: _plugin(each.name, each.way) for each in held if isinstance(each.way, AppriseAddress)
        }
        self.held, self.stamp = held, stamp
        self.poster.open_to(
            each.way.url.reveal() for each in held if isinstance(each.way, Webhook) and each.way.private
        )

    async def post(self, delivery: Delivery, message: Message) -> Answer:
        """See `Carrier.post`."""
        place = next((each for each in self.held if identity(each.name) == delivery.chat.telegram_id), None)
        if place is None:
            return Retry(UNKNOWN, chat_only=True)
        if delivery.lane == "edit":
            missing = MessageRefused("le message à modifier n'est pas parti", "target")
            return missing if delivery.about is None else Sent(delivery.about)
        answer = await self._by(place, delivery, message, self.clock())
        return Sent(delivery.id) if isinstance(answer, Sent) else answer

    async def _by(self, place: Outside, delivery: Delivery, message: Message, now: datetime) -> Answer:
        about = None if delivery.about is None else self._id(delivery.about)
        match place.way:
            case Mailbox() as box:
                language = delivery.chat.language
                witness = await self.witness(language)
                envelope = Envelope(place.name, self._id(delivery.id), about, now, delivery.plain, witness, language)
                return await mailed(box, envelope, message, self.network)
            case Webhook() as hook:
                article = await self.describe(delivery.item)
                told = event(place.name, self._id(delivery.id), about, delivery, message, article)
                return await posted(hook, told, place.name, self.poster, now)
            case AppriseAddress():
                from bot.delivery.apprise_chats import notify

                plugin = self._plugins[place.name]
                if isinstance(plugin, str):
                    return MessageRefused(plugin, "rights")
                return await notify(plugin, message, self.way, plain=delivery.plain)
            case never:
                assert_never(never)

    def _id(self, number: int) -> str:
        return f"{self.stamp}-{number}"


def _plugin(name: str, way: AppriseAddress) -> "AppriseTarget | str":
    """What Apprise makes of an address, or why nothing."""
    from bot.delivery.apprise_chats import destination

    try:
        return destination(name, way.address.reveal())
    except CannotRun as problem:
        return str(problem)
