"""What of a feed's health is worth telling the operators. Pure."""

from datetime import datetime, timedelta

from bot.polling.schedule import FAILING, doubts
from storage.feeds.model import Feed, FeedState
from storage.operators.model import TROUBLES, NewNotice, NoticeKind

PATIENCE = timedelta(days=1)  # a host that asks for time gets that much before anybody is told


def told(feed: Feed, before: FeedState, after: FeedState, now: datetime) -> tuple[NewNotice, ...]:
    """What a poll that led from one state to the other gives to tell; the store tells each trouble only once."""
    found = []
    kind = _trouble(after, now)
    if kind is not None:
        since = after.failing_since or before.succeeded_at or now
        found.append(NewNotice(kind, after.error or "", since, after.failures))
    if after.url != feed.url and after.url != before.url:
        found.append(NewNotice("moved", after.url, now))
    if doubts(before, now) and after.new_entry_at == now:
        found.append(NewNotice("deaf", "", before.changed_at or now))
    return tuple(found)


def over(after: FeedState, *, new: bool, whole: bool = False) -> tuple[NoticeKind, ...]:
    """The notices that such a state puts an end to. `whole`: a document was read from end to end."""
    fine = after.failures == 0 and after.health in ("ok", "quiet", "moved")
    return (*(TROUBLES if fine else ()), *(("silent",) if new else ()), *(("long",) if whole else ()))


def _trouble(state: FeedState, now: datetime) -> NoticeKind | None:
    match state.health:
        case "blocked" | "dead" | "gone":
            return state.health
        case "failing" if state.failures >= FAILING:
            return "failing"
        case "unparsable" if state.failures >= 2:
            return "unparsable"
        case "throttled" if state.succeeded_at is not None and now - state.succeeded_at >= PATIENCE:
            return "throttled"
        case _:
            return None
