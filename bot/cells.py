"""Cells of spreadsheets: what would run as a formula is made harmless, and given back."""

import re
import unicodedata

_RUN = frozenset("=+-@")  # a spreadsheet would run a cell that begins so, in full width as well
_BLANK = re.compile(
    "[\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff"
    "\uffa0\x00-\x20]*"
)
# What parts columns and lines for a spreadsheet set up for another sign than ours: a cell of its own begins behind it
_BEHIND = re.compile(r"(?<=[;\t\r\n])[^;\t\r\n]+")


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet runs it, wherever it begins one."""
    behind = _BEHIND.sub(lambda piece: f"'{piece[0]}" if _would_run(piece[0]) else piece[0], cell)
    return f"'{behind}" if runs(cell) else behind


def unharmed(cell: str) -> str:
    """The cell as it was before `harmless`."""
    whole = _BEHIND.sub(lambda piece: piece[0].removeprefix("'") if _would_run(piece[0]) else piece[0], cell)
    return whole[1:] if whole.startswith("'") and runs(whole[1:]) else whole


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula, or for one that was made harmless already."""
    return cell[:1] in ("'", "\t", "\r", "\n") or _is_formula(cell)


def _would_run(piece: str) -> bool:
    """Whether it is a formula, or one that was made harmless: so that there is a way back from each."""
    return _is_formula(piece.lstrip("'"))


def _is_formula(text: str) -> bool:
    blank = _BLANK.match(text)
    first = text[blank.end() if blank else 0 :][:1]
    return unicodedata.normalize("NFKC", first)[:1] in _RUN
