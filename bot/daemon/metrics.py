"""What a monitoring system reads of the daemon. The only door to prometheus_client."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from storage.operators.model import Figures, Lag

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class DaemonSample:
    """The daemon at one moment. `jobs`: when each last did its work; `polls`, `poll_seconds`, `new` count from the
    start; `memory` is in bytes, None where the system does not say; `beat_age` seconds since a shared store last heard
    us, None where it need not; `held` the offices that are ours."""

    figures: Figures
    now: datetime
    jobs: Mapping[str, datetime]
    polls: int
    poll_seconds: float
    new: int
    memory: int | None
    beat_age: float | None = None
    held: frozenset[str] = frozenset()


def exposed(reading: DaemonSample) -> bytes:
    """The reading in the Prometheus text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(reading))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, reading: DaemonSample) -> None:
        self._reading = reading

    def collect(self) -> Iterable[Metric]:
        reading, figures = self._reading, self._reading.figures
        waiting = figures.waiting
        yield _labelled("vigie_build_info", "Version of Vigie", "version", [(__version__, 1)])
        yield _labelled("vigie_feeds", "Feeds followed, by state", "state", figures.feeds)
        yield _gauge("vigie_feeds_paused", "Feeds that are not followed", figures.paused)
        yield _counter("vigie_feed_requests", "Requests to feeds", figures.requests)
        yield _counter("vigie_feed_not_modified", "Requests answered by 304, or by the same body", figures.not_modified)
        yield _counter("vigie_polls", "Polls finished since the start", reading.polls)
        yield _counter("vigie_poll_seconds", "Seconds spent in polls since the start", reading.poll_seconds)
        yield _counter("vigie_new_articles", "New articles since the start", reading.new)
        yield _gauge("vigie_articles", "Articles stored", figures.articles)
        yield _labelled("vigie_matches", "Articles kept, by watchlist", "watchlist", figures.matches)
        states = (("queued", waiting.queued), ("sending", waiting.sending), ("held", waiting.held))
        yield _labelled(
            "vigie_deliveries",
            "Messages stored, by state",
            "state",
            (*states, ("dead", waiting.dead), ("sent", figures.sent)),
        )
        yield _gauge("vigie_deliveries_due", "Messages that could go out now", waiting.due)
        yield _gauge("vigie_deliveries_in_doubt", "Messages that may have arrived twice", waiting.doubts)
        yield _gauge(
            "vigie_queue_age_seconds", "Age of the oldest message that waits", _age(waiting.oldest, reading.now)
        )
        yield _labelled("vigie_chats", "Chats, by state", "state", figures.chats)
        yield _gauge("vigie_database_bytes", "Size of the database and its log", figures.size)
        yield _gauge("vigie_schema_version", "Version of the database", figures.version)
        yield from _lag(figures.lag)
        yield from _fleet(reading)
        if figures.last_digest is not None:
            yield _gauge("vigie_last_digest_timestamp_seconds", "Last digest queued", figures.last_digest.timestamp())
        if figures.newest is not None:
            yield _gauge("vigie_last_article_timestamp_seconds", "Newest article", figures.newest.timestamp())
        done = [(job, when.timestamp()) for job, when in reading.jobs.items()]
        yield _labelled("vigie_job_success_timestamp_seconds", "When each job last did its work", "job", done)
        if reading.memory is not None:
            yield _gauge("vigie_resident_memory_bytes", "Memory of the daemon", reading.memory)


def _lag(lag: Lag) -> Iterable[Metric]:
    yield _gauge("vigie_feeds_due", "Feeds that are due and that nobody asks yet", lag.feeds)
    yield _gauge(
        "vigie_feeds_due_age_seconds", "For how long the first of them has been due", lag.longest.total_seconds()
    )
    yield _gauge("vigie_waves", "Messages to many chats under way", lag.waves)


def _fleet(reading: DaemonSample) -> Iterable[Metric]:
    """The engine, who works on it beside us, and what is ours of what only one may do."""
    figures = reading.figures
    yield _labelled("vigie_store_info", "What keeps the store", "engine", [(figures.engine, 1)])
    held = [(name, name in reading.held) for name in ("sender", "desk")]
    yield _labelled("vigie_office_held", "Whether this daemon does what only one may", "office", held)
    if reading.beat_age is None:
        return
    yield _gauge("vigie_beat_age_seconds", "Seconds since the store last heard this daemon", reading.beat_age)
    alive = sum(each.alive for each in figures.daemons)
    standing = [("working", alive), ("silent", len(figures.daemons) - alive)]
    yield _labelled("vigie_daemons", "Daemons on this store; silent: gone without a word", "state", standing)
    terms = [(each.name, each.term) for each in figures.offices]
    yield _labelled("vigie_office_term", "Grows each time an office changes hands", "office", terms)
    left = [(each.name, max(each.left.total_seconds(), 0)) for each in figures.offices]
    yield _labelled("vigie_office_lease_seconds", "Seconds left of each office; 0: nobody holds it", "office", left)


def _age(moment: datetime | None, now: datetime) -> float:
    return 0 if moment is None else max(0.0, (now - moment).total_seconds())


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(name, told, value=value)


def _labelled(name: str, told: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for name_of, value in values:
        family.add_metric([name_of], value)
    return family
