"""What has waited too long, or for a chat to come back, becomes one digest a chat and topic."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from storage.chats.claims import is_closed, is_journal, is_open, is_ours
from storage.chats.model import Chat, Late, MessageBody, NewDelivery
from storage.chats.queueing import FEW, RANKS, queue
from storage.chats.rows import chat_of
from storage.schema import Instant, chat, delivery

LATE = timedelta(hours=6)  # what has waited so long goes out as one digest, with all that waits beside it
CatchUp = Callable[[Chat, Sequence[Late], datetime], Sequence[MessageBody]]
"""The parts of one catch-up digest, out of what waits, most urgent first: pure, called inside a transaction."""


def is_due(connection: Connection, asked: dict[str, Any], until: datetime | None, *, folding: bool) -> bool:
    """Whether something has waited too long, or a pause has just ended: that comes before anything is taken."""
    if until is not None:
        return bool(until <= asked["now"])
    return folding and bool(_to_catch_up(connection, asked))


def fold(connection: Connection, asked: dict[str, Any], catch_up: CatchUp) -> None:
    """Make one digest of all that waits, wherever something has waited too long."""
    for key, thread in sorted(_to_catch_up(connection, asked)):
        _fold_one(connection, key, thread, asked["now"], catch_up)
        connection.execute(update(chat).where(chat.c.id == key).values(back_at=None))


def _to_catch_up(connection: Connection, asked: dict[str, Any]) -> set[tuple[int, int]]:
    """The chats, and their threads, with something too old, or older than their return."""
    found = {tuple(row) for row in connection.execute(_OLD, asked | {"old": asked["now"] - LATE})}
    # Asked at every claim, and nearly always there is none
    back = connection.execute(_BACK).scalars().all()
    for start in range(0, len(back), FEW):
        rows = connection.execute(_BEFORE_RETURN, asked | {"few": back[start : start + FEW]})
        found |= {tuple(row) for row in rows}
    return found


def _fold_one(connection: Connection, key: int, thread: int, now: datetime, catch_up: CatchUp) -> None:
    """All that waits there, but for edits and what is in doubt, becomes one digest; one message alone stays whole."""
    here = and_(delivery.c.chat_id == key, delivery.c.thread == thread, delivery.c.state == "queued")
    foldable = and_(here, delivery.c.doubts == 0, delivery.c.lane != "edit", ~is_journal())
    waiting = select(delivery).where(foldable).order_by(delivery.c.rank, delivery.c.id).with_for_update()
    rows = connection.execute(waiting).all()  # those and no others: one may come back to the queue meanwhile
    these = update(delivery).where(delivery.c.id.in_([row.id for row in rows]))
    if len(rows) < 2:
        connection.execute(these.values(lane="catchup", rank=RANKS["catchup"]))
        return
    whose = chat_of(connection.execute(select(chat).where(chat.c.id == key)).one())
    item = f"c{max(row.id for row in rows)}"
    bodies = catch_up(whose, [Late(row.lane, row.body, row.queued_at) for row in rows], now)
    folded = {"state": "muted", "error": item, "settled_at": now, "body": "", "not_before": None}
    connection.execute(these.values(**folded))
    parts = enumerate(bodies, start=1)
    queue(connection, [NewDelivery(whose.key, "catchup", item, body, part, thread) for part, body in parts], now)


def _late(which: ColumnElement[bool]) -> Any:
    """The chats, and their threads, with something to catch up on, where a condition holds."""
    lasting = and_(
        delivery.c.state == "queued",
        delivery.c.doubts == 0,
        delivery.c.lane.not_in(("edit", "catchup")),
        ~is_journal(),
        is_open(),
        ~is_closed(),
        is_ours(),
    )
    group = select(delivery.c.chat_id, delivery.c.thread).join(chat, chat.c.id == delivery.c.chat_id)
    return group.where(lasting, which).distinct()


_OLD = _late(delivery.c.queued_at <= bindparam("old", type_=Instant()))
_BACK = select(chat.c.id).where(chat.c.back_at.is_not(None))
_BEFORE_RETURN = _late(
    and_(delivery.c.chat_id.in_(bindparam("few", expanding=True)), delivery.c.queued_at <= chat.c.back_at)
)
