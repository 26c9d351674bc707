"""What a brief is made of: the stories of a span with their proof, and what a chat decided and said of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from storage.articles.articles import articles_of, matches_of
from storage.articles.model import RegisterHead
from storage.articles.register import line_of
from storage.changes.model import BriefChoice, BriefNote, BriefStory, Scope, Span
from storage.changes.stories import KnownStory, stories_known
from storage.chats.model import DigestItem
from storage.database import Database
from storage.ids import ArticleId, ChatKey
from storage.schema import brief_choice, register, upsert
from storage.stories.lines import chunks, with_sources


class Briefs:
    """The stories are read from what is stored; the choices are rows of a chat, one an article."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stories(self, span: Span, scope: Scope) -> tuple[BriefStory, ...]:
        """The stories of the span, in order of time, each by its best text."""
        with self._database.read() as connection:
            known = stories_known(connection, span, scope)
            return _with_proof(connection, known, span, scope)

    def choices(self, key: ChatKey, articles: Sequence[ArticleId]) -> Mapping[ArticleId, BriefNote]:
        """What this chat decided of these articles; those of which it said nothing are left out."""
        with self._database.read() as connection:
            return {
                ArticleId(row.article_id): BriefNote(row.choice, row.note, row.signed)
                for chunk in chunks(articles)
                for row in connection.execute(
                    select(brief_choice).where(brief_choice.c.chat_id == key, brief_choice.c.article_id.in_(chunk))
                )
            }

    def choose(self, key: ChatKey, of: ArticleId, choice: BriefChoice, now: datetime) -> None:
        """Keep, drop or raise it; what was said of it stays."""
        self._put(key, of, {"choice": choice}, now)

    def comment(self, key: ChatKey, of: ArticleId, note: str, signed: str, now: datetime) -> None:
        """Say something of it; "" takes it back."""
        self._put(key, of, {"note": note, "signed": signed if note else ""}, now)

    def signature(self, key: ChatKey) -> str:
        """How the chat last signed a comment; "" before the first."""
        last = (
            select(brief_choice.c.signed)
            .where(brief_choice.c.chat_id == key, brief_choice.c.signed != "")
            .order_by(brief_choice.c.at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(last).scalar() or ""

    def _put(self, key: ChatKey, of: ArticleId, said: Mapping[str, str], now: datetime) -> None:
        fresh = {"chat_id": key, "article_id": of, "choice": "kept", "note": "", "signed": "", "at": now, **said}
        with self._database.write() as connection:
            if not articles_of(connection, [of]):
                return  # it is kept no more
            row = upsert(brief_choice, "chat_id", "article_id", changing=(*said, "at"))
            connection.execute(row, fresh)


def _with_proof(
    connection: Connection, known: Sequence[KnownStory], span: Span, scope: Scope
) -> tuple[BriefStory, ...]:
    identifiers = [each.article for each in known]
    articles, matches = articles_of(connection, identifiers), matches_of(connection, identifiers)
    told = [DigestItem(articles[each.article], matches.get(each.article, ())) for each in known]
    items = {item.article.id: item for item in with_sources(connection, told)}
    lines = _lines(connection, span)
    found = []
    for each in known:
        item = items[each.article]
        wanted = tuple(match for match in item.matches if scope.lists is None or match.watchlist in scope.lists)
        line = lines.get(line_of(item.article.url))
        found.append(BriefStory(each.story, each.at, item.article, wanted, item.others, line, each.official, item.near))
    return tuple(each for each in found if each.matches)


def _lines(connection: Connection, span: Span) -> dict[str, RegisterHead]:
    """The first line of the register about each address, since the span began."""
    query = select(register.c.url, register.c.number, register.c.digest).where(register.c.at >= span.start)
    rows = connection.execute(query.order_by(register.c.number.desc()))
    return {row.url: RegisterHead(row.number, row.digest) for row in rows}
