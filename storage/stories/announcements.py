"""What chats were told of stories, and what there is to tell them now."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, func, select, update

from matchers.model import Match
from storage.articles.articles import article_of, articles_of, matches_of
from storage.articles.triage_state import standing
from storage.chats.chats import followers
from storage.chats.model import Follower
from storage.chats.queueing import queue, queue_edits
from storage.dialect import insert, numbers, reassign
from storage.ids import ArticleId, ChatKey, StoryId
from storage.prepared import Prepared
from storage.schema import announcement, article, delivery, grouped, story
from storage.stories.model import Before, Edition, Fresh, Grouped, Saying, SayingKind, StoryNews, StorySource, Told
from storage.stories.newsroom import Announce, Newsroom, Retell
from storage.stories.overrides import orders_on

SOURCES = 60  # of a story that are looked at, the first ones
DOUBTED = timedelta(days=7)  # for which a story in doubt counts against the next ones of its affair

ChatPlace = tuple[ChatKey, int]
"""A chat and a topic of it."""

Within = tuple[int, int]
"""The chats whose keys come after the first of these, up to the second."""

LAST = 2**62
EVERYBODY: Within = (0, LAST)


def announce_article(
    connection: Connection,
    known: ArticleId,
    matches: tuple[Match, ...],
    announce: Announce,
    now: datetime,
    within: Within = EVERYBODY,
) -> int:
    """Queue what is to be said of an article that belongs to no story; the number of messages."""
    fresh = _fresh(connection, known, known, matches, announce, frozenset(), now, within)
    return queue(connection, [each.delivery for each in fresh], now)


def announce_story(
    connection: Connection,
    mine: Grouped,
    matches: tuple[Match, ...],
    newsroom: Newsroom,
    now: datetime,
    before: Edition | None = None,
    within: Within = EVERYBODY,
) -> int:
    """Queue what an article changes for those who follow its story; the number of messages that are new. `before` is
    what it said until now; only chats `within` are told.

    A chat that has a message of the story gets it edited. One that has none gets one, unless the article is the copy of
    a text that came before the chat followed, or in a first reading.
    """
    assert mine.story is not None
    living = _living(connection, mine.story, within)
    first = mine.copy_of or mine.article
    reached = frozenset(living) | _reached_before(connection, mine, within)
    # a copy of what was over is nobody's news
    wanted = () if mine.late else matches
    fresh = _fresh(connection, mine.article, first, wanted, newsroom.announce, reached, now, within)
    if not fresh and not living:
        return 0
    news = _news(connection, mine, fresh, living, now, within)
    if not mine.joined:
        news = replace(news, newest=None, revised=before)
    said = newsroom.retell(news, now)
    added = say(connection, said, news.story, living, now, within)
    if any(_retitled(each, living) for each in said):
        for (following,) in _FOLLOWING.rows(connection, {"story": news.story}):
            refresh(connection, StoryId(following), newsroom.retell, now, within)
    return added


def _retitled(saying: Saying, living: Mapping[ChatPlace, Any]) -> bool:
    """Does a message leave with another title than the one that a follow-up of it may have named by then?"""
    before = living.get((saying.delivery.chat, saying.delivery.thread))
    edited = saying.delivery.lane == "edit" and before is not None and before.state == "queued"
    return edited and saying.shown is not None and saying.shown != shown_in(before)


def _fresh(
    connection: Connection,
    known: ArticleId,
    first: ArticleId,
    matches: tuple[Match, ...],
    announce: Announce,
    living: frozenset[ChatPlace],
    now: datetime,
    within: Within,
) -> tuple[Fresh, ...]:
    """The messages to chats that have none of the story. `first` is the first article with this text."""
    if not matches or _muted(connection, (known, first)):
        return ()
    told = followers(connection, [each.watchlist for each in matches], first, now, within)
    stored = article_of(connection, known)
    waiting = {(each.chat.key, each.thread): each for each in told if (each.chat.key, each.thread) not in living}
    if not waiting or stored is None:
        return ()
    composed = announce(stored, matches, tuple(waiting.values()), now)
    return tuple(Fresh(each, waiting[each.chat, each.thread]) for each in composed)


def _reached_before(connection: Connection, mine: Grouped, within: Within) -> frozenset[ChatPlace]:
    """The chats that know the text by the message of the story that it was put out of."""
    parted = () if mine.copy_of is None else orders_on(connection, mine.copy_of)
    stories = (StoryId(each.b) for each in parted if each.kind == "never")
    return frozenset(place for other in stories for place in _living(connection, other, within))


def _muted(connection: Connection, articles: Sequence[ArticleId]) -> bool:
    return any(_MUTED.scalar(connection, {"article": each}) for each in dict.fromkeys(articles))


# --- what has become of it -----------------------------------------------------------------------------------------
def _news(
    connection: Connection,
    mine: Grouped,
    fresh: tuple[Fresh, ...],
    living: Mapping[ChatPlace, Any],
    now: datetime,
    within: Within = EVERYBODY,
) -> StoryNews:
    assert mine.story is not None
    sources = sources_of(connection, mine.story)
    named = sorted({match.watchlist for each in sources for match in each.matches})
    readers = followers(connection, named, mine.article, now, within) if living else ()
    said = _said(connection, mine.story, within) if readers else {}
    told = [
        _told(living[place], each, said[place]) for each in readers if (place := (each.chat.key, each.thread)) in living
    ]
    row = _STORY.one(connection, {"story": mine.story})
    places = {(each.delivery.chat, each.delivery.thread) for each in fresh} | living.keys()
    before = _before(connection, row, places, within)
    stands = standing(connection, [mine.article]).get(mine.article)
    return StoryNews(mine.story, mine.article, sources, fresh, tuple(told), before, unsure=row.unsure, stands=stands)


def sources_of(connection: Connection, identifier: StoryId) -> tuple[StorySource, ...]:
    """The articles of a story, in order of arrival."""
    rows = _ARTICLES.rows(connection, {"story": identifier})
    ids = [ArticleId(row.article_id) for row in rows]
    stored, matches = articles_of(connection, ids), matches_of(connection, ids)
    return tuple(
        StorySource(
            stored[row.article_id],
            matches.get(row.article_id, ()),
            row.host,
            row.copy_of != row.article_id,
            row.backs,
        )
        for row in rows
        if row.article_id in stored
    )


def _living(connection: Connection, identifier: StoryId, within: Within = EVERYBODY) -> dict[ChatPlace, Any]:
    """The living message of each chat that has one."""
    rows = _SAID.rows(connection, _asked(identifier, within))
    return {(row.chat_id, row.thread): row for row in rows if row.kind == "living"}


def _asked(identifier: StoryId, within: Within) -> dict[str, int]:
    return {"story": identifier, "after": within[0], "upto": within[1]}


def _said(connection: Connection, identifier: StoryId, within: Within) -> dict[ChatPlace, set[tuple[SayingKind, int]]]:
    """What else each chat was told."""
    found: dict[ChatPlace, set[tuple[SayingKind, int]]] = {}
    for row in _SAID.rows(connection, _asked(identifier, within)):
        found.setdefault((row.chat_id, row.thread), set()).add((row.kind, row.seq))
    return found


def _told(row: Any, follower: Follower, said: Iterable[tuple[SayingKind, int]]) -> Told:
    waits = row.state == "queued" and not row.doubts
    body = row.body if waits else ""
    shown = shown_in(row)
    return Told(follower, row.thread, row.item, shown, row.at, row.edits, row.edited_at, frozenset(said), waits, body)


def shown_in(row: Any) -> ArticleId:
    """The article whose title a living message bears."""
    return ArticleId(row.shown or int(row.item[1:]))


def shown_to(connection: Connection, identifier: ArticleId, place: ChatPlace) -> ArticleId:
    """The article that the chat sees, where its living message announced this one; else this one."""
    row = connection.execute(_OF_ITEM, {"chat": place[0], "where": place[1], "item": f"a{identifier}"}).one_or_none()
    return identifier if row is None else shown_in(row)


def _before(connection: Connection, mine: Any, places: Set[ChatPlace], within: Within) -> dict[ChatPlace, Before]:
    """What these were told of the story that this one follows."""
    if mine.follows is None or not places:
        return {}
    told = _living(connection, StoryId(mine.follows), within)
    earlier = {place: row for place, row in told.items() if place in places}
    titled = articles_of(connection, sorted({shown_in(row) for row in earlier.values()}))
    titles = {identifier: each.title for identifier, each in titled.items()}
    beside = _beside(connection, mine, within) if earlier and mine.unsure else {}
    return {
        place: Before(row.item, titles.get(shown_in(row), ""), beside.get(place, 0)) for place, row in earlier.items()
    }


def _beside(connection: Connection, mine: Any, within: Within) -> dict[ChatPlace, int]:
    """How many other stories in doubt of this affair were told to each chat of late: one may stand below another."""
    asked = {"dossier": mine.dossier_id, "mine": mine.id, "since": mine.opened - DOUBTED}
    asked |= {"after": within[0], "upto": within[1]}
    rows = connection.execute(_DOUBTS, asked)
    return {(row.chat_id, row.thread): row.n for row in rows}


def refresh(
    connection: Connection, identifier: StoryId, retell: Retell, now: datetime, within: Within = EVERYBODY
) -> None:
    """Make the messages of a story say what it is now; nothing is announced."""
    living = _living(connection, identifier, within)
    if (news := _as_it_is(connection, identifier, living, now, within)) is not None:
        say(connection, retell(news, now), identifier, living, now, within)


def show_judgement(connection: Connection, of: ArticleId, retell: Retell, now: datetime) -> None:
    """Make the messages of this article's story say how it stands in the triage."""
    for identifier in stories_of(connection, (of,)).values():
        living = _living(connection, identifier)
        if (news := _as_it_is(connection, identifier, living, now, EVERYBODY)) is not None:
            say(connection, retell(replace(news, judged=True), now), identifier, living, now)


def _as_it_is(
    connection: Connection, identifier: StoryId, living: Mapping[ChatPlace, Any], now: datetime, within: Within
) -> StoryNews | None:
    """A story that nothing joins; None where nobody has a message of it, or its articles are gone."""
    sources = sources_of(connection, identifier) if living else ()
    if not sources:
        return None
    mine = Grouped(sources[-1].article.id, story=identifier)
    return replace(_news(connection, mine, (), living, now, within), newest=None)


def close(
    connection: Connection,
    identifier: StoryId,
    articles: Sequence[ArticleId],
    into: StoryId,
    retell: Retell,
    now: datetime,
) -> None:
    """Make the messages that a story has left behind say where it has gone: to chats that had the other's, too."""
    living = _living(connection, identifier)
    if not living or _STORY.one(connection, {"story": identifier}).alias_of is None:
        return
    held = frozenset(articles)
    sources = tuple(each for each in sources_of(connection, into) if each.article.id in held)
    opening = article_of(connection, ArticleId(into))
    if sources and opening is not None:
        news = _news(connection, Grouped(sources[-1].article.id, story=into), (), living, now)
        ended = replace(news, story=identifier, newest=None, sources=sources, into=opening.title)
        say(connection, retell(ended, now), identifier, living, now)


def readdress(connection: Connection, stories: Sequence[StoryId]) -> None:
    """Let what chats were told belong to the story that holds it now. A chat that had the messages of two stories keeps
    the one; the other stays with the story that has gone, until it comes back."""
    for row in connection.execute(_TOLD, {"stories": stories}).all():
        home = _home(connection, row)
        if home not in (None, row.story_id):
            connection.execute(_READDRESS, {**{f"of_{name}": row._mapping[name] for name in _KEY}, "home": home})


def _home(connection: Connection, row: Any) -> int | None:
    """A first message is of an article; a reply names the story that it was said of."""
    number = int(row.item[1:].partition("-")[0])
    if row.item.startswith("a"):
        return stories_of(connection, (ArticleId(number),)).get(ArticleId(number))
    mine = _STORY.one(connection, {"story": number})
    return None if mine is None else mine.alias_of or mine.id


# --- where articles are ---------------------------------------------------------------------------------------------
def stories_of(connection: Connection, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
    """The story of each of these articles; those without are left out."""
    rows = _HOMES.rows(connection, {"articles": json.dumps(list(articles))})
    return {ArticleId(row.article_id): StoryId(row.story_id) for row in rows}


# --- said ----------------------------------------------------------------------------------------------------------
def say(
    connection: Connection,
    sayings: Sequence[Saying],
    identifier: StoryId,
    living: Mapping[ChatPlace, Any],
    now: datetime,
    within: Within = EVERYBODY,
) -> int:
    """Queue what is said of a story, and note it; said before, it is not said again. The number of new messages.

    A few statements, however many chats are told.
    """
    _edit(connection, [each for each in sayings if each.delivery.lane == "edit"], identifier, living, now)
    told = set(_KEYS.rows(connection, _asked(identifier, within)))
    fresh: dict[tuple[Any, ...], Saying] = {}
    for each in sayings:
        key = (each.delivery.chat, each.delivery.thread, each.kind, each.seq)
        if each.delivery.lane != "edit" and key not in told:
            fresh.setdefault(key, each)
    if not fresh:
        return 0
    _NOTE.run_each(connection, [_noted(each, identifier, now) for each in fresh.values()])
    return queue(connection, [each.delivery for each in fresh.values()], now)


def _noted(saying: Saying, identifier: StoryId, now: datetime) -> dict[str, Any]:
    delivery = saying.delivery
    return {
        "chat_id": delivery.chat,
        "thread": delivery.thread,
        "story_id": identifier,
        "kind": saying.kind,
        "seq": saying.seq,
        "item": delivery.item,
        "edits": 0,
        "at": now,
    }


def _edit(
    connection: Connection,
    edits: Sequence[Saying],
    identifier: StoryId,
    living: Mapping[ChatPlace, Any],
    now: datetime,
) -> None:
    queued = queue_edits(connection, [each.delivery for each in edits], now)
    rows = []
    for each in edits:
        place = (each.delivery.chat, each.delivery.thread)
        before = living[place]
        row: dict[str, Any] = {"chat": place[0], "where": place[1], "story": identifier, "shown": each.shown}
        row |= {"edits": before.edits, "edited_at": before.edited_at}
        if place in queued:  # else one that waits says it
            row |= {"edits": before.edits + 1, "edited_at": each.delivery.not_before or now}
        rows.append(row)
    if rows:
        connection.execute(_EDITED, rows)


_WITHIN = (announcement.c.chat_id > bindparam("after"), announcement.c.chat_id <= bindparam("upto"))
_listing, _article = numbers(bindparam("articles", type_=String))
_HOMES = Prepared(
    select(grouped.c.article_id, grouped.c.story_id).where(
        grouped.c.article_id.in_(select(_article)), grouped.c.story_id.is_not(None)
    )
)
_DOSSIER = select(story.c.dossier_id).where(story.c.id == bindparam("story")).scalar_subquery()
_MUTED = Prepared(select(article.c.muted).where(article.c.id == bindparam("article")))
_FOLLOWING = Prepared(
    select(story.c.id).where(story.c.dossier_id == _DOSSIER, story.c.follows == bindparam("story")).order_by(story.c.id)
)
_STORY = Prepared(select(story).where(story.c.id == bindparam("story")))
_ARTICLES = Prepared(
    select(grouped.c.article_id, grouped.c.copy_of, grouped.c.host, grouped.c.backs)
    .where(grouped.c.story_id == bindparam("story"))
    .order_by(grouped.c.article_id)
    .limit(SOURCES)
)
_DOUBTS = (
    select(announcement.c.chat_id, announcement.c.thread, func.count().label("n"))
    .join(story, story.c.id == announcement.c.story_id)
    .where(
        story.c.dossier_id == bindparam("dossier"),
        story.c.unsure,
        story.c.id != bindparam("mine"),
        story.c.opened > bindparam("since"),
        announcement.c.kind == "living",
        *_WITHIN,
    )
    .group_by(announcement.c.chat_id, announcement.c.thread)
)
_SAID = Prepared(
    select(announcement, delivery.c.state, delivery.c.doubts, delivery.c.body, delivery.c.settled_at.label("left"))
    .join(
        delivery,
        (delivery.c.chat_id == announcement.c.chat_id)
        & (delivery.c.thread == announcement.c.thread)
        & (delivery.c.item == announcement.c.item)
        & (delivery.c.part == 1),
        isouter=True,
    )
    .where(announcement.c.story_id == bindparam("story"), *_WITHIN)
)
_KEY = ("chat_id", "thread", "story_id", "kind", "seq")
_TOLD = (
    select(*(announcement.c[name] for name in (*_KEY, "item")))
    .where(announcement.c.story_id.in_(bindparam("stories", expanding=True)))
    .order_by(announcement.c.at, announcement.c.item)
)
_READDRESS = reassign(
    announcement,
    lambda told: and_(*(told.c[name] == bindparam(f"of_{name}") for name in _KEY)),
    {"story_id": bindparam("home")},
)
_OF_ITEM = select(announcement.c.item, announcement.c.shown).where(
    announcement.c.chat_id == bindparam("chat"),
    announcement.c.thread == bindparam("where"),
    announcement.c.kind == "living",
    announcement.c.item == bindparam("item"),
)
_KEYS = Prepared(
    select(announcement.c.chat_id, announcement.c.thread, announcement.c.kind, announcement.c.seq).where(
        announcement.c.story_id == bindparam("story"), *_WITHIN
    )
)
_NOTE = Prepared(
    insert(announcement).on_conflict_do_nothing(),
    ("chat_id", "thread", "story_id", "kind", "seq", "item", "edits", "at"),
)
_EDITED = (
    update(announcement)
    .where(
        announcement.c.chat_id == bindparam("chat"),
        announcement.c.thread == bindparam("where"),
        announcement.c.story_id == bindparam("story"),
        announcement.c.kind == "living",
    )
    .values(edits=bindparam("edits"), edited_at=bindparam("edited_at"), shown=bindparam("shown"))
)
