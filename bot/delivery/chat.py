"""What a chat can do, and the answers it can give: the seam between Vigie and wherever people read it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from bot.model import Incoming, Keyboard, Message


@dataclass(frozen=True, slots=True)
class Sent:
    """The message stands in the chat."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Certainly not sent; try again.

    `after` is what the server asked for: zero where it could not be reached at all, and then the wait is the
    caller's. `chat_only`: only this chat is slowed down (a 429); False: nothing can be sent to anybody now. `detail` is
    what operators read of it while it lasts, "" for nothing.
    """

    after: timedelta
    chat_only: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Perhaps sent: the request left and its answer was lost. Never to be taken for a `Retry`."""

    detail: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Not sent: the group has become a supergroup, whose Telegram id this is."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class ChatGone:
    """Not sent: blocked, kicked, deleted, or never opened."""

    detail: str


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """Not sent: the chat is there but will not take this message.

    `ours`: the message itself is at fault · `rights`: the bot may not write there · `thread`: its topic is closed
    or deleted · `target`: the message to edit or to answer is not there.
    """

    detail: str
    kind: Literal["ours", "rights", "thread", "target"]


@dataclass(frozen=True, slots=True)
class TokenDead:
    """Not sent, and nothing else will be: Telegram no longer knows this token."""

    detail: str


Answer = Sent | Retry | Unsure | Moved | ChatGone | MessageRefused | TokenDead


@dataclass(frozen=True, slots=True)
class Stands:
    """The message asked about stands in the chat, under that number; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Absent:
    """No message of ours stands there under that number, or one that can't be ours to look for."""


@dataclass(frozen=True, slots=True)
class Altered:
    """Another message of ours stood there, and has been changed: it must not happen again."""


Look = Stands | Absent | Altered | Retry | Unsure | Moved | ChatGone | MessageRefused | TokenDead

Audience = Literal["everyone", "private", "groups", "group_admins", "chat", "chat_admins"]


@dataclass(frozen=True, slots=True)
class CommandMenu:
    """The commands a client proposes to one audience. `language` None is the default, here French.

    `chat` is the chat that the audiences `chat` and `chat_admins` are of; what is theirs goes before what is all's.

    `commands` are (name, description) in the order shown: names of `[a-z0-9_]{1,32}`, descriptions of 1 to 256
    characters, at most 100 of them.
    """

    commands: tuple[tuple[str, str], ...]
    audience: Audience = "everyone"
    language: str | None = None
    chat: int | None = None


class Messenger(Protocol):
    """A place where chats are. Everything that fails outside is an answer; nothing here raises for it."""

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        plain: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Answer:
        """Send a new message; `plain` gives its bare text, cut to fit, without markup or buttons.

        `thread` is a forum topic (None: the chat itself, or General). `reply_to`: a message that is answered; where it
        is gone, the answer is sent plainly.
        """
        ...

    async def edit(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Answer:
        """Replace a message of ours. One that already reads so is `Sent`; one that is gone, `Refused` (`target`)."""
        ...

    async def probe(self, chat_id: int, message_id: int, message: Message, *, plain: bool = False) -> Look:
        """Whether this very message stands there under that number: an edit to what it reads already changes nothing.

        `Altered` where it changed something after all. A place that cannot tell answers `Unsure`.
        """
        ...

    async def keys(self, chat_id: int, message_id: int, buttons: Keyboard) -> Answer:
        """Replace the buttons of a message of ours, and leave its text."""
        ...

    async def file(self, chat_id: int, name: str, content: bytes, caption: str, *, thread: int | None = None) -> Answer:
        """Send a file; `caption` is plain text of at most 1,024 characters. `thread`: see `send`."""
        ...

    async def answer(self, callback: str, text: str = "", *, url: str | None = None) -> None:
        """Answer a press (`text`: at most 200 characters; `url`: a link to ourselves that the client opens).

        Never raises: a late answer is of no use to anybody.
        """
        ...

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """Whether this person administers this group or channel; False when nobody could say."""
        ...

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Whether this person reads this group or channel; False when nobody could say."""
        ...

    async def title(self, chat_id: int) -> str:
        """What a group or channel is called, as of now; "" when nobody could say. We keep no names."""
        ...

    def topic(self, chat_id: int, thread: int) -> str:
        """What a topic is called, if that was heard since the start; else ""."""
        ...

    async def set_commands(self, menus: tuple[CommandMenu, ...]) -> bool:
        """Publish the commands that clients propose; False where that did not work, and is worth trying later."""
        ...

    async def reachable(self) -> bool:
        """Whether the place where the chats are answers at all. Changes nothing there."""
        ...

    async def typing(self, chat_id: int) -> None:
        """Show that work goes on. Never raises."""
        ...


OnIncoming = Callable[[Incoming], Awaitable[None]]
"""What is done with what comes from chats."""


class Listener(Messenger, Protocol):
    """A place that also hears what people say there."""

    @property
    def username(self) -> str:
        """The bot's own name there, without @; "" until it is known."""
        ...

    @property
    def number(self) -> int:
        """The bot's own number there: the numbers of its messages are its own."""
        ...

    def listen(self, on_incoming: OnIncoming) -> None:
        """Hand over what comes from chats, from now on: in order within a chat, chats side by side."""
        ...

    def stop_listening(self) -> None:
        """Hand over nothing more, until `listen`: another reads what is said now."""
        ...

    async def hush(self) -> None:
        """Hand over nothing more, let what is being answered end, and what is not be said again to who listens next."""
        ...
