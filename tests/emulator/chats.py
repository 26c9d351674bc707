"""The emulator's chats: who is there, what they see, what they bear."""

import math
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal[
    "open", "never_started", "blocked", "deactivated", "kicked", "left", "deleted", "no_rights", "migrated",
    "not_admin", "muted", "hidden",
]  # fmt: skip

ERRORS: dict[State, tuple[int, str]] = {
    "never_started": (403, "Forbidden: bot can't initiate conversation with a user"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "left": (403, "Forbidden: bot is not a member of the supergroup chat"),
    "deleted": (403, "Forbidden: the group chat was deleted"),
    "no_rights": (400, "Bad Request: not enough rights to send text messages to the chat"),
    "not_admin": (400, "Bad Request: need administrator rights in the channel chat"),
    "muted": (403, "CHAT_WRITE_FORBIDDEN"),
    "hidden": (403, "CHANNEL_PRIVATE"),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
}


@dataclass(slots=True)
class Post:
    """A message of the bot as a reader sees it now. `html` is what was sent, `text` what is shown, `before` what it
    read before its edits."""

    id: int
    text: str
    html: str
    links: tuple[str, ...] = ()
    buttons: tuple[tuple[dict[str, Any], ...], ...] = ()
    silent: bool = False
    reply_to: int | None = None
    thread: int = 0
    edits: int = 0
    before: tuple[str, ...] = ()

    def data(self, label: str) -> str:
        """The callback data of the button whose text contains `label`."""
        return next(key["callback_data"] for row in self.buttons for key in row if label in key["text"])


@dataclass(slots=True)
class Chat:
    """A chat. `messages` are those of the bot, in order; `migrated_to` goes with the state `migrated`.

    `strangers` are not in it. `topics` makes it a forum: each by its thread, and whether it is open. `shut` closes
    General. `last` is the number of its last message, where it counts alone; `of_others` are the
    numbers of what people wrote.
    """

    id: int
    kind: str = "private"
    state: State = "open"
    messages: list[Post] = field(default_factory=list)
    admins: set[int] = field(default_factory=set)
    migrated_to: int = 0
    username: str | None = None
    strangers: set[int] = field(default_factory=set)
    topics: dict[int, bool] = field(default_factory=dict)
    shut: bool = False
    last: int = 0
    of_others: set[int] = field(default_factory=set)

    @property
    def counts_alone(self) -> bool:
        """Whether its messages have a sequence of numbers of their own; the others share that of the bot."""
        return self.kind in ("supergroup", "channel")

    def post(self, message_id: int) -> Post | None:
        return next((post for post in self.messages if post.id == message_id), None)

    def closed(self, thread: int) -> str | None:
        """Why nothing can be written to this topic (0: General, or the chat itself); None where it can."""
        if thread and thread not in self.topics:
            return "Bad Request: message thread not found"
        return None if (self.topics[thread] if thread else not self.shut) else "Bad Request: TOPIC_CLOSED"

    def refusal(self) -> tuple[int, str, dict[str, Any]] | None:
        """Status, description and parameters with which this chat refuses a message; None where it takes it."""
        if self.state == "open":
            return None
        status, text = ERRORS[self.state]
        return status, text, {"migrate_to_chat_id": self.migrated_to} if self.state == "migrated" else {}

    def json(self) -> dict[str, Any]:
        name = {"first_name": "Claire"} if self.kind == "private" else {"title": "Salon"}
        return {"id": self.id, "type": self.kind, **name}


class Rates:
    """What Telegram bears, in seconds of `now`: 30/s in all, 1/s and 4 at once a chat, 20/min in groups."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._second: deque[float] = deque()
        self._minute: dict[int, deque[float]] = {}
        self._frozen: dict[int, float] = {}

    def freeze(self, chat_id: int, until: float) -> None:
        """A flood wait; whoever comes has not been told of it yet."""
        with self._lock:
            self._frozen[chat_id] = -until

    def unheard(self, chat_id: int) -> None:
        """Whoever was told to wait has not heard it: the answer was lost, or its reader has ended."""
        with self._lock:
            self._frozen[chat_id] = -abs(self._frozen.get(chat_id, 0.0))

    def refuse(self, chat: Chat, now: float) -> tuple[int, bool] | None:
        """Seconds to wait, and whether the caller had been told to; None where the message passes."""
        with self._lock:
            until = self._frozen.get(chat.id, 0.0)
            if until < -now:  # set by the test: this is how the caller learns of it
                self._frozen[chat.id] = -until
                return math.ceil(-until - now), False
            if now < until:
                self._frozen[chat.id] = until + 1
                return math.ceil(until + 1 - now), True
            mine = self._minute.setdefault(chat.id, deque())
            if (wait := self._wait(chat, mine, now)) == 0:
                self._second.append(now)
                mine.append(now)
                return None
            self._frozen[chat.id] = now + wait
            return wait, False

    def _wait(self, chat: Chat, mine: deque[float], now: float) -> int:
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        while mine and mine[0] <= now - 60:
            mine.popleft()
        if len(self._second) >= 30:
            return 1
        if chat.id < 0 and len(mine) >= 20:
            return int(mine[0] + 60 - now) + 1
        # 1/s with 4 at once: in any window of n seconds, at most n + 4
        return 3 if any(len(mine) - index >= 4 + (now - when) for index, when in enumerate(mine)) else 0
