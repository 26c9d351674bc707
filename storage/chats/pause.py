"""The pause: until when nothing is sent, but for the journal."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, update

from storage import key_values
from storage.schema import chat, delivery

_NAME = "pause"  # the fact that says until when nothing is sent, and how long that was meant to be, in seconds


def begin(connection: Connection, now: datetime, wait: timedelta) -> None:
    """Nothing is sent for so long; no time at all: a pause ends now."""
    key_values.put(connection, _NAME, f"{(now + wait).isoformat()} {wait.total_seconds()}")


def end_of(connection: Connection) -> datetime | None:
    """When the pause ends, or has ended with nobody told yet (`settle`); None where there is none."""
    said = key_values.get(connection, _NAME)
    return datetime.fromisoformat(said.split(" ")[0]) if said else None


def running_until(connection: Connection, now: datetime) -> datetime | None:
    """When the pause ends; None where none holds."""
    until = end_of(connection)
    return until if until is not None and until > now else None


def rewind(connection: Connection, now: datetime) -> None:
    """The clock was set back: a pause lasts no longer than it was meant to."""
    said = key_values.get(connection, _NAME)
    if said:
        until, seconds = said.split(" ")
        if datetime.fromisoformat(until) - timedelta(seconds=float(seconds)) > now:
            begin(connection, now, timedelta(seconds=float(seconds)))


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
