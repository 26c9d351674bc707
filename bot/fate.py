"""What became of an article, from its source to a chat: the first stage that stopped it is the answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from matchers.engine.engine import Engine, Reading
from matchers.model import Article, Match
from matchers.trials import explain
from matchers.trials.explain import WatchlistAnswer
from storage.articles.model import TEXTLESS, StoredArticle
from storage.feeds.model import Feed, FeedState, Health
from storage.stories.model import ArticleTrace

FateKind = Literal[
    "not_followed", "not_in_feed", "feed_down", "muted", "not_read", "partly_read", "no_term", "excluded", "threshold",
    "copy", "same_story", "waiting", "rest", "sent", "dead", "not_yours", "since_changed",
]  # fmt: skip
KINDS: tuple[FateKind, ...] = FateKind.__args__  # type: ignore[attr-defined]

_DOWN: frozenset[Health] = frozenset(("failing", "blocked", "unparsable", "dead", "gone", "throttled"))
_NOT_READ = frozenset(("robots", "reserved", "opted_out", "not_html", "aggregator"))
_PARTLY = frozenset(
    ("paywalled", "maybe_incomplete", "consent", "needs_js", "short", "unreachable", "waiting", "too_big", "killed")
)


@dataclass(frozen=True, slots=True)
class Fate:
    """`kind` is the stage that stopped it, or `sent`. `nearest` is what the watchlist that came nearest lacks, where
    none kept it; `yours` are the matches that the chat follows; `purged`: judged without its text, which is gone."""

    kind: FateKind
    facts: ArticleTrace
    nearest: WatchlistAnswer | None = None
    yours: tuple[Match, ...] = ()
    purged: bool = False


def judge(facts: ArticleTrace, engine: Engine, *, everyone: bool = False) -> Fate:
    """The fate of an article in a chat; with `everyone`, in any chat."""
    if facts.article is None:
        return Fate(_never_came(facts.feeds), facts)
    yours = facts.matches if everyone else tuple(each for each in facts.matches if each.watchlist in facts.followed)
    purged = not facts.article.text and facts.article.source not in TEXTLESS
    if facts.muted:
        return Fate("muted", facts, yours=yours, purged=purged)
    if not facts.matches:
        kind, nearest = _unmatched(facts.article, engine)
        return Fate(kind, facts, nearest, purged=purged)
    return Fate(_kept(facts, yours), facts, yours=yours, purged=purged)


def article_of(stored: StoredArticle) -> Article:
    """What the watchlists judge of it."""
    return Article(
        str(stored.id),
        stored.title,
        stored.summary,
        stored.text,
        stored.url,
        stored.published,
        stored.source_name,
        stored.official,
    )


# --- it never came -------------------------------------------------------------------------------------------------
def _never_came(feeds: tuple[tuple[Feed, FeedState], ...]) -> FateKind:
    if not feeds:
        return "not_followed"
    down = all(not feed.enabled or state.health in _DOWN or not state.baseline for feed, state in feeds)
    return "feed_down" if down else "not_in_feed"


# --- no watchlist kept it ------------------------------------------------------------------------------------------
def _unmatched(stored: StoredArticle, engine: Engine) -> tuple[FateKind, WatchlistAnswer | None]:
    nearest = _nearest(engine, article_of(stored))
    if nearest is not None and nearest.matched:
        return "since_changed", nearest
    unmet = [] if nearest is None else [lack for lack in nearest.lacks if lack.kind != "threshold"]
    if unmet and all(lack.kind == "none" for lack in unmet):  # however much more was read, it would stay out
        return "excluded", nearest
    if stored.policy == "summary" or _NOT_READ.intersection(stored.flags):
        return "not_read", nearest
    if _PARTLY.intersection(stored.flags):
        return "partly_read", nearest
    return ("no_term" if nearest is None or unmet else "threshold"), nearest


def _nearest(engine: Engine, article: Article) -> WatchlistAnswer | None:
    """The watchlist that came nearest, with what it lacks: one that fails for an exclusion alone, one that lacks
    points, then that of most terms found, the file's order deciding."""
    reading = engine.read(article)
    ranked = sorted(engine.watchlists, key=lambda name: _distance(engine, reading, name))
    return explain.why(engine, article, ranked[0]) if ranked else None


def _distance(engine: Engine, reading: Reading, name: str) -> tuple[int, int]:
    verdict = engine.judge(reading, name)
    if verdict.held is not None:
        return (0 if verdict.matched else 2), verdict.plan.card.threshold - verdict.score
    found = sum(1 for term in verdict.plan.positive if verdict.holdings.owned.get(term))
    excluded = found and all(lack.kind == "none" for lack in explain.lacks(engine, reading, verdict))
    return (1 if excluded else 3), -found


# --- a watchlist kept it -------------------------------------------------------------------------------------------
def _kept(facts: ArticleTrace, yours: tuple[Match, ...]) -> FateKind:
    if not yours:
        return "not_yours"
    states: Mapping[str, FateKind] = {"done": "sent", "muted": "sent", "dead": "dead"}
    own = [post for post in facts.posted if facts.article and post.item == f"a{facts.article.id}"]
    if own:
        return states.get(own[-1].state, "waiting")
    if facts.copy_of is not None:
        return "copy"
    if facts.story is not None and facts.posted:
        return "same_story"
    if facts.placed is not None:
        return "rest" if facts.placed.part == "rest" else "sent"
    return "same_story" if facts.story is not None else "waiting"
