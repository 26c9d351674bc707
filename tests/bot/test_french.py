from datetime import timedelta

import pytest

from bot import french


@pytest.mark.parametrize(("number", "told"), [(0, "0 o"), (999, "999 o"), (12_400, "12,4 ko"), (5 * 10**9, "5,0 Go")])
def test_sizes_read_as_people_say_them(number: int, told: str) -> None:
    assert french.size(number) == told
    assert french.count(1_234_567) == "1\u202f234\u202f567"
    assert french.counted(0, "source", "sources") == "0 source"
    assert french.counted(2, "source", "sources") == "2 sources"


def test_spans_are_said_in_their_largest_unit() -> None:
    said = [french.span(timedelta(seconds=seconds)) for seconds in (0, 59, 60, 3_600, 86_400 * 3)]
    assert said == ["0 s", "59 s", "1 min", "1 h", "3 j"]
