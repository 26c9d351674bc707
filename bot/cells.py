"""Cells of spreadsheets: what would run as a formula is made harmless, and given back."""

import re
import unicodedata

_RUN = frozenset("=+-@")  # a spreadsheet would run a cell that begins so, in full width as well
_BLANK = re.compile(
    "[\u00a0\u00ad\u034f\u115f\u1160\u1680\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff"
    "\uffa0\x00-\x20]*"
)


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet runs it."""
    return f"'{cell}" if runs(cell) else cell


def unharmed(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and runs(cell[1:]) else cell


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula, or for one that was made harmless already."""
    blank = _BLANK.match(cell)
    first = cell[blank.end() if blank else 0 :][:1]
    return cell[:1] in ("'", "\t", "\r", "\n") or unicodedata.normalize("NFKC", first)[:1] in _RUN
