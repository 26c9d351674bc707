from datetime import UTC, datetime, timedelta

from bot.daemon.pulse import SLACK, Pulse

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def pulse() -> Pulse:
    return Pulse({"polls": SECOND, "prune": 6 * HOUR}, START)


def test_a_job_that_has_not_run_yet_is_late_only_after_a_while() -> None:
    made = pulse()
    assert made.late(START + SLACK) == ()
    assert made.late(START + SLACK + SECOND) == ("polls",)
    assert made.stuck(START + 19 * HOUR) == ("polls", "prune")


def test_a_failing_job_is_late_but_not_stuck() -> None:
    made = pulse()
    for minute in range(10):
        made.beat("polls", START + timedelta(minutes=minute), well=False)
    now = START + timedelta(minutes=10)
    assert made.late(now) == ("polls",)
    assert made.stuck(now) == (), "a restart would not help"


def test_work_done_is_remembered() -> None:
    made = pulse()
    made.beat("polls", START + HOUR, well=True)
    assert made.late(START + HOUR + SECOND) == ()
    assert made.succeeded() == {"polls": START + HOUR, "prune": START}


def test_a_clock_set_back_makes_nobody_late() -> None:
    made = pulse()
    made.beat("polls", START + 24 * HOUR, well=True)
    assert made.late(START) == made.stuck(START) == ()
