"""What /healthz says."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot.daemon.monitoring import Monitoring
from bot.daemon.offices import Beats
from bot.daemon.pulse import Pulse
from storage import StoreError
from storage.operators.model import Lag

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def tower(
    refused: str | None,
    later: timedelta = timedelta(),
    down: StoreError | None = None,
    hurt: StoreError | None = None,
) -> Monitoring:
    async def offload(function: Callable[[datetime], Lag], now: datetime) -> Lag:
        if down is not None:
            raise down
        return function(now)

    database = SimpleNamespace(hurt=lambda: hurt)
    store = SimpleNamespace(shared=True, database=database, lag=lambda _: Lag(3, timedelta(minutes=1), 2))
    ports = SimpleNamespace(clock=lambda: NOW + later, store=store, offload=offload)
    rounds: Any = SimpleNamespace(live=SimpleNamespace(ports=ports))
    return Monitoring(Pulse({"deliver": timedelta(seconds=1)}, NOW), rounds, Beats("one"), lambda: refused)


async def test_a_token_that_telegram_forgot_is_no_health() -> None:
    assert (await tower(None).health()).status == "200 OK"
    answer = await tower("Unauthorized").health()
    assert answer.status.startswith("503")
    assert json.loads(answer.body)["refused"] == "Unauthorized"


async def test_it_says_which_offices_are_held_here() -> None:
    said = json.loads((await tower(None).health()).body)
    assert (said["offices"], said["beat_age"]) == ({"sender": {"term": 1}, "desk": {"term": 1}}, None)
    assert (said["engine"], said["lag"]) == ("postgresql", {"feeds": 3, "seconds": 60, "waves": 2})


async def test_a_store_that_does_not_answer_is_no_reason_to_say_nothing() -> None:
    answer = await tower(None, down=StoreError("en panne")).health()
    assert (answer.status, json.loads(answer.body)["lag"]) == ("200 OK", None)


async def test_a_base_that_is_damaged_is_no_health() -> None:
    answer = await tower(None, hurt=StoreError("abîmée")).health()
    assert answer.status.startswith("503")
    assert (json.loads(answer.body)["status"], json.loads(answer.body)["hurt"]) == ("hurt", "abîmée")


async def test_a_job_that_does_not_run_is_no_health() -> None:
    assert (await tower(None, timedelta(days=1)).health()).status.startswith("503")
