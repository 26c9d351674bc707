"""The store: one base, and every use case on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, update

from storage.acts.acts import Acts
from storage.acts.deadlines import Deadlines
from storage.acts.reminders import Reminders
from storage.articles.article_trace import ArticleTraces
from storage.articles.articles import Articles
from storage.articles.model import PressReview
from storage.articles.pages import Pages
from storage.articles.press_review import press_review
from storage.articles.register import Register
from storage.articles.search import Search, count_words, purge_words
from storage.articles.triage import Triage
from storage.backup import forget_set_aside
from storage.changes.briefs import Briefs
from storage.changes.chronicle import chronicle
from storage.changes.model import Chronicle, Scope, SourceSilence, Span
from storage.changes.sources import silences
from storage.chats.chats import Chats
from storage.chats.digests import Digests
from storage.chats.missed_articles import MissedArticles
from storage.chats.outbox import Outbox, expire
from storage.chats.own_terms import OwnTerms
from storage.chats.proof import Proof, forget_numbers
from storage.chats.rings import Rings
from storage.chats.setup_links import SetupLinks, lapse
from storage.chats.votes import Votes
from storage.database import PATIENCE, Database
from storage.feeds.feeds import Feeds
from storage.feeds.hosts import Hosts
from storage.feeds.polls import Polls
from storage.feeds.sites import Sites
from storage.ids import FeedId
from storage.key_values import KeyValues
from storage.lists.lists import OfficialLists
from storage.operators.causes import forget_chat
from storage.operators.figures import figures, lag
from storage.operators.model import Figures, Lag, Pruned
from storage.operators.notices import Notices, forget_old
from storage.operators.offices import Offices
from storage.operators.recall_samples import RecallSamples
from storage.operators.retention import KEPT, Retention
from storage.operators.rules_in_force import RulesOnFile
from storage.place import Place
from storage.retention import Old, forget_unused, in_shares, old_rows, told_long_ago
from storage.schema import article, chat, delivery, knock
from storage.stories.dossiers import Dossiers
from storage.stories.leads import leads
from storage.stories.model import SourceLead
from storage.stories.stories import forget, old_sketches
from storage.stories.waves import Waves

ASKED = timedelta(days=2)  # who asked to be let in is remembered for the day, wherever that is


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Its methods block: call them from one thread, off the event loop. Any may raise StoreError."""

    database: Database
    feeds: Feeds
    articles: Articles
    polls: Polls
    pages: Pages
    sites: Sites
    chats: Chats
    outbox: Outbox
    digests: Digests
    dossiers: Dossiers
    hosts: Hosts
    notices: Notices
    register: Register
    lists: OfficialLists
    votes: Votes
    key_values: KeyValues
    search: Search
    rules: RulesOnFile
    traces: ArticleTraces
    missed: MissedArticles
    setup_links: SetupLinks
    proof: Proof
    briefs: Briefs
    triage: Triage
    own_terms: OwnTerms
    samples: RecallSamples
    rings: Rings
    reminders: Reminders
    offices: Offices
    waves: Waves
    acts: Acts
    deadlines: Deadlines

    @property
    def shared(self) -> bool:
        """Whether other daemons may work on it at the same time."""
        return self.database.shared

    def prune(self, now: datetime, keep: Retention = KEPT) -> Pruned:
        """Remove what is kept long enough: article texts, settled messages, chats gone; from the files too. What there
        may be much of goes a share at a time: no writer waits for all of it."""
        texts = in_shares(self.database, _old_texts(now - keep.texts))
        deliveries = in_shares(self.database, _settled(now - keep.messages))
        in_shares(self.database, old_sketches(now))
        in_shares(self.database, told_long_ago(now))
        with self.database.write() as connection:
            pruned = Pruned(
                texts=texts,
                deliveries=deliveries,
                chats=_delete_gone(connection, now - keep.chats),
                expired=expire(connection, now - keep.chats, now),
            )
            forget(connection, now)
            lapse(connection, now)
            forget_numbers(connection, now)
            forget_unused(connection, keep, now)
            forget_old(connection, now - keep.messages)
            connection.execute(delete(knock).where(knock.c.day < (now - ASKED).date().isoformat()))
            if pruned.texts:  # else the words of a purged text stay in the index until it is rewritten some day
                purge_words(connection)
        with self.database.write_beside() as connection:
            count_words(connection)
        if isinstance(self.database.place, Path):
            pruned = replace(pruned, copies=forget_set_aside(self.database.place, now - keep.chats))
        self.hosts.forget(now)
        self.sites.forget(now)
        self.database.analyse()
        self.database.scrub()
        return pruned

    def rewind(self, now: datetime, by: timedelta = timedelta()) -> None:
        """The clock was set back by so much, or by as much as feeds were asked in what is now the future: no feed, page
        or host waits for longer than it was to wait."""
        by = max(by, self.feeds.ahead(now))
        if by:
            self.feeds.rewind(now)
            self.pages.rewind(now, by)
            self.hosts.rewind(now, by)

    def press_review(self, since: datetime, limit: int, lately: datetime) -> PressReview:
        """What was kept since then, the `limit` newest stories; shares of what was kept since `lately`."""
        return press_review(self.database, since, limit, lately)

    def chronicle(self, span: Span, scope: Scope) -> Chronicle:
        """What changed in that span."""
        return chronicle(self.database, span, scope)

    def silences(self, span: Span) -> tuple[SourceSilence, ...]:
        """Why sources said nothing in that span."""
        return silences(self.database, span)

    def leads(self, since: datetime) -> Mapping[FeedId, SourceLead]:
        """Which source was seen first with what was kept since then, and by how much."""
        with self.database.read() as connection:
            return leads(connection, since)

    def figures(self, now: datetime) -> Figures:
        """The whole store in figures."""
        return figures(self.database, now)

    def lag(self, now: datetime) -> Lag:
        """What waits for somebody to do it."""
        return lag(self.database, now)

    def close(self) -> None:
        self.database.close()


def open_store(place: Place | str, *, patience: timedelta = PATIENCE) -> Store:
    """Open the store in this file (a path) or on this server, created (0600) or migrated if need be. Raises StoreError.

    `patience` is how long a call waits for another program to leave the base alone.
    """
    database = Database(Path(place) if isinstance(place, str) else place, patience=patience)
    return Store(
        database,
        Feeds(database),
        Articles(database),
        Polls(database),
        Pages(database),
        Sites(database),
        Chats(database),
        Outbox(database),
        Digests(database),
        Dossiers(database),
        Hosts(database),
        Notices(database),
        Register(database),
        OfficialLists(database),
        Votes(database),
        KeyValues(database),
        Search(database),
        RulesOnFile(database),
        ArticleTraces(database),
        MissedArticles(database),
        SetupLinks(database),
        Proof(database),
        Briefs(database),
        Triage(database),
        OwnTerms(database),
        RecallSamples(database),
        Rings(database),
        Reminders(database),
        Offices(database),
        Waves(database),
        Acts(database),
        Deadlines(database),
    )


def _old_texts(before: datetime) -> Old:
    old = (article.c.read_at < before) & (article.c.text != "")
    return old_rows([article.c.id], old, update(article).values(text=""))


def _settled(before: datetime) -> Old:
    return old_rows([delivery.c.id], delivery.c.settled_at < before, delete(delivery))


def _delete_gone(connection: Connection, before: datetime) -> int:
    gone = connection.execute(
        delete(chat).where(chat.c.state == "gone", chat.c.gone_at < before).returning(chat.c.id)
    ).scalars()
    keys = list(gone)
    for key in keys:
        forget_chat(connection, key)
    return len(keys)
