"""The official acts that came out in a span, and the days that they set, moved or that passed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, and_, or_, select

from storage.changes.model import Fact, Scope, Span
from storage.schema import act, act_article, act_name, article, article_match, deadline, feed, grouped, story

NONE, OUT, PASSED = "", "out", "passed"
PARIS = ZoneInfo("Europe/Paris")  # the days of acts are those of its clock
_ITS_OWN = ("is", "founds")


def acts_out(connection: Connection, span: Span, scope: Scope) -> Iterator[Fact]:
    """Each act that a kept article is, or founds on, when its own item was first seen; that of a first reading, on the
    day that it was published."""
    named = act.join(act_name, act_name.c.act_id == act.c.id).join(act_article, act_article.c.name == act_name.c.name)
    about = named.join(article, article.c.id == act.c.article_id).join(feed, feed.c.id == article.c.feed_id)
    seen = and_(~article.c.muted, article.c.first_seen >= span.start, article.c.first_seen < span.end)
    first, last = (_paris(each).isoformat() for each in (span.start, span.end))
    days = and_(act.c.published >= first, act.c.published <= last)
    told = select(
        act.c.id, act.c.title, act.c.link, act.c.published, article.c.first_seen, article.c.muted, article.c.url,
        article.c.title.label("item"), feed.c.name, article_match.c.watchlist,
    )  # fmt: skip
    query = told.select_from(about.join(article_match, article_match.c.article_id == act_article.c.article_id))
    query = query.where(act_article.c.role.in_(_ITS_OWN), article_match.c.holds, or_(seen, and_(article.c.muted, days)))
    found: dict[int, tuple[Any, set[str]]] = {}
    for row in connection.execute(_within(query, act_article.c.article_id, scope)):
        found.setdefault(row.id, (row, set()))[1].add(row.watchlist)
    for row, lists in found.values():
        at = _day(row.published) if row.muted else row.first_seen
        if span.start <= at < span.end:
            title, link, held = row.title or row.item, row.link or row.url, tuple(sorted(lists))
            yield Fact(at, "act", str(row.id), NONE, OUT, title, link, row.name, True, held)


def deadlines_changed(connection: Connection, span: Span, scope: Scope) -> Iterator[Fact]:
    """Each day that a kept article sets: when it was learned, moved or ended, and when it is over."""
    about = deadline.join(article, article.c.id == deadline.c.article_id).join(feed, feed.c.id == deadline.c.feed_id)
    told = select(
        deadline.c.id, deadline.c.day, deadline.c.old_day, deadline.c.state, deadline.c.since, deadline.c.changed_at,
        deadline.c.sentence, deadline.c.official, article.c.title, article.c.url, feed.c.name,
        article_match.c.watchlist,
    )  # fmt: skip
    query = told.select_from(about.join(article_match, article_match.c.article_id == deadline.c.article_id))
    found: dict[int, tuple[Any, set[str]]] = {}
    for row in connection.execute(_within(query.where(article_match.c.holds), deadline.c.article_id, scope)):
        found.setdefault(row.id, (row, set()))[1].add(row.watchlist)
    for row, lists in found.values():
        for at, before, after in _turns(row):
            if span.start <= at < span.end:
                title, held = row.title or row.sentence, tuple(sorted(lists))
                yield Fact(
                    at, "deadline", str(row.id), before, after, title, row.url, row.name, row.official, held
                )  # fmt: skip


def _turns(row: Any) -> Iterator[tuple[datetime, str, str]]:
    """What a deadline was and became. Of one that moved more than once, the days between are not kept."""
    moved = row.old_day is not None and row.changed_at > row.since
    first = row.old_day if moved else row.day
    yield row.since, NONE, first
    if moved and row.old_day != row.day:
        yield row.changed_at, first, row.day
    over = _day(row.day) + timedelta(days=1)
    if row.state in ("done", "cancelled"):
        yield row.changed_at, row.day, f"{row.state}:{row.day}"
    elif over > row.changed_at:
        yield over, row.day, f"{PASSED}:{row.day}"


def _within(query: Select[Any], of: Any, scope: Scope) -> Select[Any]:
    """Of the lists or the dossier that is asked for."""
    if scope.lists is not None:
        query = query.where(article_match.c.watchlist.in_(sorted(scope.lists)))
    if scope.dossier is not None:
        mine = select(grouped.c.article_id).join(story, story.c.id == grouped.c.story_id)
        query = query.where(of.in_(mine.where(story.c.dossier_id == scope.dossier)))
    return query.order_by(of)


def _paris(when: datetime) -> date:
    return when.astimezone(PARIS).date()


def _day(written: str) -> datetime:
    return datetime.combine(date.fromisoformat(written), time(), PARIS).astimezone(UTC)
