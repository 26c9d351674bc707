"""The triage: what the team decided of what was kept, entry after entry, each sealed by all those before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from storage.articles.articles import article_of
from storage.articles.model import Flaw, Sorted, Sorting, TriageState, Untouched
from storage.articles.register import flaws, line_of, seal, words_of
from storage.database import Database
from storage.dialect import give, given
from storage.ids import ArticleId
from storage.schema import article, article_match, clean, grouped, triage

START = seal("", ["vigie triage 1"])
"""What the first entry is sealed with in place of an entry before."""

_CHUNK = 400  # names in one IN list


def written(entry: Sorted) -> tuple[str, ...]:
    """What an entry says, as the words that are sealed: everything but its digest, in the order of the columns."""
    return words_of(astuple(entry)[:-1])


class Triage:
    """Entries are added, and never changed: the newest one of a story is how it stands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, of: ArticleId, wish: Sorting, by: str, now: datetime) -> Sorted | None:
        """Add an entry to what is known of the article's story: what `wish` leaves out stays as it was.

        `by` is a keyed hash of who says so. The same again adds nothing. None where the article is gone.
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
            return entry

    def of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, Sorted]:
        """How each of these articles stands, by the newest entry on any article of its story; others are left out."""
        with self._database.read() as connection:
            return standing(connection, articles)

    def history(self, of: ArticleId) -> tuple[Sorted, ...]:
        """Every entry on the article's story, in order."""
        with self._database.read() as connection:
            held = _entries(connection, _together(connection, [of])[of])
            return tuple(sorted(held, key=lambda each: each.number))

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
            return before or START, tuple(map(_sorted, rows))

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


def standing(connection: Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, Sorted]:
    """How each article stands: see `Triage.of`."""
    together = _together(connection, articles)
    newest: dict[ArticleId, Sorted] = {}
    for entry in _entries(connection, sorted({each for held in together.values() for each in held})):
        if entry.article not in newest or newest[entry.article].number < entry.number:
            newest[entry.article] = entry
    found = {}
    for each, held in together.items():
        if entries := [newest[other] for other in held if other in newest]:
            found[each] = max(entries, key=lambda entry: entry.number)
    return found


def _together(connection: Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, list[ArticleId]]:
    """Each article with those of its story on which something was said, itself first."""
    mine: dict[ArticleId, int] = {}
    for chunk in _chunks(articles):
        mine |= {ArticleId(key): held for key, held in connection.execute(_STORY, {"articles": chunk})}
    members: dict[int, list[ArticleId]] = {}
    for chunk in _chunks(sorted(set(mine.values()))):
        for key, held in connection.execute(_MENTIONED, {"stories": chunk}):
            members.setdefault(held, []).append(ArticleId(key))
    return {each: [each, *members.get(mine.get(each, 0), ())] for each in articles}


def _entries(connection: Connection, articles: Sequence[ArticleId]) -> Iterable[Sorted]:
    for chunk in _chunks(list(dict.fromkeys(articles))):
        yield from map(_sorted, connection.execute(_ON, {"articles": chunk}))


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


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def _columns(entry: Sorted) -> dict[str, Any]:
    values = asdict(entry)
    return {"article_id": values.pop("article"), **values}


def _sorted(row: Row[Any]) -> Sorted:
    values = dict(row._mapping)
    return Sorted(article=ArticleId(values.pop("article_id")), **values)


_LAST = select(triage.c.digest).order_by(triage.c.number.desc()).limit(1)
_ON = select(triage).where(triage.c.article_id.in_(bindparam("articles", expanding=True)))
_STORY = select(grouped.c.article_id, grouped.c.story_id).where(
    grouped.c.article_id.in_(bindparam("articles", expanding=True)), grouped.c.story_id.is_not(None)
)
_MENTIONED = select(grouped.c.article_id, grouped.c.story_id).where(
    grouped.c.story_id.in_(bindparam("stories", expanding=True)),
    grouped.c.article_id.in_(select(triage.c.article_id)),
)
