"""The watchlists as menus: the greeting, the list of them, the card of one, and what following it led to. Pure."""

from collections.abc import Sequence

from bot.conversation import menus, settings_view
from bot.conversation.model import View
from bot.digest import render
from bot.messages import markup
from bot.messages.callback_data import base36, token
from bot.model import Button, Keyboard, Message
from matchers.model import Level, Watchlist
from matchers.watchlists.terms import bare
from storage.articles.model import StoredArticle
from storage.chats.model import Subscription
from storage.chats.own_terms import QUOTA

TERMS_SHOWN = 8
QUESTION, TERM = 200, 40  # code points
LEVELS: tuple[tuple[str, Level], ...] = (("f", "flash"), ("d", "daily"), ("w", "weekly"))


def welcome(view: View, subscribed: bool) -> Message:
    """The greeting; `subscribed`: the chat has just been given every watchlist."""
    lines = [view.say("start.greeting")]
    if subscribed:
        lines.append(view.say("start.subscribed", n=len(view.watchlists), hour=settings_view.hour(view.chat)))
    shown = lists(view)
    places = () if subscribed or not view.private else ((view.key(view.say("button.places"), "o"),),)
    return Message("\n\n".join((*lines, view.say("start.change"), shown.html)), (*shown.buttons, *places))


def lists(view: View, page: int = 0) -> Message:
    """The watchlists, eight a page; a page too far is the last one."""
    everything = list(view.watchlists.values())
    if not everything:
        return Message(view.say("lists.none"))
    page, pages, shown = menus.leaf(everything, page)
    rows = [(card_key(view, watchlist),) for watchlist in shown]
    lines = [markup.bold(view.say("lists.title")), *(_row(view, watchlist) for watchlist in shown)]
    if view.terms:
        lines += ["", markup.bold(view.say("own.title"))]
        lines += [f"• {view.say('own.row', term=markup.escape(each.term))}" for each in view.terms]
    turn = menus.turner(view, "v", "all", page, pages, len(everything))
    return Message("\n".join(lines), (*rows, *turn, *terms_keys(view)))


def terms_keys(view: View) -> Keyboard:
    """What drops each of the reader's own terms, and asks for one more: where it is to be followed, since the answer
    comes there."""
    held = tuple(
        (view.key(f"✕ {markup.cut(each.term, menus.BUTTON - 2)}", "xt", base36(each.number)),) for each in view.terms
    )
    return (
        held
        if len(view.terms) >= QUOTA or view.place is not None
        else (*held, (view.key(view.say("button.own_term"), "xo", "all"),))
    )


def terms(view: View, watchlist: Watchlist, page: int = 0) -> Message:
    """What a watchlist looks for, eight terms a page, in words."""
    page, pages, shown = menus.leaf(watchlist.terms, page)
    head = markup.bold(view.name(watchlist.id))
    lines = [f"• {markup.escape(_in_words(view, term))}" for term in shown]
    target = token(watchlist.id)
    back = (view.key(view.say("button.back"), "c", target),)
    return Message(
        "\n".join((head, *lines)), (*menus.turner(view, "t", target, page, pages, len(watchlist.terms)), back)
    )


def card(view: View, watchlist: Watchlist) -> Message:
    """A watchlist as its reader sees it, with the levels at which to follow it."""
    held = view.followed(watchlist.id)
    lines = [
        markup.bold(view.name(watchlist.id)),
        markup.italic(markup.cut(watchlist.question, QUESTION)),
        _terms(view, watchlist),
        view.say("card.level", level=level_name(view, watchlist.level)),
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
    return Message(said, ((card_key(view, watchlist), _to_lists(view)),))


def examples(view: View, watchlist: Watchlist, articles: Sequence[StoredArticle]) -> Message:
    """The last articles that a watchlist would have sent."""
    keys = ((view.key(view.say("button.level"), "c", token(watchlist.id)), _to_lists(view)),)
    if not articles:
        return Message(view.say("preview.none"), keys)
    head = view.say("preview.title", name=markup.escape(view.name(watchlist.id)))
    lines = [f"{number}. {_example(view, article)}" for number, article in enumerate(articles, start=1)]
    return Message("\n".join((head, *lines)), keys)


def _example(view: View, article: StoredArticle) -> str:
    return f"{render.title(article, view.language)} — {markup.escape(markup.cut(article.source_name, menus.ECHO))}"


def unknown_watchlist(view: View, name: str, nearest: Sequence[str]) -> Message:
    """The three nearest, as buttons too."""
    said = view.say("follow.unknown", name=markup.escape(markup.cut(name, menus.ECHO)))
    if nearest:
        names = (markup.escape(view.name(near)) for near in nearest)
        said += "\n" + view.say("follow.nearest", names=", ".join(names))
    return Message(said, (*((card_key(view, view.watchlists[near]),) for near in nearest), (_to_lists(view),)))


def level_name(view: View, level: Level) -> str:
    return view.say(f"level.{level}")


def _row(view: View, watchlist: Watchlist) -> str:
    mark = "✓ " if view.followed(watchlist.id) else "• "
    name = markup.bold(view.name(watchlist.id))
    level = level_name(view, view.level(watchlist))
    return f"{mark}{view.say('lists.row', name=name, level=level)}"


def _terms(view: View, watchlist: Watchlist) -> str:
    if not watchlist.terms:
        return ""
    shown = ", ".join(markup.escape(_in_words(view, term)) for term in watchlist.terms[:TERMS_SHOWN])
    rest = len(watchlist.terms) - TERMS_SHOWN
    if rest > 0:
        shown += " " + view.say("card.more", n=rest)
    return view.say("card.terms", terms=shown)


def _in_words(view: View, term: str) -> str:
    plain = bare(term)
    known = view.entities.get(plain) if "@" in term else None
    return markup.cut(known.name if known else plain, TERM) or markup.cut(term, TERM)


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


def card_key(view: View, watchlist: Watchlist) -> Button:
    """What opens the card of a watchlist."""
    name = markup.cut(watchlist.name, menus.BUTTON) or watchlist.id
    return view.key(_marked(name, view.followed(watchlist.id) is not None), "c", token(watchlist.id))


def _to_lists(view: View) -> Button:
    return view.key(view.say("button.lists"), "v")


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label
