"""The triage: what the team decided of what was kept, entry after entry, each sealed by all those before it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.articles.articles import article_of
from storage.articles.model import Flaw, Sorted, Sorting, TriageState, Untouched
from storage.articles.register import flaws, line_of, seal, words_of
from storage.articles.triage_state import sorted_of, standing
from storage.database import Database
from storage.dialect import give, given
from storage.ids import ArticleId
from storage.schema import article, article_match, clean, grouped, triage
from storage.stories.announcements import show_judgement
from storage.stories.newsroom import Retell

START = seal("", ["vigie triage 1"])
"""What the first entry is sealed with in place of an entry before."""


def written(entry: Sorted) -> tuple[str, ...]:
    """What an entry says, as the words that are sealed: everything but its digest, in the order of the columns."""
    return words_of(astuple(entry)[:-1])


class Triage:
    """Entries are added, and never changed: the newest one of a story is how it stands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, of: ArticleId, wish: Sorting, by: str, now: datetime, retell: Retell | None = None) -> Sorted | None:
        """Add an entry to what is known of the article's story: what `wish` leaves out stays as it was.

        `by` is a keyed hash of who says so. The same again adds nothing. None where the article is gone. `retell` makes
        the messages of the story say how it stands, in the same transaction; None: they stay as they are.
        """
        with self._database.write() as connection:
            about = article_of(connection, of)
            if about is None:
                return None
            before = standing(connection, [of]).get(of)
            fresh = Sorted(0, now.replace(microsecond=0), of, line_of(about.title), line_of(about.url), by=by)
            entry = _changed(before, wish, fresh)
            if before is not None and _said(entry) == _said(before):
                return before
            entry = replace(entry, number=give(connection, triage))
            entry = replace(entry, digest=seal(_last(connection), written(entry)))
            connection.execute(triage.insert(), _columns(entry))
            if retell is not None:
                show_judgement(connection, of, retell, now)
            return entry

    def of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, Sorted]:
        """How each of these articles stands, by the newest entry on any article of its story; others are left out."""
        with self._database.read() as connection:
            return standing(connection, articles)

    def untouched(self, since: datetime) -> tuple[Untouched, ...]:
        """The stories that had an article since then and were announced, and of which nobody has said anything yet,
        the newest first."""
        kept = select(article_match.c.article_id).where(article_match.c.holds)
        query = (
            select(article.c.id, article.c.title, article.c.first_seen, grouped.c.story_id)
            .outerjoin(grouped, grouped.c.article_id == article.c.id)
            .where(article.c.first_seen >= since, ~article.c.muted, article.c.id.in_(kept))
            .order_by(article.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            known = standing(connection, [ArticleId(row.id) for row in rows])
        waiting: dict[int, Untouched] = {}
        for row in rows:
            if row.id not in known:
                first = waiting.get(row.story_id or row.id, Untouched(ArticleId(row.id), row.title, row.first_seen))
                waiting[row.story_id or row.id] = replace(first, last=row.first_seen)
        return tuple(sorted(waiting.values(), key=lambda each: (each.last, each.article), reverse=True))

    def standing(self, since: datetime) -> tuple[Sorted, ...]:
        """The newest entry of each story that has one since then, the newest first."""
        recent = select(triage.c.article_id).where(triage.c.at >= since).distinct()
        with self._database.read() as connection:
            known = standing(connection, [ArticleId(each) for each in connection.execute(recent).scalars()])
        newest = {each.number: each for each in known.values()}
        return tuple(newest[number] for number in sorted(newest, reverse=True))

    def lines(self, since: datetime | None = None) -> tuple[str, tuple[Sorted, ...]]:
        """The entries from `since` on, in order, and the digest that the first of them follows."""
        with self._database.read() as connection:
            start = select(func.min(triage.c.number))
            first = connection.execute(start if since is None else start.where(triage.c.at >= since)).scalar()
            if first is None:
                return _last(connection), ()
            rows = connection.execute(select(triage).where(triage.c.number >= first).order_by(triage.c.number))
            before = connection.execute(select(triage.c.digest).where(triage.c.number == first - 1)).scalar()
            return before or START, tuple(map(sorted_of, rows))

    def digest(self, number: int) -> str | None:
        """The digest of an entry; None where there is none."""
        with self._database.read() as connection:
            return connection.execute(select(triage.c.digest).where(triage.c.number == number)).scalar()

    def flaws(self) -> tuple[Flaw, ...]:
        """Read every entry again, and hold it against its seal."""
        _, held = self.lines()
        found = tuple(flaws(((written(entry), entry.digest) for entry in held), START))
        with self._database.read() as connection:
            ever = given(connection, triage)
        last = held[-1].number if held else 0
        return (*found, Flaw(last + 1, "cut")) if ever > last else found


def _changed(before: Sorted | None, wish: Sorting, fresh: Sorted) -> Sorted:
    """The fresh entry, with what was said before and what is wished now."""
    held = before or fresh
    return replace(
        fresh,
        state=wish.state or held.state,
        owner=held.owner if wish.owner is None else line_of(clean(wish.owner)),
        note=held.note if wish.note is None else line_of(clean(wish.note)),
    )


def _said(entry: Sorted) -> tuple[TriageState, str, str]:
    return entry.state, entry.owner, entry.note


def _last(connection: Connection) -> str:
    """The digest of the last entry."""
    return connection.execute(_LAST).scalar() or START


def _columns(entry: Sorted) -> dict[str, Any]:
    values = asdict(entry)
    return {"article_id": values.pop("article"), **values}


_LAST = select(triage.c.digest).order_by(triage.c.number.desc()).limit(1)
