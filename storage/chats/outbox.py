"""The outbox: what is to be sent, and what became of it."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.chats.chats import chat_of, hold_topic, move, set_gone, set_state
from storage.chats.model import LANES, Chat, Delivery, Late, MessageBody, NewDelivery, Note
from storage.chats.proof import floor, learn, sequence
from storage.database import Database
from storage.dialect import insert, numbers, walk
from storage.ids import ChatKey, DeliveryId
from storage.operators.causes import about_chat, begin
from storage.operators.model import NewNotice, StuckPlace, Waiting
from storage.prepared import Prepared
from storage.schema import Instant, chat, delivery, held_topic, journal_place, memo, upsert

FEW = 400  # chats that are looked up one by one
AHEAD = 2  # times what is wanted is looked at: a chat may have several messages ready, in several topics
ASIDE = 2  # doubts from which a message elsewhere no longer holds up those behind it
NONE = timedelta()
SHORT = timedelta(minutes=1)  # the longest wait between two tries that says nothing but "not reached"
LATE = timedelta(hours=6)  # what has waited so long goes out as one digest, with all that waits beside it

CatchUp = Callable[[Chat, Sequence[Late], datetime], Sequence[MessageBody]]
"""The parts of one catch-up digest, out of what waits, most urgent first: pure, called inside a transaction."""

_RANKS = {lane: rank for rank, lane in enumerate(LANES)}


class Outbox:
    """The messages. Order is kept per chat, thread and lane, and at most one message of a chat is in flight."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, deliveries: Sequence[NewDelivery], now: datetime) -> int:
        """Queue messages; the number of those that were not there yet (see NewDelivery)."""
        with self._database.write() as connection:
            return queue(connection, deliveries, now)

    def claim(
        self,
        now: datetime,
        run: str,
        limit: int,
        *,
        console: bool = False,
        elsewhere: bool = False,
        busy: Sequence[int] = (),
        catch_up: CatchUp | None = None,
    ) -> tuple[Delivery, ...]:
        """Take up to `limit` messages, one per chat at most: no other sender takes them, and none has left yet.

        `console` takes those of the terminal, and no others: who has no token must not swallow what is for Telegram.
        `elsewhere` takes those that go round Telegram, and no others: while it can't be reached.
        `busy` are the Telegram ids of chats that could not take one yet. What has waited too long, or for a chat to
        come back, is first made one digest by `catch_up`; None: it goes out as it is.
        """
        asked = {"now": now, "console": console, "elsewhere": elsewhere, "busy": json.dumps(busy)}
        with self._database.write_beside("messages") as connection:
            until = _pause_end(connection)
            if not _is_to_be_folded(connection, asked, until, folding=catch_up is not None):
                return _take(connection, asked | {"paused": until is not None}, run, limit)
        with self._database.write() as connection:  # rare, and it queues messages: nobody else writes meanwhile
            paused = _paused(connection, now)
            if not paused and catch_up is not None:
                _fold(connection, asked, catch_up)
        with self._database.write_beside("messages") as connection:
            return _take(connection, asked | {"paused": paused}, run, limit)

    def start(self, claimed: Delivery, now: datetime) -> bool:
        """It leaves now: from here on it may have arrived, whatever becomes of us. False where it has passed into other
        hands: then it must not leave from here."""
        asked = {"taken": claimed.id, "turn": claimed.claim, "try": claimed.tries, "now": now}
        with self._database.write_beside() as connection:
            return connection.execute(_START, asked).rowcount > 0

    def put_back(self, claimed: Delivery) -> None:
        """It was claimed, and has not left: its turn comes again."""
        mine = and_(_held(claimed), delivery.c.state == "claimed")
        with self._database.write_beside() as connection:
            connection.execute(update(delivery).where(mine).values(state="queued", run=None))

    def looked(self, claimed: Delivery, now: datetime, wait: timedelta) -> None:
        """It was looked for, and is not there so far: again after `wait`."""
        self._back(claimed, not_before=now + wait, wait=wait, looks=func.coalesce(delivery.c.looks, 0) + 1)

    def unproved(self, claimed: Delivery, now: datetime, wait: timedelta) -> None:
        """It could not be looked for: again after `wait`. Nothing was sent, so that no doubt is added."""
        self._back(claimed, not_before=now + wait, wait=wait)

    def sent(self, identifier: DeliveryId, message_id: int, now: datetime) -> None:
        """It is in the chat. True whoever sent it, so it also settles a row that another run has taken over."""
        done = {
            "state": "done",
            "message_id": message_id,
            "settled_at": now,
            "body": "",
            "not_before": None,
            "error": None,
        }
        unsettled = and_(delivery.c.id == identifier, delivery.c.state != "done")
        with self._database.write_beside() as connection:
            settled = update(delivery).where(unsettled).values(**done).returning(delivery.c.lane, delivery.c.called_at)
            row = connection.execute(settled).one_or_none()
            if row is not None and row.lane != "edit":
                scope = connection.execute(_SCOPE_OF, {"taken": identifier}).scalar_one()
                learn(connection, scope, message_id, row.called_at or now)

    def retry(self, claimed: Delivery, now: datetime, wait: timedelta = NONE, *, counts: bool, why: str = "") -> None:
        """It was certainly not sent. `counts` is False where that says nothing about the message, as a 429."""
        tries = delivery.c.tries - (0 if counts else 1)
        self._back(claimed, not_before=now + wait, wait=wait, tries=tries, error=why or None)

    def doubt(self, claimed: Delivery, now: datetime, wait: timedelta, why: str = "") -> None:
        """It may have arrived, which is on record: after `wait` it is looked for, or goes out again."""
        self._back(claimed, not_before=now + wait, wait=wait, doubts=delivery.c.doubts + 1, looks=0, error=why or None)

    def plain(self, claimed: Delivery, error: str) -> None:
        """Telegram refused the markup: once more, as plain text."""
        self._back(claimed, plain=True, error=error)

    def alone(self, claimed: Delivery) -> None:
        """The message that it answers is not there any more: it goes without."""
        self._back(claimed, target=None)

    def freeze(self, claimed: Delivery, now: datetime, wait: timedelta) -> None:
        """Nothing goes to its chat for so long; a freeze is never shortened."""
        until = now + wait
        sooner = or_(chat.c.frozen_until.is_(None), chat.c.frozen_until < until)
        whose = select(delivery.c.chat_id).where(_held(claimed)).scalar_subquery()
        with self._database.write_beside() as connection:
            frozen = {"frozen_until": until, "frozen_for": wait}
            connection.execute(update(chat).where(chat.c.id == whose, sooner).values(**frozen))

    def pause(self, now: datetime, wait: timedelta) -> None:
        """Nothing goes to anybody for so long, but for the journal: what waited then comes as one digest a chat.

        No time at all: a pause ends now.
        """
        with self._database.write() as connection:
            connection.execute(
                _PUT_PAUSE, {"name": PAUSE, "value": f"{(now + wait).isoformat()} {wait.total_seconds()}"}
            )

    def paused(self, now: datetime) -> datetime | None:
        """When the pause ends; None where there is none."""
        with self._database.read() as connection:
            return pause_end(connection, now)

    def rewind(self, now: datetime) -> None:
        """The clock was set back: no wait lasts longer than it was meant to."""
        with self._database.write() as connection:
            for table, until, wait, which in _WAITS:
                late = update(table).where(until - wait > bindparam("now", type_=Instant()), which)
                connection.execute(late.values({until: bindparam("now", type_=Instant()) + wait}), {"now": now})
            ending, length = _pause_end(connection), _pause_length(connection)
            if ending is not None and ending - length > now:
                value = f"{(now + length).isoformat()} {length.total_seconds()}"
                connection.execute(_PUT_PAUSE, {"name": PAUSE, "value": value})

    def dead(self, claimed: Delivery, error: str, now: datetime) -> None:
        """It can't be sent; `error` says why, is kept, and the operators are told."""
        with self._database.write() as connection:
            found = _chat_behind(connection, claimed)
            if found is not None:
                values = {"state": "dead", "error": error, "settled_at": now, "body": ""}
                connection.execute(update(delivery).where(_held(claimed)).values(**values))
                begin(connection, about_chat(found.id), (NewNotice("undelivered", error, now),), now)

    def muted(self, claimed: Delivery, reason: str, now: datetime) -> None:
        """It is not to be sent any more: an edit of a message that is not there."""
        self._settle(claimed, state="muted", error=reason, settled_at=now, body="")

    def moved(self, claimed: Delivery, new_telegram_id: int) -> None:
        """The chat has another Telegram id: the message goes there."""
        with self._database.write() as connection:
            found = _chat_behind(connection, claimed)
            if found is not None:
                _requeue(connection, claimed)
                move(connection, found.telegram_id, new_telegram_id)

    def gone(self, claimed: Delivery, error: str, now: datetime) -> None:
        """The chat refuses us: it is gone, and its messages wait for its return."""
        with self._database.write() as connection:
            found = _chat_behind(connection, claimed)
            if found is not None:
                _requeue(connection, claimed, error=error)
                set_gone(connection, chat.c.id == found.id, now)

    def hold(self, claimed: Delivery, error: str, now: datetime, note: Note | None = None) -> None:
        """The right to write is lost: the chat is held, and its messages wait for the right to come back.

        `note` tells whoever can give it back; without one, the operators are told.
        """
        with self._database.write() as connection:
            found = _chat_behind(connection, claimed)
            if found is not None:
                _requeue(connection, claimed, error=error)
                set_state(connection, ChatKey(found.id), "held")
                if note is None:
                    begin(connection, about_chat(found.id), (NewNotice("rights", error, now),), now)
                tell(connection, note, now)

    def hold_topic(self, claimed: Delivery, error: str, now: datetime, note: Note | None = None) -> None:
        """Its topic is closed or deleted: what goes there waits, the chat goes on. `note`: as in `hold`."""
        with self._database.write() as connection:
            mine = select(delivery).where(_held(claimed)).with_for_update()
            found = connection.execute(mine).one_or_none()
            if found is not None:
                _requeue(connection, claimed, error=error)
                hold_topic(connection, ChatKey(found.chat_id), found.thread, now)
                if note is None:
                    about = about_chat(found.chat_id, found.thread)
                    begin(connection, about, (NewNotice("topic", error, now),), now)
                tell(connection, note, now)

    def recover(self, run: str) -> int:
        """Queue again what another run left: in doubt what it had in flight, as it was what it had only claimed. How
        many are in doubt."""
        left = and_(delivery.c.state == "sending", delivery.c.run != run)
        in_doubt = {"state": "queued", "doubts": delivery.c.doubts + 1, "not_before": None, "looks": 0}
        claimed = and_(delivery.c.state == "claimed", delivery.c.run != run)
        with self._database.write() as connection:
            connection.execute(update(delivery).where(claimed).values(state="queued", run=None))
            return connection.execute(update(delivery).where(left).values(**in_doubt)).rowcount

    def wake(self) -> None:
        """Everybody answers again: what only waited to be tried again goes out now."""
        retried = and_(delivery.c.state == "queued", delivery.c.tries > 0, delivery.c.doubts == 0)
        with self._database.write() as connection:
            connection.execute(update(delivery).where(retried, delivery.c.wait <= SHORT).values(not_before=None))

    def lately(self, since: datetime) -> tuple[tuple[int, datetime], ...]:
        """What was sent since then: the Telegram id of the chat and when, oldest first."""
        query = (
            select(chat.c.telegram_id, delivery.c.settled_at)
            .join(chat, chat.c.id == delivery.c.chat_id)
            # not by its state: nearly all are done
            .where(delivery.c.message_id.is_not(None), delivery.c.settled_at > since)
            .order_by(delivery.c.settled_at)
        )
        with self._database.read() as connection:
            return tuple((row.telegram_id, row.settled_at) for row in connection.execute(query))

    def waiting(self, now: datetime) -> Waiting:
        """The outbox in figures."""
        with self._database.read() as connection:
            return waiting(connection, now)

    def _back(self, claimed: Delivery, **values: Any) -> None:
        self._settle(claimed, state="queued", run=None, **values)

    def _settle(self, claimed: Delivery, **values: Any) -> None:
        with self._database.write_beside() as connection:
            connection.execute(update(delivery).where(_held(claimed)).values(**values))


def pause_end(connection: Connection, now: datetime) -> datetime | None:
    """`Outbox.paused`, inside the caller's transaction."""
    until = _pause_end(connection)
    return until if until is not None and until > now else None


def waiting(connection: Connection, now: datetime) -> Waiting:
    """`Outbox.waiting`, inside the caller's transaction."""
    return Waiting(*connection.execute(_FIGURES, {"now": now}).one())


def stuck(connection: Connection) -> tuple[StuckPlace, ...]:
    """The places off Telegram where something waits since a try failed, the longest first."""
    return tuple(StuckPlace(*row) for row in connection.execute(_STUCK))


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


def expire(connection: Connection, before: datetime, now: datetime) -> int:
    """Give up what has waited since before then, where its chat or its topic takes nothing. The number of messages."""
    shut = delivery.c.chat_id.in_(select(chat.c.id).where(chat.c.state != "active"))
    old = and_(delivery.c.state == "queued", delivery.c.queued_at < before, or_(shut, _closed()))
    given_up = {"state": "dead", "error": "jamais pu être remis", "settled_at": now, "body": ""}
    return connection.execute(update(delivery).where(old).values(**given_up)).rowcount


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
        "rank": _RANKS[each.lane],
        "item": each.item,
        "part": each.part,
        "body": text,
        "state": "queued",
        "tries": 0,
        "doubts": 0,
        "plain": False,
        "not_before": each.not_before,
        "wait": None if each.not_before is None else max(each.not_before - now, NONE),
        "queued_at": now,
        "whose": each.chat,
        "where": each.thread,
        "about": each.target,
    }


# --- who goes next -------------------------------------------------------------------------------------------------
_other = delivery.alias("other")
_aimed = delivery.alias("aimed")
_now = bindparam("now", type_=Instant())
# The index's own words: by its state, the planner would take all that waits from another index, and sort it
_PLACE: ColumnElement[int] = literal_column("CASE WHEN delivery.state = 'queued' THEN delivery.rank END", Integer)


def _ours() -> ColumnElement[bool]:
    round_telegram = or_(~bindparam("elsewhere", type_=Boolean), chat.c.kind == "elsewhere")
    return and_((chat.c.kind == "console") == bindparam("console"), round_telegram)


def _told_in_a_pause() -> ColumnElement[bool]:
    return or_(~bindparam("paused", type_=Boolean), _journal())


def _free() -> ColumnElement[bool]:
    _, busy = numbers(bindparam("busy"))
    return chat.c.telegram_id.not_in(select(busy))


def _ready() -> Any:
    """What may go out now, flashes first, then the longest waiting, from a place on; `passed` are chats besides."""
    rank = bindparam("rank", type_=Integer)
    beyond = and_(rank <= _PLACE, or_(rank < _PLACE, delivery.c.id > bindparam("behind")))
    others = delivery.c.chat_id.not_in(bindparam("passed", expanding=True))
    return (
        select(delivery.c.id, delivery.c.chat_id, delivery.c.rank)
        .join(chat, chat.c.id == delivery.c.chat_id + 0)  # the sum has no index: never from the chats
        .where(beyond, others)
        .where(_open(), _ripe(), *_unhindered(), _ours(), _free(), _told_in_a_pause())
        .order_by(_PLACE, delivery.c.id)
        .limit(bindparam("most"))
    )


def _take(connection: Connection, asked: dict[str, Any], run: str, limit: int) -> tuple[Delivery, ...]:
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


def _open() -> ColumnElement[bool]:
    return and_(chat.c.state == "active", or_(chat.c.frozen_until.is_(None), chat.c.frozen_until <= _now))


def _ripe() -> ColumnElement[bool]:
    return or_(delivery.c.not_before.is_(None), delivery.c.not_before <= _now)


def _unhindered() -> tuple[ColumnElement[bool], ...]:
    return ~_in_flight(), ~_held_up(), ~_beside_a_doubt(), ~_too_early(), ~_closed()


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


def _closed() -> ColumnElement[bool]:
    here = and_(held_topic.c.chat_id == delivery.c.chat_id, held_topic.c.thread == delivery.c.thread)
    return exists().where(here).correlate(delivery)


def _journal() -> ColumnElement[bool]:
    """A message of the journal, which is edited later: it is never folded into another."""
    return func.substr(delivery.c.item, 1, 1) == "j"


def _late(which: ColumnElement[bool]) -> Any:
    """The chats, and their threads, with something to catch up on, where a condition holds."""
    lasting = and_(
        delivery.c.state == "queued",
        delivery.c.doubts == 0,
        delivery.c.lane.not_in(("edit", "catchup")),
        ~_journal(),
        _open(),
        ~_closed(),
        _ours(),
    )
    group = select(delivery.c.chat_id, delivery.c.thread).join(chat, chat.c.id == delivery.c.chat_id)
    return group.where(lasting, which).distinct()


def _figures() -> Any:
    """The columns of `Waiting`, in its order, each from an index of its own: most rows are done, and asked by none."""
    queued = delivery.c.state == "queued"
    return select(
        _number(queued),
        _number(queued, _open(), _ripe()),
        _number(queued, chat.c.state != "active"),
        _number(delivery.c.state.in_(("claimed", "sending"))),
        _number(delivery.c.state == "dead"),
        select(func.coalesce(func.sum(delivery.c.doubts), 0)).where(delivery.c.doubts > 0).scalar_subquery(),
        select(func.min(delivery.c.queued_at)).where(queued).scalar_subquery(),
    )


def _number(*which: ColumnElement[bool]) -> Any:
    both = delivery.join(chat, chat.c.id == delivery.c.chat_id)
    return select(func.count()).select_from(both).where(*which).scalar_subquery()


# Built once: they run at every tick, and building them costs more than running them.
_READY, _CHOSEN, _FIGURES = _ready(), _chosen(), _figures()
_STUCK = (
    select(func.max(delivery.c.error), func.count(), func.min(delivery.c.queued_at).label("since"))
    .join_from(delivery, chat, delivery.c.chat_id == chat.c.id)
    .where(chat.c.kind == "elsewhere", delivery.c.state.in_(("queued", "claimed", "sending")))
    .group_by(chat.c.id)
    .having(func.max(delivery.c.error).is_not(None))
    .order_by("since")
)
_OLD = _late(delivery.c.queued_at <= bindparam("old", type_=Instant()))
_BACK = select(chat.c.id).where(chat.c.back_at.is_not(None))
_BEFORE_RETURN = _late(
    and_(delivery.c.chat_id.in_(bindparam("few", expanding=True)), delivery.c.queued_at <= chat.c.back_at)
)
_WAITS: tuple[tuple[Table, Any, Any, ColumnElement[bool]], ...] = (
    # nearly all are settled, and wait for nothing
    (delivery, delivery.c.not_before, delivery.c.wait, delivery.c.state.in_(("queued", "claimed", "sending"))),
    (chat, chat.c.frozen_until, chat.c.frozen_for, chat.c.frozen_until.is_not(None)),
)
_AIMED = select(_other.c.id, _other.c.state, _other.c.doubts).where(
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
    .values(target=_AIMED.with_only_columns(_other.c.id).scalar_subquery())
    .on_conflict_do_nothing(index_elements=["chat_id", "thread", "item", "part"])
    .inline(),
    (
        *("chat_id", "thread", "lane", "rank", "item", "part", "body", "state", "tries", "doubts", "plain"),
        *("not_before", "wait", "queued_at"),
    ),
)
_TAKE = (
    update(delivery)
    .where(delivery.c.id == bindparam("taken"))
    .values(state="claimed", run=bindparam("run"), claim_no=delivery.c.claim_no + 1)
)
_SCOPE_OF = (
    select(sequence())
    .select_from(delivery.join(chat, chat.c.id == delivery.c.chat_id))
    .where(delivery.c.id == bindparam("taken"))
)
_START = (
    update(delivery)
    .where(
        delivery.c.id == bindparam("taken"),
        delivery.c.claim_no == bindparam("turn"),
        delivery.c.state.in_(("claimed", "sending")),  # said twice, where nobody knew whether it had been heard
    )
    .values(
        state="sending",
        tries=bindparam("try"),
        called_at=bindparam("now", type_=Instant()),
        looks=None,
        floor=select(floor()).where(chat.c.id == delivery.c.chat_id).scalar_subquery(),
    )
)


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


# --- a pause -------------------------------------------------------------------------------------------------------
PAUSE = "pause"  # the memo that says until when nothing is sent, and how long that was meant to be, in seconds
_PUT_PAUSE = upsert(memo, "name", changing=("value",))
_GET_PAUSE = select(memo.c.value).where(memo.c.name == PAUSE)


def _pause_end(connection: Connection) -> datetime | None:
    said = connection.execute(_GET_PAUSE).scalar()
    return datetime.fromisoformat(said.split(" ")[0]) if said else None


def _pause_length(connection: Connection) -> timedelta:
    said = connection.execute(_GET_PAUSE).scalar()
    return timedelta(seconds=float(said.split(" ")[1])) if said else NONE


def _paused(connection: Connection, now: datetime) -> bool:
    """Whether a pause holds; one that has just ended leaves what waited to be caught up on, chat by chat."""
    until = _pause_end(connection)
    if until is None or until > now:
        return until is not None
    waited = exists().where(
        _other.c.state == "queued", _other.c.chat_id == chat.c.id, _other.c.queued_at <= until, _other.c.lane != "edit"
    )
    connection.execute(update(chat).where(waited).values(back_at=until))
    connection.execute(delete(memo).where(memo.c.name == PAUSE))
    return False


# --- catching up ---------------------------------------------------------------------------------------------------
def _is_to_be_folded(connection: Connection, asked: dict[str, Any], until: datetime | None, *, folding: bool) -> bool:
    """Whether something has waited too long, or a pause has just ended: that comes before anything is taken."""
    if until is not None:
        return bool(until <= asked["now"])
    return folding and bool(_to_catch_up(connection, asked))


def _fold(connection: Connection, asked: dict[str, Any], catch_up: CatchUp) -> None:
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
    foldable = and_(here, delivery.c.doubts == 0, delivery.c.lane != "edit", ~_journal())
    waiting = select(delivery).where(foldable).order_by(delivery.c.rank, delivery.c.id).with_for_update()
    rows = connection.execute(waiting).all()  # those and no others: one may come back to the queue meanwhile
    these = update(delivery).where(delivery.c.id.in_([row.id for row in rows]))
    if len(rows) < 2:
        connection.execute(these.values(lane="catchup", rank=_RANKS["catchup"]))
        return
    whose = chat_of(connection.execute(select(chat).where(chat.c.id == key)).one())
    item = f"c{max(row.id for row in rows)}"
    bodies = catch_up(whose, [Late(row.lane, row.body, row.queued_at) for row in rows], now)
    folded = {"state": "muted", "error": item, "settled_at": now, "body": "", "not_before": None}
    connection.execute(these.values(**folded))
    parts = enumerate(bodies, start=1)
    queue(connection, [NewDelivery(whose.key, "catchup", item, body, part, thread) for part, body in parts], now)


# --- answers -------------------------------------------------------------------------------------------------------
def _held(claimed: Delivery) -> ColumnElement[bool]:
    """The condition that it is in the hands of whoever claimed it then, and was not taken over since."""
    mine = and_(delivery.c.id == claimed.id, delivery.c.claim_no == claimed.claim)
    return and_(mine, delivery.c.state.in_(("claimed", "sending")))


def _requeue(connection: Connection, claimed: Delivery, **values: Any) -> None:
    connection.execute(update(delivery).where(_held(claimed)).values(state="queued", run=None, **values))


def _chat_behind(connection: Connection, claimed: Delivery) -> Row[Any] | None:
    query = select(chat).join(delivery, delivery.c.chat_id == chat.c.id).where(_held(claimed))
    return connection.execute(query.with_for_update(of=delivery)).one_or_none()
