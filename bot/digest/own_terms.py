"""What a reader's own terms found, as a message. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.digest import render
from bot.messages import markup, texts
from bot.model import Message
from storage.articles.model import StoredArticle
from storage.chats.model import NewDelivery, OwnTerm, TermPlace
from storage.ids import ArticleId

LINES = 15  # articles named in one message, all terms together


@dataclass(frozen=True, slots=True)
class TermFound:
    """What a term found, one article a story, the newest first."""

    term: str
    articles: tuple[StoredArticle, ...]


def once(
    term: OwnTerm, news: Sequence[tuple[StoredArticle, int]], held: Mapping[ArticleId, frozenset[str]]
) -> tuple[StoredArticle, ...]:
    """The articles that came since the term was last told and hold it: the first one of each story."""
    firsts: dict[int, StoredArticle] = {}
    for article, story in news:
        if article.id > term.seen and term.term in held.get(article.id, ()):
            firsts.setdefault(story, article)
    return tuple(reversed(firsts.values()))


def deliveries(place: TermPlace, found: Sequence[TermFound], slot: str) -> tuple[NewDelivery, ...]:
    """The message of a day; none where nothing was found."""
    told = [each for each in found if each.articles]
    if not told:
        return ()
    chat, most = place.chat, LINES // len(told)
    lines = [markup.bold(texts.text(chat.language, "own.head"))]
    for each in told:
        lines += _term(each, most, chat.language, chat.timezone)
    return (NewDelivery(chat.key, "daily", f"t{slot}", Message("\n".join(lines)), thread=place.thread),)


def _term(found: TermFound, most: int, language: str, timezone: str) -> list[str]:
    head = texts.text(language, "own.found", term=markup.escape(found.term), n=len(found.articles))
    lines = ["", markup.bold(head)]
    for article in found.articles[:most]:
        source = markup.escape(markup.cut(article.source_name, render.SOURCE))
        when = texts.moment(language, article.published or article.first_seen, timezone)
        lines.append(f"• {render.title(article, language)} — {source}, {when}")
    if (more := len(found.articles) - most) > 0:
        lines.append(texts.text(language, "own.more", n=more))
    return lines
