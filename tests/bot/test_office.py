"""An office has one holder at any moment, whoever sleeps, and however slow the store is to hear and to answer."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.office import LEASE, Office, certain


@dataclass
class Clock:
    """The only real time; each timer counts from another moment."""

    now: float = 1000.0


@dataclass
class Row:
    """The row of the store, under its own clock."""

    clock: Clock
    holder: str = ""
    until: float = 0.0
    term: int = 0

    def take(self, who: str) -> int | None:
        if self.holder != who and self.until >= self.clock.now:
            return None
        self.term += self.holder != who
        self.holder, self.until = who, self.clock.now + LEASE
        return self.term


@dataclass
class Daemon:
    name: str
    clock: Clock
    row: Row
    booted: float
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office("sender", lambda: self.clock.now - self.booted)

    def beat(self, way: float, back: float) -> None:
        """`way` and `back`: how long the question and the answer take, or how long we sleep meanwhile."""
        asked = self.office.timer()
        self.clock.now += way
        term = self.row.take(self.name)
        self.clock.now += back
        if term is None:
            self.office.left()
        else:
            self.office.kept(term, asked)


ways = st.sampled_from([0.0, 0.1, 3.0, 9.9, 15.0, 60.0])
rests = st.sampled_from([0.0, 2.0, 9.0, 10.1])
steps = st.tuples(st.integers(0, 1), ways, ways, rests)


@settings(max_examples=60)
@given(st.lists(steps, max_size=12))
def test_never_two_at_once(beats: list[tuple[int, float, float, float]]) -> None:
    clock = Clock()
    row = Row(clock)
    daemons = [Daemon("one", clock, row, 0.0), Daemon("two", clock, row, 900.0)]
    terms: dict[int, str] = {}
    for who, way, back, rest in beats:
        daemons[who].beat(way, back)
        clock.now += rest
        holders = [each for each in daemons if each.office.held]
        assert len(holders) <= 1
        for each in holders:
            assert terms.setdefault(each.office.term, each.name) == each.name, "a term is one daemon's"


def test_the_deadline_counts_from_before_the_question() -> None:
    clock = Clock()
    mine = Daemon("one", clock, Row(clock), 0.0)
    mine.beat(way=3.0, back=1.0)
    assert mine.office.remaining() == LEASE - 4.0
    clock.now += LEASE - 4.0
    assert not mine.office.held
    assert mine.row.until > clock.now, "the store still keeps it for us"


def test_an_office_that_nobody_else_can_have_never_ends() -> None:
    assert certain("sender").held
    assert not Office("sender").held
