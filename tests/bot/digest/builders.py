"""Articles, matches and chats for the tests of what readers receive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from matchers.model import Article, Field, Hit, Level, Match, Point, Watchlist
from storage.articles.model import StoredArticle
from storage.chats.model import Chat, DigestItem, Follower, Subscription
from storage.ids import ArticleId, ChatKey

NOW = datetime(2026, 11, 24, 8, 10, tzinfo=UTC)

WATCHLISTS = {
    "secnumcloud": Watchlist(
        "secnumcloud",
        "SecNumCloud et qualification",
        "Quelle offre entre en qualification, l'obtient ou la perd\u00a0?",
        "flash",
        3,
        "3f9a12",
        ("@secnumcloud", "qualification"),
    ),
    "hds": Watchlist(
        "hds",
        "Hébergement des données de santé",
        "Où sont-elles hébergées\u00a0?",
        "daily",
        3,
        "aa00bb",
        ("données de santé",),
    ),
    "eucs": Watchlist("eucs", "EUCS & CSA <Europe>", "Où en est le schéma\u00a0?", "weekly", 2, "ccdd00", ("EUCS!",)),
}

TEXT = (
    "Le comité s'est réuni hier. Selon nos informations, la décision de qualification SecNumCloud a été remise mardi "
    "à Nébulis, après deux ans de travaux. D'autres acteurs attendent encore, et le calendrier reste incertain pour "
    "eux comme pour leurs clients."
)


def article(**changes: Any) -> StoredArticle:
    base = StoredArticle(
        id=ArticleId(12),
        title="Nébulis obtient la qualification SecNumCloud 3.2",
        summary="",
        text=TEXT,
        url="https://fil.example/nebulis",
        source_name="Le Fil du nuage",
        published=datetime(2026, 11, 24, 8, 4, tzinfo=UTC),
        first_seen=NOW,
        source="page",
        flags=(),
    )
    return replace(base, **changes)


def hits(story: StoredArticle, *terms: str) -> tuple[Hit, ...]:
    """Every place where the terms stand, word for word."""
    shown = Article(title=story.title, summary=story.summary, text=story.text)
    return tuple(hit for field in ("title", "summary", "text") for term in terms for hit in _in(shown, field, term))


def _in(story: Article, field: Field, term: str) -> list[Hit]:
    found, content, start = [], getattr(story, field), 0
    while term and (start := content.find(term, start)) >= 0:
        found.append(Hit(term, None, field, start, start + len(term), term))
        start += len(term)
    return found


def match(
    story: StoredArticle,
    watchlist: str = "secnumcloud",
    terms: Sequence[str] = ("SecNumCloud", "qualification"),
    score: int = 14,
    level: Level | None = None,
) -> Match:
    found = hits(story, *terms)
    points = tuple(
        Point("term", term, 4, *(sum(h.term == term and h.field == field for h in found) for field in _FIELDS))
        for term in terms
    )
    known = WATCHLISTS.get(watchlist)
    subject = any(hit.field != "text" for hit in found)
    own: Level = known.level if known else "daily"
    return Match(watchlist, score, 3, level or own, "3f9a12", subject, points, found)


_FIELDS: tuple[Field, ...] = ("title", "summary", "text")


def chat(**changes: Any) -> Chat:
    return replace(Chat(ChatKey(5), 555, "private", "fr"), **changes)


def follower(*lists: str, level: Level | None = None, since: int = 0, **changes: Any) -> Follower:
    return Follower(chat(**changes), tuple(Subscription(name, level, since) for name in lists))


def item(number: int, watchlist: str = "hds", score: int = 5, flashed: bool = False, **changes: Any) -> DigestItem:
    story = article(**{"id": ArticleId(number), "title": f"Titre numéro {number}", **changes})
    return DigestItem(story, (match(story, watchlist, score=score),), flashed)


def about(held: DigestItem) -> DigestItem:
    """The same, as what the article is about."""
    return replace(held, matches=tuple(replace(match, subject=True) for match in held.matches))
