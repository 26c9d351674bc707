"""Copies, stories and dossiers: what is kept of them, and how an article finds its own."""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Row, String, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from matchers.grouping import (
    Candidate,
    Copied,
    Frequencies,
    Judge,
    Member,
    Neighbour,
    Numbers,
    Placed,
    SketchedText,
    Topic,
    Traits,
    Vector,
)
from storage.ids import ArticleId, StoryId
from storage.schema import (
    EPOCH,
    announcement,
    boilerplate,
    decision,
    fingerprint,
    grouped,
    story,
    story_term,
    term_count,
    topic_day,
    upsert,
)
from storage.stories.model import Grouped
from storage.stories.overrides import orders_on

CHUNK = 800  # names in one IN list
STORIES = 24  # candidates looked at
MEMBERS = 12  # of each, the newest
SAME_TITLE = 8  # articles
CROWD = 256  # articles found by one hash: what stands in more of them tells none from the others
FINGERPRINTS, BOILERPLATE, DOSSIERS = timedelta(days=60), timedelta(days=90), timedelta(days=365)
STALE = timedelta(days=1)  # how old the last sight of a boilerplate hash may be before it is written anew
_HALF, _WHOLE = 1 << 63, 1 << 64


# --- one article ---------------------------------------------------------------------------------------------------
def group(
    connection: Connection, article: ArticleId, traits: Traits, at: datetime, judge: Judge, *, tell: bool
) -> Grouped:
    """Find whose copy an article is and, where somebody is to be told, its story; inside the caller's transaction.

    An article known already is looked at anew where its text has changed; it never leaves a story by that.
    """
    known = connection.execute(_ONE, {"article": article}).one_or_none()
    was = None if known is None else known.story_id
    copied, lone = Copied(()), False
    if known is None or known.content != traits.text.content:
        copied = _copied(connection, article, traits, at, judge)
        _write(connection, article, traits, at, copied, judge, known)
        lone = known is None and copied.target is None  # new, and nobody's copy: nobody's yet
        known = connection.execute(_ONE, {"article": article}).one()
    # the copy of what was told is a source of it, whatever it matches
    if known.story_id is None and (tell or not (lone or _story_of_copies(connection, known, copied.target) is None)):
        return replace(_told(connection, known, traits, at, judge, copied), joined=True)
    return replace(_standing(connection, known, copied), joined=known.story_id != was)


def _standing(connection: Connection, row: Row[Any], copied: Copied) -> Grouped:
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
    )


def _copy_of(row: Row[Any]) -> ArticleId | None:
    return None if row.copy_of == row.article_id else ArticleId(row.copy_of)


def _story(connection: Connection, identifier: int) -> Row[Any]:
    return connection.execute(_STORY, {"story": identifier}).one()


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
    for row in connection.execute(_KNOWN, {"hashes": _listed(sketch), "since": since}):
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
    near = set(connection.execute(_NEAR, {"hashes": _listed(asked), "limit": limit}).scalars())
    if traits.text.title:
        since = at - timedelta(hours=judge.grouping.title_hours)
        near.update(connection.execute(_TITLED, {"title": traits.text.title, "since": since}).scalars())
    rows = connection.execute(_THESE, {"articles": sorted(near - {article})})
    return tuple(neighbour(row) for row in rows)


def neighbour(row: Row[Any]) -> Neighbour:
    text = SketchedText(row.title, row.words, unpacked(row.sketch), row.content)
    return Neighbour(row.article_id, row.copy_of, row.host, row.at, text, row.aggregator)


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
) -> None:
    """Keep the text's traits, and whose copy it is. Who has copies, or is one, stays what it is."""
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
        connection.execute(_INSERT, {"article_id": article, "at": at, "copy_of": first, **values})
    else:
        connection.execute(update(grouped).where(grouped.c.article_id == article).values(copy_of=first, **values))
        if old := [{"hash": _signed(each), "article": article} for each in judge.lookup(unpacked(known.sketch))]:
            connection.execute(_FORGET, old)
    connection.execute(_PRINT, {"hashes": _listed(judge.lookup(copied.sketch)), "article": article})
    if known is None or first != known.copy_of:
        level, rule = ("copy", copied.rule) if copied.target else ("new", "own-text")
        decide(connection, article, level, rule, copied.target, copied.numbers, judge, at)
    if known is not None and known.story_id is not None and first != known.copy_of:
        _prove_copy(connection, known, first)


def _is_settled(connection: Connection, row: Row[Any]) -> bool:
    """Does whose copy it is stay what it is? A person's word on it wins."""
    if row.copy_of != row.article_id or _has_copies(connection, row.article_id):
        return True
    return bool(orders_on(connection, row.article_id))


def _has_copies(connection: Connection, article: ArticleId) -> bool:
    return connection.execute(_COPIES, {"first": article}).first() is not None


def _prove_copy(connection: Connection, known: Row[Any], first: int) -> None:
    """A text read later shows that an article with a story of its own is a copy: the story goes into the older one."""
    mine, other = _story(connection, known.story_id), connection.execute(_ONE, {"article": first}).one()
    if mine.articles == 1 and other.story_id not in (None, mine.id):
        absorb(connection, StoryId(other.story_id), StoryId(mine.id))


# --- stories -------------------------------------------------------------------------------------------------------
def _told(connection: Connection, row: Row[Any], traits: Traits, at: datetime, judge: Judge, copied: Copied) -> Grouped:
    """Give the article its story: that of its copies, else that of the event."""
    article = ArticleId(row.article_id)
    joined = _story_of_copies(connection, row, copied.target)
    if joined is not None:
        mine = _story(connection, joined)
        late = at - mine.last_at > timedelta(days=judge.grouping.window_days)
        _join(connection, article, joined, at, copy=True)
        found = Grouped(article, _copy_of(row), mine.id, mine.dossier_id, "copy", copied.rule, copied.numbers)
        return replace(found, late=late)
    placed = _place(connection, article, traits, at, judge)
    if placed.story is None:
        _open(connection, article, placed.follows, at)
    else:
        _join(connection, article, StoryId(placed.story), at, copy=False)
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
    )


def _story_of_copies(connection: Connection, row: Row[Any], target: int | None) -> StoryId | None:
    """The story of the text it is a copy of, of the nearest one first."""
    if row.copy_of == row.article_id and not _has_copies(connection, row.article_id):
        return None
    order = (grouped.c.article_id != (target or 0), grouped.c.article_id)
    query = select(grouped.c.story_id).where(grouped.c.copy_of == row.copy_of, grouped.c.story_id.is_not(None))
    found = connection.execute(query.order_by(*order).limit(1)).scalar()
    return None if found is None else StoryId(found)


def _place(connection: Connection, article: ArticleId, traits: Traits, at: datetime, judge: Judge) -> Placed:
    """Judge the article against the stories that have words in common with it, and count its words."""
    topic = traits.topic
    topics = _topics(connection, topic, at, judge)
    counts: dict[str, int] = {}
    total = _count(connection, counts, {*(term for term, _ in topic.terms), *_names(topic)}, judge)
    vector = judge.vector(topic, Frequencies(total, counts, topics))
    candidates = _candidates(connection, vector, at, judge)
    theirs = {name for each in candidates for member in each.members for name in _names(member.topic)}
    _count(connection, counts, theirs, judge)
    placed = judge.placed(traits, vector, at, Frequencies(total, counts, topics), candidates)
    connection.execute(_TELL, {"article": article, "vector": _json(vector), "topic": _json(asdict(topic))})
    _count_in(connection, topic, at)
    story_id = placed.story or article
    if vector:
        connection.execute(_WEIGH, [{"term": term, "story_id": story_id, "weight": weight} for term, weight in vector])
    decide(
        connection,
        article,
        "story" if placed.story else "new",
        placed.rule,
        placed.story or placed.follows,
        placed.numbers,
        judge,
        at,
    )
    return placed


def _names(topic: Topic) -> Iterable[str]:
    """The names of a topic, and the words that they are without their capital."""
    for name in (*topic.actors, *topic.named):
        yield name
        if name.startswith("^"):
            yield name[1:]


def _count(connection: Connection, counts: dict[str, int], terms: Iterable[str], judge: Judge) -> int:
    """Add to `counts` how common these terms are, background and ours; the answer is of how many articles in all."""
    background = judge.background
    wanted = sorted({*terms, ""} - counts.keys())
    for term in wanted:
        counts[term] = background.counts.get(term, 0)
    for chunk in _chunks(wanted):
        for term, n in connection.execute(_COUNTS, {"terms": chunk}):
            counts[term] += n
    return background.total + counts[""]


def _topics(connection: Connection, topic: Topic, at: datetime, judge: Judge) -> frozenset[str]:
    """The entities of the article that everything told lately is about."""
    entities = [term for term, _ in topic.terms if term.startswith("@")]
    since = _day(at) - judge.grouping.window_days
    rows = connection.execute(_RECENT, {"terms": [*entities, ""], "since": since, "until": _day(at)})
    seen = {term: int(n) for term, n in rows}
    total = seen.pop("", 0)
    if total < judge.grouping.topic_least:
        return frozenset()
    return frozenset(term for term, n in seen.items() if n * 1_000_000 > judge.grouping.topic_share * total)


def _count_in(connection: Connection, topic: Topic, at: datetime) -> None:
    terms = ["", *(term for term, _ in topic.terms)]
    connection.execute(_COUNT_IN, [{"term": term, "n": 1} for term in terms])
    daily = [term for term in terms if not term or term.startswith("@")]
    connection.execute(_COUNT_DAY, [{"day": _day(at), "term": term, "n": 1} for term in daily])


def _candidates(connection: Connection, vector: Vector, at: datetime, judge: Judge) -> tuple[Candidate, ...]:
    """The stories that share the most with these terms, with their newest articles."""
    if not vector:
        return ()
    since = at - timedelta(days=judge.grouping.dossier_days) if judge.grouping.has("window") else EPOCH
    asked = {"terms": [term for term, _ in vector], "since": since, "limit": STORIES}
    stories = connection.execute(_LIKELY, asked).all()
    members: dict[int, list[Member]] = {row.id: [] for row in stories}
    for row in connection.execute(_MEMBERS, {"stories": sorted(members), "limit": MEMBERS}):
        members[row.story_id].append(_member(row))
    return tuple(
        Candidate(row.id, row.dossier_id, row.opened, row.last_at, tuple(members[row.id]))
        for row in sorted(stories, key=lambda row: row.id)
        if members[row.id]
    )


def _member(row: Row[Any]) -> Member:
    vector = tuple((term, weight) for term, weight in json.loads(row.vector))
    return Member(row.article_id, row.host, row.at, row.title, vector, _topic(json.loads(row.topic)))


def _topic(value: Mapping[str, Any]) -> Topic:
    terms = tuple((term, weight) for term, weight in value["terms"])
    dates = tuple((year, month, day) for year, month, day in value["dates"])
    lists = {name: tuple(value[name]) for name in ("actors", "named", "said", "acts")}
    return Topic(terms=terms, dates=dates, step=value["step"], roundup=value["roundup"], **lists)


def _open(connection: Connection, article: ArticleId, follows: int | None, at: datetime) -> None:
    dossier = article if follows is None else _story(connection, follows).dossier_id
    values = {"id": article, "dossier_id": dossier, "follows": follows, "opened": at, "last_at": at}
    connection.execute(story.insert().values(**values, articles=1, texts=1))
    connection.execute(_BELONG, {"article": article, "story": article})


def _join(connection: Connection, article: ArticleId, identifier: StoryId, at: datetime, *, copy: bool) -> None:
    connection.execute(_BELONG, {"article": article, "story": identifier})
    connection.execute(_GROW, {"story": identifier, "at": at, "text": 0 if copy else 1})


def absorb(connection: Connection, kept: StoryId, gone: StoryId) -> tuple[ArticleId, ...]:
    """Put one story's articles into another, which keeps its id; the articles moved."""
    moved = tuple(connection.execute(_OF_STORY, {"story": gone}).scalars())
    older, younger = _story(connection, kept), _story(connection, gone)
    terms = connection.execute(select(story_term).where(story_term.c.story_id == gone)).all()
    if terms:
        connection.execute(_WEIGH, [{"term": t.term, "story_id": kept, "weight": t.weight} for t in terms])
    connection.execute(delete(story_term).where(story_term.c.story_id == gone))
    connection.execute(update(grouped).where(grouped.c.story_id == gone).values(story_id=kept))
    connection.execute(update(story).where(story.c.id == gone).values(alias_of=kept, articles=0, texts=0))
    # A chat that has the message of the story that goes has that of the other: it is not told twice
    told = update(announcement).prefix_with("OR IGNORE").where(announcement.c.story_id == gone)
    connection.execute(told.values(story_id=kept))
    sums = {"articles": older.articles + younger.articles, "texts": older.texts + younger.texts}
    last = max(older.last_at, younger.last_at)
    connection.execute(update(story).where(story.c.id == kept).values(last_at=last, **sums))
    return moved


# --- what is kept no longer ----------------------------------------------------------------------------------------
def forget(connection: Connection, now: datetime) -> None:
    """Forget by what old texts were found, boilerplate not seen for long, and the words of stories long closed."""
    old = select(grouped.c.article_id, grouped.c.sketch).where(
        grouped.c.at < now - FINGERPRINTS, func.length(grouped.c.sketch) > 0
    )
    for row in connection.execute(old).all():
        rows = [{"hash": _signed(each), "article": row.article_id} for each in unpacked(row.sketch)]
        connection.execute(_FORGET, rows)
        connection.execute(_RESKETCH, {"article": row.article_id, "rest": b""})
    connection.execute(delete(boilerplate).where(boilerplate.c.last_seen < now - BOILERPLATE))
    closed = select(story.c.id).where(story.c.last_at < now - DOSSIERS)
    connection.execute(delete(story_term).where(story_term.c.story_id.in_(closed)))
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
    connection.execute(_DECIDE, row)


# --- forms ---------------------------------------------------------------------------------------------------------
def packed(sketch: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(sketch)}Q", *sketch)


def unpacked(blob: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(blob) // 8}Q", blob)


def _signed(each: int) -> int:
    return each - _WHOLE if each >= _HALF else each


def _listed(hashes: Sequence[int]) -> str:
    """Hashes as one parameter: SQLAlchemy would name each of a hundred, which takes longer than to look them up."""
    return json.dumps([_signed(each) for each in hashes])


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
# Built once: they run for every article, and building them costs more than running them.
_ONE = select(grouped).where(grouped.c.article_id == bindparam("article"))
_THESE = (
    select(grouped)
    .where(grouped.c.article_id.in_(bindparam("articles", expanding=True)))
    .order_by(grouped.c.article_id)
)
_listing = func.json_each(bindparam("hashes", type_=String)).table_valued("value", joins_implicitly=True)
_KNOWN = select(boilerplate.c.h, boilerplate.c.last_seen).where(
    boilerplate.c.h.in_(select(_listing.c.value)), boilerplate.c.last_seen >= bindparam("since")
)
_NEAR = (
    select(fingerprint.c.article_id)
    .where(fingerprint.c.h.in_(select(_listing.c.value)))
    .group_by(fingerprint.c.article_id)
    .order_by(func.count().desc(), fingerprint.c.article_id)
    .limit(bindparam("limit"))
)
_TITLED = (
    select(grouped.c.article_id)
    .where(grouped.c.title == bindparam("title"), grouped.c.at >= bindparam("since"))
    .order_by(grouped.c.article_id)
    .limit(SAME_TITLE)
)
_COPIES = select(grouped.c.article_id).where(
    grouped.c.copy_of == bindparam("first"), grouped.c.article_id != bindparam("first")
)
_LEARN = upsert(boilerplate, "h", "host", changing=("last_seen",))
_RESKETCH = update(grouped).where(grouped.c.article_id == bindparam("article")).values(sketch=bindparam("rest"))
_INSERT = grouped.insert()
_crowd = fingerprint.alias("crowd")
_PRINT = (
    insert(fingerprint)
    .from_select(
        ["h", "article_id"],
        select(_listing.c.value, bindparam("article", type_=Integer)).where(
            # a seek, whatever the number
            ~select(_crowd.c.h).where(_crowd.c.h == _listing.c.value).offset(CROWD - 1).exists()
        ),
    )
    .prefix_with("OR IGNORE")
)
_FORGET = delete(fingerprint).where(
    fingerprint.c.h == bindparam("hash"), fingerprint.c.article_id == bindparam("article")
)
_STORY = select(story).where(story.c.id == bindparam("story"))
_OF_STORY = select(grouped.c.article_id).where(grouped.c.story_id == bindparam("story")).order_by(grouped.c.article_id)
_BELONG = update(grouped).where(grouped.c.article_id == bindparam("article")).values(story_id=bindparam("story"))
_GROW = (
    update(story)
    .where(story.c.id == bindparam("story"))
    .values(
        last_at=func.max(story.c.last_at, bindparam("at", type_=story.c.last_at.type)),
        articles=story.c.articles + 1,
        texts=story.c.texts + bindparam("text"),
    )
)
_TELL = (
    update(grouped)
    .where(grouped.c.article_id == bindparam("article"))
    .values(vector=bindparam("vector"), topic=bindparam("topic"))
)
_COUNTS = select(term_count.c.term, term_count.c.n).where(term_count.c.term.in_(bindparam("terms", expanding=True)))
_RECENT = (
    select(topic_day.c.term, func.sum(topic_day.c.n))
    .where(
        topic_day.c.term.in_(bindparam("terms", expanding=True)),
        topic_day.c.day.between(bindparam("since"), bindparam("until")),
    )
    .group_by(topic_day.c.term)
)


def _adding(table: Any, column: str, *key: str) -> Any:
    """Insert a row; where one with this key is there, its number is added to."""
    row = insert(table)
    return row.on_conflict_do_update(index_elements=key, set_={column: table.c[column] + row.excluded[column]})


_COUNT_IN = _adding(term_count, "n", "term")
_COUNT_DAY = _adding(topic_day, "n", "day", "term")
_WEIGH = _adding(story_term, "weight", "term", "story_id")
_LIKELY = (
    select(story)
    .join(story_term, story_term.c.story_id == story.c.id)
    .where(story_term.c.term.in_(bindparam("terms", expanding=True)), story.c.last_at >= bindparam("since"))
    .group_by(story.c.id)
    .order_by((func.sum(story_term.c.weight) / story.c.texts).desc(), story.c.id)
    .limit(bindparam("limit"))
)


def _newest_members() -> Any:
    place = func.row_number().over(
        partition_by=grouped.c.story_id, order_by=(grouped.c.at.desc(), grouped.c.article_id.desc())
    )
    ranked = (
        select(grouped, place.label("place"))
        .where(grouped.c.story_id.in_(bindparam("stories", expanding=True)), grouped.c.vector.is_not(None))
        .subquery()
    )
    return select(ranked).where(ranked.c.place <= bindparam("limit")).order_by(ranked.c.story_id, ranked.c.article_id)


_MEMBERS = _newest_members()
_decided = decision.alias("decided")
_DECIDE = insert(decision).values(
    article_id=bindparam("article"),
    number=select(func.coalesce(func.max(_decided.c.number), 0) + 1)
    .where(_decided.c.article_id == bindparam("article"))
    .scalar_subquery(),
)
