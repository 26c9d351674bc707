"""No cell runs, whatever parts the columns; and each comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cells import harmless, unharmed

FORMULAS = [
    "=1+1", "a;=1+1", "a; +1", "a\t=1+1", 'a";=cmd|\'/C calc\'!A0', "a;\u00a0=1+1", "a\n=1+1", "a\r@SUM(1)", ";-1",
    "a;＝1+1", "\u2066=1+1", "-1;-2", "a;'=1",
    "\u061c=1+1", "a;\u17b4@SUM(1)",
]  # fmt: skip


@pytest.mark.parametrize("word", FORMULAS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_nothing_begins_a_formula_wherever_a_spreadsheet_cuts(word: str, separator: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(("2026-11-24", harmless(word), "https://fil.example/1"))
    read = [row.split(separator) for row in out.getvalue().splitlines()]
    if separator == ",":
        read = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert not [cell for row in read for cell in row if cell.lstrip(" \u00a0\u2066\u061c\u17b4")[:1] in set("=+-@＝")]


@given(st.text("';\t\n=+-@ a\u00a0＝", max_size=12))
def test_each_cell_comes_back(word: str) -> None:
    assert unharmed(harmless(word)) == word
