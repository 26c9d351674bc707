"""`vigie feeds`: the state of every source, as the operator reads it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TextIO

from bot.config.configuration import Configuration
from bot.config.settings import Settings
from bot.french import counted, span
from storage import open_store
from storage.feeds.model import Feed, FeedState, Handling, Health
from storage.ids import FeedId
from storage.place import Place
from storage.stories.model import SourceLead

STATES: Mapping[Health, str] = {
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
_MANY: Mapping[str, str] = {
    "new": "jamais lues",
    "throttled": "ralenties",
    "blocked": "refusées",
    "moved": "déménagent",
    "unparsable": "illisibles",
    "quiet": "silencieuses",
    "dead": "mortes",
    "gone": "supprimées",
}
QUARTER = timedelta(days=90)
FINE: frozenset[Health] = frozenset({"ok", "new", "quiet"})


def counted_states(feeds: Iterable[tuple[str, int]]) -> str:
    """« 60 ok, 2 jamais lues »: sources by the name of their health, the most frequent first."""
    one: dict[str, str] = dict(STATES.items())
    many = {**one, **_MANY}
    ranked = sorted(feeds, key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(counted(number, one[state], many[state]) for state, number in ranked)


def show(settings: Settings, configuration: Configuration, out: TextIO, now: datetime | None = None) -> int:
    """Print the sources, those in difficulty first with their reason, then a count. Changes nothing; exit code 0."""
    moment = now or datetime.now(UTC)
    kept, spared, chosen, leads = _kept(settings.database, moment)
    followed = [feed for feed in configuration.feeds if feed.enabled]
    rows = [(feed, kept.get(feed.id) or FeedState(feed.url, moment)) for feed in followed]
    rows.sort(key=lambda row: (row[1].health in FINE, row[0].id))
    width = max((len(feed.id) for feed in followed), default=0)
    for feed, state in rows:
        for line in _lines(feed, state, spared.get(feed.id, 0), moment, width):
            print(line, file=out)
        if (lead := leads.get(feed.id)) is not None and lead.stories:
            print(f"    {led(lead)}", file=out)
        if (handled := chosen.get(feed.id)) is not None and handled.paused_until and handled.paused(moment):
            print(f"    en pause encore {span(handled.paused_until - moment)} (/pause, /sources)", file=out)
    paused = len(configuration.feeds) - len(rows)
    troubled = sum(state.health not in FINE for _, state in rows)
    print(
        f"{len(rows)} source{_s(len(rows))} suivie{_s(len(rows))}, {troubled} en difficulté, {paused} en pause",
        file=out,
    )
    return 0


def told(started: datetime, new: int, overview: Iterable[tuple[Feed, FeedState]]) -> tuple[str, bool]:
    """What a round that `started` then did, in one line, and whether at least one source answered it, if any was due.

    « 61 sources relevées, 1 article nouveau, 2 sans réponse (vigie feeds) »
    """
    polled = [state for _, state in overview if state.checked_at is not None and state.checked_at >= started]
    failed = sum(state.error is not None for state in polled)
    if polled and failed == len(polled):
        return f"aucune source n’a répondu sur {failed} : vérifiez la connexion, puis « vigie feeds »", False
    read = f"{len(polled)} source{_s(len(polled))} relevée{_s(len(polled))}"
    found = f"{new} article{_s(new)} nouveau{'x' if new > 1 else ''}"
    return f"{read}, {found}" + (f", {failed} sans réponse (vigie feeds)" if failed else ""), True


Known = tuple[Mapping[FeedId, FeedState], Mapping[FeedId, int], Mapping[FeedId, Handling], Mapping[FeedId, SourceLead]]


def _kept(database: Place, now: datetime) -> Known:
    """What is known of each source, how many pages its feed spared, what operators chose of it, and how often it was
    first in a quarter."""
    if not database.exists():  # a look must not create what it looks at
        return {}, {}, {}, {}
    store = open_store(database)
    try:
        states = {feed.id: state for feed, state in store.feeds.overview()}
        return states, store.articles.spared(), store.feeds.handling(), store.leads(now - QUARTER)
    finally:
        store.close()


def led(lead: SourceLead) -> str:
    """« vue d’abord 9 fois sur 31 sujets d’un trimestre, 6 h d’avance en médiane, 2 copies sur 40 articles »."""
    ahead = "" if lead.ahead is None else f", {span(lead.ahead)} d’avance en médiane"
    shared = counted(lead.stories, "sujet partagé", "sujets partagés")
    copies = f", {counted(lead.copies, 'copie', 'copies')} sur {lead.articles}" if lead.copies else ""
    return f"vue d’abord {lead.first} fois sur {shared} d’un trimestre{ahead}{copies}"


def _s(count: int) -> str:
    return "s" if count > 1 else ""


def _lines(feed: Feed, state: FeedState, spared: int, now: datetime, width: int) -> Iterator[str]:
    yield "  ".join(
        (
            f"{feed.id:<{width}}",
            f"{STATES[state.health]:<12}",
            f"{_ago('lue', state.succeeded_at, now):<18}",
            f"{_ago('article', state.new_entry_at, now):<22}",
            f"prochaine {_in(state.due_at, now):<11}",
            _counts(state, spared, now),
        )
    ).rstrip()
    if not feed.dedup:
        yield "    regroupement : non (dedup: false), chacun de ses articles est un sujet"
    if feed.official is not None:
        yield "    source officielle" if feed.official else "    pas une source officielle (official: false)"
    if state.url != feed.url:
        yield f"    a déménagé : écrivez « url: {state.url} » dans feeds.yaml"
    if state.same_as is not None:
        yield f"    lue sous le nom {state.same_as} : retirez l’une des deux de feeds.yaml"
    if state.error:
        counted = f" ({state.failures} échec{_s(state.failures)} de suite)" if state.failures else ""
        yield f"    {state.error}{counted}"


def _counts(state: FeedState, spared: int, now: datetime) -> str:
    """What it cost, and what it did not: against a look every hour, and a page for each article."""
    if not state.requests:
        return ""
    told = [f"toutes les {span(state.due_at - state.checked_at)}" if state.checked_at else ""]
    told.append(f"{state.requests} requête{_s(state.requests)}, dont {state.not_modified} sans nouveauté")
    hours = (now - state.started_at) // timedelta(hours=1) if state.started_at else 0
    saved = hours - state.requests
    told.append(f"{saved} évitée{_s(saved)}" if saved > 0 else "")
    told.append(f"{spared} page{_s(spared)} évitée{_s(spared)}" if spared else "")
    return ", ".join(filter(None, told))


def _ago(what: str, moment: datetime | None, now: datetime) -> str:
    return "" if moment is None else f"{what} il y a {span(now - moment)}"


def _in(moment: datetime, now: datetime) -> str:
    return "à présent" if moment <= now else f"dans {span(moment - now)}"
