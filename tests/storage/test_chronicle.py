"""A year whose every turn was planted is told turn by turn: once each, none made up, and what it comes to."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.changes import joined, net
from matchers.lists import ListRow
from storage.changes.model import Chronicle, Fact, Scope, Span
from storage.ids import FeedId, StoryId
from storage.lists.codec import row_written
from storage.operators.model import LOST, NewNotice
from storage.place import Place
from storage.schema import act, act_article, act_name, article, article_match, deadline, grouped, list_event, story
from storage.store import Store, open_store
from tests.storage.builders import NOW, a_feed

DAY = timedelta(days=1)
START = NOW - 365 * DAY
LISTS = ("hds", "cloud", "eucs")
FEEDS = tuple(FeedId(f"f{number}") for number in range(5))


@dataclass
class PlantedYear:
    """A store, and beside it the truth as it was planted: (when, kind, about, before, after)."""

    store: Store
    chance: random.Random
    truth: list[tuple[datetime, str, str, str, str]] = field(default_factory=list)
    dossiers: dict[str, int] = field(default_factory=dict)
    kept_by: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheets = {f"watchlists/{name}.yaml": '{"any":["a"]}' for name in LISTS} | {"entities.yaml": "{}"}
        self.followed = set(FEEDS)
        self.sync(START)

    def sync(self, at: datetime) -> None:
        feeds = [a_feed(each, enabled=each in self.followed) for each in FEEDS]
        self.store.feeds.sync(feeds, at, dict(self.sheets))

    def rewrites(self, at: datetime) -> None:
        name = self.chance.choice(sorted(self.sheets))
        before = self.sheets[name]
        self.sheets[name] = self.chance.choice(['{"any":["a"]}', '{"any":["a","b"]}', '{"any":["b"],"threshold":4}'])
        self.sync(at)
        if self.sheets[name] != before:
            self.truth.append((at, "rules", name, before, self.sheets[name]))

    def drops_or_takes_back(self, at: datetime) -> None:
        feed = self.chance.choice(FEEDS)
        before = "ok" if feed in self.followed else ""
        self.followed ^= {feed}
        self.sync(at)
        self.truth.append((at, "source", feed, before, "ok" if feed in self.followed else ""))

    def ails(self, at: datetime) -> None:
        """A source fails for days, or for an hour: that is no change."""
        feed, kind = self.chance.choice(FEEDS), self.chance.choice(LOST)
        if feed not in self.followed:
            return
        over = at + self.chance.choice((timedelta(hours=1), 2 * DAY))
        self.store.notices.put(feed, (NewNotice(kind, "", at),), (), at)
        self.store.notices.put(feed, (), (kind,), over)
        if over - at > DAY:
            self.truth += [(at, "source", feed, "ok", kind), (over, "source", feed, kind, "ok")]

    def happens(self, at: datetime, number: int) -> None:
        """A story; that of a first reading bears its own date, that which was joined to another is none."""
        muted, gone, kept = (self.chance.random() < share for share in (0.3, 0.1, 0.9))
        opened = at - 3 * DAY if muted else at
        host, dossier = self.chance.choice(("cnil.fr", "presse.example")), number if number % 3 else 1
        name = self.chance.choice(LISTS)
        base = {"id": number, "feed_id": "f1", "title": f"Fait {number}", "summary": "", "text": "", "source": "page"}
        with self.store.database.write() as connection:
            connection.execute(insert(article).values(
                **base, url=f"https://{host}/{number}", flags="[]", first_seen=at, read_at=at, revision=0, muted=muted,
            ))  # fmt: skip
            connection.execute(insert(story).values(
                id=number, dossier_id=dossier, opened=opened, last_at=at, articles=0 if gone else 1, texts=1,
            ))  # fmt: skip
            connection.execute(insert(grouped).values(
                article_id=number, host=host, aggregator=False, at=opened, title="", words=9, content="", sketch=b"",
                copy_of=number, story_id=number,
            ))  # fmt: skip
            connection.execute(insert(article_match).values(
                article_id=number, watchlist=name, score=4, threshold=3, level="flash", version="v", subject=True,
                detail='{"points":[],"hits":[]}', holds=kept,
            ))  # fmt: skip
        if not gone and kept:
            self.truth.append((opened, "story", str(number), "", "told"))
            self.dossiers[str(number)], self.kept_by[str(number)] = dossier, name

    def enacts(self, at: datetime, number: int) -> None:
        """An act that a list kept, with a day that it sets, moved or closed a month later; one that no list kept is no
        matter of ours."""
        kept = self.chance.random() < 0.8
        day = (at + 60 * DAY).date()
        self._item(number, at, kept=kept)
        fate = self.chance.choice(("passes", "moves", "done", "cancelled"))
        changed = at if fate == "passes" else at + 30 * DAY
        later = (at + 90 * DAY).date() if fate == "moves" else day
        state = {"passes": "open", "moves": "moved"}.get(fate, fate)
        with self.store.database.write() as connection:
            connection.execute(insert(act).values(
                id=number, kind="decret", title=f"Décret {number}", body="", link="", concerned="", in_force="",
                audience="", article_id=number,
            ))  # fmt: skip
            connection.execute(insert(act_name).values(name=f"nor:{number}", act_id=number, rank=0))
            connection.execute(insert(act_article).values(article_id=number, name=f"nor:{number}", role="is"))
            connection.execute(insert(deadline).values(
                id=number, about=f"nor:{number}", act="", kind="limit", feed_id="f1", article_id=number,
                day=later.isoformat(), sentence="", sure=True, official=True, state=state,
                old_day=day.isoformat() if fate == "moves" else None, since=at, changed_at=changed,
            ))  # fmt: skip
        if not kept:
            return
        name, over = str(number), _midnight(later + DAY)
        self.truth += [(at, "act", name, "", "out"), (at, "deadline", name, "", day.isoformat())]
        if fate == "moves":
            self.truth.append((changed, "deadline", name, day.isoformat(), later.isoformat()))
        if fate in ("passes", "moves"):
            self.truth.append((over, "deadline", name, later.isoformat(), f"passed:{later}"))
        else:
            self.truth.append((changed, "deadline", name, day.isoformat(), f"{fate}:{day}"))

    def _item(self, number: int, at: datetime, *, kept: bool) -> None:
        with self.store.database.write() as connection:
            connection.execute(insert(article).values(
                id=number, feed_id="f1", title=f"Texte {number}", summary="", text="", source="page", url=f"u{number}",
                flags="[]", first_seen=at, read_at=at, revision=0, muted=False,
            ))  # fmt: skip
            connection.execute(insert(article_match).values(
                article_id=number, watchlist="hds", score=4, threshold=3, level="flash", version="v", subject=True,
                detail='{"points":[],"hits":[]}', holds=kept,
            ))  # fmt: skip

    def lists_say(self, at: datetime) -> None:
        """A row of a list comes, moves or goes; what is quiet is no change of a status."""
        name = self.chance.choice(("Nébulis", "Cirrova"))
        before = self.statuses.get(name, "")
        after = self.chance.choice([each for each in ("candidat", "qualifié", "") if each != before])
        kind = "removed" if not after else "changed" if before else "added"
        row = ListRow((name,), after or before)
        told = {"before": before, "after": after} if kind == "changed" else {"before": "", "after": after}
        quiet = self.chance.random() < 0.2
        with self.store.database.write() as connection:
            connection.execute(insert(list_event).values(
                feed_id="f1", told_at=at, at=at, kind=kind, listed=row_written(row), field="Statut", quiet=quiet,
                url="https://anssi.example/", sha256="", old_sha256="", **told,
            ))  # fmt: skip
        if not quiet:
            self.statuses[name] = after
            self.truth.append((at, "status", f"f1 | {name} | ", before, after))

    def told(self, start: datetime, end: datetime, scope: Scope = Scope()) -> Chronicle:  # noqa: B008
        return self.store.chronicle(Span(start, end), scope)

    def planted(self, start: datetime, end: datetime) -> list[tuple[datetime, str, str, str, str]]:
        return sorted(each for each in self.truth if start <= each[0] < end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo("Europe/Paris")).astimezone(UTC)


def a_year(home: Place, seed: int) -> PlantedYear:
    chance = random.Random(seed)
    year = PlantedYear(open_store(home), chance)
    at = START
    for number in range(1, 40):
        at += DAY * chance.choice((4, 7, 12))
        if chance.random() < 0.5:
            chance.choice((year.happens, year.enacts))(at, number)
        else:
            chance.choice((year.rewrites, year.drops_or_takes_back, year.ails, year.lists_say))(at)
    return year


def said(facts: tuple[Fact, ...]) -> list[tuple[datetime, str, str, str, str]]:
    return sorted((fact.at, fact.kind, fact.about, fact.before, fact.after) for fact in facts)


@pytest.mark.file
@pytest.mark.parametrize("seed", range(20))
def test_every_turn_of_a_planted_year_is_told_once_and_none_is_made_up(tmp_path: Path, seed: int) -> None:
    _told_as_planted(tmp_path / "year.db", seed)


def test_a_planted_year_is_told_alike_wherever_it_is_kept(home: Place) -> None:
    _told_as_planted(home, 20)


def test_a_brief_has_the_stories_of_the_year_wherever_it_is_kept(home: Place) -> None:
    year = a_year(home, 20)
    try:
        stories = year.store.briefs.stories(Span(START - 9 * DAY, NOW), Scope())
        planted = {about for _, kind, about, _, _ in year.truth if kind == "story"}
        assert {str(each.story) for each in stories} == planted != set()
        assert all(each.matches[0].watchlist == year.kept_by[str(each.story)] for each in stories)
    finally:
        year.store.close()


def _told_as_planted(home: Place, seed: int) -> None:
    year = a_year(home, seed)
    try:
        one, two, three = sorted(START - 9 * DAY + year.chance.random() * 400 * DAY for _ in range(3))
        early, late, both = year.told(one, two).facts, year.told(two, three).facts, year.told(one, three).facts
        assert said(both) == year.planted(one, three)
        assert said((*early, *late)) == said(both)
        assert joined(net(early), net(late)) == net(both)
        _state_by_state(year, one, three, both)
    finally:
        year.store.close()


def _state_by_state(year: PlantedYear, start: datetime, end: datetime, facts: tuple[Fact, ...]) -> None:
    """What each thing came to is what it was planted to be before and after, whatever happened between."""
    turns: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for _, kind, about, before, after in year.planted(start, end):
        turns.setdefault((kind, about), []).append((before, after))
    told = {(each.kind, each.about): (each.before, each.after, each.times) for each in net(facts)}
    assert told == {key: (held[0][0], held[-1][1], len(held)) for key, held in turns.items()}


@pytest.mark.file
def test_a_dossier_or_a_list_has_its_own_stories_and_all_that_may_have_silenced_it(tmp_path: Path) -> None:
    year = a_year(tmp_path / "year.db", 4)
    whole = year.told(START - 9 * DAY, NOW).facts
    of_list = year.told(START - 9 * DAY, NOW, Scope(frozenset(("hds",)))).facts
    of_dossier = year.told(START - 9 * DAY, NOW, Scope(dossier=StoryId(1))).facts
    year.store.close()
    stories = {fact.about for fact in of_list if fact.kind == "story"}
    assert stories == {number for number, name in year.kept_by.items() if name == "hds"} != set()
    assert {fact.about for fact in of_list if fact.kind == "rules"} <= {"entities.yaml", "watchlists/hds.yaml"}
    assert {fact.about for fact in of_dossier if fact.kind == "story"} == {
        number for number, dossier in year.dossiers.items() if dossier == 1
    }
    silent = [fact for fact in whole if fact.kind == "source"]
    assert silent
    assert silent == [fact for fact in of_list if fact.kind == "source"]


def test_what_came_back_to_what_it_was_is_said_to_have(store: Store) -> None:
    for hours, content in enumerate(("a", "b", "a")):
        store.feeds.sync([a_feed()], NOW + timedelta(hours=hours), {"watchlists/hds.yaml": content})
    store.feeds.sync([a_feed()], NOW + timedelta(hours=4), {})
    facts = store.chronicle(Span(NOW, NOW + timedelta(hours=3)), Scope()).facts
    (change,) = (each for each in net(facts) if each.kind == "rules")
    assert (change.undone, change.times) == (True, 2)
    (gone,) = (each for each in net(store.chronicle(Span(NOW, NOW + DAY), Scope()).facts) if each.kind == "rules")
    assert (gone.before, gone.after) == ("a", "")


def test_a_silence_is_remembered_though_nobody_was_told_of_it(store: Store) -> None:
    store.notices.put(FeedId("a"), (NewNotice("dead", "404", NOW),), (), NOW)
    store.notices.put(FeedId("a"), (), ("dead",), NOW + 40 * DAY)
    store.prune(NOW + 404 * DAY)
    facts = store.chronicle(Span(NOW, NOW + 50 * DAY), Scope()).facts
    assert [(fact.before, fact.after) for fact in facts if fact.about == "a"] == [("ok", "dead"), ("dead", "ok")]
    store.prune(NOW + 406 * DAY)
    assert not store.chronicle(Span(NOW, NOW + 50 * DAY), Scope()).facts
