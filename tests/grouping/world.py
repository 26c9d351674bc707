"""A store that groups what twenty feeds bring, and one chat."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import grouping
from bot.digest.newsroom import newsroom
from bot.model import Message
from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.stories.grouping import Grouping
from matchers.watchlists.watchlist import WatchlistFile
from storage.articles.model import ArticleText, EntryKey, EntryRecord, Recorded, Standing
from storage.chats.model import Chat
from storage.ids import FeedId
from storage.place import Place
from storage.store import Store, open_store
from storage.stories.newsroom import Newsroom
from tests.file import an_empty_file
from tests.storage.builders import NOW, a_chat, a_feed, poll

ENGINE = compile_engine(
    {
        "essai": WatchlistFile(name="Essai", level="flash", any=["SecNumCloud"], threshold=1),
        "autre": WatchlistFile(name="Autre", level="flash", any=["Cloud Act"], threshold=1),
    },
    {},
)
NEWSROOM = newsroom(ENGINE.watchlists)
FEEDS = tuple(FeedId(f"f{n}") for n in range(20))


LEADS = (
    "Les 360 exigences du référentiel ont été vérifiées par l’ANSSI à Nantes.",
    "Après deux ans d’audits, l’hébergeur nantais remplit 360 exigences.",
    "À Nantes, la direction salue un travail de vingt-six mois sur 360 exigences.",
    "Avec 360 exigences satisfaites, la société accède aux achats des ministères.",
    "Soixante salariés de Nantes se sont partagé les 360 exigences de l’agence.",
    "Des hôpitaux attendaient depuis le printemps que les 360 exigences soient tenues.",
    "Le fondateur y voit un pari risqué : 360 exigences, trois consultants, aucun renfort.",
    "La ville de Nantes félicite une équipe qui a affronté 360 exigences.",
    "Un concurrent, qui bute sur les 360 exigences, annonce vouloir suivre cet exemple.",
    "La région avait prêté deux millions pour financer la mise au niveau de 360 exigences.",
    "Six semaines dans les salles et 360 exigences cochées : récit d’un marathon.",
    "Pour les assureurs, 360 exigences valent mieux qu’une promesse.",
    "Ce sésame, obtenu contre 360 exigences, ouvrira le catalogue des acheteurs publics.",
    "Trente ingénieurs seront recrutés sur les bords de Loire grâce aux 360 exigences franchies.",
    "Des élus nantais veulent confier leurs serveurs à qui respecte 360 exigences.",
    "Ni réserve ni délai : les 360 exigences étaient prêtes en janvier.",
)
"""How as many outlets tell one event, each in its own words."""


@dataclass
class World:
    """A store with twenty feeds, one chat, a clock, and a newsroom."""

    store: Store
    chat: Chat
    now: datetime = NOW
    newsroom: Newsroom = NEWSROOM

    def article(
        self,
        feed: int,
        title: str,
        text: str,
        *,
        host: str = "",
        summary: str = "",
        key: str = "",
        muted: bool = False,
        flags: tuple[str, ...] = (),
        published: datetime = NOW - timedelta(hours=1),
    ) -> Recorded:
        """One feed brings one article."""
        self.now += timedelta(seconds=1)
        entry = an_entry(title, text, summary, f"https://{host or f'site{feed}.example'}/{key or title}", key or title)
        assert entry.reading is not None
        entry = replace(entry, reading=replace(entry.reading, flags=flags, published=published))
        return poll(self.store, entry, feed=FEEDS[feed], newsroom=self.newsroom, now=self.now, muted=muted)

    def send(self) -> list[tuple[str, Message, int | None]]:
        """What goes out now: (lane, message, what it answers or edits); every message arrives."""
        sent = []
        while due := self.store.outbox.claim(self.now, "run", 10):
            for each in due:
                self.store.outbox.sent(each.id, 1000 + each.id, self.now)
                sent.append((each.lane, Message.from_json(each.body), each.about))
        return sent

    def rows(self, table: str) -> list[Any]:
        with self.store.database.read() as connection:
            return list(connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2"))


def an_entry(title: str, text: str, summary: str, url: str, key: str) -> EntryRecord:
    article = Article(title=title, summary=summary, text=text, url=url)
    reading = ArticleText(title, summary, text, url, (url,), published=NOW - timedelta(hours=1), source="page")
    traits = grouping.traits(ENGINE.scan(article), ENGINE.match(article), ENGINE, Grouping())
    matches = ENGINE.match(article)
    return EntryRecord(EntryKey(key, title + text, (url,)), Standing("new"), reading, matches, traits=traits)


@contextmanager
def opened(where: Place) -> Iterator[World]:
    """In a folder, or where the store of a test is (`home`)."""
    store = open_store(an_empty_file(where / "vigie.db") if isinstance(where, Path) and where.is_dir() else where)
    store.feeds.sync([replace(a_feed(feed), name=f"Source {feed}") for feed in FEEDS], NOW)
    chat = a_chat(store)
    for name in ENGINE.watchlists:
        store.chats.follow(chat.key, name, None, NOW)
    yield World(store, chat)
    store.close()
