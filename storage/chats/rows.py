"""A row of `chat` as a value."""

from typing import Any

from sqlalchemy import Row

from storage.chats.model import Chat
from storage.ids import ChatKey


def chat_of(row: Row[Any]) -> Chat:
    """A row of `chat` as a value."""
    return Chat(
        key=ChatKey(row.id),
        telegram_id=row.telegram_id,
        kind=row.kind,
        language=row.language,
        timezone=row.timezone,
        digest_at=row.digest_at,
        state=row.state,
        arrived=row.arrived_at,
        days=row.days,
        holidays=row.holidays,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        quiet_flash=row.quiet_flash,
        empty_line=row.empty_line,
        preview=row.preview,
        digest_closes=row.digest_closes,
        per_hour=row.per_hour,
        per_day=row.per_day,
        per_week=row.per_week,
        role=row.role,
        set_by=row.set_by,
    )
