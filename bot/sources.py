"""`vigie feeds`: the state of every source, as the operator reads it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TextIO

from bot.config import Configuration, Settings
from storage import open_store
from storage.model import Feed, FeedState, Health

STATES: dict[Health, str] = {
    "new": "jamais lue",
    "ok": "ok",
    "degraded": "à surveiller",
    "failing": "en panne",
    "throttled": "ralentie",
    "blocked": "refusée",
    "moved": "déménage",
    "unparsable": "illisible",
    "quiet": "silencieuse",
    "dead": "morte",
    "gone": "supprimée",
}
FINE: frozenset[Health] = frozenset({"ok", "new", "quiet"})


def show(settings: Settings, configuration: Configuration, out: TextIO, now: datetime | None = None) -> int:
    """Print one line per source, those in difficulty first, then a count. Always exit code 0."""
    moment = now or datetime.now(UTC)
    store = open_store(settings.database)
    try:
        store.feeds.sync(configuration.feeds, moment)
        rows = [row for row in store.feeds.overview() if row[0].enabled]
    finally:
        store.close()
    rows.sort(key=lambda row: (row[1].health in FINE, row[0].id))
    width = max((len(feed.id) for feed, _ in rows), default=0)
    for feed, state in rows:
        print(_line(feed, state, moment, width), file=out)
    paused = len(configuration.feeds) - len(rows)
    print(f"{len(rows)} sources suivies, {_troubled(rows)} en difficulté, {paused} en pause", file=out)
    return 0


def told(polled: int, new: int, overview: Iterable[tuple[Feed, FeedState]]) -> str:
    """« 61 sources relevées, 1 article nouveau, 2 en difficulté »: what a round did."""
    read = f"{polled} source{_s(polled)} relevée{_s(polled)}"
    found = f"{new} article{_s(new)} nouveau{'x' if new > 1 else ''}"
    troubled = _troubled(overview)
    return f"{read}, {found}" + (f", {troubled} en difficulté (vigie feeds)" if troubled else "")


def _troubled(rows: Iterable[tuple[Feed, FeedState]]) -> int:
    return sum(feed.enabled and state.health not in FINE for feed, state in rows)


def _s(count: int) -> str:
    return "s" if count > 1 else ""


def _line(feed: Feed, state: FeedState, now: datetime, width: int) -> str:
    parts = [
        f"{feed.id:<{width}}  {STATES[state.health]:<12}",
        f"lue {_ago(state.succeeded_at, now):<16}",
        f"nouveauté {_ago(state.new_entry_at, now):<16}",
        f"prochaine {_in(state.due_at, now):<12}",
        f"{state.requests} requêtes, {state.not_modified} sans rien de neuf",
    ]
    if state.url != feed.url:
        parts.append(f"déménagée : écrivez « url: {state.url} » dans feeds.yaml")
    if state.error and state.health not in FINE:
        parts.append(f"{state.error} ({state.failures} échecs de suite)")
    return "  ".join(parts)


def _ago(moment: datetime | None, now: datetime) -> str:
    return "jamais" if moment is None else f"il y a {span(now - moment)}"


def _in(moment: datetime, now: datetime) -> str:
    return "à présent" if moment <= now else f"dans {span(moment - now)}"


def span(length: timedelta) -> str:
    """« 3 h », « 2 j »: the largest unit, rounded down."""
    seconds = max(0, int(length.total_seconds()))
    for size, name in ((86_400, "j"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
