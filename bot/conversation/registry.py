"""Where a use case says what it answers to: its commands, its buttons, its links, and who may use them.

A use case registers what it does beside the doing itself; the menus that clients propose, /aide and the tests are made
of what is registered. Adding a command touches the module of its use case, the catalogues and its test.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from bot.conversation.context import Context
from bot.conversation.model import Request, Right, Shown
from bot.messages import callback_data
from bot.messages.texts import Language
from matchers.model import Watchlist

T = TypeVar("T")

Doing = Callable[[Request, Context], Awaitable[Shown]]
Setting = Callable[[Request, Context, T], Awaitable[Shown]]
Doer = TypeVar("Doer", bound=Doing)
Offered = Literal["private", "groups", "group_admins", "operators"]


# --- commands ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Command:
    """`do` answers it. `offered`: in the menus of whom its name is proposed; `rank`: how far down, there and in /aide;
    `everyday`: its place among the commands of every day, 0 for none."""

    name: str
    english: str
    do: Doing
    right: Right
    rank: int
    offered: frozenset[Offered]
    everyday: int

    def called(self, language: Language) -> str:
        return self.english if language == "en" else self.name


_COMMANDS: dict[str, Command] = {}
_SPELLINGS: dict[str, str] = {}


def command(
    *names: str, rank: int = 0, right: Right = "everyone", offered: tuple[Offered, ...] = (), everyday: int = 0
) -> Callable[[Doer], Doer]:
    """Answer to these names: in French, then in English where that is another word, then other spellings.

    Its line in the menus and in /aide is the sentence `command.<name>` of the catalogues. `rank` leaves room between
    two (10, 20 …) for what comes later.
    """

    def register(do: Doer) -> Doer:
        english = names[1] if len(names) > 1 else names[0]
        _put(_COMMANDS, names[0], Command(names[0], english, do, right, rank, frozenset(offered), everyday))
        for name in dict.fromkeys(names):
            _put(_SPELLINGS, name, names[0])
        return do

    return register


def find_command(spelling: str) -> Command | None:
    """The command with this name, in lower case and without accents."""
    name = _SPELLINGS.get(spelling)
    return _COMMANDS[name] if name is not None else None


def find_command_in_any_number(spelling: str) -> Command | None:
    """The same for its plural or its singular, « échéance »."""
    return next(filter(None, map(find_command, (spelling, f"{spelling}s", spelling.removesuffix("s")))), None)


def spellings() -> Mapping[str, str]:
    """Every name of every command, and its French one."""
    return dict(_SPELLINGS)


def commands() -> Iterator[Command]:
    """Every command, by rank."""
    return iter(sorted(_COMMANDS.values(), key=lambda each: each.rank))


_WISHES: dict[str, Doing] = {}


def wish(name: str) -> Callable[[Doer], Doer]:
    """Answer to this wish in plain words (`wishes.Wish`), which no command answers alone."""

    def register(do: Doer) -> Doer:
        doing: Doing = do
        _put(_WISHES, name, doing)
        return do

    return register


def find_wish(name: str) -> Doing | None:
    return _WISHES.get(name)


# --- links ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class StartLink:
    """What `/start <prefix>…` opens. `sealed`: only in private, and where access is closed too."""

    do: Doing
    sealed: bool


_LINKS: dict[str, StartLink] = {}


def link(prefix: str, *, sealed: bool = False) -> Callable[[Doer], Doer]:
    """Answer to `/start <prefix>…`; the request's argument is what follows the prefix (two characters).

    `sealed`: what it carries is proof enough, so that nobody has to be let in.
    """

    def register(do: Doer) -> Doer:
        _put(_LINKS, prefix, StartLink(do, sealed))
        return do

    return register


def find_link(payload: str) -> StartLink | None:
    return _LINKS.get(payload[:2])


# --- buttons -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ButtonAction(Generic[T]):
    """`reads` makes of a press what `do` wants; None: the button is stale, and the fresh menu is shown instead.

    `notice` is the short answer to the press, at most 200 characters; None: `Noticed` tells it afterwards. `leads`:
    where a press in a group opens in private instead; "" to go on here. `headed`: its message bears the name of the
    place that is set.
    """

    do: Setting[T]
    reads: Callable[[Request], T | None]
    right: Right
    notice: Callable[[Request, T], str | None] | None
    leads: Callable[[Request, Context, T], Awaitable[str]] | None
    headed: bool


_BUTTONS: dict[str, ButtonAction[Any]] = {}


def button(
    *verbs: str,
    reads: Callable[[Request], T | None],
    right: Right = "everyone",
    notice: Callable[[Request, T], str | None] | None = None,
    leads: Callable[[Request, Context, T], Awaitable[str]] | None = None,
    headed: bool = True,
) -> Callable[[Setting[T]], Setting[T]]:
    """Answer to the buttons that carry one of these verbs (one or two letters): see `ButtonAction`.

    `reads` and `notice` are pure: a press is answered before anything slow is done, but for `once_done`.
    """

    def register(do: Setting[T]) -> Setting[T]:
        for verb in verbs:
            _put(_BUTTONS, verb, ButtonAction(do, reads, right, notice, leads, headed))
        return do

    return register


def find_button(verb: str) -> ButtonAction[Any] | None:
    return _BUTTONS.get(verb)


def verbs() -> frozenset[str]:
    """What buttons carry."""
    return frozenset(_BUTTONS)


def once_done(request: Request, read: object) -> None:
    """The `notice` of what is soon done, and of which nobody knows before what it comes to: see `Noticed`."""


# --- what a press is about -----------------------------------------------------------------------------------------
def page(request: Request) -> int:
    """The page that it opens, from 0."""
    return request.press.page


def target(request: Request) -> str | None:
    """What it is about, as written."""
    return request.press.target or None


def number(request: Request) -> int | None:
    """The article, or any other row, that it is about."""
    found = callback_data.number(request.press.target) if request.press.target else 0
    return found if 0 < found < 2**63 else None


def watchlist(request: Request) -> Watchlist | None:
    """The watchlist that it is about, if it is still there."""
    name = callback_data.named(request.press.target, request.view.watchlists)
    return request.view.watchlists[name] if name is not None else None


def watchlist_and_number(request: Request) -> tuple[Watchlist, int] | None:
    """The watchlist that it is about, if it is still there, and the number that it bears as its value."""
    name, value = watchlist(request), request.press.value
    return (name, int(value)) if name and value.isdecimal() else None


_Value = TypeVar("_Value")


def _put(table: dict[str, _Value], key: str, value: _Value) -> None:
    if key in table:
        raise ValueError(f"{key} is answered twice")
    table[key] = value
