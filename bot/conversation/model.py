"""Who asks, of what, from where, and what is shown for it: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.digest import render
from bot.messages import texts
from bot.messages.callback_data import Place, Press, build
from bot.messages.texts import Language
from bot.model import Button, Incoming, Keyboard, Message
from matchers.engine.gazetteer import Entity
from matchers.model import Level, Watchlist
from storage.chats.model import Chat, OwnTerm, Subscription

NO_PRESS = Press("")  # what a command has

Right = Literal["everyone", "administrators", "operators"]
"""Who may: `administrators` of the group or channel that is set (in private, who speaks), `operators` of this Vigie."""


@dataclass(frozen=True, slots=True)
class View:
    """What a menu is drawn from. `chat` is the one being set, None for one we do not know; `place` is set where that
    is not the chat in which the menu stands, and then every button carries it. `thread` is the topic being set.
    `held` are topics of the chat that are closed or gone, for which something is kept. `private`: the menu stands in a
    private chat; `where` is what the place is called, "" where nobody knows. `terms` are its readers' own,
    `entities` those that a watchlist may name."""

    language: Language
    watchlists: Mapping[str, Watchlist]
    chat: Chat | None = None
    subscriptions: tuple[Subscription, ...] = ()
    today: date = date.min
    place: Place | None = None
    thread: int = 0
    held: tuple[int, ...] = ()
    private: bool = True
    where: str = ""
    terms: tuple[OwnTerm, ...] = ()
    entities: Mapping[str, Entity] = field(default_factory=dict)

    @property
    def timezone(self) -> str:
        return self.chat.timezone if self.chat else "Europe/Paris"

    def say(self, key: str, /, **values: str | int) -> str:
        return texts.text(self.language, key, **values)

    def key(self, label: str, verb: str, target: str = "", value: str = "", page: int = 0) -> Button:
        """A button of a menu of this view."""
        return Button(label, build(Press(verb, target, value, page, self.place)))

    def when(self, moment: datetime) -> str:
        """« mar. 24 nov. 09:04 » where its reader lives; with its year where that is another than today's."""
        another = self.day(moment).year != self.today.year
        return texts.moment(self.language, moment, self.timezone, year=another)

    def day(self, moment: datetime) -> date:
        """The day that it is then where its reader lives."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def followed(self, watchlist: str) -> Subscription | None:
        return next((held for held in self.subscriptions if held.watchlist == watchlist), None)

    def name(self, watchlist: str) -> str:
        return render.list_name(watchlist, self.watchlists)

    def level(self, watchlist: Watchlist) -> Level:
        """The level at which this chat has it, or would have it."""
        held = self.followed(watchlist.id)
        return (held.level if held else None) or watchlist.level


@dataclass(frozen=True, slots=True)
class Request:
    """A command or a press, and what it is allowed. `may_change`: a private chat, or an administrator of what is being
    set. `operator`: one of those who run this Vigie. `argument` is what follows a command; `press` the button."""

    incoming: Incoming
    view: View
    may_change: bool
    operator: bool = False
    argument: str = ""
    press: Press = NO_PRESS

    @property
    def private(self) -> bool:
        return self.incoming.chat_kind == "private"

    def say(self, key: str, /, **values: str | int) -> str:
        return self.view.say(key, **values)

    def allows(self, right: Right) -> bool:
        match right:
            case "everyone":
                return True
            case "administrators":
                return self.may_change
            case "operators":
                return self.operator


@dataclass(frozen=True, slots=True)
class Keys:
    """The message that was pressed keeps its text, and has these buttons from now on. `beneath` answers it as well."""

    buttons: Keyboard
    beneath: Message | None = None


@dataclass(frozen=True, slots=True)
class Beneath:
    """The message that was pressed stays, and is answered."""

    message: Message


@dataclass(frozen=True, slots=True)
class Question:
    """Ask for the argument that the command of this name lacks, and take the next message for it."""

    command: str
    words: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """The press is answered by `notice`, which nobody knew before it was done; `keys` None: all stays as it is."""

    notice: str
    keys: Keys | None = None


Shown = Message | Keys | Beneath | Question | Noticed | None
"""What tells of what was done, in place of the menu that was pressed or as a new message; None where another way
tells."""
