"""Who an entry is inside its feed: by its guid, by its address, by its texts; never by a date or a position."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.feeds.memory import IdentityPolicy, Mark, Memory
from bot.model import Entry
from bot.web import urls

LONGEST_KEY = 500
SHORTEST_TITLE = 20  # folded characters: « Communiqué de presse » is nobody's name
FEWEST = 3  # entries known by their address that change their guid, before guids are no longer believed

Bare = tuple[str, Entry]
"""A guid ("" without one) and an entry without its key."""

_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Identified:
    """Entries with their keys, and a mark for each place of the document, repeated entries included."""

    entries: tuple[Entry, ...]
    marks: tuple[Mark, ...]


def policy(bare: Sequence[Bare], before: Memory) -> IdentityPolicy:
    """What tells the entries of a whole document apart best."""
    pairs = {(guid, entry.link) for guid, entry in bare}
    guids = [guid for guid, _ in pairs if guid]
    links = [link for _, link in pairs if link]
    if 2 * len(guids) >= len(pairs) and not (_rotate(bare, before) and links):
        return "guid" if len(set(guids)) == len(guids) else "guid+link"
    return "link" if 2 * len(links) >= len(pairs) else "texts"


def entries(bare: Sequence[Bare], chosen: IdentityPolicy, others: Sequence[Mark] = ()) -> Identified | None:
    """The entries with their keys; one given twice is one.

    `others` stand in the same document and are not read again. None where one has the key or the guid of these: only
    all of them together tell who is who.
    """
    keys = _keys(bare, chosen)
    days = [_day(entry) for _, entry in bare]
    links = [_address(entry.link) for _, entry in bare]
    marks = tuple(
        Mark(guid=_short(guid), key=_short(key), link=_short(link), day=_short(day))
        for (guid, _), key, link, day in zip(bare, keys, links, days, strict=True)
    )
    if {mark.key for mark in marks} & {mark.key for mark in others} or (
        chosen == "guid" and _share_guids(marks, others)
    ):
        return None
    shared_days = Counter(mark.day for mark in (*marks, *others))
    taken = {mark.link for mark in others}
    named: dict[str, Entry] = {}
    for (_, entry), key, day, mark in zip(bare, keys, days, marks, strict=True):
        alone = day if shared_days[mark.day] == 1 else ""
        title = digest(_folded(entry.title)) if entry.title else ""
        shares = entry.link != "" and mark.link in taken
        named.setdefault(key, replace(entry, key=key, title_key=title, day_key=alone, shares_link=shares))
    return Identified(tuple(named.values()), marks)


def _share_guids(marks: Iterable[Mark], others: Iterable[Mark]) -> bool:
    """A guid that stands in the document twice is nobody's name; read alone, an entry would take it for its own."""
    return any({mark.guid for mark in marks if any(mark.guid)} & {mark.guid for mark in others})


def digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def _keys(bare: Sequence[Bare], chosen: IdentityPolicy) -> list[str]:
    """A key for each: the first of its names that no other entry of the document has."""
    names = [_names(guid, entry, chosen) for guid, entry in bare]
    keys = [own[0] for own in names]
    for level in range(1, max(map(len, names), default=0)):
        found = _repeated(zip(keys, bare, strict=True))
        if not found:
            break
        keys = [own[min(level, len(own) - 1)] if key in found else key for key, own in zip(keys, names, strict=True)]
    return [key if len(key) <= LONGEST_KEY else digest(key) for key in keys]


def _repeated(keyed: Iterable[tuple[str, Bare]]) -> set[str]:
    """The keys that two different entries have."""
    first: dict[str, str] = {}
    whole = [(key, _everything(guid, entry)) for key, (guid, entry) in keyed]
    return {key for key, all_of_it in whole if first.setdefault(key, all_of_it) != all_of_it}


def _names(guid: str, entry: Entry, chosen: IdentityPolicy) -> list[str]:
    both = f"{guid} {entry.link}" if guid and entry.link else ""
    order = {
        "guid": (guid, both, entry.link if not guid else ""),
        "guid+link": (both, guid, entry.link),
        "link": (entry.link, both, guid),
        "texts": (),
    }[chosen]
    return [*filter(None, order), _everything(guid, entry)]


def _everything(guid: str, entry: Entry) -> str:
    return digest(guid, entry.link, entry.title, entry.content or entry.summary)


def _rotate(bare: Sequence[Bare], before: Memory) -> bool:
    """True where the guids of most known addresses have changed: session tokens, or a clock in them."""
    then = {mark.link: mark.guid for mark in before.marks if any(mark.link) and any(mark.guid)}
    if not then:
        return False
    pairs = [(_short(guid), then.get(_short(_address(entry.link)))) for guid, entry in bare if guid and entry.link]
    known = [now != earlier for now, earlier in pairs if earlier is not None]
    return sum(known) >= FEWEST and 2 * sum(known) > len(known)


def _address(link: str) -> str:
    return next(iter(urls.url_keys(link)), link) if link else ""


def _day(entry: Entry) -> str:
    """Its title with its date: who it is where all else has changed; "" where that is too little."""
    folded = _folded(entry.title)
    if entry.published is None or len(folded) < SHORTEST_TITLE:
        return ""
    return digest(folded, entry.published.date().isoformat())


def _folded(title: str) -> str:
    return _NO_WORD.sub(" ", title.casefold()).strip()


def _short(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() if text else bytes(8)
