"""What goes to whom: flash alerts out of matches, digests out of windows. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.digest import calendar, render
from bot.digest.render import Heading
from matchers.model import Level, Match, Watchlist
from storage.model import Chat, Follower, Lane, NewDelivery, StoredArticle, Subscription, Window

Announce = Callable[[StoredArticle, tuple[Match, ...], tuple[Follower, ...], datetime], Sequence[NewDelivery]]


def announcer(watchlists: Mapping[str, Watchlist]) -> Announce:
    """The flash alerts of one article, given its matches, those who follow them and the time.

    One message per chat, naming all its lists; nothing for who wants them in a digest, or for whom it is old news.
    What waits for the end of quiet hours, or lies beyond a cap, gets no message: the next digest holds it.
    """

    def announce(
        article: StoredArticle, matches: tuple[Match, ...], followers: tuple[Follower, ...], now: datetime
    ) -> Sequence[NewDelivery]:
        @cache  # one rendering for all who read the same
        def body(chosen: tuple[Match, ...], language: str, timezone: str, manner: render.Manner) -> str:
            return render.flash(article, chosen, watchlists, language, timezone, manner).to_json()

        deliveries = []
        for follower in followers:
            chat, chosen, manner = follower.chat, _flashes(article, matches, follower), _manner(follower, now)
            if chosen and manner is not None:
                text = body(chosen, chat.language, chat.timezone, manner)
                deliveries.append(NewDelivery(chat.key, "flash", f"a{article.id}", text))
        return deliveries

    return announce


def _manner(follower: Follower, now: datetime) -> render.Manner | None:
    """How a flash reaches this chat now; None where it waits for the next digest."""
    chat = follower.chat
    loud = calendar.loudness(chat, now)
    left = min(chat.per_hour - follower.hour, chat.per_day - follower.day)
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


def digest_messages(
    window: Window,
    chat: Chat,
    watchlists: Mapping[str, Watchlist],
    now: datetime,
    lanes: Sequence[Lane],
    slot: str,
    late: bool = False,
) -> tuple[NewDelivery, ...]:
    """A digest as numbered parts, on the first of `lanes`; everything in the window is in it. None of it where the
    window is empty and the chat wants no line for that.

    `slot` is the local day of a digest (`2026-11-24`); any other text is a digest on request, dated `now`.
    """
    if not window.items and not chat.empty_line:
        return ()
    lane = lanes[0]
    messages = render.digest(window, watchlists, chat.language, chat.timezone, _heading(lane, slot, chat, now, late))
    item = ("w" if lane == "weekly" else "d") + slot
    return tuple(
        NewDelivery(chat.key, lane, item, message.to_json(), part) for part, message in enumerate(messages, start=1)
    )


def _heading(lane: Lane, slot: str, chat: Chat, now: datetime, late: bool) -> Heading:
    try:
        day = date.fromisoformat(slot)
    except ValueError:
        return Heading("now", now.astimezone(ZoneInfo(chat.timezone)).date())
    return Heading("weekly" if lane == "weekly" else "daily", day, late)


def _flashes(article: StoredArticle, matches: Iterable[Match], follower: Follower) -> tuple[Match, ...]:
    """The matches to announce at once, those of the highest level first; none if no list is followed as a flash."""
    followed = {
        subscription.watchlist: subscription
        for subscription in follower.subscriptions
        if article.id > subscription.since
    }
    held = [match for match in matches if match.watchlist in followed]
    urgent = [match for match in held if level_of(followed[match.watchlist], match) == "flash"]
    if not urgent:
        return ()
    others = [match for match in held if match not in urgent]
    return (*_ranked(urgent), *_ranked(others))


def _ranked(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: -match.score)
