"""What a press review shows of what was kept: sections, volumes, shares, words. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest.compose import neighbours
from bot.digest.passage import passage
from bot.messages import markup
from matchers.model import Match, Watchlist
from storage.articles.model import PressItem, PressReview, PressShare, PressStory

PARIS = ZoneInfo("Europe/Paris")
WEEKS = 26  # at most; of a shorter review, its own
LATELY = timedelta(days=90)  # what shares are of
SHARES = 6  # named of each kind
FRESH, FRESH_FOR = 12, timedelta(days=7)  # what « Nouveau » holds at most, and for how long


@dataclass(frozen=True, slots=True)
class Printed:
    """A story as it stands under a list: the article printed is its first that this list kept, `match` is why.

    `whole`: it stands there with its passage and its other articles; under its other lists it is named only.
    `beside`: it may be the event of the story above it.
    """

    story: PressStory
    item: PressItem
    match: Match
    whole: bool = True
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Portion:
    """A source or an entity by name, with how many articles of a list it has; `of` is how many there are. `entity` is
    its id, "" for a source."""

    name: str
    articles: int
    of: int
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A watchlist of the review, or one that is no more and has a name only. `weeks`: articles kept, oldest first, each
    week with its Monday. `sources` and `entities`: who has most of what it kept in 90 days."""

    id: str
    name: str
    question: str
    stories: tuple[Printed, ...]
    weeks: tuple[tuple[date, int], ...]
    sources: tuple[Portion, ...] = ()
    entities: tuple[Portion, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A review made at `made`, of what came since `since`. Sections without stories are in it, at their place.
    `stories` newest first, each once; `entities` are the names of those that they name, by id."""

    title: str
    made: datetime
    since: datetime
    sections: tuple[Section, ...]
    stories: tuple[PressStory, ...]
    read: int
    left: int
    entities: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the lists, by id."""
        return {section.id: section.name for section in self.sections}

    def fresh(self) -> tuple[PressStory, ...]:
        """The newest stories of the last days."""
        return tuple(each for each in self.stories if newest(each) >= self.made - FRESH_FOR)[:FRESH]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What things are called: the watchlists in force, and the entities, by id. `actors` are those that act: people,
    companies, institutions; not a law, nor a notion."""

    watchlists: Mapping[str, Watchlist]
    entities: Mapping[str, str] = field(default_factory=dict)
    actors: frozenset[str] = frozenset()


def review(press: PressReview, words: Lexicon, title: str, since: datetime, made: datetime) -> Review:
    """Each story stands in the section of every list that kept it, and whole in that of its best match."""
    placed: dict[str, list[Printed]] = {name: [] for name in words.watchlists}
    for story in press.stories:
        for printed in _printed(story):
            placed.setdefault(printed.match.watchlist, []).append(printed)
    volumes = _volumes(press)
    mondays = _mondays(since, made)
    acting = [each for each in press.shares if each.kind == "source" or each.name in words.actors]
    shares = _Shares(acting, words.entities)
    sections = []
    for name, held in placed.items():
        known = words.watchlists.get(name)
        said = (markup.cut(known.name, 120), markup.cut(known.question, 300)) if known else (name, "")
        weeks = tuple((monday, volumes[name, monday]) for monday in mondays)
        stories = tuple(_beneath(held))
        sections.append(Section(name, *said, stories, weeks, shares.of(name, "source"), shares.of(name, "entity")))
    mentioned = {each for story in press.stories for item in story.items for each in item.entities}
    entities = {each: words.entities.get(each, each) for each in sorted(mentioned)}
    return Review(title, made, since, tuple(sections), press.stories, press.read, press.left, entities)


def _printed(story: PressStory) -> Iterable[Printed]:
    """The story under each of its lists, in the order of their first."""
    found: dict[str, Printed] = {}
    for item in story.items:
        for match in item.matches:
            found.setdefault(match.watchlist, Printed(story, item, match))
    home = max(
        (match for item in story.items for match in item.matches), key=lambda match: (match.score, match.watchlist)
    )
    return (replace(each, whole=name == home.watchlist) for name, each in found.items())


def _beneath(held: Sequence[Printed]) -> Iterable[Printed]:
    """The same, what may be the event of another one right below that one."""
    rows = [(each.story.number, each.story.beside.id if each.story.beside else None, each) for each in held]
    return (replace(each, beside=True) if beside else each for each, beside in neighbours(rows))


def head(story: PressStory) -> PressItem:
    """The article that stands for a story: its first."""
    return story.items[0]


def newest(story: PressStory) -> datetime:
    """When its last article came."""
    return max(item.article.first_seen for item in story.items)


def lists_of(story: PressStory) -> tuple[str, ...]:
    """The ids of the watchlists that kept it."""
    return tuple(sorted({match.watchlist for item in story.items for match in item.matches}))


def entities_of(story: PressStory) -> tuple[str, ...]:
    """The ids of the entities that its articles name."""
    return tuple(sorted({each for item in story.items for each in item.entities}))


def excerpt(item: PressItem, match: Match | None = None) -> str:
    """At most 200 characters around what matched, as HTML; "" where the source's rights allow only its title. `match`
    None: the best one of the article."""
    if item.article.policy == "summary":
        return ""
    return passage(item.article, match or max(item.matches, key=lambda each: each.score), "fr")


# --- volumes -------------------------------------------------------------------------------------------------------
def _mondays(since: datetime, made: datetime) -> list[date]:
    """The weeks of the review, oldest first, each by its Monday."""
    last = _monday(made.astimezone(PARIS).date())
    first = max(_monday(since.astimezone(PARIS).date()), last - timedelta(weeks=WEEKS - 1))
    return [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _volumes(press: PressReview) -> Counter[tuple[str, date]]:
    """Articles by watchlist and by the Monday of the week they came in."""
    return Counter((watchlist, _monday(moment.astimezone(PARIS).date())) for watchlist, moment in press.seen)


# --- shares --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Shares:
    shares: Sequence[PressShare]
    names: Mapping[str, str]

    def of(self, watchlist: str, kind: str) -> tuple[Portion, ...]:
        """The largest of this kind."""
        mine = [each for each in self.shares if each.watchlist == watchlist]
        total = sum(each.articles for each in mine if each.kind == "source")
        found = [each for each in mine if each.kind == kind][:SHARES]
        if kind == "source":
            return tuple(Portion(each.name, each.articles, total) for each in found)
        return tuple(Portion(self.names.get(each.name, each.name), each.articles, total, each.name) for each in found)
