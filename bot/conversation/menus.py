"""What the bot shows when it is spoken to: cards, lists, settings, and the commands it proposes. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeVar

from bot.conversation import settings
from bot.conversation.model import View
from bot.delivery.chat import Audience, CommandMenu
from bot.digest import render
from bot.digest.render import DigestLine
from bot.messages import markup, texts
from bot.messages.callback_data import base36, token
from bot.messages.texts import LANGUAGES, Language
from bot.model import Button, Message
from matchers.model import Level, Watchlist
from storage.articles.model import Finding, Findings, StoredArticle
from storage.articles.search import MARKS
from storage.chats.model import NUMBERED, Chat, Subscription, Window

T = TypeVar("T")

ROWS = 8
TERMS_SHOWN = 8
BUTTON = 30  # code points; a longer name is cut, and whole in the text above
QUESTION, TERM, ECHO = 200, 40, 60
_OPERATORS = re.compile(r"^(?:title:)?[=~@]?(.*?)[!*]?$", re.DOTALL)
_MARKED = re.compile(f"[{MARKS[0]}{MARKS[1]}]")
LEVELS: tuple[tuple[str, Level], ...] = (("f", "flash"), ("d", "daily"), ("w", "weekly"))

_ENGLISH = {
    "aide": "help", "veilles": "watchlists", "reglages": "settings", "recherche": "search", "dossier": "affair",
    "pourquoi": "why", "manque": "missed", "etat": "status", "confidentialite": "privacy", "suivre": "follow",
    "separer": "split", "fusionner": "merge", "essai": "backtest", "recharger": "reload",
}  # fmt: skip
_PRIVATE = (
    "aide", "veilles", "reglages", "digest", "recherche", "dossier", "pourquoi", "manque", "etat", "export",
    "confidentialite", "stop",
)  # fmt: skip
_GROUPS = ("aide", "veilles", "digest", "dossier", "pourquoi", "etat")
_GROUP_ADMINS = (*_GROUPS, "suivre", "reglages", "stop")
_OPERATORS_ONLY = ("sources", "essai", "recharger", "pause", "journal")
_CORRECTING = ("separer", "fusionner")
_EVERYDAY = ("veilles", "digest", "recherche", "pourquoi", "reglages", "aide")
_AUDIENCES: tuple[tuple[Audience, tuple[str, ...]], ...] = (
    ("private", _PRIVATE),
    ("groups", _GROUPS),
    ("group_admins", _GROUP_ADMINS),
)


def commands() -> tuple[CommandMenu, ...]:
    """The commands that clients propose; French is the default language."""
    return tuple(
        CommandMenu(_described(language, audience), scope, None if language == "fr" else language)
        for scope, audience in _AUDIENCES
        for language in LANGUAGES
    )


def own_commands(chat: Chat, language: Language, *, operator: bool) -> tuple[CommandMenu, ...]:
    """The commands of one chat, in its own language whatever its client's; none for a channel, where nobody speaks."""
    where = chat.telegram_id
    if chat.kind == "private":
        names = (*_PRIVATE, *((*_OPERATORS_ONLY, *_CORRECTING) if operator else ()))
        return (CommandMenu(_described(language, names), "chat", chat=where),)
    if chat.kind not in ("group", "supergroup"):
        return ()
    return (
        CommandMenu(_described(language, _GROUPS), "chat", chat=where),
        CommandMenu(_described(language, _GROUP_ADMINS), "chat_admins", chat=where),
    )


def called(name: str, language: Language) -> str:
    """What a command is called in this language, by its French name."""
    return _ENGLISH.get(name, name) if language == "en" else name


def _described(language: Language, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((called(name, language), texts.text(language, f"command.{name}")) for name in names)


def everyday(view: View) -> Message:
    """The commands of every day."""
    return Message(_listed(view, _EVERYDAY), ((view.key(view.say("button.everything"), "h", "all"),),))


def everything(view: View, *, operator: bool) -> Message:
    """Every command."""
    return Message(_listed(view, (*_PRIVATE, "suivre", *_CORRECTING, *(_OPERATORS_ONLY if operator else ()))))


def _listed(view: View, names: Sequence[str]) -> str:
    return "\n".join(f"/{name} {markup.escape(said)}" for name, said in _described(view.language, names))


def welcome(view: View, subscribed: bool) -> Message:
    """The greeting; `subscribed`: the chat has just been given every watchlist."""
    lines = [view.say("start.greeting")]
    if subscribed:
        lines.append(view.say("start.subscribed", n=len(view.watchlists), hour=settings.hour(view.chat)))
    shown = lists(view)
    places = () if subscribed or not view.private else ((view.key(view.say("button.places"), "o"),),)
    return Message("\n\n".join((*lines, view.say("start.change"), shown.html)), (*shown.buttons, *places))


def lists(view: View, page: int = 0) -> Message:
    """The watchlists, eight a page; a page too far is the last one."""
    everything = list(view.watchlists.values())
    if not everything:
        return Message(view.say("lists.none"))
    page, pages, shown = leaf(everything, page)
    rows = [(_to_card(view, watchlist),) for watchlist in shown]
    lines = [markup.bold(view.say("lists.title")), *(_row(view, watchlist) for watchlist in shown)]
    return Message("\n".join(lines), (*rows, *turner(view, "v", "all", page, pages, len(everything))))


def terms(view: View, watchlist: Watchlist, page: int = 0) -> Message:
    """What a watchlist looks for, eight terms a page, in words."""
    page, pages, shown = leaf(watchlist.terms, page)
    head = markup.bold(view.name(watchlist.id))
    lines = [f"• {markup.escape(_in_words(term))}" for term in shown]
    target = token(watchlist.id)
    back = (view.key(view.say("button.back"), "c", target),)
    return Message("\n".join((head, *lines)), (*turner(view, "t", target, page, pages, len(watchlist.terms)), back))


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


def following(
    view: View, watchlist: Watchlist, examples: int, total: int, stories: int = 0, more: bool = False, read: int = 0
) -> Message:
    """The confirmation. `examples` articles can be shown; `total` were kept over 30 days, of so many `stories`, `more`
    if not all counted, out of `read`."""
    say = view.say
    level = level_name(view, view.level(watchlist))
    done = say("follow.done", name=markup.escape(view.name(watchlist.id)), level=level)
    counted = {"articles": say("affair.articles", n=total), "stories": say("affair.stories", n=stories)}
    preview = (
        say("follow.at_least" if more else "follow.preview", **counted)
        if total
        else say("follow.none", n=read)
        if read
        else say("search.empty")
    )
    target = token(watchlist.id)
    first = (view.key(say("button.preview", n=examples), "p", target),) if examples else ()
    second = (
        view.key(say("button.level"), "c", target),
        view.key(say("button.unfollow"), "f", target, "x"),
    )
    return Message(f"{done}\n{preview}", tuple(filter(None, (first, second))))


def unfollowed(view: View, watchlist: Watchlist) -> Message:
    said = view.say("follow.stopped", name=markup.escape(view.name(watchlist.id)))
    return Message(said, ((_to_card(view, watchlist), _to_lists(view)),))


def examples(view: View, watchlist: Watchlist, articles: Sequence[StoredArticle]) -> Message:
    """The last articles that a watchlist would have sent."""
    keys = ((view.key(view.say("button.level"), "c", token(watchlist.id)), _to_lists(view)),)
    if not articles:
        return Message(view.say("preview.none"), keys)
    head = view.say("preview.title", name=markup.escape(view.name(watchlist.id)))
    lines = [
        f"{number}. {render.title(article, view.language)} — {markup.escape(markup.cut(article.source_name, ECHO))}"
        for number, article in enumerate(articles, start=1)
    ]
    return Message("\n".join((head, *lines)), keys)


def placed(view: View, message: Message) -> Message:
    """The message, headed by the group or channel that it sets, where that is not the chat in which it stands."""
    if view.place is None or not view.where:
        return message
    return replace(message, html=f"📍 {markup.bold(markup.cut(view.where, ECHO))}\n{message.html}")


def stop(view: View) -> Message:
    keys = (
        (view.key(view.say("button.stop"), "s", "y"),),
        (view.key(view.say("button.keep"), "s", "n"),),
    )
    return Message(view.say("stop.ask"), keys)


def rest(view: View, name: str, head: str, lines: Sequence[DigestLine], page: int) -> Message:
    """The rest of a digest, some stories a page, numbered on from those it showed."""
    shown, everything = sum(line.part in NUMBERED for line in lines), [line for line in lines if line.part == "rest"]
    page, pages, some = leaf(everything, page)
    title = f"{head.partition('</b>')[0]}</b> · {view.say('digest.rest_title', n=len(everything))}"
    said = render.rest(some, shown + page * ROWS + 1, view.watchlists, view.language, view.timezone)
    back = (view.key(view.say("button.digest"), "d", name),)
    return Message(f"{title}\n{said}", (*turner(view, "q", name, page, pages, len(everything)), back))


def found(view: View, query: str, key: str, page: int, results: Findings) -> Message:
    """A page of what a search found, each with the passage where it was."""
    pages = max(-(-results.count // ROWS), 1)
    title = markup.bold(view.say("search.title", query=markup.cut(query, ECHO)))
    lines = [f"{title} · {view.say('search.count', n=results.count)}"]
    zone = view.chat.timezone if view.chat else "Europe/Paris"
    for number, finding in enumerate(results.findings, start=page * ROWS + 1):
        lines += ("", *_finding(view, number, finding, zone))
    return Message("\n".join(lines), turner(view, "z", key, page, pages, results.count))


def not_found(view: View, query: str, nearest: Mapping[str, str], oldest: datetime | None) -> Message:
    """Nothing found: what was searched, and how the words may be meant."""
    title = view.say("search.none", query=markup.escape(markup.cut(query, ECHO)))
    zone = view.chat.timezone if view.chat else "Europe/Paris"
    since = oldest and view.say("search.span", since=texts.moment(view.language, oldest, zone, year=True))
    near = [
        view.say("search.near", word=markup.escape(word), near=markup.escape(near)) for word, near in nearest.items()
    ]
    return Message("\n".join(filter(None, (title, since or view.say("search.empty"), *near, view.say("search.help")))))


def confusing(view: View, when: str) -> Message:
    """A search that can't be read."""
    said = view.say("search.when", when=markup.escape(markup.cut(when, ECHO))) if when else view.say("search.no_words")
    return Message(f"{said}\n{view.say('search.help')}")


def _finding(view: View, number: int, finding: Finding, zone: str) -> tuple[str, ...]:
    article = finding.article
    when = texts.moment(view.language, article.published or article.first_seen, zone, year=True)
    source = markup.escape(markup.cut(article.source_name, ECHO))
    repeated = "".join(re.split(_MARKED, finding.passage)) == article.title
    passage = "" if repeated or article.policy == "summary" else _highlighted(finding.passage)
    return (f"{number}. {render.title(article, view.language)}", f"{source} · {when}", *filter(None, (passage,)))


def _highlighted(passage: str) -> str:
    """A passage with the words that were looked for in bold, at most 200 code points of it."""
    pieces, left = [], render.PASSAGE
    for index, piece in enumerate(re.split(_MARKED, passage)):
        said = markup.flat(piece)[:left]
        left -= len(said)
        pieces.append(markup.bold(said) if index % 2 else markup.escape(said))
    return "".join(pieces).strip()


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


DECISIONS: Mapping[str, tuple[Literal["private", "group"] | None, Language]] = {
    "no": (None, "fr"), "private": ("private", "fr"), "group": ("group", "fr"),
    "pfr": ("private", "fr"), "pen": ("private", "en"), "gfr": ("group", "fr"), "gen": ("group", "en"),
}  # fmt: skip
"""What the buttons of a request lead to: the kind of chat let in, and the language of who asked."""


def request(language: Language, chat: int, value: str) -> Message:
    """What an administrator reads when somebody asks to be let in; `value` is that of the button that admits."""
    view = View(language, {})
    keys = (("button.admit", value), ("button.refuse", "no"))
    row = tuple(view.key(view.say(label), "a", base36(chat), said) for label, said in keys)
    return Message(view.say("rights.asked", chat=str(chat)), (row,))


def decided(language: Language, chat: int, *, admitted: bool) -> Message:
    """What stands in its place once somebody has decided."""
    said = texts.text(language, "rights.admitted" if admitted else "rights.refused")
    return Message(f"{texts.text(language, 'rights.asked', chat=str(chat))}\n{said}")


def level_name(view: View, level: Level) -> str:
    return view.say(f"level.{level}")


def _row(view: View, watchlist: Watchlist) -> str:
    mark = "✓ " if view.followed(watchlist.id) else "• "
    name = markup.bold(view.name(watchlist.id))
    level = level_name(view, view.level(watchlist))
    row = f"{mark}{view.say('lists.row', name=name, level=level)}"
    if view.place is not None:  # typed here, the command would follow here and not there
        return row
    return f"{row}\n{view.say('lists.command', id=markup.escape(watchlist.id))}"


def _terms(view: View, watchlist: Watchlist) -> str:
    if not watchlist.terms:
        return ""
    shown = ", ".join(markup.escape(_in_words(term)) for term in watchlist.terms[:TERMS_SHOWN])
    rest = len(watchlist.terms) - TERMS_SHOWN
    if rest > 0:
        shown += " " + view.say("card.more", n=rest)
    return view.say("card.terms", terms=shown)


def _in_words(term: str) -> str:
    return markup.cut(_OPERATORS.sub(r"\1", term), TERM) or markup.cut(term, TERM)


def _review(view: View, watchlist: Watchlist) -> str:
    if watchlist.review is None:
        return ""
    key = "card.overdue" if watchlist.review < view.today else "card.review"
    return view.say(key, day=f"{texts.day(view.language, watchlist.review)} {watchlist.review.year}")


def _card_keys(view: View, watchlist: Watchlist, held: Subscription | None) -> tuple[tuple[Button, ...], ...]:
    target = token(watchlist.id)
    present = view.level(watchlist) if held else None
    levels = tuple(
        view.key(_marked(level_name(view, level).capitalize(), level == present), "f", target, code)
        for code, level in LEVELS
    )
    if held is None:
        first: tuple[Button, ...] = (view.key(view.say("button.follow"), "f", target, "o"),)
    else:
        first = (view.key(view.say("button.unfollow"), "f", target, "x"),)
    more = (
        (view.key(view.say("button.terms", n=len(watchlist.terms)), "t", target),)
        if len(watchlist.terms) > TERMS_SHOWN
        else ()
    )
    last = (_to_lists(view), view.key(view.say("button.settings"), "g"))
    return (first, levels, more, last) if more else (first, levels, last)


def _to_card(view: View, watchlist: Watchlist) -> Button:
    name = markup.cut(watchlist.name, BUTTON) or watchlist.id
    return view.key(_marked(name, view.followed(watchlist.id) is not None), "c", token(watchlist.id))


def _to_lists(view: View) -> Button:
    return view.key(view.say("button.lists"), "v")


def turner(view: View, verb: str, target: str, page: int, pages: int, count: int) -> tuple[tuple[Button, ...], ...]:
    """The row that turns the pages of a menu (`page` counts from 0); none where there is one page."""
    if pages <= 1:
        return ()
    middle = view.key(view.say("button.page", page=page + 1, pages=pages, n=count), "n")
    back = view.key("‹", verb, target, page=max(page - 1, 0))
    forth = view.key("›", verb, target, page=min(page + 1, pages - 1))
    return ((back, middle, forth),)


def leaf(rows: Sequence[T], page: int) -> tuple[int, int, Sequence[T]]:
    """The rows of one page of eight: its number, held to the last one, how many there are, and the rows."""
    pages = max(-(-len(rows) // ROWS), 1)
    page = min(page, pages - 1)
    return page, pages, rows[page * ROWS : (page + 1) * ROWS]


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _since(view: View, since: datetime, chat: Chat) -> str:
    return texts.moment(view.language, since, chat.timezone)
