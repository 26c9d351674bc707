"""Copies, stories and dossiers: what is kept of them, and how an article finds its own."""

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Row, String, bindparam, delete, func, select, update

from matchers.stories.grouping import (
    Copied,
    Judge,
    Member,
    Neighbour,
    Numbers,
    Placed,
    SketchedText,
    Topic,
    Traits,
)
from storage.dialect import insert, later, numbers, reassign
from storage.flat import flat
from storage.ids import ArticleId, StoryId
from storage.prepared import Prepared
from storage.retention import Old
from storage.schema import (
    EPOCH,
    announcement,
    boilerplate,
    decision,
    fingerprint,
    grouped,
    story,
    topic_day,
    upsert,
)
from storage.stories.desk import contexts, desk_of, topic_of
from storage.stories.model import Grouped
from storage.stories.overrides import orders_on

CHUNK = 800  # names in one IN list
SAME_TITLE = 8  # articles
CROWD = 256  # articles found by one hash: what stands in more of them tells none from the others
FINGERPRINTS, BOILERPLATE, DOSSIERS = timedelta(days=60), timedelta(days=90), timedelta(days=365)
SKETCHED = 10  # rows of hashes that go with a text, at least
STALE = timedelta(days=1)  # how old the last sight of a boilerplate hash may be before it is written anew
_HALF, _WHOLE = 1 << 63, 1 << 64


@dataclass(frozen=True, slots=True)
class _Placed:
    """What the row of an article that was just written says of whose it is."""

    article_id: ArticleId
    copy_of: int
    story_id: None = None


# --- one article ---------------------------------------------------------------------------------------------------
def group(
    connection: Connection,
    article: ArticleId,
    traits: Traits,
    at: datetime,
    judge: Judge,
    *,
    tell: bool,
    added: bool = False,
) -> Grouped:
    """Find whose copy an article is and, where somebody is to be told, its story; inside the caller's transaction.

    An article known already is looked at anew where its text has changed; it never leaves a story by that. `added`: it
    was written in this very transaction, so nothing is known of it.
    """
    known = None if added else _ONE.one(connection, {"article": article})
    was = None if known is None else known.story_id
    copied, lone = Copied(()), False
    if known is None or known.content != traits.text.content:
        copied = _copied(connection, article, traits, at, judge)
        first = _write(connection, article, traits, at, copied, judge, known)
        lone = known is None and copied.target is None  # new, and nobody's copy: nobody's yet
        known = _Placed(article, first) if known is None else _ONE.one(connection, {"article": article})
    # the copy of what was told is a source of it, whatever it matches
    if known.story_id is None and (tell or not (lone or _story_of_copies(connection, known, copied.target) is None)):
        return replace(_told(connection, known, traits, at, judge, copied), joined=True)
    return _standing(connection, known, copied, joined=known.story_id != was)


def _standing(connection: Connection, row: Row[Any] | _Placed, copied: Copied, *, joined: bool) -> Grouped:
    """What an article belongs to, where no story is to be found for it."""
    mine = None if row.story_id is None else _story(connection, row.story_id)
    return Grouped(
        row.article_id,
        copy_of=_copy_of(row),
        story=mine.id if mine else None,
        dossier=mine.dossier_id if mine else None,
        level="copy" if copied.target else "new",
        rule=copied.rule,
        numbers=copied.numbers,
        joined=joined,
    )


def _copy_of(row: Row[Any] | _Placed) -> ArticleId | None:
    return None if row.copy_of == row.article_id else ArticleId(row.copy_of)


def _story(connection: Connection, identifier: int) -> Any:
    return _STORY.one(connection, {"story": identifier})


# --- copies --------------------------------------------------------------------------------------------------------
def _copied(connection: Connection, article: ArticleId, traits: Traits, at: datetime, judge: Judge) -> Copied:
    """Judge the article against those that may be the same text."""
    known = _boilerplate(connection, traits.text.sketch, at, judge)
    neighbours = _neighbours(connection, article, traits, at, known, judge)
    copied = judge.copied(traits, at, neighbours, known)
    if copied.learned:
        rows = [{"h": _signed(each), "host": traits.host, "last_seen": at} for each in copied.learned]
        connection.execute(_LEARN, rows)
        _unlearn(connection, neighbours, frozenset(copied.learned))
    return copied


def _boilerplate(connection: Connection, sketch: Sequence[int], at: datetime, judge: Judge) -> frozenset[int]:
    """Those hashes that stand on every page of some host."""
    since = at - timedelta(days=judge.grouping.boilerplate_days)
    found: dict[int, datetime] = {}
    for row in _KNOWN.rows(connection, {"hashes": _listed(sketch), "since": since}):
        found[row.h] = min(row.last_seen, found.get(row.h, row.last_seen))
    stale = [each for each, seen in found.items() if seen < at - STALE]
    for chunk in _chunks(stale):
        connection.execute(update(boilerplate).where(boilerplate.c.h.in_(chunk)).values(last_seen=at))
    return frozenset(map(_unsigned, found))


def _neighbours(
    connection: Connection, article: ArticleId, traits: Traits, at: datetime, known: frozenset[int], judge: Judge
) -> tuple[Neighbour, ...]:
    asked = judge.lookup([each for each in traits.text.sketch if each not in known])
    limit = judge.grouping.compared
    near = {row.article_id for row in _NEAR.rows(connection, {"hashes": _listed(asked), "limit": limit})}
    if traits.text.title:
        since = at - timedelta(hours=judge.grouping.title_hours)
        near |= {row.article_id for row in _TITLED.rows(connection, {"title": traits.text.title, "since": since})}
    near -= {article}
    if not near:
        return ()
    return tuple(map(neighbour, _THESE.rows(connection, {"articles": json.dumps(sorted(near))})))


def neighbour(row: Row[Any]) -> Neighbour:
    text = SketchedText(row.title, row.words, unpacked(row.sketch), row.content)
    topic = Topic() if row.topic is None else topic_of(row.topic)
    return Neighbour(row.article_id, row.copy_of, row.host, row.at, text, row.aggregator, topic)


def _unlearn(connection: Connection, neighbours: Iterable[Neighbour], learned: frozenset[int]) -> None:
    """Boilerplate counts in no sketch: what is left of each says how much of it a copy holds."""
    for each in neighbours:
        rest = [one for one in each.text.sketch if one not in learned]
        if len(rest) < len(each.text.sketch):
            connection.execute(_RESKETCH, {"article": each.id, "rest": packed(rest)})
            gone = learned.intersection(each.text.sketch)
            connection.execute(_FORGET, [{"hash": _signed(one), "article": each.id} for one in sorted(gone)])


def _write(
    connection: Connection,
    article: ArticleId,
    traits: Traits,
    at: datetime,
    copied: Copied,
    judge: Judge,
    known: Row[Any] | None,
) -> int:
    """Keep the text's traits, and whose copy it is: the answer. Who has copies, or is one, stays what it is."""
    text = traits.text
    values = {
        "host": traits.host,
        "aggregator": traits.aggregator,
        "title": text.title,
        "words": text.words,
        "content": text.content,
        "sketch": packed(copied.sketch),
    }
    settled = known is not None and _is_settled(connection, known)
    first = known.copy_of if known is not None and settled else copied.group or article
    if known is None:
        _INSERT.run(connection, {"article_id": article, "at": at, "copy_of": first, "backs": False, **values})
    else:
        connection.execute(update(grouped).where(grouped.c.article_id == article).values(copy_of=first, **values))
        desk_of(connection).forget(article)
        if old := [{"hash": _signed(each), "article": article} for each in judge.lookup(unpacked(known.sketch))]:
            connection.execute(_FORGET, old)
    _PRINT.run(connection, {"hashes": _listed(judge.lookup(copied.sketch)), "article": article})
    if known is None or first != known.copy_of:
        level, rule = ("copy", copied.rule) if copied.target else ("new", "own-text")
        decide(connection, article, level, rule, copied.target, copied.numbers, judge, at)
    if known is not None and known.story_id is not None and first != known.copy_of:
        _prove_copy(connection, known, first)
    return int(first)


def _is_settled(connection: Connection, row: Row[Any]) -> bool:
    """Does whose copy it is stay what it is? A person's word on it wins."""
    if row.copy_of != row.article_id or _has_copies(connection, row.article_id):
        return True
    return bool(orders_on(connection, row.article_id))


def _has_copies(connection: Connection, article: ArticleId) -> bool:
    return _COPIES.one(connection, {"first": article}) is not None


def _prove_copy(connection: Connection, known: Row[Any], first: int) -> None:
    """A text read later shows that an article with a story of its own is a copy: the story goes into the older one."""
    mine, other = _story(connection, known.story_id), _ONE.one(connection, {"article": first})
    if mine.articles == 1 and other.story_id not in (None, mine.id):
        absorb(connection, StoryId(other.story_id), StoryId(mine.id))


# --- stories -------------------------------------------------------------------------------------------------------
def _told(
    connection: Connection, row: Row[Any] | _Placed, traits: Traits, at: datetime, judge: Judge, copied: Copied
) -> Grouped:
    """Give the article its story: that of its copies, else that of the event."""
    article = ArticleId(row.article_id)
    joined = _story_of_copies(connection, row, copied.target)
    if joined is not None:
        mine = _story(connection, joined)
        late = at - mine.last_at > timedelta(days=judge.grouping.window_days)
        _join(connection, article, joined, at, None, judge)
        found = Grouped(article, _copy_of(row), mine.id, mine.dossier_id, "copy", copied.rule, copied.numbers)
        return replace(found, late=late)
    placed = _place(connection, article, traits, at, judge)
    mine = _story(connection, placed.story or article)
    return Grouped(
        article,
        _copy_of(row),
        mine.id,
        mine.dossier_id,
        "story" if placed.story else "new",
        placed.rule,
        placed.numbers,
        opened=placed.story is None,
        follows=None if placed.follows is None else StoryId(placed.follows),
        unsure=placed.rule == "doubt",
        backs=placed.backs,
    )


def _story_of_copies(connection: Connection, row: Row[Any] | _Placed, target: int | None) -> StoryId | None:
    """The story of the text it is a copy of, of the nearest one first."""
    if row.copy_of == row.article_id and not _has_copies(connection, row.article_id):
        return None
    found = _STORY_OF.scalar(connection, {"first": row.copy_of, "nearest": target or 0})
    return None if found is None else StoryId(found)


def _place(connection: Connection, article: ArticleId, traits: Traits, at: datetime, judge: Judge) -> Placed:
    """Judge the article against the stories that have something in common with it; there it goes, or opens its own."""
    desk, topic = desk_of(connection), traits.topic
    desk.look(connection)
    candidates = desk.candidates(connection, topic, at, judge)
    placed = judge.placed(traits, at, desk.usage(connection, topic, at, judge), candidates)
    told = {"article": article, "topic": _json(flat(topic)), "backs": placed.backs}
    _TELL.run(connection, told)
    _count_in(connection, topic, at)
    member = Member(article, traits.host, at, traits.text.title, topic)
    if placed.story is None:
        dossier = _open(connection, article, placed, at)
        desk.opened(connection, (article, dossier, at), member, judge)
    else:
        _join(connection, article, StoryId(placed.story), at, member, judge)
    level, target = ("story", placed.story) if placed.story else ("new", placed.follows)
    decide(connection, article, level, placed.rule, target, placed.numbers, judge, at)
    return placed


def _count_in(connection: Connection, topic: Topic, at: datetime) -> None:
    """Note the day on which entities were named: what nothing has named before is news."""
    named = [each for each in contexts(topic) if each.startswith("@")]
    _COUNT_DAY.run_each(connection, [{"day": _day(at), "term": term, "n": 1} for term in ("", *named)])


def _open(connection: Connection, article: ArticleId, placed: Placed, at: datetime) -> int:
    """The number of the dossier."""
    follows = placed.follows
    dossier = int(article if follows is None else _story(connection, follows).dossier_id)
    values = {"id": article, "dossier_id": dossier, "follows": follows, "opened": at, "last_at": at}
    _OPEN.run(connection, {**values, "articles": 1, "texts": 1, "unsure": placed.rule == "doubt"})
    _BELONG.run(connection, {"article": article, "story": article})
    return dossier


def _join(
    connection: Connection, article: ArticleId, identifier: StoryId, at: datetime, member: Member | None, judge: Judge
) -> None:
    """`member` is None for a copy."""
    _BELONG.run(connection, {"article": article, "story": identifier})
    _GROW.run(connection, {"story": identifier, "at": at, "text": 0 if member is None else 1})
    desk_of(connection).joined(identifier, at, member, judge)


def absorb(connection: Connection, kept: StoryId, gone: StoryId) -> tuple[ArticleId, ...]:
    """Put one story's articles into another, which keeps its id; the articles moved."""
    moved = tuple(connection.execute(_OF_STORY, {"story": gone}).scalars())
    older, younger = _story(connection, kept), _story(connection, gone)
    connection.execute(update(grouped).where(grouped.c.story_id == gone).values(story_id=kept))
    connection.execute(update(story).where(story.c.id == gone).values(alias_of=kept, articles=0, texts=0))
    # A chat that has the message of the story that goes has that of the other: it is not told twice
    connection.execute(reassign(announcement, lambda told: told.c.story_id == gone, {"story_id": kept}))
    sums = {"articles": older.articles + younger.articles, "texts": older.texts + younger.texts}
    last = max(older.last_at, younger.last_at)
    connection.execute(update(story).where(story.c.id == kept).values(last_at=last, **sums))
    desk_of(connection).clear()
    return moved


# --- what is kept no longer ----------------------------------------------------------------------------------------
def old_sketches(now: datetime) -> Old:
    """By what texts of long ago were found."""
    old = (grouped.c.at < now - FINGERPRINTS) & (func.length(grouped.c.sketch) > 0)

    def forget(connection: Connection, rows: Sequence[Row[Any]]) -> int:
        still = select(grouped.c.article_id, grouped.c.sketch).where(
            grouped.c.article_id.in_([row.article_id for row in rows]), old
        )
        found = connection.execute(still).all()
        for row in found:
            hashes = [{"hash": _signed(each), "article": row.article_id} for each in unpacked(row.sketch)]
            connection.execute(_FORGET, hashes)
            connection.execute(_RESKETCH, {"article": row.article_id, "rest": b""})
        return len(found)

    return Old(select(grouped.c.article_id).where(old), forget, SKETCHED)


def forget(connection: Connection, now: datetime) -> None:
    """Forget boilerplate not seen for long, and the words of stories long closed."""
    connection.execute(delete(boilerplate).where(boilerplate.c.last_seen < now - BOILERPLATE))
    connection.execute(delete(topic_day).where(topic_day.c.day < _day(now - DOSSIERS)))


# --- decisions -----------------------------------------------------------------------------------------------------
def decide(
    connection: Connection,
    article: ArticleId,
    level: str,
    rule: str,
    target: int | None,
    numbers: Numbers,
    judge: Judge,
    at: datetime,
) -> None:
    """Keep why: nothing of it is ever changed."""
    row = {
        "article": article,
        "level": level,
        "rule": rule,
        "target_id": target,
        "numbers": _json(numbers),
        "grouping": judge.grouping.mark,
        "at": at,
    }
    _DECIDE.run(connection, row)


# --- forms ---------------------------------------------------------------------------------------------------------
def packed(sketch: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(sketch)}Q", *sketch)


def unpacked(blob: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(blob) // 8}Q", blob)


def _signed(each: int) -> int:
    return each - _WHOLE if each >= _HALF else each


def _listed(hashes: Sequence[int]) -> str:
    """Hashes as one parameter: SQLAlchemy would name each of a hundred, which takes longer than to look them up."""
    return str(list(struct.unpack(f"<{len(hashes)}q", packed(hashes))))


def _unsigned(each: int) -> int:
    return each + _WHOLE if each < 0 else each


def _day(at: datetime) -> int:
    return (at - EPOCH).days


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


# --- statements ----------------------------------------------------------------------------------------------------
# Of what runs for every article the text is made once.
_ONE = Prepared(select(grouped).where(grouped.c.article_id == bindparam("article")))
_listing, _number = numbers(bindparam("articles", type_=String))
_THESE = Prepared(select(grouped).where(grouped.c.article_id.in_(select(_number))).order_by(grouped.c.article_id))
_listing, _hash = numbers(bindparam("hashes", type_=String))
_KNOWN = Prepared(
    select(boilerplate.c.h, boilerplate.c.last_seen).where(
        boilerplate.c.h.in_(select(_hash)), boilerplate.c.last_seen >= bindparam("since")
    )
)
_NEAR = Prepared(
    select(fingerprint.c.article_id)
    .where(fingerprint.c.h.in_(select(_hash)))
    .group_by(fingerprint.c.article_id)
    .order_by(func.count().desc(), fingerprint.c.article_id)
    .limit(bindparam("limit"))
)
_TITLED = Prepared(
    select(grouped.c.article_id)
    .where(grouped.c.title == bindparam("title"), grouped.c.at >= bindparam("since"))
    .order_by(grouped.c.article_id)
    .limit(SAME_TITLE)
)
_COPIES = Prepared(
    select(grouped.c.article_id)
    .where(grouped.c.copy_of == bindparam("first"), grouped.c.article_id != bindparam("first"))
    .limit(1)
)
_STORY_OF = Prepared(
    select(grouped.c.story_id)
    .where(grouped.c.copy_of == bindparam("first"), grouped.c.story_id.is_not(None))
    .order_by(grouped.c.article_id != bindparam("nearest"), grouped.c.article_id)
    .limit(1)
)
_LEARN = upsert(boilerplate, "h", "host", changing=("last_seen",))
_RESKETCH = update(grouped).where(grouped.c.article_id == bindparam("article")).values(sketch=bindparam("rest"))
_TRAITS = ("host", "aggregator", "title", "words", "content", "sketch")
_INSERT = Prepared(grouped.insert(), ("article_id", "at", "copy_of", "backs", *_TRAITS))
_crowd = fingerprint.alias("crowd")
_PRINT = Prepared(
    insert(fingerprint)
    .from_select(
        ["h", "article_id"],
        select(_hash, bindparam("article", type_=Integer)).where(
            # a seek, whatever the number
            ~select(_crowd.c.h).where(_crowd.c.h == _hash).offset(CROWD - 1).exists()
        ),
    )
    .on_conflict_do_nothing()
)
_FORGET = delete(fingerprint).where(
    fingerprint.c.h == bindparam("hash"), fingerprint.c.article_id == bindparam("article")
)
_STORY = Prepared(select(story).where(story.c.id == bindparam("story")))
_OF_STORY = select(grouped.c.article_id).where(grouped.c.story_id == bindparam("story")).order_by(grouped.c.article_id)
_OPEN = Prepared(
    story.insert().inline(),
    ("id", "dossier_id", "follows", "opened", "last_at", "articles", "texts", "unsure"),
)
_BELONG = Prepared(
    update(grouped).where(grouped.c.article_id == bindparam("article")).values(story_id=bindparam("story"))
)
_GROW = Prepared(
    update(story)
    .where(story.c.id == bindparam("story"))
    .values(
        last_at=later(story.c.last_at, bindparam("at", type_=story.c.last_at.type)),
        articles=story.c.articles + 1,
        texts=story.c.texts + bindparam("text"),
    )
)
_TELL = Prepared(
    update(grouped)
    .where(grouped.c.article_id == bindparam("article"))
    .values(topic=bindparam("topic"), backs=bindparam("backs"))
)


def _adding(table: Any, column: str, *key: str) -> Any:
    """Insert a row; where one with this key is there, its number is added to."""
    row = insert(table)
    return row.on_conflict_do_update(index_elements=key, set_={column: table.c[column] + row.excluded[column]})


_COUNT_DAY = Prepared(_adding(topic_day, "n", "day", "term"), ("day", "term", "n"))
_decided = decision.alias("decided")
_DECIDE = Prepared(
    insert(decision)
    .values(
        article_id=bindparam("article"),
        number=select(func.coalesce(func.max(_decided.c.number), 0) + 1)
        .where(_decided.c.article_id == bindparam("article"))
        .scalar_subquery(),
    )
    .inline(),
    ("level", "rule", "target_id", "numbers", "grouping", "at"),
)
