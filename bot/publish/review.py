"""What a press review shows of what was kept: sections, volumes, words. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest import render
from bot.messages import markup
from matchers.model import Match, Watchlist
from storage.articles.model import PressItem, PressReview, PressStory

PARIS = ZoneInfo("Europe/Paris")
WEEKS = 26


@dataclass(frozen=True, slots=True)
class Section:
    """A watchlist of the review, or one that is no more and has a name only. `weeks`: articles kept, oldest first."""

    id: str
    name: str
    question: str
    stories: tuple[PressStory, ...]
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A review made at `made`, of what came since `since`. Sections without stories are in it, at their place."""

    title: str
    made: datetime
    since: datetime
    sections: tuple[Section, ...]
    read: int
    left: int

    @property
    def stories(self) -> tuple[PressStory, ...]:
        return tuple(story for section in self.sections for story in section.stories)


def review(
    press: PressReview, watchlists: Mapping[str, Watchlist], title: str, since: datetime, made: datetime
) -> Review:
    """Each story stands once, in the section of its best match."""
    placed: dict[str, list[PressStory]] = {name: [] for name in watchlists}
    for story in press.stories:
        placed.setdefault(best(story).watchlist, []).append(story)
    volumes = _volumes(press, made.astimezone(PARIS).date())
    sections = []
    for name, stories in placed.items():
        known = watchlists.get(name)
        words = (markup.cut(known.name, 120), markup.cut(known.question, 300)) if known else (name, "")
        weeks = tuple(volumes[name, week] for week in range(WEEKS - 1, -1, -1))
        sections.append(Section(name, *words, tuple(stories), weeks))
    return Review(title, made, since, tuple(sections), press.read, press.left)


def best(story: PressStory) -> Match:
    """The match of a story that speaks for it: the highest score."""
    return max((match for item in story.items for match in item.matches), key=lambda match: match.score)


def head(story: PressStory) -> PressItem:
    """The article that stands for a story: its first."""
    return story.items[0]


def excerpt(item: PressItem) -> str:
    """At most 200 characters around what matched, as HTML; "" where the source's rights allow only its title."""
    if item.article.policy == "summary":
        return ""
    return render.passage(item.article, max(item.matches, key=lambda match: match.score), "fr")


def _volumes(press: PressReview, today: date) -> Counter[tuple[str, int]]:
    """Articles by watchlist and by how many weeks ago they came: 0 is the week of `today`, from its Monday on."""
    monday = today - timedelta(days=today.weekday())
    return Counter(
        (watchlist, -((moment.astimezone(PARIS).date() - monday).days // 7)) for watchlist, moment in press.seen
    )
