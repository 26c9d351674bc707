import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.daemon.metrics import DaemonSample, exposed
from storage.operators.model import DaemonRow, Figures, Lag, OfficeRow, Waiting

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIGURES = Figures(
    feeds=(("failing", 2), ("ok", 50)),
    paused=3,
    requests=1200,
    not_modified=900,
    articles=4000,
    newest=NOW - timedelta(minutes=4),
    matches=(("hds", 12), ("secnumcloud", 30)),
    waiting=Waiting(queued=5, due=2, held=1, sending=1, dead=1, doubts=1, oldest=NOW - timedelta(minutes=3)),
    sent=70,
    chats=(("active", 4), ("held", 1)),
    last_digest=NOW - timedelta(hours=24),
    version=3,
    size=123_456,
    engine="PostgreSQL 18.1",
    lag=Lag(feeds=7, longest=timedelta(minutes=2), waves=1),
)
SECOND = timedelta(seconds=1)
FLEET = replace(
    FIGURES,
    shared=True,
    daemons=(
        DaemonRow("un/1/a", "messages,polls,talk", 42, timedelta(), 8 * SECOND),
        DaemonRow("deux/1/b", "polls", 42, -90 * SECOND, 8 * SECOND),
        DaemonRow("trois/1/c", "messages,polls,talk", 42, timedelta(), -180 * SECOND),
    ),
    offices=(OfficeRow("desk", "un/1/a", 4, 7 * SECOND), OfficeRow("sender", "un/1/a", 4, 8 * SECOND)),
)
READING = DaemonSample(FIGURES, NOW, {"polls": NOW}, polls=10, poll_seconds=2.5, new=6, memory=90_000_000)


def values(reading: DaemonSample) -> dict[str, float]:
    """Every sample, as `name{label}`."""
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(exposed(reading).decode())
        for sample in family.samples
    }


def test_prometheus_reads_every_figure() -> None:
    read = values(READING)
    assert read["vigie_feeds{failing}"] == 2
    assert read["vigie_matches{secnumcloud}"] == 30
    assert read["vigie_queue_age_seconds"] == 180
    assert read["vigie_feed_requests_total"] == 1200
    assert read["vigie_deliveries{sent}"] == 70
    assert read["vigie_job_success_timestamp_seconds{polls}"] == NOW.timestamp()
    assert read["vigie_resident_memory_bytes"] == 90_000_000


def test_what_waits_and_who_works_on_a_shared_store_are_read() -> None:
    read = values(replace(READING, figures=FLEET, beat_age=1.5, held=frozenset({"sender"})))
    assert read["vigie_store_info{PostgreSQL 18.1}"] == 1
    assert (read["vigie_feeds_due"], read["vigie_feeds_due_age_seconds"], read["vigie_waves"]) == (7, 120, 1)
    assert (read["vigie_office_held{sender}"], read["vigie_office_held{desk}"]) == (1, 0)
    assert (read["vigie_daemons{working}"], read["vigie_daemons{silent}"]) == (2, 1)
    assert (read["vigie_office_term{desk}"], read["vigie_office_lease_seconds{sender}"]) == (4, 8)
    assert read["vigie_beat_age_seconds"] == 1.5
    assert "vigie_daemons{working}" not in values(READING), "a file has one"


def test_a_fresh_store_is_no_special_case() -> None:
    fresh = Figures((), 0, 0, 0, 0, None, (), Waiting(), 0, (), None, 1, 4096)
    read = values(DaemonSample(fresh, NOW, {}, 0, 0.0, 0, None))
    assert read["vigie_articles"] == 0
    assert read["vigie_queue_age_seconds"] == 0
    assert "vigie_last_digest_timestamp_seconds" not in read


def test_every_metric_of_the_dashboard_exists() -> None:
    dashboard = json.loads((Path(__file__).parents[3] / "deploy/grafana.json").read_text("utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
        for name in re.findall(r"vigie_\w+", target["expr"])
    }
    exist = {name.partition("{")[0] for name in values(READING)}
    assert asked
    assert asked <= exist
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
