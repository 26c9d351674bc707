"""How Vigie is: one answer for readers, the sources for those who run it. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation import menus, texts
from bot.conversation.callback import token
from bot.conversation.model import View
from bot.digest import markup
from bot.model import Message
from storage.model import Feed, FeedState, Figures, Health

NAME, ERROR = 28, 200
_TROUBLE: dict[Health, str] = {
    "failing": "⛔", "blocked": "⛔", "dead": "⛔", "gone": "⛔", "unparsable": "⛔", "degraded": "⚠", "throttled": "⚠",
    "quiet": "🔕",
}  # fmt: skip


def status(view: View, read: int, figures: Figures, upcoming: datetime | None, paused: datetime | None) -> Message:
    """What was read in a day, what waits, when the next digest comes, how many sources are in difficulty."""
    say = view.say
    troubled = sum(n for health, n in figures.feeds if health in _TROUBLE)
    kept = sum(1 for watchlist in view.watchlists if view.followed(watchlist))
    lines = [markup.bold(say("status.title"))]
    if paused is not None:
        lines.append("⏸ " + say("status.paused", until=_when(view, paused)))
    lines += [
        say("status.read", n=read),
        say("status.follows", n=kept),
        say("status.waiting", n=figures.waiting.queued),
        say("status.next", when=_when(view, upcoming)) if upcoming else say("status.no_digest"),
        say("status.troubled", n=troubled) if troubled else say("status.all_well"),
    ]
    return Message("\n".join(lines))


def sources(view: View, feeds: Sequence[tuple[Feed, FeedState]], page: int) -> Message:
    """The sources, those in difficulty first, eight a page."""
    ranked = sorted(feeds, key=lambda each: _rank(*each))
    page, pages, shown = menus.leaf(ranked, page)
    rows = [(view.key(f"{_mark(*each)} {markup.cut(each[0].name, NAME)}", "x", token(each[0].id)),) for each in shown]
    title = f"{markup.bold(view.say('sources.title'))} · {len(feeds)}"
    return Message(title, (*rows, *menus.turner(view, "xs", "all", page, pages, len(ranked))))


def card(view: View, feed: Feed, state: FeedState) -> Message:
    """One source: how it answers, since when, and what may be done."""
    health = view.say("fate.paused") if not feed.enabled else view.say(f"health.{_health(state.health)}")
    lines = [
        f"{_mark(feed, state)} {markup.bold(markup.cut(feed.name, 80))}",
        view.say("sources.health", health=health),
        view.say("sources.asked", when=_when(view, state.checked_at) if state.checked_at else "–", n=state.requests),
        view.say("sources.due", when=_when(view, state.due_at)),
        markup.escape(markup.cut(state.error or "", ERROR)),
    ]
    target = token(feed.id)
    rows = (
        (
            view.key(view.say("button.read_now"), "xd", target, "0"),
            view.key(view.say("button.pause_day"), "xd", target, "24"),
        ),
        (view.key(view.say("button.back"), "xs"),),
    )
    return Message("\n".join(filter(None, lines)), rows)


def paused(view: View, until: datetime) -> Message:
    return Message("⏸ " + view.say("status.paused", until=_when(view, until)))


def _rank(feed: Feed, state: FeedState) -> tuple[bool, bool, str]:
    """Those in difficulty first, those that are not followed last."""
    return not feed.enabled, state.health not in _TROUBLE, feed.name.casefold()


def _mark(feed: Feed, state: FeedState) -> str:
    return "⏸" if not feed.enabled else _TROUBLE.get(state.health, "●")


def _health(health: str) -> str:
    return health if health in ("ok", "failing", "blocked", "dead", "gone", "quiet", "new") else "troubled"


def _when(view: View, when: datetime) -> str:
    return texts.moment(view.language, when, view.chat.timezone if view.chat else "Europe/Paris")
