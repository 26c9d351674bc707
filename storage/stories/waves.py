"""What many chats are to be told: an order first, then its messages, a few hundred chats a transaction."""

import json
import time
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, bindparam, delete, func, select, update

from matchers.model import Match
from storage.articles.articles import match_columns, match_from, matches_of
from storage.database import Database
from storage.dialect import insert
from storage.ids import ArticleId
from storage.prepared import Prepared
from storage.schema import announcement, subscription, wave
from storage.stories.announcements import LAST, announce_article, announce_story, stories_of
from storage.stories.model import Edition, Grouped
from storage.stories.newsroom import Newsroom

CROWD = 500  # readers above which a story is told in waves: 100,000 chats took a second and a half of the write lock
SHARE = 100  # places a transaction at most: 20 to 40 ms of CPU
LEAST = 10  # at fewer chats a transaction, Telegram (25 a second) would wait for us on a busy machine
HOLD = 0.03  # seconds for which a transaction is to keep others from writing: a third of what is promised


class Waves:
    """A wave is told in the order of the chats; a story's waves one after the other, so that the last text stands.

    How many places a transaction takes follows from how long the last one took, on this machine as busy as it is.
    """

    def __init__(self, database: Database, timer: Callable[[], float] = time.perf_counter) -> None:
        self._database = database
        self._timer = timer
        self._share = LEAST  # who has just started knows nothing of this machine yet

    def advance(self, newsroom: Newsroom, known: Container[str], now: datetime) -> int | None:
        """Tell the next chats of the wave whose turn it is; the number of new messages. None: no wave is under way.

        `known` are the watchlists in force: what only others kept is told no more.
        """
        with self._database.write() as connection:
            begun = self._timer()
            row = _NEXT.one(connection, {})
            if row is None:
                return None
            upto = _next_stop(connection, row, self._share)
            queued = _tell(connection, row, upto, newsroom, known, now)
            if upto == LAST:
                _END.run(connection, {"told": row.id})
            else:
                _GO_ON.run(connection, {"told": row.id, "upto": upto})
        self._share = next_share(self._share, self._timer() - begun)
        return queued


def next_share(share: int, seconds: float) -> int:
    """How many places the next transaction takes, by how long the last one took: fewer at once, more slowly."""
    wanted = round(share * HOLD / max(seconds, 0.001))
    return max(LEAST, min(wanted, share + share // 4 + 1, SHARE))


def put_off(
    connection: Connection,
    mine: Grouped,
    matches: Sequence[Match],
    before: Edition | None,
) -> bool:
    """Whether an article is told in a wave, since it has too many readers or its story has one under way: then that is
    on record, inside the caller's transaction."""
    names = [each.watchlist for each in matches]
    if not (names or mine.story) or not (_under_way(connection, mine) or _crowd(connection, mine, names)):
        return False
    row: dict[str, Any] = {"story_id": mine.story, "article_id": mine.article, "copy_of": mine.copy_of}
    row |= {"joined": mine.joined, "late": mine.late, "before": _written(before)}
    row |= {"watchlists": json.dumps(names), "fresh": not _known_to_some(connection, mine), "cursor": 0}
    connection.execute(insert(wave).values(**row))
    return True


def _under_way(connection: Connection, mine: Grouped) -> bool:
    if mine.story is None:
        return False
    return _WAVE.one(connection, {"story": mine.story}) is not None


def _known_to_some(connection: Connection, mine: Grouped) -> bool:
    if mine.story is None:
        return False
    return _SAID.one(connection, {"story": mine.story}) is not None


def _crowd(connection: Connection, mine: Grouped, names: Sequence[str]) -> bool:
    found = sum(_FOLLOWING.scalar(connection, {"name": name}) for name in names)
    if mine.story is not None:
        found += _TOLD.scalar(connection, {"story": mine.story})
    return int(found) > CROWD


def _next_stop(connection: Connection, row: Any, places: int) -> int:
    """The chat where a share of the places ends; LAST where all that are left are fewer."""
    readers = [(_NTH_FOLLOWER, {"name": name}) for name in json.loads(row.watchlists)]
    if row.story_id is not None:
        readers.append((_NTH_TOLD, {"story": row.story_id}))
    place = {"after": row.cursor, "behind": max(1, places // len(readers)) - 1}
    stops = (query.scalar(connection, asked | place) for query, asked in readers)
    return int(min((LAST, *(stop for stop in stops if stop is not None))))


def _tell(connection: Connection, row: Any, upto: int, newsroom: Newsroom, known: Container[str], now: datetime) -> int:
    article, within = ArticleId(row.article_id), (row.cursor, upto)
    names = {name for name in json.loads(row.watchlists) if name in known}
    matches = tuple(each for each in matches_of(connection, (article,)).get(article, ()) if each.watchlist in names)
    if row.story_id is None:
        return announce_article(connection, article, matches, newsroom.announce, now, within)
    home = stories_of(connection, (article,)).get(article)
    if home is None:
        return 0
    mine = Grouped(article, row.copy_of, home, joined=row.joined, late=row.late)
    return announce_story(connection, mine, matches, newsroom, now, _read(row.before), within)


def _written(before: Edition | None) -> str | None:
    if before is None:
        return None
    said = {"article": before.article, "title": before.title, "summary": before.summary, "text": before.text}
    return json.dumps(said | {"matches": [match_columns(each) for each in before.matches]})


def _read(written: str | None) -> Edition | None:
    if written is None:
        return None
    said = json.loads(written)
    matches = tuple(match_from(SimpleNamespace(**each)) for each in said.pop("matches"))
    return Edition(**said, matches=matches)


_WAVE = Prepared(select(wave.c.id).where(wave.c.story_id == bindparam("story")).limit(1))
_SAID = Prepared(select(announcement.c.chat_id).where(announcement.c.story_id == bindparam("story")).limit(1))


def _counted(table: Table, which: ColumnElement[bool]) -> Prepared:
    """How many places there are, one more than a crowd at most."""
    few = select(table.c.chat_id).where(which).limit(CROWD + 1).subquery()
    return Prepared(select(func.count()).select_from(few))


def _nth(table: Table, which: ColumnElement[bool]) -> Prepared:
    """The chat of a place behind a cursor, in the order of an index."""
    ahead = select(table.c.chat_id).where(which, table.c.chat_id > bindparam("after")).order_by(table.c.chat_id)
    return Prepared(ahead.limit(1).offset(bindparam("behind", type_=Integer)))


_FOLLOWER = subscription.c.watchlist == bindparam("name")
_READER = announcement.c.story_id == bindparam("story")
_FOLLOWING, _TOLD = _counted(subscription, _FOLLOWER), _counted(announcement, _READER)
_NTH_FOLLOWER, _NTH_TOLD = _nth(subscription, _FOLLOWER), _nth(announcement, _READER)
_END = Prepared(delete(wave).where(wave.c.id == bindparam("told")))
_GO_ON = Prepared(update(wave).where(wave.c.id == bindparam("told")).values(cursor=bindparam("upto")))
_other = wave.alias()
_FIRST_OF_STORY = select(func.min(_other.c.id)).where(_other.c.story_id == wave.c.story_id).scalar_subquery()
# flashes before what only edits; of a story, the first that came
_NEXT = Prepared(
    select(wave)
    .where((wave.c.story_id.is_(None)) | (wave.c.id == _FIRST_OF_STORY))
    .order_by(wave.c.fresh.desc(), wave.c.id)
    .limit(1)
)
