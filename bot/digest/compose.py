"""What goes to whom: flash alerts out of matches, digests out of windows. Pure."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.digest import calendar, due, keys, layout, render
from bot.digest.content import DigestLine, Heading
from bot.digest.official import concerns, published_by_official
from bot.digest.team import NOBODY, Team
from bot.messages import markup, texts
from bot.messages.deep_links import Links
from bot.model import Message
from matchers.model import Level, Match, Watchlist
from storage.articles.model import StoredArticle
from storage.chats.model import (
    Chat,
    Contents,
    DigestItem,
    DigestPart,
    Follower,
    Lane,
    NewDelivery,
    NewDigest,
    Subscription,
    Window,
)
from storage.ids import ArticleId
from storage.stories.model import Announced
from storage.stories.newsroom import Announce

T = TypeVar("T")

STORIES = 20  # shown in a digest, the rest behind a button


def announcer(watchlists: Mapping[str, Watchlist], links: Links | None = None, team: Team = NOBODY) -> Announce:
    """The flash alerts of one article, given its matches, those who follow them and the time.

    One message per chat, naming all its lists; nothing for who wants them in a digest, or for whom it is old news.
    What waits for the end of quiet hours, or lies beyond a cap, gets no message: the next digest holds it. `links` is
    None where nobody can follow one back to us; the chats of the `team` have what opens the triage.
    """

    def announce(
        article: StoredArticle, matches: tuple[Match, ...], followers: tuple[Follower, ...], now: datetime
    ) -> Sequence[NewDelivery]:
        @cache  # one rendering for all who read the same
        def body(
            chosen: tuple[Match, ...], language: str, timezone: str, manner: render.Manner, rows: keys.Rows, link: str
        ) -> Message:
            message = render.flash(article, chosen, watchlists, language, timezone, manner)
            return below(replace(message, buttons=rows), link)

        deliveries = []
        by_authority = published_by_official(article)
        for follower in followers:
            chat, chosen = follower.chat, flashes(article, matches, follower)
            manner = manner_of(follower, now, official=by_authority)
            if chosen and manner is not None:
                link = channel_links(links, chat, follower.thread, article.id, team)
                rows = alert_keys(chat, article.id, team)
                text = body(chosen, chat.language, chat.timezone, manner, rows, link)
                deliveries.append(NewDelivery(chat.key, "flash", f"a{article.id}", text, thread=follower.thread))
        return deliveries

    return announce


def manner_of(follower: Follower, now: datetime, *, official: bool) -> render.Manner | None:
    """How a flash reaches this chat now; None where it waits for the next digest. What an authority published is
    `official`: it counts for the caps, but rings beyond the budget of a week."""
    chat = follower.chat
    loud = calendar.loudness(chat, now)
    left = min(chat.per_hour - follower.hour, chat.per_day - follower.day)
    if chat.per_week and not official:
        left = min(left, chat.per_week - follower.week)
    if loud == "wait" or left <= 0:
        return None
    capped = calendar.hour_of(chat) if left == 1 else None
    return render.Manner(silent=loud == "silent", preview=chat.preview, capped=capped)


def level_of(subscription: Subscription, watchlist: Watchlist | Match) -> Level:
    """The level at which a reader follows: his own choice, else the watchlist's."""
    return subscription.level or watchlist.level


def wants(lane: Lane, subscriptions: Iterable[Subscription], watchlists: Mapping[str, Watchlist]) -> bool:
    """Whether somebody with these subscriptions expects a digest on this lane, even an empty one."""
    levels = {level_of(held, watchlists[held.watchlist]) for held in subscriptions if held.watchlist in watchlists}
    return "weekly" in levels if lane == "weekly" else bool(levels & {"flash", "daily"})


@dataclass(frozen=True, slots=True)
class PrintedDigest:
    """The messages of a digest and what it holds, for every chat that reads alike."""

    messages: tuple[Message, ...]
    kept: Contents


@dataclass(slots=True)
class Printer:
    """Prints the digests of one moment, each once for all the chats that want the same and read alike.

    `names` are those of the entities, by id.
    """

    watchlists: Mapping[str, Watchlist]
    now: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    _printed: dict[object, PrintedDigest] = field(default_factory=dict)

    def digest(
        self, window: Window, chat: Chat, lanes: Sequence[Lane], slot: str, late: bool = False, thread: int = 0
    ) -> NewDigest:
        """A digest on the first of `lanes`: its best stories, and the rest behind a button. Nothing where the window is
        empty and the chat wants no line for that, or where nothing was read yet since it came.

        `slot` is the local day of a digest (`2026-11-24`); any other text is a digest on request, dated `now`.
        """
        has_come = window.since is not None or window.read > 0
        if not window.items and not window.due and not (chat.empty_line and has_come):
            return NewDigest()
        lane = lanes[0]
        heading = _heading(lane, slot, chat, self.now, late)
        alike = window, chat.language, chat.timezone, has_buttons(chat), lane, slot, heading
        if alike not in self._printed:
            self._printed[alike] = self._print(window, chat, _item(lane, slot), heading)
        made = self._printed[alike]
        deliveries = tuple(
            NewDelivery(chat.key, lane, _item(lane, slot), message, part, thread)
            for part, message in enumerate(made.messages, start=1)
        )
        return NewDigest(deliveries, made.kept if made.kept.lines else None, window.due)

    def _print(self, window: Window, chat: Chat, item: str, heading: Heading) -> PrintedDigest:
        name, language, timezone = item.replace("-", ""), chat.language, chat.timezone
        # Where no button can open the rest, there is none
        cap = STORIES if has_buttons(chat) else len(window.items)
        lines = arrange(window.items, self.watchlists, cap)
        today = self.now.astimezone(ZoneInfo(timezone)).date()
        first = layout.digest_head(window, lines, language, timezone, heading)
        head = "\n\n".join(filter(None, (first, due.section(window.due, language, today))))
        foot = layout.digest_foot(window, self.names, language, heading)
        buttons = keys.digest(language, name, lines) if has_buttons(chat) else ()
        messages = layout.digest(head, lines, self.watchlists, language, timezone, foot, buttons)
        kept = Contents(name, head, tuple((line.item.article.id, line.watchlist, line.part) for line in lines), foot)
        return PrintedDigest(tuple(messages), kept)


def _item(lane: Lane, slot: str) -> str:
    return ("w" if lane == "weekly" else "d") + slot


def has_buttons(chat: Chat) -> bool:
    """Whether a reader there can press; a channel's are everybody's, so it has links only, and a letter has none."""
    return chat.kind not in ("console", "channel", "elsewhere")


def alert_keys(chat: Chat, article: ArticleId, team: Team) -> keys.Rows:
    """The buttons of an alert there."""
    if not has_buttons(chat):
        return ()
    rows = keys.flash(chat.language, article)
    return keys.with_triage(rows, chat.language, article) if team.reads_in(chat) else rows


def channel_links(links: Links | None, chat: Chat, thread: int, article: ArticleId, team: Team) -> str:
    """Where readers of a channel ask why an article came, and the team judges it, as HTML; "" where buttons do, or
    nobody can."""
    if links is None or chat.kind != "channel":
        return ""
    asked = [("button.why", links.why(Announced(article, chat.key, thread)))]
    asked += [("button.triage", links.triage(article))] if team.shows_in(chat) else []
    return _linked(asked, chat.language)


def doubt_links(links: Links | None, chat: Chat, thread: int, article: ArticleId, language: str) -> str:
    """Where readers of a channel say whether it is the same event, as HTML; "" where buttons ask it, or nobody can."""
    if links is None or chat.kind != "channel":
        return ""
    told = Announced(article, chat.key, thread)
    asked = (("button.same_event", links.same_event(told)), ("button.other_event", links.other_event(told)))
    return _linked(asked, language)


def _linked(asked: Iterable[tuple[str, str]], language: str) -> str:
    return " · ".join(markup.link(texts.text(language, key), address) for key, address in asked if address)


def below(message: Message, line: str) -> Message:
    """The message with a line of HTML at its foot, "" for none."""
    return replace(message, html=f"{message.html}\n{line}") if line else message


def arrange(
    items: Sequence[DigestItem], watchlists: Mapping[str, Watchlist], cap: int = STORIES
) -> tuple[DigestLine, ...]:
    """Every item, once, under its best list: those shown (`cap`, and at least one a list), of which the weak signals
    last, flashes, and the rest. What would have rung, and did not, comes first, with its list."""
    sections: dict[str, list[DigestItem]] = {watchlist: [] for watchlist in watchlists}
    fresh_items = [item for item in items if not item.flashed]
    homes = _homes(fresh_items)
    for item in fresh_items:
        sections.setdefault(homes[item.article.id], []).append(item)
    for held in sections.values():
        held.sort(key=_weight)  # stable: order of arrival within a score
    sections = dict(sorted(sections.items(), key=lambda each: not any(_rings(item) for item in each[1])))
    firsts = [held[0] for held in sections.values() if held]
    others = sorted((item for held in sections.values() for item in held[1:]), key=_weight)
    chosen = {item.article.id for item in (*firsts, *others[: max(cap - len(firsts), 0)])}
    fresh = [(item, watchlist) for watchlist, held in sections.items() for item in held]
    told = [DigestLine(item, watchlist, _part(item)) for item, watchlist in fresh if item.article.id in chosen]
    shown = [line for part in ("shown", "weak") for line in _neighbours([line for line in told if line.part == part])]
    flashed = _neighbours([DigestLine(item, _best(item), "flashed") for item in items if item.flashed])
    rest = [DigestLine(item, watchlist, "rest") for item, watchlist in fresh if item.article.id not in chosen]
    return (*shown, *flashed, *rest)


def _homes(items: Iterable[DigestItem]) -> dict[ArticleId, str]:
    """The list under which each stands: its best one, or that of the story which it may be, where it kept both."""
    found: dict[ArticleId, str] = {}
    of_story: dict[int, str] = {}
    for item in sorted(items, key=lambda each: each.story):  # what one may be came before it
        near = of_story.get(item.beside, "")
        home = near if any(match.watchlist == near for match in item.matches) else _best(item)
        found[item.article.id] = home
        if item.story:
            of_story[item.story] = home
    return found


def _neighbours(lines: Sequence[DigestLine]) -> list[DigestLine]:
    """The same lines, what may be the event of another one right below that one."""
    rows = [(_named(line, line.item.story), _named(line, line.item.beside), line) for line in lines]
    return [replace(line, beside=True) if beside else line for line, beside in neighbours(rows)]


def _named(line: DigestLine, story: int) -> Hashable:
    """A story where the line stands: under its list, but for what was sent, which is one list; None for story 0."""
    return (line.watchlist if line.part == "shown" else "", story) if story else None


def neighbours(rows: Sequence[tuple[Hashable, Hashable, T]]) -> list[tuple[T, bool]]:
    """(what it is, what it may be, row) for each row: the rows in the same order, but each right below what it may be,
    and whether it is."""
    held = {mine for mine, _, _ in rows}
    below: dict[Hashable, list[tuple[Hashable, T, bool]]] = {}
    waiting: list[tuple[Hashable, T, bool]] = []
    for mine, near, row in reversed(rows):
        if near in held and near != mine:
            below.setdefault(near, []).append((mine, row, True))
        else:
            waiting.append((mine, row, False))
    found = []
    while waiting:  # a neighbour has neighbours of its own
        mine, row, beside = waiting.pop()
        found.append((row, beside))
        waiting += below.pop(mine, [])
    return found


def recall(kept: Contents, items: Sequence[DigestItem], followed: Collection[str]) -> tuple[DigestLine, ...]:
    """The lines of an earlier digest, naming no list but its own and those followed; those whose article is gone are
    left out."""
    found = {item.article.id: item for item in items}
    return tuple(
        DigestLine(_as_told(found[each], {watchlist, *followed}, part), watchlist, part)
        for each, watchlist, part in kept.lines
        if each in found
    )


def _as_told(item: DigestItem, named: Collection[str], part: DigestPart) -> DigestItem:
    matches = tuple(match for match in item.matches if match.watchlist in named)
    return replace(item, matches=matches, flashed=part == "flashed")


def _part(item: DigestItem) -> DigestPart:
    """What every list only sees named in passing stands apart, below a fold."""
    return "shown" if any(match.subject for match in item.matches) else "weak"


def _best(item: DigestItem) -> str:
    return max(item.matches, key=lambda match: match.score).watchlist


def _weight(item: DigestItem) -> tuple[bool, int]:
    return not _rings(item), -max(match.score for match in item.matches)


def _rings(item: DigestItem) -> bool:
    return any(match.rings for match in item.matches)


def _heading(lane: Lane, slot: str, chat: Chat, now: datetime, late: bool) -> Heading:
    try:
        day = date.fromisoformat(slot)
    except ValueError:
        return Heading("now", now.astimezone(ZoneInfo(chat.timezone)).date())
    return Heading("weekly" if lane == "weekly" else "daily", day, late, calendar.opens_week(chat, day))


def flashes(article: StoredArticle, matches: Iterable[Match], follower: Follower) -> tuple[Match, ...]:
    """The matches to announce at once, those of the highest level first; none if no list is followed as a flash, if the
    article tells no event, or if it is an act that concerns other trades than the reader's."""
    followed = {
        subscription.watchlist: subscription
        for subscription in follower.subscriptions
        if article.id > subscription.since
    }
    held = [match for match in matches if match.watchlist in followed]
    levels = ((match, level_of(followed[match.watchlist], match)) for match in held)
    urgent = [match for match, level in levels if level == "flash" and match.quiet is None]
    if not urgent or not concerns(article, follower.chat.role):
        return ()
    others = [match for match in held if match not in urgent]
    return (*_ranked(urgent), *_ranked(others))


def _ranked(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: -match.score)
