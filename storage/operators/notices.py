"""What operators are told: each cause once, in a message that changes as it does; and where they are told it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, or_, select, update

from storage.chats.model import Chat, MessageBody, NewDelivery, Note
from storage.chats.queueing import audience, fingerprint, queue, tell
from storage.chats.rows import chat_of
from storage.database import Database
from storage.dialect import insert
from storage.ids import ChatKey, FeedId
from storage.operators.causes import begin, end
from storage.operators.model import LASTING, LOST, JournalMessage, NewNotice, Notice, NoticeKind, PageSort, Untold
from storage.schema import chat, delivery, feed, journal_page, journal_place, notice

Compose = Callable[[Sequence[Notice], str], MessageBody]
"""The message that tells these causes in this language: pure, inside a transaction."""


class Notices:
    """Rows of `notice`. One that ends before it was told is never told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        of: FeedId | None,
        notices: Sequence[NewNotice],
        over: tuple[NoticeKind, ...],
        now: datetime,
        machine: str = "",
    ) -> None:
        """Begin some notices about a feed, or about Vigie itself (on one machine of several), and end some."""
        about = of or machine
        with self._database.write() as connection:
            end(connection, about, over, now)
            begin(connection, about, notices, now, of=of)

    def open(self) -> tuple[Notice, ...]:
        """What lasts, told or not, the oldest first."""
        with self._database.read() as connection:
            return _notices(connection, notice.c.ended_at.is_(None))

    def untold(self) -> Untold:
        """What there is to tell, and to tell anew."""
        with self._database.read() as connection:
            waiting = _ALL.where(notice.c.ended_at.is_(None), notice.c.page.is_(None)).order_by(notice.c.id)
            told = tuple((_notice(row), row.raised_at) for row in connection.execute(waiting))
            changing = exists().where(
                notice.c.page == journal_page.c.item,
                or_(notice.c.ended_at.is_(None), notice.c.stale),
            )
            pages = connection.execute(select(journal_page).where(changing).order_by(journal_page.c.made_at)).all()
            hourly = select(func.max(journal_page.c.made_at, type_=journal_page.c.made_at.type))
            last = connection.execute(hourly.where(journal_page.c.sort == "hourly")).scalar()
            return Untold(told, tuple(_page(connection, row) for row in pages), last)

    def tell(
        self, sort: PageSort, told: Sequence[Notice], admins: frozenset[int], compose: Compose, now: datetime
    ) -> int:
        """Queue one message that tells these causes, unless they are over; the number of chats that it goes to.

        Where nobody has a chat with us yet, they stay untold.
        """
        with self._database.write() as connection:
            still = _notices(connection, and_(notice.c.id.in_([each.id for each in told]), notice.c.page.is_(None)))
            if not still:
                return 0
            item = f"j{still[0].id}"
            note = Note(item, admins, lambda language: compose(still, language))
            queued = tell(connection, note, now)
            if queued:
                row = {"item": item, "sort": sort, "made_at": now, "edited_at": now, "said": _said(compose, still)}
                connection.execute(insert(journal_page).values(**row).on_conflict_do_nothing())
                _join(connection, item, still, now)
        return queued

    def join(self, item: str, told: Sequence[Notice], now: datetime) -> None:
        """These causes are told by a message that has not left yet."""
        with self._database.write() as connection:
            _join(connection, item, told, now)

    def mark(self, told: Sequence[Notice], now: datetime) -> None:
        """These causes were told in another way: by the log."""
        with self._database.write() as connection:
            _join(connection, "j0", told, now)

    def retell(self, item: str, compose: Compose, now: datetime) -> int:
        """Edit a message where what it tells has changed; the number of chats where it will.

        Where somebody took it away, it is not said again.
        """
        with self._database.write() as connection:
            found = _notices(connection, notice.c.page == item)
            said = _said(compose, found)
            before = connection.execute(select(journal_page.c.said).where(journal_page.c.item == item)).scalar()
            stood = update(journal_page).where(journal_page.c.item == item)
            connection.execute(stood.values(edited_at=now, said=said))
            connection.execute(update(notice).where(notice.c.page == item).values(stale=False))
            if before == said:
                return 0
            return _edit(connection, item, lambda language: compose(found, language), said[:8], now)

    def amend(self, item: str, body: Callable[[str], MessageBody], now: datetime) -> int:
        """Edit a word of the journal that is told by no page; the number of chats where it will."""
        with self._database.write() as connection:
            return _edit(connection, item, body, "", now)

    # --- where -----------------------------------------------------------------------------------------------------
    def here(self, key: ChatKey, thread: int) -> None:
        """From now on the journal goes to this chat, or to this topic of it, and nowhere else."""
        with self._database.write() as connection:
            connection.execute(delete(journal_place))
            connection.execute(insert(journal_place).values(chat_id=key, thread=thread))

    def private(self) -> None:
        """From now on the journal goes to the administrators' own chats."""
        with self._database.write() as connection:
            connection.execute(delete(journal_place))

    def place(self) -> tuple[Chat, int] | None:
        """The chat, and its topic (0: none), that the journal was sent to; None: the administrators' own."""
        query = select(chat, journal_place.c.thread).join(journal_place, journal_place.c.chat_id == chat.c.id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else (chat_of(row), row.thread)

    def readers(self, admins: frozenset[int]) -> tuple[tuple[Chat, int], ...]:
        """The chats that the journal goes to now, with the topic."""
        with self._database.read() as connection:
            return audience(connection, admins)

    def note(self, note: Note, now: datetime) -> int:
        """Queue a word; the number of chats that it goes to."""
        with self._database.write() as connection:
            return tell(connection, note, now)


def forget_old(connection: Connection, before: datetime) -> None:
    """Forget what ended before then (not why a source was silent), and the messages that told nothing else."""
    connection.execute(delete(notice).where(notice.c.ended_at < before, notice.c.kind.not_in(LOST)))
    told = exists().where(notice.c.page == journal_page.c.item)
    connection.execute(delete(journal_page).where(~told, journal_page.c.made_at < before))


def _join(connection: Connection, item: str, told: Iterable[Notice], now: datetime) -> None:
    for each in told:
        mine = update(notice).where(notice.c.id == each.id)
        over = {} if each.kind in LASTING else {"ended_at": now}  # it happened: the next one will be told again
        connection.execute(mine.values(page=item, **over))


def _edit(connection: Connection, item: str, body: Callable[[str], MessageBody], mark: str, now: datetime) -> int:
    rows = connection.execute(_standing(item)).all()
    bodies = {row.language: body(row.language) for row in rows}
    name = f"{item}.{int(now.timestamp())}.{mark}"
    edits = [
        NewDelivery(ChatKey(row.id), "edit", name, bodies[row.language], thread=row.thread, target=item) for row in rows
    ]
    queue(connection, edits, now)
    return len(edits)


def _standing(item: str) -> Any:
    """The chats where the message is, or will be: not those where an edit found it gone."""
    other = delivery.alias()
    lost = exists().where(
        other.c.state == "muted",
        other.c.chat_id == delivery.c.chat_id,
        other.c.target == delivery.c.id,
        other.c.lane == "edit",
    )
    return select(chat.c.id, chat.c.language, delivery.c.thread).where(
        chat.c.id == delivery.c.chat_id, _copy(item), ~lost
    )


def _copy(item: str) -> ColumnElement[bool]:
    return and_(delivery.c.item == item, delivery.c.part == 1)


def _said(compose: Compose, notices: Sequence[Notice]) -> str:
    return fingerprint(compose(notices, "fr"))


def _page(connection: Connection, row: Row[Any]) -> JournalMessage:
    states = set(connection.execute(select(delivery.c.state).where(_copy(row.item))).scalars())
    told = _notices(connection, notice.c.page == row.item)
    return JournalMessage(row.item, row.sort, row.made_at, row.edited_at, told, waits=states == {"queued"})


_ALL = select(notice, feed.c.name, feed.c.listed_url).join(feed, feed.c.id == notice.c.feed_id, isouter=True)


def _notices(connection: Connection, condition: ColumnElement[bool]) -> tuple[Notice, ...]:
    return tuple(map(_notice, connection.execute(_ALL.where(condition).order_by(notice.c.id))))


def _notice(row: Row[Any]) -> Notice:
    feed_id = FeedId(row.feed_id or "")
    return Notice(
        row.id, feed_id, row.name or "", row.listed_url or "", row.kind, row.detail, row.since, row.ended_at,
        row.about, row.times, row.page, row.stale,
    )  # fmt: skip
