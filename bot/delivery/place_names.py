"""What groups, channels and topics are called, for who has to find them: heard in passing, never stored."""

from dataclasses import dataclass, field

from bot.messages import markup, texts

NAME = 60  # code points
HEARD = 1_000  # names remembered at once, the newest


@dataclass(slots=True)
class NamesHeard:
    """The names that updates bore since the start, by Telegram id of the chat and topic (0: the chat itself)."""

    _names: dict[tuple[int, int], str] = field(default_factory=dict)

    def hear(self, chat: int, thread: int, name: str) -> None:
        self._names.pop((chat, thread), None)
        self._names[chat, thread] = name
        if len(self._names) > HEARD:
            del self._names[next(iter(self._names))]

    def of(self, chat: int, thread: int = 0) -> str:
        """The name; "" for one that was not heard."""
        return self._names.get((chat, thread), "")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """`chat` is our own key, `thread` a topic, 0 for none; `title` and `topic` are "" where nobody could say."""

    chat: str
    thread: int = 0
    title: str = ""
    topic: str = ""

    def said(self, language: str) -> str:
        """« DSI (c5), sujet « Nuage » », « Chat c5, sujet n° 7 », as HTML."""
        title, topic = (markup.escape(markup.cut(each, NAME)) for each in (self.title, self.topic))
        chat = texts.text(language, "place.titled" if title else "place.untitled", title=title, chat=self.chat)
        if not self.thread:
            return chat
        key = "place.topic_named" if topic else "place.topic"
        return f"{chat}, {texts.text(language, key, name=topic, thread=self.thread)}"
