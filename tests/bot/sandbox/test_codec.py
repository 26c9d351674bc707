"""A value comes back as it left, or of no kind that was not declared."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, IntEnum, StrEnum
from pathlib import PurePath
from typing import Literal, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import pagelist, parse, sitemap
from bot.model import Document, Entry, Failed, Why
from bot.reading import page
from bot.sandbox.codec import Unreadable, packed, unpacked
from bot.web import robots
from bot.workers import _answer_type

Number = NewType("Number", int)


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    NO = "non"


@dataclass(frozen=True, slots=True)
class Leaf:
    size: float
    word: Word | str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple["Tree | Leaf", ...] = ()
    kind: Literal["oak", "elm", 3] = "oak"


MOMENT = datetime(2026, 11, 28, 8, tzinfo=UTC)
TRAVEL = [
    (None, None), (True, bool), (4, int), (4, Number), (4, float), (0.5, float | None), ("é\n\u2028", str),
    (b"\xff\0", bytes), (MOMENT, datetime), (MOMENT.astimezone(timezone(timedelta(hours=2))), datetime | None),
    (timedelta(days=-1, microseconds=3), timedelta), (Colour.RED, Colour), (Level.LOW, Level | int),
    (Word.NO, Word | str), ("non", Word | str), ("oak", Literal["oak", "elm"]), ((), tuple[int, ...]),
    ((1, "a", b"x"), tuple[int, str, bytes]), ([1], list[int]), ({1}, set[int]), (frozenset({"a"}), frozenset[str]),
    ({"a": (b"1", b"22")}, dict[str, tuple[bytes, ...]]), (Leaf(1.5, Word.NO), Tree | Leaf),
    (Tree((Tree(kind=3), Leaf(0.0))), Tree),
]  # fmt: skip


@pytest.mark.parametrize(("value", "kind"), TRAVEL)
def test_a_value_comes_back_as_it_left(value, kind):
    back = unpacked(packed(value), kind)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (4, str), (True, int), (1, bool), (4.0, int), ("4", int), (math.nan, float), (math.inf, float), (1 << 70, int),
        (None, int), ((1, 2), tuple[int]), ((1, "a"), tuple[int, ...]), ([1], tuple[int, ...]), (Leaf(1.0), Tree),
        (Word.NO, str), (True, Literal[1]), (1, Literal[True]), (datetime(2026, 1, 1), datetime),
        (datetime.max.replace(tzinfo=UTC), datetime), (datetime.min.replace(tzinfo=UTC), datetime | None),
        (Tree(kind="baobab"), Tree), (Leaf("1.5"), Leaf), (4, object), (Leaf(1.0), object), (4, complex),
    ],
)  # fmt: skip
def test_no_other_type_comes_in(value, kind):
    with pytest.raises(Unreadable):
        unpacked(packed(value), kind)


@pytest.mark.parametrize("value", [object(), lambda: 4, PurePath("a"), 1j, {1: print}, [Leaf]])
def test_what_is_no_value_does_not_leave(value):
    with pytest.raises(Unreadable):
        packed(value)


@given(st.binary(max_size=200))
def test_bytes_of_chance_are_a_value_of_that_type_or_nothing(data):
    for kind in (Tree, str, dict[str, bytes]):
        try:
            unpacked(data, kind)
        except Unreadable:
            continue


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"1.5,", b'"",', b'"a":0,'])
def test_an_answer_does_not_fill_the_memory_of_who_reads_it(piece):
    tree = b"[" + piece * 2_000_001 + b"0]"
    with pytest.raises(Unreadable, match="trop de valeurs"):
        unpacked(len(tree).to_bytes(8) + tree, Tree)


@pytest.mark.parametrize("function", [parse.parse, pagelist.parse, sitemap.parse, page.read_page, robots.judge])
def test_what_runs_behind_the_wall_declares_what_it_answers(function):
    with pytest.raises(Unreadable, match=r"attendu|inconnue"):
        unpacked(packed({"nothing": "of the kind"}), _answer_type(function))


def test_a_whole_document_travels():
    entry = Entry("k", "https://exemple.fr/a", "Titre", "é" * 300, published=MOMENT)
    document = Document((entry,) * 40, ttl=timedelta(hours=1), memory="{}")
    assert unpacked(packed(document), _answer_type(parse.parse)) == document
    assert unpacked(packed(Failed(Why.TOO_BIG, "trop")), _answer_type(parse.parse)) == Failed(Why.TOO_BIG, "trop")
