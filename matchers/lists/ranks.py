"""How far a status is on the way to what everybody waits for. Pure."""

import re

from matchers.lists.cells import folded

GRANTED = 100
_GRANTED = re.compile(r"qualifi|certifi|agre[ei]|accredit|homologu|conforme|delivr|valide|actif|en vigueur")
_LOST = re.compile(r"non |retir|suspen|expir|refus|abandon|caduc|revoqu|annul|resili|perim")
_STEP = re.compile(r"\b(?:j|jalon|etape|phase|niveau)\s*(\d{1,2})\b")


def rank(status: str) -> int:
    """How far a status is on the way to what everybody waits for: 0 lost or none, then the steps, then granted."""
    said = folded(status)
    if not said.strip() or _LOST.search(said):
        return 0
    if step := _STEP.search(said):
        return 10 + int(step[1])
    return GRANTED if _GRANTED.search(said) else 5
