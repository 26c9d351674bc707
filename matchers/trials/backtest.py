"""What a change of watchlists would have kept, dropped and rung for: both versions over the same articles. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from matchers.engine.engine import Engine, as_json, compile_engine, version_of
from matchers.model import Article, Difference, Match
from matchers.trials.explain import WatchlistAnswer, account, aspect, first_lack, ringing, strongest
from matchers.watchlists.watchlist import EntityEntry, WatchlistFile

TurnKind = Literal["rings", "silent", "subject", "mention"]
"""would ring alone · rings no more · what was a mention is the subject · what was the subject is a mention"""


@dataclass(frozen=True, slots=True)
class Turn:
    """An article that a watchlist would tell otherwise than before. `reason`: in French."""

    article: str
    title: str
    kind: TurnKind
    reason: str


@dataclass(slots=True)
class ListTally:
    """What was counted of one watchlist."""

    before: int = 0
    after: int = 0
    changes: list[Difference] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    def terms(self, *, gained: bool) -> Counter[str]:
        """How many articles each term gained, or lost."""
        return Counter(term for change in self.changes if change.gained == gained for term in change.terms)


@dataclass(frozen=True, slots=True)
class Lists:
    """A configuration to compare: watchlists and entities by id."""

    watchlists: Mapping[str, WatchlistFile]
    entities: Mapping[str, EntityEntry]


@dataclass(frozen=True, slots=True)
class Sides:
    """What is to be judged. `engines` hold the new watchlists under their ids and the old ones under `old(id)`.

    `names` are the watchlists to judge. Where nothing stands beside the new one, or the `same`, it is there alone.
    """

    engines: tuple[Engine, ...]
    names: tuple[str, ...]
    same: frozenset[str]


Verdicts = list[tuple[str, bool, Difference | None, tuple[Turn, ...]]]
"""Of each watchlist: whether the new side keeps the article, how the old side differed, and what is told otherwise."""


def old(name: str) -> str:
    """What the watchlist of the old side is called; no file has such a name."""
    return f"{name} (avant)"


def sides(before: Lists | None, after: Lists, only: str | None = None) -> Sides:
    """Compare all watchlists that differ, or this one whether it differs or not. Without `before`, just count."""
    known = after.watchlists.keys() | (before.watchlists.keys() if before else set())
    same = known if before is None else {name for name in known if _is_same(before, after, name)}
    names = tuple(sorted(known if before is None else known - same)) if only is None else (only,)
    new = {name: after.watchlists[name] for name in names if name in after.watchlists}
    rest = (name for name in names if before and name in before.watchlists and name not in same)
    was = {old(name): before.watchlists[name] for name in rest} if before else {}
    if before is None or before.entities == after.entities:  # one reading of each article serves both sides
        return Sides((compile_engine({**new, **was}, after.entities),), names, frozenset(same))
    engines = (compile_engine(new, after.entities), compile_engine(was, before.entities))
    return Sides(engines, names, frozenset(same))


def _is_same(before: Lists, after: Lists, name: str) -> bool:
    """What decides is the same. The entities too, all of them: any may swallow a name of another."""
    one, other = before.watchlists.get(name), after.watchlists.get(name)
    if one is None or other is None or before.entities != after.entities:
        return False
    if one == other:
        return True
    written = as_json(after.entities)
    return version_of(one, written) == version_of(other, written)


def judge(compared: Sides, article: Article) -> Verdicts:
    """Each watchlist that one side or the other keeps the article for."""
    kept = {match.watchlist: match for engine in compared.engines for match in engine.match(article)}
    found: Verdicts = []
    for name in compared.names:
        after = kept.get(name)
        before = after if name in compared.same else kept.get(old(name))
        if after is not None or before is not None:
            same = (after is None) == (before is None)
            change = None if same else _change(compared, article, name, gained=after is not None)
            found.append((name, after is not None, change, tuple(_turns(article, before, after))))
    return found


def _turns(article: Article, before: Match | None, after: Match | None) -> Iterable[Turn]:
    """How else the article is told; whether it is kept at all is another matter."""
    rang, rings = (match is not None and match.rings for match in (before, after))
    if rang != rings:
        reason = "n’est plus retenu" if after is None else ringing(after)
        yield Turn(article.id, article.title, "rings" if rings else "silent", reason)
    if before is not None and after is not None and before.subject != after.subject:
        yield Turn(article.id, article.title, "subject" if after.subject else "mention", aspect(after))


def tally(names: Iterable[str], judged: Iterable[Verdicts]) -> dict[str, ListTally]:
    """Counts and changes of each watchlist, changes in the order of the articles."""
    tallies = {name: ListTally() for name in names}
    for verdicts in judged:
        for name, kept, change, turns in verdicts:
            counted = tallies[name]
            counted.after += kept
            counted.turns += turns
            counted.before += change is None or not change.gained
            if change is not None:
                counted.changes.append(change)
    return tallies


# --- why -----------------------------------------------------------------------------------------------------------
def _change(compared: Sides, article: Article, name: str, *, gained: bool) -> Difference:
    new, was = _account(compared, article, name), _account(compared, article, old(name))
    kept, dropped = (new, was) if gained else (was, new)
    assert kept is not None
    terms = _difference(kept, dropped)
    reason = _gain(kept, terms) if gained else _loss(terms, dropped)
    return Difference(article.id, article.title, name, gained, terms or (reason,), reason)


def _account(compared: Sides, article: Article, name: str) -> WatchlistAnswer | None:
    """None if that side has no such watchlist."""
    engine = next((engine for engine in compared.engines if name in engine.watchlists), None)
    return account(engine, article, name) if engine else None


def _difference(kept: WatchlistAnswer, dropped: WatchlistAnswer | None) -> tuple[str, ...]:
    """The terms that count on the side that keeps the article and not on the other, in the order of the file."""
    missed = {part.point.term for part in dropped.parts} if dropped else set()
    terms = (part.point.term for part in kept.parts if part.point.kind == "term")
    return tuple(term for term in terms if term not in missed)


def _gain(kept: WatchlistAnswer, terms: Sequence[str]) -> str:
    """The part of the score that is new and weighs most."""
    new = [part for part in kept.parts if part.point.term in terms or not terms]
    return strongest(new) or f"score {kept.score}, seuil {kept.watchlist.threshold}"


def _loss(terms: Sequence[str], dropped: WatchlistAnswer | None) -> str:
    """What excludes it, or the terms that count no more, or the condition that came nearest to holding."""
    if dropped is None:
        return "veille supprimée"
    is_excluded = any(lack.path[-1:] == ("none",) for lack in dropped.lacks)
    return f"ne compte plus\u00a0: {', '.join(terms)}" if terms and not is_excluded else first_lack(dropped)
