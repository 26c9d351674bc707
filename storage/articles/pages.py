"""The pages still to be read: which, and when."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, exists, func, literal, select, update

from storage.articles.model import Later, UnreadPage
from storage.database import Database
from storage.dialect import insert
from storage.ids import ArticleId
from storage.schema import Duration, Instant, article, article_url, feed, unread_page

_LATER = insert(unread_page).on_conflict_do_nothing()  # an edit must not put off what waits already


class Pages:
    """What waits to be read. A row stands for an article that is already kept, and is gone once its page is settled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, lease: timedelta, share: int) -> tuple[UnreadPage, ...]:
        """Those due, the longest due first, at most `share` a host; they are due again after `lease`, whatever happens.

        Those of feeds that are no longer followed are left.
        """
        with self._database.write_beside("pages") as connection:
            rows = connection.execute(_DUE, {"now": now, "share": share}).all()
            taken = update(unread_page).where(unread_page.c.article_id == bindparam("taken"))
            for row in rows:
                connection.execute(taken.values(due_at=now + lease), {"taken": row.article_id})
        return tuple(_unread(row) for row in rows)

    def postpone(self, identifier: ArticleId, later: Later) -> None:
        """Read this one later; if it is settled meanwhile, it stays so."""
        waiting = update(unread_page).where(unread_page.c.article_id == identifier)
        with self._database.write_beside() as connection:
            connection.execute(waiting.values(due_at=later.due_at, tries=later.tries))

    def rewind(self, now: datetime, by: timedelta) -> None:
        """The clock was set back by so much: what waits for its hour waits no longer for that."""
        with self._database.write() as connection:
            waits = update(unread_page).where(unread_page.c.due_at > now)
            connection.execute(waits.values(due_at=unread_page.c.due_at - literal(by, Duration())))

    def give_up(self, identifier: ArticleId) -> None:
        """What is known of the article is all there will be."""
        with self._database.write_beside() as connection:
            settle(connection, identifier)


def wait(connection: Connection, identifier: ArticleId, later: Later | None) -> None:
    """Make the page of an article wait, or no longer, inside the caller's transaction."""
    if later is None:
        settle(connection, identifier)
        return
    row = {"article_id": identifier, "host": later.host, "due_at": later.due_at, "tries": later.tries}
    connection.execute(_LATER, row)


def settle(connection: Connection, identifier: ArticleId) -> bool:
    """Whether the page was still waited for; now it is not."""
    gone = delete(unread_page).where(unread_page.c.article_id == identifier)
    return connection.execute(gone).rowcount > 0


def _due() -> Any:
    place = func.row_number().over(partition_by=unread_page.c.host, order_by=(unread_page.c.due_at, article.c.id))
    addressed = exists().where(article_url.c.article_id == article.c.id)
    ranked = (
        select(
            unread_page,
            *(article.c[name] for name in ("url", "title", "summary", "published", "author")),
            case((article.c.source == "feed_summary", article.c.text), else_="").label("content"),
            feed.c.reading.label("policy"),
            (feed.c.permission != "").label("licensed"),
            feed.c.name.label("source_name"),
            feed.c.listed_url.label("source"),
            feed.c.dedup,
            feed.c.official,
            addressed.label("own_address"),
            place.label("place"),
        )
        # The sum has no index: what is due, which is little, is looked up among articles, never the other way round
        .join(article, article.c.id == unread_page.c.article_id + 0)
        .join(feed, feed.c.id == article.c.feed_id)
        .where(unread_page.c.due_at <= bindparam("now", type_=Instant()), feed.c.enabled)
        .subquery()
    )
    return select(ranked).where(ranked.c.place <= bindparam("share")).order_by(ranked.c.due_at, ranked.c.article_id)


_DUE = _due()


def _unread(row: Row[Any]) -> UnreadPage:
    return UnreadPage(
        ArticleId(row.article_id),
        row.url,
        row.title,
        row.summary,
        row.content,
        row.published,
        row.author,
        row.policy,
        bool(row.licensed),
        bool(row.own_address),
        Later(row.host, row.due_at, row.tries),
        row.source_name,
        row.dedup,
        row.source,
        row.official,
    )
