"""How Vigie is: one answer for readers, the sources for those who run it. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from bot.conversation import menus
from bot.conversation.menus import health_word
from bot.conversation.model import View
from bot.delivery.place_names import PlaceName
from bot.messages import markup, texts
from bot.messages.callback_data import token
from bot.model import Button, Keyboard, Message
from bot.operators import causes
from storage.feeds.model import Feed, FeedState, Handling, Health, Yield
from storage.ids import FeedId
from storage.operators.model import Figures, Notice
from storage.stories.model import SourceLead

NAME, TITLE, ERROR = 28, 60, 200
MACHINES = 10  # of several, of which a word is said
HELD_FOR = {"30": "30\u00a0min", "120": "2\u00a0h", "1440": "24\u00a0h"}  # minutes, and how a button says them
_TROUBLE: dict[Health, str] = {
    "failing": "⛔", "blocked": "⛔", "dead": "⛔", "gone": "⛔", "unparsable": "⛔", "degraded": "⚠", "throttled": "⚠",
    "quiet": "🔕",
}  # fmt: skip


def status(
    view: View,
    read: int,
    figures: Figures,
    upcoming: datetime | None,
    paused: datetime | None,
    proved: Sequence[str],
    *,
    operator: bool,
) -> Message:
    """What was read in a day, what waits, when the next digest comes, how many sources are in difficulty, and what is
    proved of recall."""
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
        *proved,
        *(_machines(view, figures) if operator else ()),
        *(_stuck(view, figures) if operator else ()),
    ]
    return Message("\n".join(filter(None, lines)), _resuming(view) if paused is not None and operator else ())


def _machines(view: View, figures: Figures) -> Iterator[str]:
    """Of several machines on one base: how many are at work, who sends, who is silent, whose clock is wrong."""
    if not figures.daemons:
        return
    holder = next((each.holder for each in figures.offices if each.name == "sender" and each.held), None)
    sender = next((each.machine for each in figures.daemons if each.run == holder and each.alive), None)
    yield view.say("status.machines", n=sum(each.alive for each in figures.daemons))
    yield view.say("status.sender", name=markup.escape(sender)) if sender else view.say("status.no_sender")
    for each in figures.daemons[:MACHINES]:
        if not each.alive:
            yield view.say("status.silent", name=markup.escape(each.machine))
        elif each.astray:
            yield view.say("status.astray", name=markup.escape(each.machine))


def _stuck(view: View, figures: Figures) -> Iterator[str]:
    """The places off Telegram that take nothing for now."""
    for each in figures.stuck:
        detail = markup.escape(markup.cut(each.detail, ERROR))
        yield "✉ " + view.say("status.stuck", detail=detail, n=each.messages, since=_when(view, each.since))


def sources(
    view: View,
    feeds: Sequence[tuple[Feed, FeedState]],
    handling: Mapping[FeedId, Handling],
    silent: Collection[FeedId],
    now: datetime,
    page: int,
) -> Message:
    """The sources, those in difficulty first, eight a page. `silent`: for longer than is their habit."""
    ranked = sorted(feeds, key=lambda each: _rank(each[0], each[1], each[0].id in silent))
    page, pages, shown = menus.leaf(ranked, page)
    rows = [
        (
            view.key(
                f"{_mark(feed, state, handling[feed.id].paused(now), feed.id in silent)} {markup.cut(feed.name, NAME)}",
                "x",
                token(feed.id),
            ),
        )
        for feed, state in shown
    ]
    title = f"{markup.bold(view.say('sources.title'))} · {len(feeds)}"
    return Message(title, (*rows, *menus.turner(view, "xs", "all", page, pages, len(ranked))))


def yields(view: View, found: Sequence[Yield], page: int) -> Message:
    """What each source brought in a quarter, those that brought nothing useful first, eight a page."""
    page, pages, shown = menus.leaf(found, page)
    lines = [markup.bold(view.say("sources.yields"))]
    for each in shown:
        kept = view.say("sources.kept", n=each.kept)
        votes = view.say("sources.votes", useful=each.useful, noise=each.noise)
        lines.append(f"• {markup.escape(markup.cut(each.name, TITLE))} — {kept}, {votes}")
    to_sources = (view.key(view.say("button.sources"), "xs"),)
    return Message("\n".join(lines), (*menus.turner(view, "i", "all", page, pages, len(found)), to_sources))


def card(
    view: View,
    feed: Feed,
    state: FeedState,
    handled: Handling,
    now: datetime,
    lead: SourceLead | None = None,
    *,
    silent: bool,
) -> Message:
    """One source: how it answers, since when, how often it was first, and what may be done. `silent`: for longer than
    is its habit."""
    paused, health = handled.paused(now), view.say(f"health.{health_word(state.health)}")
    lines = [
        f"{_mark(feed, state, paused, silent)} {markup.bold(markup.cut(feed.name, 80))}",
        view.say("sources.health", health=health if feed.enabled else view.say("fate.paused")),
        view.say("sources.asked", when=_when(view, state.checked_at), n=state.requests) if state.checked_at else "",
        view.say("sources.paused", until=_when(view, handled.paused_until))
        if paused and handled.paused_until
        else view.say("sources.due", when=_when(view, state.due_at)),
        *(_lead(view, lead) if lead is not None else ()),
        view.say("sources.silent") if silent else "",
        view.say("sources.patience", n=handled.patience) if handled.patience > 1 else "",
        markup.escape(markup.cut(state.error or "", ERROR)),
    ]
    target = token(feed.id)
    hold = ("button.resume", "0") if paused else ("button.pause_day", "24")
    rows = (
        (view.key(view.say("button.read_now"), "xd", target), view.key(view.say(hold[0]), "xp", target, hold[1])),
        *(((view.key(view.say("button.normal"), "xn", target),),) if silent else ()),
        (view.key(view.say("button.back"), "xs"),),
    )
    return Message("\n".join(filter(None, lines)), rows)


def _lead(view: View, lead: SourceLead) -> tuple[str, ...]:
    """« Vue d’abord 9 fois sur 31 sujets, 6 h d’avance en médiane » · « 2 copies sur 40 articles »."""
    ahead = "" if lead.ahead is None else view.say("sources.ahead", time=texts.length(view.language, lead.ahead))
    first = view.say("sources.first", first=lead.first, n=lead.stories) + ahead if lead.stories else ""
    copies = view.say("sources.copies", copies=lead.copies, n=lead.articles) if lead.copies else ""
    return tuple(filter(None, (first, copies)))


def unknown_source(view: View, name: str, nearest: Sequence[Feed]) -> Message:
    """No source is called so: the nearest, as buttons; without any, how a pause is asked for."""
    said = view.say("sources.unknown", name=markup.escape(markup.cut(name, menus.ECHO)))
    rows = tuple((view.key(markup.cut(feed.name, menus.BUTTON), "x", token(feed.id)),) for feed in nearest)
    return Message(said, rows) if rows else Message(f"{said}\n{view.say('status.pause_usage')}", (_lengths(view),))


def pause_lengths(view: View) -> Message:
    """For how long all that is sent may be held, a press each."""
    return Message(view.say("status.pause_usage"), (_lengths(view),))


def _lengths(view: View) -> tuple[Button, ...]:
    return tuple(view.key(length, "xh", minutes) for minutes, length in HELD_FOR.items())


def paused(view: View, until: datetime) -> Message:
    return Message("⏸ " + view.say("status.paused", until=_when(view, until)), _resuming(view))


def journal(
    view: View,
    place: PlaceName | None,
    readers: int,
    lasting: Sequence[Notice],
    now: datetime,
    *,
    here: bool,
    private: bool,
    places: Mapping[str, PlaceName],
) -> Message:
    """Where the journal goes, with the button that moves it, and what lasts. `places`: see `causes.composer`."""
    if place is None:
        where = view.say("journal.private", n=readers) if readers else view.say("journal.nowhere")
    else:
        where = view.say("journal.here") if here else view.say("journal.there", place=place.said(view.language))
    rows = []
    if not here and not private:
        rows.append((view.key(view.say("button.journal_here"), "lj", "h"),))
    if place is not None:
        rows.append((view.key(view.say("button.journal_private"), "lj", "p"),))
    lines = [f"{markup.bold(view.say('journal.title'))} · {where}"]
    lines.append(causes.page(lasting, view.language, now, places).html if lasting else view.say("journal.nothing"))
    return Message("\n\n".join(lines), tuple(rows))


def _resuming(view: View) -> Keyboard:
    return ((view.key(view.say("button.resume_all"), "xr", "all"),),)


def _rank(feed: Feed, state: FeedState, silent: bool) -> tuple[bool, bool, str]:
    """Those in difficulty first, those that are not followed last."""
    return not feed.enabled, state.health not in _TROUBLE and not silent, feed.name.casefold()


def _mark(feed: Feed, state: FeedState, paused: bool, silent: bool) -> str:
    return "⏸" if paused or not feed.enabled else _TROUBLE.get(state.health, "🔕" if silent else "●")


def _when(view: View, when: datetime) -> str:
    return texts.moment(view.language, when, view.chat.timezone if view.chat else "Europe/Paris")
