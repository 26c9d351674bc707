"""Makes of the facts of a span what it changed in the end: each thing once, with what it was and what it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.changes.model import Fact, FactKind


@dataclass(frozen=True, slots=True)
class NetChange:
    """What a span made of one thing. `times` is how often it changed, between `first` and `last`; where `before` and
    `after` are the same, it came back to what it was. The rest is as in `Fact`, of the last one."""

    kind: FactKind
    about: str
    before: str
    after: str
    times: int
    first: datetime
    last: datetime
    title: str
    url: str
    outlet: str
    official: bool
    lists: tuple[str, ...]
    near: str = ""

    @property
    def undone(self) -> bool:
        return self.before == self.after


def net(facts: Iterable[Fact]) -> tuple[NetChange, ...]:
    """What these facts, in order of time, come to: events, official ones first, then the rest by its last moment."""
    return joined((_alone(fact) for fact in facts), ())


def joined(earlier: Iterable[NetChange], later: Iterable[NetChange]) -> tuple[NetChange, ...]:
    """What two spans that follow each other come to: the same as what their facts together do."""
    found: dict[tuple[str, str], NetChange] = {}
    for each in (*earlier, *later):
        key = (each.kind, each.about)
        found[key] = _then(found[key], each) if key in found else each
    return tuple(sorted(found.values(), key=lambda each: (each.kind, not each.official, each.last, each.about)))


def _alone(fact: Fact) -> NetChange:
    return NetChange(
        fact.kind, fact.about, fact.before, fact.after, 1, fact.at, fact.at,
        fact.title, fact.url, fact.outlet, fact.official, fact.lists, fact.near,
    )  # fmt: skip


def _then(one: NetChange, two: NetChange) -> NetChange:
    return NetChange(
        two.kind, two.about, one.before, two.after, one.times + two.times, one.first, two.last,
        two.title, two.url, two.outlet, two.official, two.lists, two.near,
    )  # fmt: skip
