"""`vigie publish`: the press review written to a folder."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot.ending import CannotRun
from bot.french import counted, size
from bot.opening import opened
from bot.publish.feed import NO_NAMES, feed_name, feeds, matches
from bot.publish.ics import calendar_of
from bot.publish.page import page
from bot.publish.review import LATELY, Lexicon, Review, review
from bot.publish.statuses import with_statuses
from bot.statuses import PARIS
from matchers.engine.engine import Engine
from storage import Store
from storage.articles.model import PressReview
from storage.files import PUBLIC
from storage.files import write as write_file
from storage.lists.model import ListView
from storage.place import Place
from storage.system import said

STORIES = 1000
ACTING = ("org", "institution", "personne")  # the kinds of entities that act
TITLE = "Revue de presse"
DAYS = 90
CALENDAR = "echeances.ics"
KEPT = timedelta(days=366)  # a day long past may have been cancelled lately


@dataclass(frozen=True, slots=True)
class PublishAsked:
    """What the call says. `address` is where the page will be read, None if nobody knows yet. `team`: who reads it may
    know who takes care of what, and what was noted. `only`: the lists whose days the calendar has, () for all."""

    folder: Path
    days: int = DAYS
    title: str = TITLE
    address: str | None = None
    team: bool = False
    only: tuple[str, ...] = ()


def publish(database: Place, words: Lexicon, asked: PublishAsked, now: datetime, out: TextIO) -> int:
    """Write index.html, the feeds and matches.json; other files there stay. Raises StoreError, CannotRun."""
    with closing(opened(database, "rien à publier")) as store:
        made, lists = made_of(store, words, asked, now), store.lists.views()
        days = store.deadlines.since((now - KEPT).astimezone(PARIS).date())
    written = write(made, asked.folder, asked.address, words, lists)
    _calendar(asked.folder, calendar_of(days, asked.only or words.watchlists, asked.title, now))
    print(f"{asked.folder} : {counted(len(made.stories), 'sujet', 'sujets')}, page de {size(written)}", file=out)
    return 0


def lexicon(engine: Engine) -> Lexicon:
    """What things are called by the rules in force."""
    known = engine.entities.values()
    acting = frozenset(each.id for each in known if each.kind in ACTING)
    return Lexicon(engine.watchlists, {each.id: each.name for each in known}, acting)


def _calendar(folder: Path, days: bytes) -> None:
    try:
        write_file(folder / CALENDAR, days, PUBLIC)
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire dans {folder} ({said(problem)})") from problem


def made_of(store: Store, words: Lexicon, asked: PublishAsked, now: datetime) -> Review:
    """The review of these days. Raises StoreError."""
    since = now - timedelta(days=asked.days)
    press = store.press_review(since, STORIES, now - LATELY)
    return review(press if asked.team else _for_everybody(press), words, asked.title, since, now)


def _for_everybody(press: PressReview) -> PressReview:
    """How stories stand may be read by everybody; names and notes are the team's."""
    stories = (
        replace(each, triage=replace(each.triage, owner="", note="")) if each.triage else each for each in press.stories
    )
    return replace(press, stories=tuple(stories))


def files(
    made: Review, address: str | None, before: Mapping[str, str] = NO_NAMES, lists: Sequence[ListView] = ()
) -> Mapping[str, str]:
    """Every file of the review, by name. `before`: see `feeds`."""
    return {
        "index.html": with_statuses(page(made), lists, made.made),
        **feeds(made, address, before),
        "matches.json": matches(made),
    }


def write(made: Review, folder: Path, address: str | None, words: Lexicon, lists: Sequence[ListView] = ()) -> int:
    """Each file takes its name once it is whole: a reader never gets half of one. The size of the page, in bytes.

    The feed of an entity that nobody names any more is written empty: who follows it goes on with it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        named = words.entities.items()
        before = {each: name for each, name in named if (folder / feed_name("entity", each)).exists()}
        texts = files(made, address, before, lists)
        for name, text in texts.items():
            write_file(folder / name, text, PUBLIC)  # for a web server
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire dans {folder} ({said(problem)})") from problem
    return len(texts["index.html"].encode())
