"""What /healthz says."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot.daemon.monitoring import Monitoring
from bot.daemon.offices import Beats
from bot.daemon.pulse import Pulse

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def tower(refused: str | None, later: timedelta = timedelta()) -> Monitoring:
    rounds: Any = SimpleNamespace(live=SimpleNamespace(ports=SimpleNamespace(clock=lambda: NOW + later)))
    return Monitoring(Pulse({"deliver": timedelta(seconds=1)}, NOW), rounds, Beats("one"), lambda: refused)


async def test_a_token_that_telegram_forgot_is_no_health() -> None:
    assert (await tower(None).health()).status == "200 OK"
    answer = await tower("Unauthorized").health()
    assert answer.status.startswith("503")
    assert json.loads(answer.body)["refused"] == "Unauthorized"


async def test_it_says_which_offices_are_held_here() -> None:
    said = json.loads((await tower(None).health()).body)
    assert (said["offices"], said["beat_age"]) == ({"sender": {"term": 1}, "desk": {"term": 1}}, None)


async def test_a_job_that_does_not_run_is_no_health() -> None:
    assert (await tower(None, timedelta(days=1)).health()).status.startswith("503")
