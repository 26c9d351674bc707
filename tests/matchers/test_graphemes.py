"""A text is cut between what a reader sees as characters, and never within one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.language.graphemes import border

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
WHOLE = [
    FAMILY,
    "\U0001f1eb\U0001f1f7",  # a flag
    "\U0001f44d\U0001f3fd",  # a hand and its colour
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "e\u0301",  # é in two
    "क्षि",
    "각",
]


@pytest.mark.parametrize("one", WHOLE)
def test_what_is_seen_as_one_is_kept_or_left_whole(one: str) -> None:
    text = f"Santé {one}{one} suite"
    ends = {6, 6 + len(one), 6 + 2 * len(one)}
    for place in range(6, 6 + 2 * len(one) + 1):
        assert border(text, place) == max(end for end in ends if end <= place)


def test_flags_are_told_apart_by_twos_from_the_first() -> None:
    text = "\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea\U0001f1ee\U0001f1f9"
    assert [border(text, place) for place in range(7)] == [0, 0, 2, 2, 4, 4, 6]


@given(st.text(max_size=40), st.integers(-5, 60))
def test_a_border_is_at_the_place_or_before_it(text: str, place: int) -> None:
    assert 0 <= border(text, place) <= max(0, min(place, len(text)))


def test_marks_without_end_hold_nobody_up() -> None:
    assert border("Z" + "\u0301" * 10_000, 5_000) >= 5_000 - 64
