"""The pause: until when nothing is sent, but for the journal."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, exists, update

from storage import key_values
from storage.schema import chat, delivery

_NAME = "pause"  # the fact that says until when nothing is sent, and how long that was meant to be, in seconds


def begin(connection: Connection, now: datetime, wait: timedelta) -> None:
    """Nothing is sent for so long; no time at all: a pause ends now."""
    key_values.put(connection, _NAME, f"{(now + wait).isoformat()} {wait.total_seconds()}")


def end_of(connection: Connection) -> datetime | None:
    """When the pause ends, or has ended with nobody told yet (`settle`); None where there is none."""
    kept = _kept(connection)
    return kept and kept[0]


def _kept(connection: Connection) -> tuple[datetime, timedelta] | None:
    """When the pause ends, and how long it was meant to be; one that can't be read holds nobody up."""
    said = key_values.get(connection, _NAME)
    try:
        until, seconds = (said or "").split(" ")
        return datetime.fromisoformat(until).astimezone(UTC), timedelta(seconds=float(seconds))
    except (ValueError, OverflowError):
        return None


def running_until(connection: Connection, now: datetime) -> datetime | None:
    """When the pause ends; None where none holds."""
    until = end_of(connection)
    return until if until is not None and until > now else None


def rewind(connection: Connection, now: datetime) -> None:
    """The clock was set back: a pause lasts no longer than it was meant to."""
    kept = _kept(connection)
    if kept is not None and kept[0] - kept[1] > now:
        begin(connection, now, kept[1])


def settle(connection: Connection, now: datetime) -> bool:
    """Whether a pause holds; one that has just ended leaves what waited to be caught up on, chat by chat."""
    until = end_of(connection)
    if until is None or until > now:
        return until is not None
    waited = exists().where(
        delivery.c.state == "queued",
        delivery.c.chat_id == chat.c.id,
        delivery.c.queued_at <= until,
        delivery.c.lane != "edit",
    )
    connection.execute(update(chat).where(waited).values(back_at=until))
    key_values.put(connection, _NAME, None)
    return False
