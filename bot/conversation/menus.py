"""What the bot shows when it is spoken to: cards, lists, settings, and the commands it proposes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation import texts
from bot.conversation.callback import Press, build, token
from bot.conversation.texts import LANGUAGES, Language
from bot.delivery.chat import Audience, CommandMenu
from bot.digest import markup, render
from bot.model import Button, Message
from matchers.model import Level, Watchlist
from storage.model import Chat, StoredArticle, Subscription, Window

ROWS = 8
TERMS_SHOWN = 8
BUTTON = 30  # code points; a longer name is cut, and whole in the text above
NAME, QUESTION, TERM, ECHO = 80, 200, 40, 60
HOURS = (6, 7, 8, 9, 12, 18)
LEVELS: tuple[tuple[str, Level], ...] = (("f", "flash"), ("d", "daily"), ("w", "weekly"))

_COMMANDS = {
    "fr": ("aide", "veilles", "suivre", "reglages", "digest", "stop"),
    "en": ("help", "watchlists", "follow", "settings", "digest", "stop"),
}
_AUDIENCES: tuple[tuple[Audience, frozenset[str]], ...] = (
    ("private", frozenset(_COMMANDS["fr"])),
    ("groups", frozenset(("aide", "veilles", "digest"))),
    ("group_admins", frozenset(_COMMANDS["fr"])),
)


@dataclass(frozen=True, slots=True)
class View:
    """What a menu is drawn from. `chat` is None for one we do not know."""

    language: Language
    watchlists: Mapping[str, Watchlist]
    chat: Chat | None = None
    subscriptions: tuple[Subscription, ...] = ()
    today: date = date.min

    def say(self, key: str, /, **values: str | int) -> str:
        return texts.text(self.language, key, **values)

    def followed(self, watchlist: str) -> Subscription | None:
        return next((held for held in self.subscriptions if held.watchlist == watchlist), None)

    def name(self, watchlist: str) -> str:
        known = self.watchlists.get(watchlist)
        return markup.cut(known.name if known else watchlist, NAME)

    def level(self, watchlist: Watchlist) -> Level:
        """The level at which this chat has it, or would have it."""
        held = self.followed(watchlist.id)
        return (held.level if held else None) or watchlist.level

    def example(self) -> str:
        return next(iter(self.watchlists), "secnumcloud")


def commands() -> tuple[CommandMenu, ...]:
    """The commands that clients propose; French is the default language."""
    return tuple(
        CommandMenu(_described(language, audience), scope, None if language == "fr" else language)
        for scope, audience in _AUDIENCES
        for language in LANGUAGES
    )


def _described(language: Language, audience: frozenset[str]) -> tuple[tuple[str, str], ...]:
    pairs = zip(_COMMANDS[language], _COMMANDS["fr"], strict=True)
    return tuple((name, texts.text(language, f"command.{key}")) for name, key in pairs if key in audience)


def welcome(view: View, subscribed: bool) -> Message:
    """The greeting; `subscribed`: the chat has just been given every watchlist."""
    lines = [view.say("start.greeting")]
    if subscribed:
        lines.append(view.say("start.subscribed", n=len(view.watchlists), hour=clock(view.chat)))
    shown = lists(view)
    return Message("\n\n".join((*lines, view.say("start.change"), shown.html)), shown.buttons)


def lists(view: View, page: int = 0) -> Message:
    """The watchlists, eight a page; a page too far is the last one."""
    everything = list(view.watchlists.values())
    if not everything:
        return Message(view.say("lists.none"))
    pages = -(-len(everything) // ROWS)
    page = min(page, pages - 1)
    shown = everything[page * ROWS : (page + 1) * ROWS]
    rows = [(_to_card(view, watchlist),) for watchlist in shown]
    lines = [markup.bold(view.say("lists.title")), *(_row(view, watchlist) for watchlist in shown)]
    return Message("\n".join(lines), (*rows, *_turner(view, page, pages, len(everything))))


def card(view: View, watchlist: Watchlist) -> Message:
    """A watchlist as its reader sees it, with the levels at which to follow it."""
    held = view.followed(watchlist.id)
    lines = [
        markup.bold(view.name(watchlist.id)),
        markup.italic(markup.cut(watchlist.question, QUESTION)),
        _terms(view, watchlist),
        view.say("card.level", level=level_name(view, watchlist.level)),
        _review(view, watchlist),
        view.say("card.followed", level=level_name(view, view.level(watchlist)))
        if held
        else view.say("card.not_followed"),
    ]
    return Message("\n".join(filter(None, lines)), _card_keys(view, watchlist, held))


def following(view: View, watchlist: Watchlist, examples: int, total: int, more: bool = False) -> Message:
    """The confirmation. `examples` articles can be shown; `total` were kept over 30 days, `more` if not all counted."""
    say = view.say
    level = level_name(view, view.level(watchlist))
    done = say("follow.done", name=markup.escape(view.name(watchlist.id)), level=level)
    preview = say("follow.at_least" if more else "follow.preview", n=total) if total else say("follow.none")
    target = token(watchlist.id)
    first = (Button(say("button.preview", n=examples), build(Press("p", target))),) if examples else ()
    second = (
        Button(say("button.level"), build(Press("c", target))),
        Button(say("button.unfollow"), build(Press("f", target, "x"))),
    )
    return Message(f"{done}\n{preview}", tuple(filter(None, (first, second))))


def unfollowed(view: View, watchlist: Watchlist) -> Message:
    said = view.say("follow.stopped", name=markup.escape(view.name(watchlist.id)))
    return Message(said, ((_to_card(view, watchlist), _to_lists(view)),))


def examples(view: View, watchlist: Watchlist, articles: Sequence[StoredArticle]) -> Message:
    """The last articles that a watchlist would have sent."""
    keys = ((Button(view.say("button.level"), build(Press("c", token(watchlist.id)))), _to_lists(view)),)
    if not articles:
        return Message(view.say("preview.none"), keys)
    head = view.say("preview.title", name=markup.escape(view.name(watchlist.id)))
    lines = [
        f"{number}. {render.title(article, view.language)} — {markup.escape(markup.cut(article.source_name, ECHO))}"
        for number, article in enumerate(articles, start=1)
    ]
    return Message("\n".join((head, *lines)), keys)


def settings(view: View) -> Message:
    """Language and hour; the present values are marked."""
    zone = view.chat.timezone if view.chat else "Europe/Paris"
    lines = (
        markup.bold(view.say("settings.title")),
        view.say("settings.language"),
        view.say("settings.hour", hour=clock(view.chat), timezone=zone),
    )
    tongues = tuple(
        Button(_marked(label, code == view.language), build(Press("g", "l", code)))
        for code, label in (("fr", "Français"), ("en", "English"))
    )
    present = view.chat.digest_at if view.chat else 8 * 60
    hours = tuple(
        Button(_marked(f"{hour:02d}:00", hour * 60 == present), build(Press("g", "h", str(hour)))) for hour in HOURS
    )
    return Message("\n".join(lines), (tongues, hours[:3], hours[3:], (_to_lists(view),)))


def stop(view: View) -> Message:
    keys = (
        (Button(view.say("button.stop"), build(Press("s", "y"))),),
        (Button(view.say("button.keep"), build(Press("s", "n"))),),
    )
    return Message(view.say("stop.ask"), keys)


def nothing(view: View, window: Window) -> Message:
    """What /digest says when nothing was kept."""
    read = view.say("digest.read", n=window.read)
    if window.since is None or view.chat is None:
        return Message(view.say("digest.nothing_yet", read=read))
    return Message(view.say("digest.nothing", since=_since(view, window.since, view.chat), read=read))


def unknown_watchlist(view: View, name: str, nearest: Sequence[str]) -> Message:
    """The three nearest, as buttons too."""
    said = view.say("follow.unknown", name=markup.escape(markup.cut(name, ECHO)))
    if nearest:
        said += "\n" + view.say("follow.nearest", names=", ".join(map(markup.escape, nearest)))
    return Message(said, (*((_to_card(view, view.watchlists[near]),) for near in nearest), (_to_lists(view),)))


def request(view: View, chat: int, kind: str) -> Message:
    """What an administrator reads when somebody asks to be let in."""
    key = Button(view.say("button.admit"), build(Press("a", str(chat), kind)))
    return Message(view.say("rights.asked", chat=str(chat)), ((key,),))


def level_name(view: View, level: Level) -> str:
    return view.say(f"level.{level}")


def clock(chat: Chat | None) -> str:
    hours, minutes = divmod(chat.digest_at if chat else 8 * 60, 60)
    return f"{hours:02d}:{minutes:02d}"


def _row(view: View, watchlist: Watchlist) -> str:
    mark = "✓ " if view.followed(watchlist.id) else "• "
    name = markup.bold(view.name(watchlist.id))
    level = level_name(view, view.level(watchlist))
    command = view.say("lists.command", id=markup.escape(watchlist.id))
    return f"{mark}{view.say('lists.row', name=name, level=level)}\n{command}"


def _terms(view: View, watchlist: Watchlist) -> str:
    if not watchlist.terms:
        return ""
    shown = ", ".join(markup.escape(markup.cut(term.lstrip("@~="), TERM)) for term in watchlist.terms[:TERMS_SHOWN])
    rest = len(watchlist.terms) - TERMS_SHOWN
    if rest > 0:
        shown += " " + view.say("card.more", n=rest)
    return view.say("card.terms", terms=shown)


def _review(view: View, watchlist: Watchlist) -> str:
    if watchlist.review is None:
        return ""
    key = "card.overdue" if watchlist.review < view.today else "card.review"
    return view.say(key, day=f"{texts.day(view.language, watchlist.review)} {watchlist.review.year}")


def _card_keys(view: View, watchlist: Watchlist, held: Subscription | None) -> tuple[tuple[Button, ...], ...]:
    target = token(watchlist.id)
    present = view.level(watchlist) if held else None
    levels = tuple(
        Button(_marked(level_name(view, level).capitalize(), level == present), build(Press("f", target, code)))
        for code, level in LEVELS
    )
    if held is None:
        first: tuple[Button, ...] = (Button(view.say("button.follow"), build(Press("f", target, "o"))),)
    else:
        first = (Button(view.say("button.unfollow"), build(Press("f", target, "x"))),)
    return (first, levels, (_to_lists(view), Button(view.say("button.settings"), build(Press("g")))))


def _to_card(view: View, watchlist: Watchlist) -> Button:
    name = markup.cut(watchlist.name, BUTTON) or watchlist.id
    return Button(_marked(name, view.followed(watchlist.id) is not None), build(Press("c", token(watchlist.id))))


def _to_lists(view: View) -> Button:
    return Button(view.say("button.lists"), build(Press("v")))


def _turner(view: View, page: int, pages: int, count: int) -> tuple[tuple[Button, ...], ...]:
    if pages == 1:
        return ()
    middle = Button(view.say("button.page", page=page + 1, pages=pages, n=count), build(Press("n")))
    back = Button("‹", build(Press("v", "all", page=max(page - 1, 0))))
    forth = Button("›", build(Press("v", "all", page=min(page + 1, pages - 1))))
    return ((back, middle, forth),)


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _since(view: View, since: datetime, chat: Chat) -> str:
    return texts.moment(view.language, since, chat.timezone)
