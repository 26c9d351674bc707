"""Which messages may leave now, one of a chat at most, and how they are taken."""

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Row,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.chats.model import Delivery
from storage.chats.rows import chat_of
from storage.dialect import numbers, walk
from storage.ids import DeliveryId
from storage.schema import Instant, chat, delivery, held_topic

AHEAD = 2  # times what is wanted is looked at: a chat may have several messages ready, in several topics
ASIDE = 2  # doubts from which a message elsewhere no longer holds up those behind it
_other = delivery.alias("other")
_aimed = delivery.alias("aimed")
_now = bindparam("now", type_=Instant())
# The index's own words: by its state, the planner would take all that waits from another index, and sort it
_PLACE: ColumnElement[int] = literal_column("CASE WHEN delivery.state = 'queued' THEN delivery.rank END", Integer)


def take(connection: Connection, asked: dict[str, Any], run: str, limit: int) -> tuple[Delivery, ...]:
    """Take up to `limit` messages, one per chat at most. One that is being written to waits for the next time."""
    chosen = _one_a_chat(connection, asked, limit)
    rows = connection.execute(_CHOSEN, {"chosen": chosen}).all()
    if rows:
        connection.execute(_TAKE, [{"taken": row.delivery_id, "run": run} for row in rows])
    return tuple(_delivery(row) for row in rows)


def _one_a_chat(connection: Connection, asked: dict[str, Any], limit: int) -> list[int]:
    """Up to `limit` messages that may go out now, the first of each chat.

    The queue is walked and left as soon as there are enough, however much waits behind.
    """
    walk(connection)
    rank, behind = 0, 0
    chosen: dict[int, int] = {}
    while len(chosen) < limit:
        place = {"rank": rank, "behind": behind, "passed": sorted(chosen), "most": AHEAD * limit}
        rows = connection.execute(_READY, asked | place).all()
        for row in rows:
            chosen.setdefault(row.chat_id, row.id)
        if len(rows) < AHEAD * limit:
            break
        rank, behind = rows[-1].rank, rows[-1].id
    return list(chosen.values())[:limit]


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        DeliveryId(row.delivery_id),
        chat_of(row),
        row.lane,
        row.item,
        row.part,
        row.body,
        row.tries + 1,
        row.doubts,
        row.plain,
        row.thread,
        row.about,
        row.called_at,
        row.looks,
        row.claim_no + 1,
    )


def _ready() -> Any:
    """What may go out now, flashes first, then the longest waiting, from a place on; `passed` are chats besides."""
    rank = bindparam("rank", type_=Integer)
    beyond = and_(rank <= _PLACE, or_(rank < _PLACE, delivery.c.id > bindparam("behind")))
    others = delivery.c.chat_id.not_in(bindparam("passed", expanding=True))
    return (
        select(delivery.c.id, delivery.c.chat_id, delivery.c.rank)
        .join(chat, chat.c.id == delivery.c.chat_id + 0)  # the sum has no index: never from the chats
        .where(beyond, others)
        .where(is_open(), is_ripe(), *unhindered(), is_ours(), _free(), _told_in_a_pause())
        .order_by(_PLACE, delivery.c.id)
        .limit(bindparam("most"))
    )


def is_ours() -> ColumnElement[bool]:
    round_telegram = or_(~bindparam("elsewhere", type_=Boolean), chat.c.kind == "elsewhere")
    return and_((chat.c.kind == "console") == bindparam("console"), round_telegram)


def _told_in_a_pause() -> ColumnElement[bool]:
    return or_(~bindparam("paused", type_=Boolean), is_journal())


def _free() -> ColumnElement[bool]:
    _, busy = numbers(bindparam("busy"))
    return chat.c.telegram_id.not_in(select(busy))


def _chosen() -> Any:
    """What is to be known of messages that go out."""
    return (
        select(
            chat,
            delivery.c.id.label("delivery_id"),
            delivery.c.thread,
            delivery.c.lane,
            delivery.c.item,
            delivery.c.part,
            delivery.c.body,
            delivery.c.tries,
            delivery.c.doubts,
            delivery.c.plain,
            delivery.c.called_at,
            delivery.c.looks,
            delivery.c.claim_no,
            _aimed.c.message_id.label("about"),
        )
        .join(chat, chat.c.id == delivery.c.chat_id)
        .join(_aimed, _aimed.c.id == delivery.c.target, isouter=True)
        .where(delivery.c.id.in_(bindparam("chosen", expanding=True)), delivery.c.state == "queued")
        .order_by(delivery.c.rank, delivery.c.id)
        .with_for_update(skip_locked=True, of=delivery)
    )


def is_open() -> ColumnElement[bool]:
    return and_(chat.c.state == "active", or_(chat.c.frozen_until.is_(None), chat.c.frozen_until <= _now))


def is_ripe() -> ColumnElement[bool]:
    return or_(delivery.c.not_before.is_(None), delivery.c.not_before <= _now)


def unhindered() -> tuple[ColumnElement[bool], ...]:
    return ~_in_flight(), ~_held_up(), ~_beside_a_doubt(), ~_too_early(), ~is_closed()


def _in_flight() -> ColumnElement[bool]:
    return (
        exists()
        .where(_other.c.chat_id == delivery.c.chat_id, _other.c.state.in_(("claimed", "sending")))
        .correlate(delivery)
    )


def _held_up() -> ColumnElement[bool]:
    """An earlier message of this chat, thread and lane still waits. Edits hold up none; nor does, round Telegram, what
    was refused there again and again: no one can say why."""
    earlier = and_(
        _other.c.chat_id == delivery.c.chat_id,
        _other.c.thread == delivery.c.thread,
        _other.c.state == "queued",
        _other.c.rank == delivery.c.rank,
        _other.c.id < delivery.c.id,
        or_(_other.c.doubts < ASIDE, chat.c.kind != "elsewhere"),
    )
    return and_(delivery.c.lane != "edit", exists().where(earlier).correlate(delivery, chat))


def _beside_a_doubt() -> ColumnElement[bool]:
    """Another message of this chat may stand there, nobody knows under which number: whatever came after it could be
    taken for it, and be changed. Edits bring no number, and nothing is sought round Telegram."""
    sought = and_(
        _other.c.chat_id == delivery.c.chat_id,
        _other.c.state == "queued",
        _other.c.looks.is_not(None),
        _other.c.lane != "edit",
        _other.c.id != delivery.c.id,
    )
    beside = and_(delivery.c.lane != "edit", chat.c.kind != "elsewhere")
    return and_(beside, exists().where(sought).correlate(delivery))


def _too_early() -> ColumnElement[bool]:
    """What it edits or answers is not there yet."""
    expected = and_(_aimed.c.id == delivery.c.target, _aimed.c.state.in_(("queued", "claimed", "sending")))
    return exists().where(expected).correlate(delivery)


def is_closed() -> ColumnElement[bool]:
    here = and_(held_topic.c.chat_id == delivery.c.chat_id, held_topic.c.thread == delivery.c.thread)
    return exists().where(here).correlate(delivery)


def is_journal() -> ColumnElement[bool]:
    """A message of the journal, which is edited later: it is never folded into another."""
    return func.substr(delivery.c.item, 1, 1) == "j"


# Built once: they run at every tick, and building them costs more than running them.
_READY, _CHOSEN = _ready(), _chosen()
_TAKE = (
    update(delivery)
    .where(delivery.c.id == bindparam("taken"))
    .values(state="claimed", run=bindparam("run"), claim_no=delivery.c.claim_no + 1)
)
