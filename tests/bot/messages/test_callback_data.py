import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.callback_data import Place, Press, base36, build, named, number, parse, token

PRESSES = st.builds(
    Press,
    verb=st.from_regex(r"[a-z]{1,2}", fullmatch=True),
    target=st.from_regex(r"-?[a-z0-9]{1,13}", fullmatch=True, alphabet=st.characters(codec="ascii")),
    value=st.from_regex(r"|[a-z]{1,8}|[0-9]{1,8}", fullmatch=True, alphabet=st.characters(codec="ascii")),
    page=st.integers(0, 999),
    place=st.none() | st.builds(Place, st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**63 - 1)),
)


@given(PRESSES)
def test_what_is_built_is_read_back_and_fits(press: Press) -> None:
    data = build(press)
    assert parse(data) == press
    assert len(data.encode()) <= 64


def test_a_verb_alone_is_a_button() -> None:
    assert build(Press("v")) == "1v"
    assert parse("1v") == Press("v")


def test_the_largest_chat_id_fits() -> None:
    assert len(build(Press("a", base36(-(2**63)), "private"))) <= 64


@given(st.integers(-(2**63), 2**63))
def test_a_number_is_read_back(value: int) -> None:
    assert number(base36(value)) == value


def test_a_place_that_is_set_from_elsewhere_is_named() -> None:
    assert build(Press("g", "h", "480", place=Place(5, 123))) == "1g.h.480@c5-3f"


@given(st.text(max_size=70))
def test_random_data_never_raises(data: str) -> None:
    held = parse(data)
    assert held is None or build(held) == data


@pytest.mark.parametrize(
    "data", ["", "2v", "1", "1V", "1v.", "1v.a b", "1v\n", "1f.abc.d.e", "1f.é", "1g@", "1g@c05", "1g@c5-0"]
)
def test_another_grammar_is_no_button(data: str) -> None:
    assert parse(data) is None


def test_a_watchlist_has_the_same_token_for_ever() -> None:
    assert token("secnumcloud") == "myh7rs5j"
    assert named(token("hds"), ("secnumcloud", "hds")) == "hds"
    assert named(token("hds"), ("secnumcloud",)) is None
