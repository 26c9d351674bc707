"""How an article and an alert read, as Telegram HTML. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.digest.official import is_own_act
from bot.digest.passage import passage
from bot.messages import markup, texts
from bot.model import Message
from matchers import sites
from matchers.model import Hit, Match, Point, Watchlist
from matchers.watchlists.terms import bare
from storage.articles.model import TEXTLESS, StoredArticle

TITLE, NAME, SOURCE, LABEL = 120, 80, 60, 40  # code points
POINTS_SHOWN = 6
OTHERS_SHOWN = 3
_PARTIAL_FLAGS = frozenset(
    [
        "reserved",
        "robots",
        "consent",
        "needs_js",
        "short",
        "unreachable",
        "waiting",
        "too_big",
        "killed",
        "aggregator",
        "not_html",
    ]
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a flash reaches one chat. `capped`: it is the last one for now, and the rest comes with the digest at this
    minute of the day; None: more may come."""

    silent: bool = False
    preview: bool = True
    capped: int | None = None


PLAINLY = Manner()


def flash(
    article: StoredArticle,
    matches: Sequence[Match],
    watchlists: Mapping[str, Watchlist],
    language: str,
    timezone: str,
    manner: Manner = PLAINLY,
) -> Message:
    """One alert for all its matches, of which the first is named: what happened comes before who wanted to know, since
    a lock screen shows sixty characters. `matches` is not empty."""
    main = matches[0]
    lines = (
        title(article, language),
        markup.italic(_origin(article, main, language, timezone)),
        texts.text(language, "story.act") if is_own_act(article) else "",
        passage(article, main, language),
        markup.escape(_event(main, language)),
        markup.escape(reserve(article, language)),
        capped(manner, language),
        _flash_foot(matches, watchlists, language),
    )
    preview = markup.address(article.url) if manner.preview and article.policy != "summary" else None
    outlet = markup.escape(markup.cut(article.source_name, SOURCE))
    brief = f"{title(article, language)} — {outlet}" if outlet else title(article, language)
    return Message("\n".join(filter(None, lines)), silent=manner.silent, preview=preview, brief=brief)


def title(article: StoredArticle, language: str) -> str:
    """The title, cut and linked, as HTML."""
    label = markup.cut(article.title, TITLE)
    shown = label if label.strip() else texts.text(language, "article.untitled")  # no-break spaces alone show nothing
    return markup.link(shown, article.url)


def why(match: Match, language: str) -> str:
    """« Pourquoi : SecNumCloud (titre, texte ×3), proches · 14 pour un seuil de 3 », as plain text."""
    points = [point(each, match.hits, language) for each in match.points]
    shown = list(dict.fromkeys(points))
    listed = ", ".join(shown[:POINTS_SHOWN])
    if (rest := len(shown) - POINTS_SHOWN) > 0:
        listed += " " + texts.text(language, "why.more", n=rest)
    return texts.text(language, "why.line", points=listed, score=match.score, threshold=match.threshold)


def _flash_foot(matches: Sequence[Match], watchlists: Mapping[str, Watchlist], language: str) -> str:
    """« ⚡ Health Data Hub, +2 veilles »."""
    name, more = list_name(matches[0].watchlist, watchlists), len(matches) - 1
    return "⚡ " + markup.escape(texts.text(language, "article.lists", name=name, n=more) if more else name)


def _origin(article: StoredArticle, match: Match, language: str, timezone: str) -> str:
    published = article.published
    when = published or article.first_seen
    said = texts.moment(language, when, timezone, year=abs(article.first_seen - when) > timedelta(days=180))
    if published is None:
        said = texts.text(language, "article.seen", when=said)
    return " · ".join(filter(None, (source(article), said, _stance(match, language))))


def source(article: StoredArticle) -> str:
    """Who brought it, and the host that its link leads to where that is not theirs."""
    name, host = markup.cut(article.source_name, SOURCE), _foreign(article)
    return f"{name} ({host})" if name and host else name


def _foreign(article: StoredArticle) -> str:
    there = sites.host(article.url)
    if not there or not article.feed_url or sites.is_local(there) or "aggregator" in article.flags:
        return ""
    stranger = sites.owner(there) != sites.owner(sites.host(article.feed_url))
    return markup.cut(sites.bare(there), SOURCE) if stranger else ""


def _event(match: Match, language: str) -> str:
    """The words that make news of it, or ""."""
    return texts.text(language, "article.event", words=markup.cut(match.news, LABEL)) if match.news else ""


def _stance(match: Match, language: str) -> str:
    """What it is to the watchlist: its subject, or a mention."""
    if match.subject:
        return texts.text(language, "article.subject")
    return texts.text(language, "article.mention", n=sum(hit.field == "text" for hit in match.hits))


def reserve(article: StoredArticle, language: str) -> str:
    """What the reader must know of how much was read, or ""."""
    if "imitation" in article.flags:
        return "⚠ " + texts.text(language, "article.imitation")
    if "paywalled" in article.flags:
        return "🔒 " + texts.text(language, "article.paywalled")
    if article.source in TEXTLESS or _PARTIAL_FLAGS.intersection(article.flags):
        return texts.text(language, "article.partial")
    if "maybe_incomplete" in article.flags:
        return texts.text(language, "article.maybe_incomplete")
    return ""


def capped(manner: Manner, language: str) -> str:
    """The line that says that this is the last one for now, or ""."""
    if manner.capped is None:
        return ""
    return texts.text(language, "article.capped", hour=texts.clock(manner.capped))


def point(held: Point, hits: Iterable[Hit], language: str) -> str:
    if held.kind == "near":
        return texts.text(language, "why.near")
    same = [hit.text for hit in hits if hit.term == held.term]
    same = same or [hit.text for hit in hits if bare(hit.term) == bare(held.term)]  # « title:@cnil » is « @cnil » there
    written = next(iter(same), bare(held.term))
    counts = (("why.title", held.title), ("why.summary", held.summary), ("why.text", held.text))
    places = ", ".join(_place(texts.text(language, key), n, language) for key, n in counts if n)
    label = markup.cut(written, LABEL)
    return f"{label} ({places})" if places else label


def _place(place: str, n: int, language: str) -> str:
    return place if n == 1 else texts.text(language, "why.times", place=place, n=n)


def maybe(near: str, language: str) -> str:
    """« peut-être le même fait que « … » » of what may be the story with this title, as plain text; "" for ""."""
    return texts.text(language, "story.maybe", title=markup.bounded(near, NAME)) if near else ""


def list_name(watchlist: str, watchlists: Mapping[str, Watchlist]) -> str:
    """What its readers call a watchlist, cut; one that is there no more goes by its id, in words."""
    known = watchlists.get(watchlist)
    words = watchlist.replace("-", " ")
    return markup.cut(known.name if known else words[:1].upper() + words[1:], NAME)
