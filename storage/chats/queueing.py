"""What joins the outbox: messages, edits of messages, notes to people."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, exists, select, update

from storage.chats.model import LANES, Chat, MessageBody, NewDelivery, Note
from storage.chats.rows import chat_of
from storage.dialect import insert, numbers
from storage.ids import ChatKey
from storage.prepared import Prepared
from storage.schema import chat, delivery, held_topic, journal_place

FEW = 400  # chats that are looked up one by one
RANKS = {lane: rank for rank, lane in enumerate(LANES)}
_other = delivery.alias("other")


def queue(connection: Connection, deliveries: Sequence[NewDelivery], now: datetime) -> int:
    """Queue messages inside the caller's transaction; the number of those that were not there yet."""
    # A chat may be forgotten between the moment a message is composed and this one.
    known = _known(connection, {each.chat for each in deliveries})
    wanted = [each for each in deliveries if each.chat in known and each.lane != "edit"]
    written: dict[MessageBody, str] = {}
    rows = [_row(each, _text(each.body, written), now) for each in wanted]
    # Many rows in one call: an article may have ten thousand followers.
    edits = [each for each in deliveries if each.lane == "edit"]
    return _ADD.run_each(connection, rows) + len(queue_edits(connection, edits, now))


def queue_edits(connection: Connection, edits: Sequence[NewDelivery], now: datetime) -> frozenset[tuple[int, int]]:
    """Queue edits, one for a message at most; the chats and topics where one waits now that did not before.

    One edit of a message waits at most: the last text wins, and a message that never left leaves with it. One that may
    leave at once waits for no earlier one's moment.
    """
    if not edits:
        return frozenset()
    found = _there(connection, edits, {*(each.item for each in edits), *(each.target or "" for each in edits)})
    written: dict[MessageBody, str] = {}
    texts = [_text(each.body, written) for each in edits]
    aimed = [found.get((each.chat, each.thread, each.target)) for each in edits]
    waiting = _edits_of(connection, {row.chat_id for row in aimed if row is not None and not _unsent(row)})
    changed, rows, hastened = [], [], list[int]()
    for each, text, row in zip(edits, texts, aimed, strict=True):
        if row is None or row.state in ("dead", "muted"):
            continue
        if (edited := row.id if _unsent(row) else waiting.get(row.id)) is not None:
            changed.append({"edited": edited, "text": text})
            hastened += [edited] if each.not_before is None else []
        elif (each.chat, each.thread, each.item) not in found:
            rows.append(_row(each, text, now))
    if changed:
        connection.execute(_REWRITE, changed)
        connection.execute(_HASTEN, {"edits": hastened})
    _ADD.run_each(connection, rows)
    return frozenset((row["chat_id"], row["thread"]) for row in rows)


def _unsent(row: Row[Any]) -> bool:
    return row.state == "queued" and not row.doubts


def _there(
    connection: Connection, edits: Sequence[NewDelivery], items: set[str]
) -> dict[tuple[int, int, str | None], Any]:
    """The messages of these names: those of few chats are looked up there, of many by name."""
    chats = sorted({each.chat for each in edits})
    query = _NAMED.where(delivery.c.chat_id.in_(chats)) if len(chats) <= FEW else _NAMED
    rows = connection.execute(query, {"items": sorted(items)})
    return {(row.chat_id, row.thread, row.item): row for row in rows}


def _edits_of(connection: Connection, chats: set[int]) -> dict[int, int]:
    """The edits that wait in these chats, by the message that each changes."""
    ordered, found = sorted(chats), dict[int, int]()
    for start in range(0, len(ordered), FEW):
        rows = connection.execute(_EDITS, {"few": ordered[start : start + FEW]})
        found |= {row.target: row.id for row in rows}
    return found


def _text(body: MessageBody, written: dict[MessageBody, str]) -> str:
    """The message as it is kept; written once for all the chats that are shown the same."""
    if body not in written:
        written[body] = body.to_json()
    return written[body]


def fingerprint(body: MessageBody) -> str:
    """Another one for each other message."""
    return hashlib.sha256(body.to_json().encode("utf-8", "replace")).hexdigest()


def _known(connection: Connection, chats: set[ChatKey]) -> set[int]:
    """Those of the chats that are there still."""
    ordered, found = sorted(chats), set[int]()
    for start in range(0, len(ordered), FEW):
        found.update(row.id for row in _FEW_CHATS.rows(connection, {"few": json.dumps(ordered[start : start + FEW])}))
    return found


def tell(connection: Connection, note: Note | None, now: datetime) -> int:
    """Queue a note for those who have a chat of their own with us, or where the journal goes, unless they were told;
    the number of messages."""
    if note is None:
        return 0
    told = audience(connection, note.to) if note.journal else _own_chats(connection, note.to)
    return queue(
        connection,
        [NewDelivery(to.key, "catchup", note.item, note.body(to.language), thread=thread) for to, thread in told],
        now,
    )


def audience(connection: Connection, admins: frozenset[int]) -> tuple[tuple[Chat, int], ...]:
    """Where the journal goes, with the topic: the chat that was chosen while it takes anything, else the
    administrators' own."""
    chosen = select(chat, journal_place.c.thread).join(journal_place, journal_place.c.chat_id == chat.c.id)
    shut = exists().where(held_topic.c.chat_id == chat.c.id, held_topic.c.thread == journal_place.c.thread)
    rows = connection.execute(chosen.where(chat.c.state == "active", ~shut)).all()
    return tuple((chat_of(row), row.thread) for row in rows) or _own_chats(connection, admins)


def _own_chats(connection: Connection, people: frozenset[int]) -> tuple[tuple[Chat, int], ...]:
    own = select(chat).where(chat.c.telegram_id.in_(people), chat.c.kind != "console", chat.c.state == "active")
    return tuple((chat_of(row), 0) for row in connection.execute(own.order_by(chat.c.id)))


def _row(each: NewDelivery, text: str, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": each.chat,
        "thread": each.thread,
        "lane": each.lane,
        "rank": RANKS[each.lane],
        "item": each.item,
        "part": each.part,
        "body": text,
        "state": "queued",
        "tries": 0,
        "doubts": 0,
        "plain": False,
        "not_before": each.not_before,
        "wait": None if each.not_before is None else max(each.not_before - now, timedelta()),
        "queued_at": now,
        "whose": each.chat,
        "where": each.thread,
        "about": each.target,
    }


_AIMED = select(_other.c.id).where(
    _other.c.chat_id == bindparam("whose", type_=delivery.c.chat_id.type),
    _other.c.thread == bindparam("where", type_=delivery.c.thread.type),
    _other.c.item == bindparam("about"),
    _other.c.part == 1,
)
_NAMED = (
    select(delivery.c.id, delivery.c.chat_id, delivery.c.thread, delivery.c.item, delivery.c.state, delivery.c.doubts)
    .where(delivery.c.item.in_(bindparam("items", expanding=True)), delivery.c.part == 1)
    .with_for_update()
)
_EDITS = (
    select(delivery.c.id, delivery.c.target)
    .where(
        delivery.c.state == "queued",
        delivery.c.chat_id.in_(bindparam("few", expanding=True)),
        delivery.c.lane == "edit",
    )
    .with_for_update()
)
_REWRITE = update(delivery).where(delivery.c.id == bindparam("edited")).values(body=bindparam("text"), plain=False)
_HASTEN = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("edits", expanding=True)), delivery.c.lane == "edit", delivery.c.tries == 0)
    .values(not_before=None)
)
_listing, _few = numbers(bindparam("few", type_=String))
_FEW_CHATS = Prepared(select(chat.c.id).where(chat.c.id.in_(select(_few))))
_ADD = Prepared(
    insert(delivery)
    .values(target=_AIMED.scalar_subquery())
    .on_conflict_do_nothing(index_elements=["chat_id", "thread", "item", "part"])
    .inline(),
    (
        *("chat_id", "thread", "lane", "rank", "item", "part", "body", "state", "tries", "doubts", "plain"),
        *("not_before", "wait", "queued_at"),
    ),
)
