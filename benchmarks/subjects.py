"""Events within one subject: how often two become one story, which never ring, which are told again.

Every event of a subject is told at its true dates, or all of them within one week: a hot week.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import grouping
from bot.digest.newsroom import newsroom
from bot.messages import texts
from bot.web import urls
from matchers.engine.engine import Engine
from matchers.model import Article, Hit, Match, Point
from matchers.stories.grouping import Grouping, Traits
from matchers.stories.parts import Part
from storage.articles.model import ArticleText, EntryKey, EntryRecord, PollRecord, Standing
from storage.chats.model import Choices
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.store import Store, open_store
from storage.stories.ledger import Ledger, Line
from storage.stories.newsroom import Newsroom

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SPREAD = timedelta(days=5)  # over which the events of a hot week begin
LONGEST = timedelta(days=2)  # what is kept of the time between two texts of one event


@dataclass(frozen=True, slots=True)
class Told:
    """An article with the event that it tells, and the subject of that event."""

    id: str
    at: datetime
    article: Article
    event: str
    subject: str


@dataclass(frozen=True, slots=True)
class Filed:
    """Where an article went; `answer` is that of the judge. `backs`: it was counted as bearing out another text."""

    story: str
    answer: str
    backs: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """`merged`: share of the pairs of two events of one subject in one story · `silent`: events that opened no story ·
    `again`, `doubted`: articles that opened another story of an event told already, apart or in doubt · `recall`: share
    of the pairs of one event in one story · `f1` over all pairs · `borne_out`: stories with a text that bears out the
    first one; `falsely`: of those, where it tells another event."""

    merged: float
    silent: int
    events: int
    again: int
    doubted: int
    recall: float
    f1: float
    borne_out: int
    falsely: int


def one_week(told: Sequence[Told]) -> list[Told]:
    """The same, each event moved into one week."""
    first: dict[tuple[str, str], datetime] = {}
    for each in told:
        key = (each.subject, each.event)
        first[key] = min(first.get(key, each.at), each.at)
    return [replace(each, at=_start(each) + min(each.at - first[each.subject, each.event], LONGEST)) for each in told]


def _start(each: Told) -> datetime:
    seed = int.from_bytes(hashlib.sha256(f"{each.subject} {each.event}".encode()).digest()[:8], "big")
    return MONDAY + timedelta(minutes=seed % (SPREAD // timedelta(minutes=1)))


def filed(told: Iterable[Told], engine: Engine, without: Sequence[Part] = ()) -> dict[str, Filed]:
    """Where each article goes, in order of time, through the very tables of the daemon."""
    found: dict[str, Filed] = {}
    parameters = Grouping(without=tuple(without))
    with TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "base", grouping.Grouper(parameters), durable=False)
        lines = (
            Line(json.dumps(each.id), traits(each.article, engine, parameters), each.article.title, published=each.at)
            for each in sorted(told, key=lambda each: (each.at, each.id))
        )
        for answer in ledger.file(lines):
            reason = answer.grouped
            found[json.loads(answer.name)] = Filed(
                json.loads(answer.story), str(reason.numbers.get("answer", reason.level)), reason.backs
            )
        ledger.close()
    return found


def traits(article: Article, engine: Engine, parameters: Grouping) -> Traits:
    scan = engine.scan(article)
    return grouping.traits(scan, engine.matches(scan), engine, parameters)


def measured(told: Sequence[Told], found: Mapping[str, Filed], unclear: Iterable[frozenset[str]] = ()) -> Figures:
    """`unclear`: pairs of events that count neither way."""
    soft, pairs = frozenset(unclear), defaultdict[tuple[bool, bool, bool], int](int)
    for one, other in combinations(told, 2):
        if frozenset({one.event, other.event}) not in soft:
            together = found[one.id].story == found[other.id].story
            pairs[one.event == other.event, one.subject == other.subject, together] += 1
    opened: dict[str, list[str]] = defaultdict(list)
    first: dict[str, str] = {}
    for each in sorted(told, key=lambda each: (each.at, each.id)):
        first.setdefault(each.event, each.id)
        if found[each.id].story == each.id:
            opened[each.event].append(each.id)
    later = [each for event, ids in opened.items() for each in ids if each != first[event]]
    right, missed = pairs[True, True, True], pairs[True, True, False]
    wrong = pairs[False, True, True] + pairs[False, False, True]
    event_of = {each.id: each.event for each in told}
    backed: dict[str, list[bool]] = defaultdict(list)
    for name, each in found.items():
        if each.backs:
            backed[each.story].append(event_of[name] == event_of[each.story])
    return Figures(
        pairs[False, True, True] / max(pairs[False, True, True] + pairs[False, True, False], 1),
        len(first.keys() - opened.keys()),
        len(first),
        sum(found[each].answer != "doubt" for each in later),
        sum(found[each].answer == "doubt" for each in later),
        right / max(right + missed, 1),
        2 * right / max(2 * right + missed + wrong, 1),
        len(backed),
        sum(not all(each) for each in backed.values()),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What a subscriber of everything sees: `rings`: messages that ring · `silent`: events without any message of their
    own · `again`, `doubted`: messages on an event told already, plain or in doubt · `milestones`, and how many `false`:
    said where a text of the story tells another event."""

    rings: int
    silent: int
    again: int
    doubted: int
    milestones: int
    false: int


def heard(told: Sequence[Told], engine: Engine) -> Heard:
    """The same through the store, living messages and the outbox, as polls would bring it."""
    ordered = sorted(told, key=lambda each: (each.at, each.id))
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "base")
        start = ordered[0].at - timedelta(days=1)
        sites = sorted({urls.site(each.article.url) for each in told})
        store.feeds.sync([Feed(FeedId(each), each, f"https://{each}/rss") for each in sites], start)
        chat = store.chats.arrive(5, "private", "fr", start)
        store.chats.follow(chat.key, "tout", None, start)
        store.chats.settings(chat.key, Choices(per_hour=1_000, per_day=1_000))
        desk = newsroom(engine.watchlists)
        sent = [item for each in ordered for item in _told(store, each, engine, desk)]
        events = {number: ordered[number - 1].event for number in range(1, len(ordered) + 1)}
        milestones = [_is_true(store, int(item[1:].partition("-")[0]), events) for item, _ in sent if "-m" in item]
        store.close()
    first: dict[str, bool] = {}
    again: Counter[bool] = Counter()
    for item, doubtful in sent:
        if item.startswith("a"):
            event = events[int(item[1:])]
            again[doubtful] += event in first
            first.setdefault(event, doubtful)
    silent = len(set(events.values()) - first.keys())
    return Heard(len(sent), silent, again[False], again[True], len(milestones), milestones.count(False))


def _told(store: Store, each: Told, engine: Engine, desk: Newsroom) -> Iterable[tuple[str, bool]]:
    """One feed brings it: what rings, and whether that is said to be in doubt."""
    article, now = each.article, each.at
    match = Match("tout", 1, 1, "flash", "000000", True, (Point("term", "tout", 1, title=1),),
                  (Hit("tout", None, "title", 0, 1, article.title[:1]),))  # fmt: skip
    reading = ArticleText(article.title, article.summary, "", article.url, (article.url,), published=now)
    key = EntryKey(each.id, each.id, (article.url,))
    entry = EntryRecord(key, Standing("new"), reading, (match,), traits=traits(article, engine, Grouping()))
    mine = next(c for c in store.feeds.claim_all(now, "b", timedelta(minutes=1)) if c.feed.id == urls.site(article.url))
    store.polls.record(PollRecord(mine, mine.state, now, (entry,)), desk)
    store.feeds.release_all()
    asked = texts.text("fr", "story.unsure")
    while due := store.outbox.claim(now, "b", 10):
        for delivery in due:
            store.outbox.sent(delivery.id, delivery.id, now)
            if delivery.lane == "flash":
                yield delivery.item, asked in delivery.body


def _is_true(store: Store, story: int, events: Mapping[int, str]) -> bool:
    """Do the texts that were counted tell the event of the first one?"""
    chapters = store.dossiers.timeline(story)
    counted = [each for chapter in chapters if chapter.number == story for each in chapter.sources if each.backs]
    return all(events[each.article.id] == events[story] for each in counted)


def labelled(path: Path) -> list[Told]:
    """Lines of JSON with id, published, title, summary, event and subject, and an address or an outlet."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        at = datetime.fromisoformat(value["published"])
        address = value.get("url") or f"https://{value['outlet']}/{value['id']}"
        article = Article(title=value["title"], summary=value["summary"], url=address)
        event, subject = value.get("event") or value["story"], value.get("subject") or value["dossier"]
        found.append(Told(value["id"], at if at.tzinfo else at.replace(tzinfo=UTC), article, event, subject))
    return found
