"""A press review of any size, invented, always the same."""

from collections.abc import Iterator
from datetime import timedelta

from matchers.model import Match, Point
from storage.articles.model import PressItem, PressReview, PressStory
from storage.ids import ArticleId
from tests.bot.digest.builders import NOW, TEXT, WATCHLISTS, article, hits

LISTS = tuple(WATCHLISTS)
NAMES = ("Nébulis", "Armorial", "Cirrova", "L’hôpital de Vannes", "Le SNDS", "L’ANSSI")
VERBS = (
    "obtient la qualification SecNumCloud",
    "renonce à SecNumCloud",
    "attend SecNumCloud pour ses données de santé",
)


def press(number: int) -> PressReview:
    stories = tuple(_stories(number))
    seen = tuple(
        (match.watchlist, item.article.first_seen)
        for story in stories
        for item in story.items
        for match in item.matches
    )
    return PressReview(stories, left=3, read=number * 40, seen=seen)


def _stories(number: int) -> Iterator[PressStory]:
    for place in range(number):
        copies = 3 if place % 10 == 0 else 1
        yield PressStory(tuple(_item(place, copy) for copy in range(copies)))


def _item(place: int, copy: int) -> PressItem:
    title = f"{NAMES[place % len(NAMES)]} {VERBS[place % len(VERBS)]}, épisode {place}"
    story = article(
        id=ArticleId(place * 10 + copy + 1),
        title=title,
        text=TEXT + f" C’est l’épisode {place} d’une longue histoire.",
        url=f"https://fil.example/{place}/{copy}",
        source_name=("Le Fil du nuage", "Gazette hospitalière", "Nuage & Droit")[copy],
        first_seen=NOW - timedelta(hours=4 * place - copy),
        published=None,
        policy="summary" if place % 7 == 3 else "page",
        flags=("reserved",) if place % 11 == 5 else (),
    )
    found = hits(story, "SecNumCloud", "qualification")
    points = (Point("term", "SecNumCloud", 8, title=1, text=1), Point("boost", "qualification", 2, text=1))
    held = (Match(LISTS[place % 3], 10, 3, "flash", "3f9a12", True, points, found),)
    return PressItem(story, held)
