"""Which numbers a message in doubt may bear in its chat: what is known of the numbers around the moment of its call.

The Bot API numbers the messages of private chats and basic groups in one sequence a bot, those of a supergroup or a
channel in one of its own. `benchmarks.kills` and the emulator hold us to that; the real service is checked once by
`vigie doctor --probe`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    type_coerce,
    update,
)

from storage import key_values
from storage.database import Database
from storage.dialect import insert
from storage.ids import ChatKey, DeliveryId
from storage.operators.causes import begin, end
from storage.operators.model import NewNotice
from storage.schema import MICROSECOND, chat, delivery, known_message, open_reply

LONGEST_CALL = timedelta(
    seconds=35
)  # 5 to connect, 30 to answer: what was asked for before that has arrived, or never will
MOST_PROBES = 50
SPARE = 12  # numbers asked about beyond the last known one: what people wrote to us meanwhile took some
KEPT = timedelta(days=3)  # no doubt lasts so long
BOT = "bot"  # the memo that says whose numbers are known
FORBIDDEN = "probe"  # the memo that says so, with the message that was changed
SHARED = 0  # the sequence of the bot itself


class Proof:
    """The numbers of messages, as they become known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, identifier: DeliveryId) -> tuple[int, ...] | None:
        """The numbers that this message in doubt may bear, at most 50, in the order in which to ask for them.

        None: probes are forbidden, nothing is known of the numbers before it, or a reply of ours stands
        among them under a number that nobody knows, so that to ask could change it.
        """
        with self._database.read() as connection:
            row = connection.execute(_CALL, {"which": identifier}).one_or_none()
            if forbidden(connection) or row is None or row.floor is None or row.reply_open:
                return None
            known = connection.execute(_KNOWN, {"scope": row.scope, "floor": row.floor}).all()
            doubts = connection.execute(_DOUBTS, {"scope": row.scope}).scalar_one()
        numbers = _unknown(row.floor, known, row.called_at + LONGEST_CALL, SPARE + doubts)
        return tuple(islice(numbers, MOST_PROBES))

    def witness(self, telegram_id: int, message_id: int, at: datetime) -> None:
        """Somebody's message stands in a chat of ours under that number since `at`."""
        with self._database.write_beside() as connection:
            scope = connection.execute(_SCOPE, {"telegram_id": telegram_id}).scalar_one_or_none()
            if scope is not None:
                learn(connection, scope, message_id, at)

    def speaks(self, bot: int) -> None:
        """This bot writes from now on: another one's numbers mean nothing, and what it had in doubt can't be sought."""
        with self._database.write() as connection:
            known = key_values.get(connection, BOT)
            if known == str(bot):
                return
            key_values.put(connection, BOT, str(bot))
            if known is not None:
                connection.execute(delete(known_message))
                connection.execute(update(delivery).where(delivery.c.looks.is_not(None)).values(floor=None))

    def forbid(self, detail: str, now: datetime) -> None:
        """A probe changed a message: no more, until `allow`. `detail` says which one; the operators are told."""
        with self._database.write() as connection:
            key_values.put(connection, FORBIDDEN, detail)
            begin(connection, "", (NewNotice("probe", detail, now),), now)

    def allow(self, now: datetime) -> None:
        """An operator has tried it: messages in doubt are looked for again."""
        with self._database.write() as connection:
            key_values.put(connection, FORBIDDEN, None)
            end(connection, "", ("probe",), now)

    def reply(self, telegram_id: int, now: datetime) -> int | None:
        """A reply leaves for that chat, under a number not known yet: what names it until `replied`, None where the
        chat is not one of ours."""
        there = select(chat.c.id).where(chat.c.telegram_id == telegram_id).with_for_update(read=True, key_share=True)
        with self._database.write_beside() as connection:
            key = connection.execute(there).scalar_one_or_none()
            if key is None:
                return None
            made = insert(open_reply).values(chat_id=key, at=now).returning(open_reply.c.id)
            return int(connection.execute(made).scalar_one())

    def replied(self, reply: int, message_id: int | None) -> None:
        """The reply stands under that number; None: it certainly did not leave. Not to be called where nobody knows."""
        with self._database.write_beside() as connection:
            row = connection.execute(_REPLY, {"which": reply}).one_or_none()
            if row is not None and message_id is not None:
                learn(connection, row.scope, message_id, row.at)
            connection.execute(delete(open_reply).where(open_reply.c.id == reply))


def forbidden(connection: Connection) -> bool:
    """Whether a probe has changed a message, and no operator has said since that they may go on."""
    return key_values.get(connection, FORBIDDEN) is not None


def sequence() -> ColumnElement[int]:
    """The sequence that a chat's messages are numbered in, as SQL: ours for the chat, or 0, that of the bot."""
    return case((chat.c.kind.in_(("private", "group")), SHARED), else_=chat.c.id)


def floor() -> ColumnElement[int | None]:
    """The last number known in the sequence of the chat at hand, as SQL."""
    here = known_message.c.scope == sequence()
    return select(func.max(known_message.c.message_id)).where(here).correlate(chat).scalar_subquery()


def learn(connection: Connection, scope: int, message_id: int, at: datetime) -> None:
    """A message stands under that number of a sequence; `at`: when it came, or when it was asked for."""
    connection.execute(_LEARN, {"scope": scope, "message_id": message_id, "at": at})


def forget_numbers(connection: Connection, now: datetime) -> None:
    """Forget what no doubt can ask for any more, but the last number of each sequence: the next call begins there."""
    later = known_message.alias("later")
    last = select(func.max(later.c.message_id)).where(later.c.scope == known_message.c.scope).scalar_subquery()
    connection.execute(delete(known_message).where(known_message.c.at < now - KEPT, known_message.c.message_id < last))
    connection.execute(delete(open_reply).where(open_reply.c.at < now - KEPT))


def forget_sequence(connection: Connection, key: ChatKey) -> None:
    """A chat is gone, or has become one that counts anew."""
    connection.execute(delete(known_message).where(known_message.c.scope == key))


def _unknown(low: int, known: Sequence[Row[Any, Any]], after: datetime, beyond: int) -> Iterator[int]:
    """The numbers above `low` that nothing known bears: below the first that was asked for `after`, or else as many as
    `beyond` above the last known one."""
    ceiling = next((each.message_id for each in known if each.at > after), None)
    taken = {each.message_id for each in known}
    end = ceiling if ceiling is not None else max(taken, default=low) + beyond + 1
    return (number for number in range(low + 1, end) if number not in taken)


def _call() -> Any:
    """Of a message: its sequence, when it was asked for, the last number before that, and whether a reply is open."""
    since = type_coerce(delivery.c.called_at, BigInteger) - LONGEST_CALL // MICROSECOND
    reply_open = exists().where(
        open_reply.c.chat_id == delivery.c.chat_id, type_coerce(open_reply.c.at, BigInteger) >= since
    )
    columns = (sequence().label("scope"), delivery.c.called_at, delivery.c.floor, reply_open.label("reply_open"))
    joined = delivery.join(chat, chat.c.id == delivery.c.chat_id)
    return select(*columns).select_from(joined).where(delivery.c.id == bindparam("which"))


_CALL = _call()
_KNOWN = (
    select(known_message.c.message_id, known_message.c.at)
    .where(known_message.c.scope == bindparam("scope"), known_message.c.message_id > bindparam("floor"))
    .order_by(known_message.c.message_id)
)
_DOUBTS = (
    select(func.count())
    .select_from(delivery.join(chat, chat.c.id == delivery.c.chat_id))
    .where(delivery.c.doubts > 0, delivery.c.state != "done", sequence() == bindparam("scope"))
)
_SCOPE = select(sequence()).where(chat.c.telegram_id == bindparam("telegram_id"))
_REPLY = (
    select(sequence().label("scope"), open_reply.c.at)
    .select_from(open_reply.join(chat, chat.c.id == open_reply.c.chat_id))
    .where(open_reply.c.id == bindparam("which"))
)
_LEARN = insert(known_message).on_conflict_do_nothing()
