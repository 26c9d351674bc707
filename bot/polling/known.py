"""Which entries of a document are known already, under whatever name and address they come."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model import Document, Entry, Outcome
from bot.ports import Ports
from bot.web import article_numbers, urls
from storage.articles.model import EntryKey, Standing, StoredArticle
from storage.feeds.model import Claim

LEARNT = 5  # articles of a site that are numbered in one way, before that way is believed
MIGRATED = 0.6  # of a feed's entries; see old_news
FEWEST = 5  # of them: a small feed may well be new from end to end
FAR, LONG_AGO = timedelta(days=3), timedelta(days=7)  # a draft may bear the day on which it was begun


@dataclass(frozen=True, slots=True)
class Sighted:
    """The entries of a document, newest first, each beside its identity and what is known of it.

    `renamed` are the keys of old entries under new names, `past` of those older than our first look at their source.
    """

    entries: tuple[Entry, ...] = ()
    keys: Sequence[EntryKey] = ()
    standings: Sequence[Standing] = ()
    renamed: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()

    @property
    def old(self) -> frozenset[str]:
        """The keys of what is kept and not announced."""
        return self.renamed | self.past

    @property
    def new(self) -> list[datetime | None]:
        """When each entry that is new to us, under any name, was published."""
        return [entry.published for entry, standing in zip(self.entries, self.standings, strict=True)
                if standing.kind == "new" and entry.key not in self.renamed]  # fmt: skip

    def oldest_first(self) -> list[tuple[Entry, EntryKey, Standing]]:
        return list(reversed(list(zip(self.entries, self.keys, self.standings, strict=True))))


async def sight(claim: Claim, answer: Outcome | Document, ports: Ports) -> Sighted:
    """What a source shows, held against what is known; nothing where it showed no document."""
    if not isinstance(answer, Document):
        return Sighted()
    keys = identities(answer.entries)
    standings: Sequence[Standing] = ()
    if keys:  # most answers: nothing has changed
        standings = await ports.offload(ports.store.articles.standing, claim.feed.id, keys, ports.clock())
    keys, standings = await by_number(claim, answer.entries, keys, standings, ports)
    renamed = await old_news(claim, answer, keys, standings, ports)
    entries = await dated(claim, answer, standings, ports)
    return Sighted(entries, keys, standings, renamed, past(claim, entries))


def identities(entries: Sequence[Entry]) -> list[EntryKey]:
    """An address that several entries share, or a front page, is nobody's identity."""
    shared = Counter(key for entry in entries for key in set(entry.url_keys))
    return [
        EntryKey(
            entry.key,
            entry.digest,
            tuple(key for key in entry.url_keys if shared[key] == 1),
            entry.title_key,
            entry.day_key,
            entry.number,
        )
        for entry in entries
    ]


async def by_number(
    claim: Claim, entries: Sequence[Entry], keys: list[EntryKey], standings: Sequence[Standing], ports: Ports
) -> tuple[list[EntryKey], Sequence[Standing]]:
    """Give an unknown address that of the article it is, where its site's number and its title say so."""
    strange = [key.number for key, known in zip(keys, standings, strict=True)
               if known.kind == "new" and key.number and key.url_keys]  # fmt: skip
    if not strange:
        return keys, standings
    found = await ports.offload(ports.store.articles.numbered, strange, LEARNT)
    named = [_named(entry, key, found.get(key.number)) for entry, key in zip(entries, keys, strict=True)]
    if named == keys:
        return keys, standings
    return named, await ports.offload(ports.store.articles.standing, claim.feed.id, named, ports.clock())


def _named(entry: Entry, key: EntryKey, known: StoredArticle | None) -> EntryKey:
    if known is None or not key.url_keys:
        return key
    seen = known.published or known.first_seen
    if not article_numbers.same_article(entry.title, known.title, entry.published, seen):
        return key
    return replace(key, url_keys=tuple(dict.fromkeys((*key.url_keys, *urls.url_keys(known.url)))))


def past(claim: Claim, entries: Sequence[Entry]) -> frozenset[str]:
    """The keys of entries dated before we first read their source: it had them then, or dates them so.

    A day apart, since a date may name no hour.
    """
    since = claim.state.started_at
    if not claim.state.baseline or since is None:
        return frozenset()
    return frozenset(entry.key for entry in entries if entry.published and entry.published < since - timedelta(days=1))


async def dated(claim: Claim, answer: Document, standings: Sequence[Standing], ports: Ports) -> tuple[Entry, ...]:
    """The entries, those marked that are new to us and dated far before now and the oldest that the document held
    until now: one that was withdrawn, or a longer window, lets them in. A digest tells of them, with their day. Where
    nothing of it is left, the newest that we know stands for the oldest."""
    entries = answer.entries
    now, shown = ports.clock(), answer.known + sum(standing.kind != "new" for standing in standings)
    late = {entry.key: entry.published for entry, standing in zip(entries, standings, strict=True)
            if standing.kind == "new" and entry.published is not None and entry.published < now - FAR}  # fmt: skip
    if not claim.state.baseline or not late:
        return entries
    oldest = await ports.offload(ports.store.articles.oldest_of, claim.feed.id, max(shown, 1))
    if oldest is None:
        return entries
    old = {key for key, published in late.items()
           if published < oldest - FAR or (published < oldest and published < now - LONG_AGO)}  # fmt: skip
    return tuple(replace(entry, dated=entry.key in old) for entry in entries)


async def old_news(
    claim: Claim, answer: Document, keys: Sequence[EntryKey], standings: Sequence[Standing], ports: Ports
) -> frozenset[str]:
    """The keys of entries that a site which was rebuilt gives new names: they are kept, and not announced.

    Where more than 60 % of a known feed is new to us, that is what those with known titles are, and those with dates
    at which we would have seen them, if they are that many.
    """
    state = claim.state
    news = [(entry, key) for entry, key, known in zip(answer.entries, keys, standings, strict=True)
            if known.kind == "new"]  # fmt: skip
    most = MIGRATED * (len(answer.entries) + answer.known)
    if not state.baseline or len(news) < FEWEST or len(news) <= most or state.succeeded_at is None:
        return frozenset()
    titles = await ports.offload(ports.store.articles.titles, claim.feed.id)
    if len(titles) < FEWEST:
        return frozenset()
    seen = state.succeeded_at - timedelta(days=1)
    old = [entry.key for entry, _ in news if entry.published is not None and entry.published < seen]
    again = [entry.key for entry, key in news if key.title in titles]
    return frozenset(again + (old if len(old) > most else []))
