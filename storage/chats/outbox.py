"""The outbox: what is to be sent, and what became of it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, func, or_, select, update

from storage.chats import catchup, claims, pause
from storage.chats.catchup import CatchUp
from storage.chats.chats import hold_topic, move, set_gone, set_state
from storage.chats.model import Delivery, NewDelivery, Note
from storage.chats.proof import floor, learn, sequence
from storage.chats.queueing import queue, tell
from storage.database import Database
from storage.ids import ChatKey, DeliveryId
from storage.operators.causes import about_chat, begin
from storage.operators.model import NewNotice
from storage.schema import Instant, chat, delivery

NONE = timedelta()
SHORT = timedelta(minutes=1)  # the longest wait between two tries that says nothing but "not reached"


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
            until = pause.end_of(connection)
            if not catchup.is_due(connection, asked, until, folding=catch_up is not None):
                return claims.take(connection, asked | {"paused": until is not None}, run, limit)
        with self._database.write() as connection:  # rare, and it queues messages: nobody else writes meanwhile
            paused = pause.settle(connection, now)
            if not paused and catch_up is not None:
                catchup.fold(connection, asked, catch_up)
        with self._database.write_beside("messages") as connection:
            return claims.take(connection, asked | {"paused": paused}, run, limit)

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
            pause.begin(connection, now, wait)

    def paused(self, now: datetime) -> datetime | None:
        """When the pause ends; None where there is none."""
        with self._database.read() as connection:
            return pause.running_until(connection, now)

    def rewind(self, now: datetime) -> None:
        """The clock was set back: no wait lasts longer than it was meant to."""
        with self._database.write() as connection:
            for table, until, wait, which in _WAITS:
                late = update(table).where(until - wait > bindparam("now", type_=Instant()), which)
                connection.execute(late.values({until: bindparam("now", type_=Instant()) + wait}), {"now": now})
            pause.rewind(connection, now)

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

    def topic_of(self, key: ChatKey, message_id: int | None) -> int | None:
        """The topic in which a chat got this message, 0 for none; None for one that is no delivery, or forgotten."""
        there = and_(delivery.c.chat_id == key, delivery.c.message_id == message_id)
        with self._database.read() as connection:
            return connection.execute(select(delivery.c.thread).where(there).limit(1)).scalar()

    def _back(self, claimed: Delivery, **values: Any) -> None:
        self._settle(claimed, state="queued", run=None, **values)

    def _settle(self, claimed: Delivery, **values: Any) -> None:
        with self._database.write_beside() as connection:
            connection.execute(update(delivery).where(_held(claimed)).values(**values))


def expire(connection: Connection, before: datetime, now: datetime) -> int:
    """Give up what has waited since before then, where its chat or its topic takes nothing. The number of messages."""
    shut = delivery.c.chat_id.in_(select(chat.c.id).where(chat.c.state != "active"))
    old = and_(delivery.c.state == "queued", delivery.c.queued_at < before, or_(shut, claims.is_closed()))
    given_up = {"state": "dead", "error": "jamais pu être remis", "settled_at": now, "body": ""}
    return connection.execute(update(delivery).where(old).values(**given_up)).rowcount


def _held(claimed: Delivery) -> ColumnElement[bool]:
    """The condition that it is in the hands of whoever claimed it then, and was not taken over since."""
    mine = and_(delivery.c.id == claimed.id, delivery.c.claim_no == claimed.claim)
    return and_(mine, delivery.c.state.in_(("claimed", "sending")))


def _requeue(connection: Connection, claimed: Delivery, **values: Any) -> None:
    connection.execute(update(delivery).where(_held(claimed)).values(state="queued", run=None, **values))


def _chat_behind(connection: Connection, claimed: Delivery) -> Row[Any] | None:
    query = select(chat).join(delivery, delivery.c.chat_id == chat.c.id).where(_held(claimed))
    return connection.execute(query.with_for_update(of=delivery)).one_or_none()


_WAITS: tuple[tuple[Table, Any, Any, ColumnElement[bool]], ...] = (
    # nearly all are settled, and wait for nothing
    (delivery, delivery.c.not_before, delivery.c.wait, delivery.c.state.in_(("queued", "claimed", "sending"))),
    (chat, chat.c.frozen_until, chat.c.frozen_for, chat.c.frozen_until.is_not(None)),
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
