"""The causes that operators are told of, as they begin and end: rows of `notice`, inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, or_, select, update

from storage.dialect import insert
from storage.ids import ChatKey, FeedId
from storage.operators.model import LOST, TROUBLES, URGENT, NewNotice, NoticeKind
from storage.prepared import Prepared
from storage.schema import notice

FLAPS = timedelta(hours=6)  # a trouble that comes back so soon is the same one
DROPPED, NORMAL, PAUSED = "dropped", "normal", "paused"  # details of an end that is no recovery
FLAPPING: tuple[NoticeKind, ...] = (*TROUBLES, "disk")


def about_chat(key: int, thread: int = 0) -> str:
    """What a notice about a chat, or a topic of it, is about: no feed has such an id."""
    return f"@{key}/{thread}" if thread else f"@{key}"


def chat_about(about: str) -> tuple[ChatKey, int] | None:
    """What `about_chat` wrote, read back; None for anything else."""
    key, _, thread = about.removeprefix("@").partition("/")
    return (ChatKey(int(key)), int(thread or 0)) if about.startswith("@") else None


def begin(
    connection: Connection, about: str, notices: Sequence[NewNotice], now: datetime, *, of: FeedId | None = None
) -> None:
    """Begin some notices; one that lasts is brought up to date."""
    for each in notices:
        times = each.times or notice.c.times + 1
        mine = and_(lasts(about), notice.c.kind == each.kind)
        fresh: dict[str, Any] = {"detail": each.detail, "times": times}
        if each.kind in URGENT:  # what is urgent is told anew at once
            fresh["stale"] = or_(notice.c.stale, notice.c.detail != each.detail)
        if connection.execute(update(notice).where(mine).values(**fresh)).rowcount:
            continue
        if each.kind in FLAPPING and _again(connection, about, each.kind, now):
            connection.execute(update(notice).where(mine).values(detail=each.detail))
            continue
        row = {"feed_id": of, "about": about, "kind": each.kind, "detail": each.detail, "since": each.since}
        connection.execute(insert(notice).values(**row, raised_at=now, times=each.times or 1, stale=False))


def end(connection: Connection, about: str, kinds: tuple[NoticeKind, ...], now: datetime) -> None:
    """End some notices; what nobody was told of is forgotten, unless it says why a source was silent."""
    if lasting(connection, about, kinds):
        mine = and_(lasts(about), notice.c.kind.in_(list(kinds)))
        connection.execute(delete(notice).where(mine, _UNTOLD))
        connection.execute(update(notice).where(mine).values(ended_at=now, stale=True))


def lasting(connection: Connection, about: str, kinds: tuple[NoticeKind, ...]) -> bool:
    """Whether one of these kinds lasts: nearly always there is none, and each poll asks."""
    return bool(kinds) and any(row.kind in kinds for row in _LASTING.rows(connection, {"cause": about}))


def drop(connection: Connection, about: str, now: datetime) -> None:
    """It is no more, or is another one: a feed with a new address, or that is followed no more."""
    connection.execute(delete(notice).where(lasts(about), _UNTOLD))
    connection.execute(update(notice).where(lasts(about)).values(ended_at=now, detail=DROPPED, stale=True))


def settle(connection: Connection, about: str, kinds: tuple[NoticeKind, ...], how: str, now: datetime) -> int:
    """End some notices though nothing has recovered; the number of them."""
    mine = and_(lasts(about), notice.c.kind.in_(list(kinds)))
    return connection.execute(update(notice).where(mine).values(ended_at=now, detail=how, stale=True)).rowcount


def forget_chat(connection: Connection, key: int) -> None:
    """A chat is deleted: nothing is kept of it."""
    connection.execute(delete(notice).where(or_(notice.c.about == about_chat(key), _of_topics(key))))


def forget_topics(connection: Connection, key: int) -> None:
    """A chat has no longer the topics that it had: nothing is closed in it."""
    connection.execute(delete(notice).where(_of_topics(key)))


def _of_topics(key: int) -> ColumnElement[bool]:
    return notice.c.about.like(f"{about_chat(key)}/%")


def _again(connection: Connection, about: str, kind: NoticeKind, now: datetime) -> bool:
    """Whether a trouble that had just ended goes on: then its message says so, and no other does."""
    lately = and_(
        notice.c.about == about, notice.c.kind == kind, notice.c.ended_at > now - FLAPS, notice.c.page.is_not(None),
        notice.c.detail != DROPPED,
    )  # fmt: skip
    last = select(func.max(notice.c.id)).where(lately).scalar_subquery()
    return connection.execute(update(notice).where(notice.c.id == last).values(ended_at=None)).rowcount > 0


def lasts(about: str) -> ColumnElement[bool]:
    """The condition of being about that, and not over."""
    return and_(notice.c.about == about, notice.c.ended_at.is_(None))


_UNTOLD = and_(notice.c.page.is_(None), notice.c.kind.not_in(LOST))
_LASTING = Prepared(select(notice.c.kind).where(notice.c.about == bindparam("cause"), notice.c.ended_at.is_(None)))
