"""The register: every article that a watchlist kept, line after line, each sealed by all those before it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from matchers.lists.model import ListEvent
from matchers.model import Match
from storage.articles.model import Flaw, Kept, RegisterHead
from storage.database import Database
from storage.dialect import give, given
from storage.feeds.model import Feed
from storage.flat import flat
from storage.ids import ArticleId
from storage.lists.model import ListProof
from storage.prepared import Prepared
from storage.schema import article, feed, register

START = hashlib.sha256(b"vigie register 1").hexdigest()
"""What the first line is sealed with in place of a line before."""

# Built once: they run for every article that is kept
_LAST = select(register.c.digest).order_by(register.c.number.desc()).limit(1)
_END = Prepared(_LAST)
_HEAD = select(register.c.number, register.c.digest).order_by(register.c.number.desc()).limit(1)
_ABOUT = Prepared(
    select(article, feed.c.name).join(feed, feed.c.id == article.c.feed_id).where(article.c.id == bindparam("known"))
)
_ADD = Prepared(register.insert().returning(register.c.number), tuple(register.c.keys()))
_SEAL = Prepared(register.update().where(register.c.number == bindparam("which")).values(digest=bindparam("seal")))


GAP = 1_000
LIST = "list"  # of the lines that no watchlist made: a list said something anew
DIGITS = 18  # of a row's number, at most


# --- one line, pure ------------------------------------------------------------------------------------------------
def written(line: Kept) -> tuple[str, ...]:
    """What a line says, as the words that are sealed: everything but its digest, in the order of the columns."""
    return words_of(list(flat(line).values())[:-1])


def words_of(values: Iterable[Any]) -> tuple[str, ...]:
    """Values as the words that are sealed."""
    return tuple(_word(value) for value in values)


def seal(before: str, words: Sequence[str]) -> str:
    """The digest of a line: SHA-256, in hex, of the digest before it, a line break, and its words as a JSON array."""
    body = json.dumps(list(words), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def number_of(words: Sequence[str]) -> int:
    """The number a line bears; 0 where it bears none that we would have given."""
    return int(words[0]) if words and words[0].isdecimal() and len(words[0]) <= DIGITS else 0


def flaws(lines: Iterable[tuple[Sequence[str], str]], before: str, first: int = 1) -> Iterator[Flaw]:
    """What is wrong with (words, digest) lines that should follow `before` and be numbered from `first` on.

    A line taken away shows at its own number, `GAP` of one gap at most; one that changed its place shows where it now
    stands.
    """
    held = list(lines)
    numbers = [number_of(words) for words, _ in held]
    present = set(numbers)
    expected = first
    for number, (words, digest) in zip(numbers, held, strict=True):
        if number != expected:
            if number < expected:  # out of its order: the line before it is not the one it was sealed with
                yield Flaw(number, "moved")
                continue
            absent = (Flaw(each, "missing") for each in range(expected, number) if each not in present)
            yield from islice(absent, GAP)
        elif seal(before, words) != digest:
            yield Flaw(number, "altered")
        before, expected = digest, number + 1


def _word(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds")
        case _:
            return line_of(str(value))


def line_of(written: str) -> str:
    """Text on one line, so that every form of the register can give it back."""
    return " ".join(written.split())


# --- kept ----------------------------------------------------------------------------------------------------------
class Register:
    """Lines are added with the matches they tell of, and never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, since: datetime | None = None) -> tuple[str, tuple[Kept, ...]]:
        """The lines from `since` on, in order, and the digest that the first of them follows."""
        with self._database.read() as connection:
            start = select(func.min(register.c.number))
            first = connection.execute(start.where(register.c.at >= since) if since is not None else start).scalar()
            if first is None:
                return connection.execute(_LAST).scalar() or START, ()
            rows = connection.execute(select(register).where(register.c.number >= first).order_by(register.c.number))
            before = connection.execute(_LAST.where(register.c.number < first)).scalar()
            return before or START, tuple(map(_kept, rows))

    def head(self) -> RegisterHead | None:
        """The last line; None while there is none."""
        with self._database.read() as connection:
            return head_of(connection)

    def digest(self, number: int) -> str | None:
        """The digest of a line; None where there is none."""
        with self._database.read() as connection:
            return connection.execute(select(register.c.digest).where(register.c.number == number)).scalar()

    def flaws(self) -> tuple[Flaw, ...]:
        """Read every line again, and hold it against its seal."""
        _, held = self.lines()
        found = tuple(flaws(((written(line), line.digest) for line in held), START))
        with self._database.read() as connection:
            ever = given(connection, register)
        last = held[-1].number if held else 0
        return (*found, Flaw(last + 1, "cut")) if ever > last else found


def head_of(connection: Connection) -> RegisterHead | None:
    row = connection.execute(_HEAD).one_or_none()
    return None if row is None else RegisterHead(row.number, row.digest)


def keep(connection: Connection, known: ArticleId, matches: Sequence[Match], now: datetime) -> None:
    """Add a line for each watchlist that has just kept this article, inside the caller's transaction."""
    if not matches:
        return
    about = _ABOUT.one(connection, {"known": known})
    before = _END.scalar(connection, {}) or START
    for match in matches:
        before = _chain(connection, _line(about, match, now), before)


def seal_event(connection: Connection, source: Feed, event: ListEvent, proof: ListProof, url: str) -> None:
    """Add a line for what a list said anew, in the caller's transaction; its version is the digest of the reading."""
    told = (event.kind, event.row.name, event.field, event.before, event.after)
    line = Kept(
        number=0,
        at=proof.at.replace(microsecond=0),
        watchlist=f"{LIST}/{source.id}",
        version=proof.sha256,
        level="list",
        score=0,
        threshold=0,
        title=_word(" · ".join(filter(None, told))),
        url=_word(url),
        source=_word(source.name),
        feed=source.id,
        published=event.at.replace(microsecond=0),
        reading=LIST,
        announced=True,
        digest="",
    )
    _chain(connection, line, connection.execute(_LAST).scalar() or START)


def _chain(connection: Connection, line: Kept, before: str) -> str:
    """Add a line behind the one with that digest; its own."""
    values = {name: getattr(line, name) for name in register.c.keys() if name != "number"}  # noqa: SIM118
    number = _ADD.scalar(connection, {**values, "number": give(connection, register)})
    sealed = seal(before, written(replace(line, number=number)))
    _SEAL.run(connection, {"which": number, "seal": sealed})
    return sealed


def _line(about: Any, match: Match, now: datetime) -> Kept:
    return Kept(
        number=0,
        at=now.replace(microsecond=0),
        watchlist=match.watchlist,
        version=match.version,
        level=match.level,
        score=match.score,
        threshold=match.threshold,
        title=line_of(about.title),
        url=line_of(about.url),
        source=line_of(about.name),
        feed=about.feed_id,
        published=about.published,
        reading=about.source,
        announced=not about.muted,
        digest="",
    )


def _kept(row: Row[Any]) -> Kept:
    return Kept(**row._mapping)
