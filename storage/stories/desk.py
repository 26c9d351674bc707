"""What was told of late, in memory: how the stories are found that an article may join, and how common words are there.

All of it is read from the tables, again whenever a transaction was undone, stories were moved, or another program wrote
to the file: it holds nothing that they do not.
"""

import json
import sys
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, func, select

from matchers.stories.grouping import Beside, Candidate, Grouping, Judge, Member, Topic, Usage, heroes, named
from storage.dialect import others_wrote
from storage.schema import EPOCH, grouped, story

CANDIDATES = 40  # stories looked at, of those that may still be joined
OLDER = 8  # of those that may be followed only
NEWEST = 11  # members looked at of a story, beside its first
LAST = 200  # stories of an entity by which its own words are known
KEPT_MEMBERS = 2_048  # that are read once
KEPT_SUBJECTS = 64  # entities whose words are counted at a time

_HEADED = "@"  # before an entity of a title, in the index
_ACT = "§"  # before an act


@dataclass(slots=True)
class _Open:
    """A story as it is found: its members by number, and the terms of the article that opened it."""

    id: int
    dossier: int
    opened: datetime
    last: datetime
    terms: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    members: list[int] = field(default_factory=list)


class Desk:
    """The stories of a year, by the words by which they are found."""

    def __init__(self) -> None:
        self._members: OrderedDict[int, Member] = OrderedDict()
        self._seen: Hashable = None
        self.clear()

    def clear(self) -> None:
        """Forget everything: it is read anew when it is asked for."""
        self._since: datetime | None = None
        self._stories: dict[int, _Open] = {}
        self._where: dict[str, list[int]] = defaultdict(list)
        self._of: dict[str, list[int]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        self._beside: OrderedDict[str, Counter[str]] = OrderedDict()
        self._members.clear()

    def look(self, connection: Connection) -> None:
        """Forget everything where somebody else has written since, or what was told was undone."""
        seen = others_wrote(connection)
        if seen != self._seen:
            self.clear()
            self._seen = seen

    def forget(self, article: int) -> None:
        """This article no longer says what it said."""
        self._members.pop(article, None)

    # --- asked -----------------------------------------------------------------------------------------------------
    def usage(self, connection: Connection, topic: Topic, at: datetime, judge: Judge) -> Usage:
        """How common terms are, beside what this article is about."""
        self._load(connection, at, judge)
        beside = {each: self._known(connection, each) for each in contexts(topic) if each in self._of}
        return Usage(len(self._stories), self._counts, beside)

    def candidates(self, connection: Connection, topic: Topic, at: datetime, judge: Judge) -> tuple[Candidate, ...]:
        """The stories that share an entity of either title with this article, or enough rare words: those that share
        the most, by number."""
        self._load(connection, at, judge)
        found = self._found(topic, judge)
        window = at - timedelta(days=judge.grouping.window_days) if judge.grouping.has("window") else EPOCH
        year = at - timedelta(days=judge.grouping.dossier_days)
        ranked = sorted(found, key=lambda each: (-found[each], -each))
        fresh = [each for each in ranked if self._stories[each].last >= window][:CANDIDATES]
        older = [each for each in ranked if year <= self._stories[each].last < window][:OLDER]
        chosen = [self._stories[each] for each in sorted((*fresh, *older))]
        members = self._read(connection, {each for one in chosen for each in _shown(one)})
        return tuple(
            Candidate(one.id, one.dossier, one.opened, one.last, tuple(members[each] for each in _shown(one)))
            for one in chosen
        )

    def _found(self, topic: Topic, judge: Judge) -> Mapping[int, int]:
        """The stories that may be looked at, with how much they share."""
        terms, common, alike = judge.indexed(topic), Counter[int](), set[int]()
        headed = set(topic.title)
        for term in terms:
            common.update(self._where.get(term, ()))
            if term.startswith("@"):
                alike.update(self._where.get(term if term in headed else _HEADED + term, ()))
        for act in named(topic):
            alike.update(self._where.get(_ACT + act, ()))
            common.update(self._where.get(_ACT + act, ()))
        least = judge.grouping.finding
        return {each: n for each, n in common.items() if n >= least or each in alike}

    # --- told ------------------------------------------------------------------------------------------------------
    def opened(self, connection: Connection, one: tuple[int, int, datetime], member: Member, judge: Judge) -> None:
        """An article has opened a story: (its number, that of its dossier, when)."""
        number, dossier, at = one
        if self._since is None or (self._stories and number <= max(self._stories)):
            self.clear()
            return
        self._stories[number] = _Open(number, dossier, at, at)
        self._learn(number, member.topic)
        self._enter(number, member, judge)

    def joined(self, number: int, at: datetime, member: Member | None, judge: Judge) -> None:
        """An article has joined a story; without `member`, it is a copy."""
        mine = self._stories.get(number)
        if mine is None or (member is not None and mine.members and member.id <= mine.members[-1]):
            self.clear()
            return
        mine.last = max(mine.last, at)
        if member is not None:
            self._enter(number, member, judge)

    def _enter(self, number: int, member: Member, judge: Judge) -> None:
        self._stories[number].members.append(member.id)
        self._keep(member)
        self._index(number, member.topic, judge)

    def _index(self, number: int, topic: Topic, judge: Judge) -> None:
        headed = set(topic.title)
        for term in (*judge.indexed(topic), *(_ACT + act for act in named(topic))):
            for key in (term, _HEADED + term) if term.startswith("@") and term in headed else (term,):
                held = self._where[sys.intern(key)]
                if number not in held[-CANDIDATES:]:
                    held.append(number)

    def _learn(self, number: int, topic: Topic) -> None:
        """Count the words of an article that opens a story."""
        mine = self._stories[number]
        mine.terms = tuple(map(sys.intern, (*topic.title, *topic.lead)))
        mine.contexts = contexts(topic)
        self._counts.update(mine.terms)
        for each in mine.contexts:
            held = self._of[each]
            held.append(number)
            if each in self._beside:
                self._beside[each].update(mine.terms)
                if len(held) > LAST:
                    self._beside[each].subtract(self._stories[held[-LAST - 1]].terms)

    # --- read ------------------------------------------------------------------------------------------------------
    def _load(self, connection: Connection, at: datetime, judge: Judge) -> None:
        """Read the stories of the year before `at`, or before the newest one. Moved on once a month, so that how the
        work is cut changes no answer."""
        since = _horizon(at, judge.grouping)
        if self._since is not None and since <= self._since:
            return
        newest = connection.execute(_NEWEST).scalar()
        since = max(since, _horizon(newest or EPOCH, judge.grouping))
        if self._since is not None and self._stories and min(map(_last, self._stories.values())) >= since:
            self._since = since  # nothing to leave out
            return
        self.clear()
        self._since = since
        for row in connection.execute(_OPEN, {"since": since}):
            self._stories[row.id] = _Open(row.id, row.dossier_id, row.opened, row.last_at)
        for row in connection.execute(_TELLING, {"since": since}):
            topic = topic_of(row.topic)
            if row.article_id == row.story_id:
                self._learn(row.story_id, topic)
            self._stories[row.story_id].members.append(row.article_id)
            self._index(row.story_id, topic, judge)
        self._stories = {number: each for number, each in self._stories.items() if each.members}

    def _known(self, connection: Connection, context: str) -> Beside:
        """The words of the last stories of an entity or a list."""
        held = self._of[context][-LAST:]
        if context not in self._beside:
            counted = Counter[str]()
            for each in held:
                counted.update(self._stories[each].terms)
            self._beside[context] = counted
            if len(self._beside) > KEPT_SUBJECTS:
                self._beside.popitem(last=False)
        self._beside.move_to_end(context)
        return Beside(len(held), self._beside[context])

    def _read(self, connection: Connection, articles: Iterable[int]) -> Mapping[int, Member]:
        """These members; those not read yet from the table."""
        wanted = sorted(articles)
        found = {each: self._members[each] for each in wanted if each in self._members}
        missing = [each for each in wanted if each not in found]
        for start in range(0, len(missing), 800):
            for row in connection.execute(_THESE, {"articles": missing[start : start + 800]}):
                found[row.article_id] = Member(row.article_id, row.host, row.at, row.title, topic_of(row.topic))
        for each in wanted:
            self._keep(found[each])
        return found

    def _keep(self, member: Member) -> None:
        self._members[member.id] = member
        self._members.move_to_end(member.id)
        if len(self._members) > KEPT_MEMBERS:
            self._members.popitem(last=False)


_DESKS: WeakKeyDictionary[Engine, Desk] = WeakKeyDictionary()


def desk_of(connection: Connection) -> Desk:
    """The one of this database."""
    return _DESKS.setdefault(connection.engine, Desk())


def contexts(topic: Topic) -> tuple[str, ...]:
    """What an article is about: entities, names of its title, acts, and the lists that match it."""
    entities = sorted({each for each in (*topic.title, *topic.lead) if each.startswith("@")})
    names = {each for each in topic.title if each.startswith("^") or each in topic.names} - {*entities}
    return (*entities, *sorted(heroes(names)), *topic.acts, *topic.own, *topic.lists)


def topic_of(written: str) -> Topic:
    """A topic as the table keeps it."""
    value: Mapping[str, Any] = json.loads(written)
    dates = tuple((year, month, day) for year, month, day in value["dates"])
    lists = ("title", "lead", "names", "openers", "subject", "lists", "actors", "named", "said", "acts")
    kept = [
        *lists,
        *(name for name in ("cited", "own", "labels", "hit", "wires") if name in value),
    ]  # what was kept before has none
    return Topic(
        dates=dates, step=value["step"], roundup=value["roundup"], **{name: tuple(value[name]) for name in kept}
    )


def _shown(one: _Open) -> Sequence[int]:
    return (*one.members[:1], *one.members[1:][-NEWEST:])


def _last(one: _Open) -> datetime:
    return one.last


def _horizon(at: datetime, grouping: Grouping) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=grouping.dossier_days)


_NEWEST = select(func.max(story.c.last_at, type_=story.c.last_at.type))
_OPEN = (
    select(story)
    .where(story.c.last_at >= bindparam("since", type_=story.c.last_at.type), story.c.articles > 0)
    .order_by(story.c.id)
)
_TELLING = (
    select(grouped.c.article_id, grouped.c.story_id, grouped.c.topic)
    .join(story, story.c.id == grouped.c.story_id)
    .where(
        story.c.last_at >= bindparam("since", type_=story.c.last_at.type),
        story.c.articles > 0,
        grouped.c.topic.is_not(None),
    )
    .order_by(grouped.c.article_id)
)
_THESE = select(grouped).where(grouped.c.article_id.in_(bindparam("articles", expanding=True)))
