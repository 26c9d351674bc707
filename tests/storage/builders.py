"""Values for the tests of the store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, func, select

from bot.grouping import Grouper
from matchers.model import Hit, Level, Match, Point
from storage.articles.model import ArticleText, EntryKey, EntryRecord, PollRecord, Recorded, Standing, StoredArticle
from storage.chats.claims import unhindered
from storage.chats.model import Chat, Follower, Lane, NewDelivery
from storage.dialect import later
from storage.feeds.model import Claim, Feed
from storage.ids import ChatKey, FeedId
from storage.schema import Instant, chat, delivery, unread_page
from storage.store import Store
from storage.stories.newsroom import Newsroom

NOW = datetime(2026, 11, 24, 7, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(minutes=10)
A, B = FeedId("a"), FeedId("b")


def a_feed(feed: FeedId = A, **changes: object) -> Feed:
    return Feed(**{"id": feed, "name": feed.upper(), "url": f"https://{feed}.example/rss", **changes})  # type: ignore[arg-type] # the tests name the fields they change


def a_match(watchlist: str = "hds", level: Level = "flash", score: int = 4) -> Match:
    point = Point("term", "hébergeur certifié", score, title=1)
    hit = Hit("hébergeur certifié", "hds", "title", 0, 9, "Hébergeur")
    return Match(watchlist, score, 3, level, "abc123", True, (point,), (hit,))


def an_entry(
    key: str = "1",
    content: str = "c",
    urls: Sequence[str] = ("u1",),
    matches: Sequence[Match] = (),
    text: str = "le texte",
    title: str = "Titre",
) -> EntryRecord:
    reading = ArticleText(title, "Résumé", text, f"https://site.example/{key}", tuple(urls), flags=("paywall",))
    return EntryRecord(EntryKey(key, content, tuple(urls)), Standing("new"), reading, tuple(matches))


def a_chat(store: Store, telegram_id: int = 5) -> Chat:
    return store.chats.arrive(telegram_id, "private", "fr", NOW)


@dataclass(frozen=True, slots=True)
class Words:
    """A message of which the store keeps the words as they are."""

    words: str

    def to_json(self) -> str:
        return self.words


def a_flash(chat: ChatKey, item: str = "a1", lane: Lane = "flash", part: int = 1) -> NewDelivery:
    return NewDelivery(chat, lane, item, Words("{}"), part)


def announce(
    article: StoredArticle, matches: tuple[Match, ...], told: tuple[Follower, ...], now: datetime
) -> tuple[NewDelivery, ...]:
    """Every follower gets a flash that names the lists."""
    body = "+".join(each.watchlist for each in matches)
    return tuple(NewDelivery(each.chat.key, "flash", f"a{article.id}", Words(body)) for each in told)


NEWSROOM = Newsroom(Grouper(), announce, lambda *_: ())
"""Tells every follower of an article, and nothing of its story."""


def next_due(store: Store, now: datetime) -> datetime | None:
    """When the next message may go out, `now` if one may already; None while nothing can."""
    with store.database.read() as connection:
        earliest = connection.execute(_earliest(), {"now": now}).scalar()
    return None if earliest is None else max(earliest, now)


@cache
def _earliest() -> Select[tuple[datetime]]:
    """Made once: whoever empties a queue asks it at every turn."""
    then = bindparam("now", type_=Instant())
    moment = later(func.coalesce(delivery.c.not_before, then), func.coalesce(chat.c.frozen_until, then))
    return (
        select(func.min(moment, type_=Instant()))
        .join(chat, chat.c.id == delivery.c.chat_id)
        .where(delivery.c.state == "queued", chat.c.state == "active", *unhindered())
    )


def pages_waiting(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(unread_page)).scalar_one()


def claim(store: Store, feed: FeedId = A, owner: str = "one") -> Claim:
    (found,) = (each for each in store.feeds.claim_all(NOW, owner, LEASE) if each.feed.id == feed)
    return found


def poll(
    store: Store,
    *entries: EntryRecord,
    feed: FeedId = A,
    muted: bool = False,
    now: datetime = NOW,
    newsroom: Newsroom = NEWSROOM,
) -> Recorded:
    """Poll one feed as the bot does: lease it, ask the standings, record."""
    claims = store.feeds.claim_all(now, "one", LEASE)
    (mine,) = (each for each in claims if each.feed.id == feed)
    store.feeds.release([each for each in claims if each is not mine])
    standings = store.articles.standing(feed, [each.key for each in entries], now)
    asked = tuple(
        replace(each, standing=found, reading=each.reading if found.kind in ("new", "revised") else None)
        for each, found in zip(entries, standings, strict=True)
    )
    return store.polls.record(PollRecord(mine, mine.state, now, asked, muted), newsroom)
