"""What of our own French stands in a text that should have none."""

import re

from bot.messages.texts import catalogue

_HOLE = re.compile(r"\{\w+\}|\n")
ENOUGH = 9  # letters of a piece of a sentence: shorter, it may be English too


def pieces(language: str) -> set[str]:
    forms = (form for forms in catalogue(language).sentences.values() for form in forms)
    return {piece.strip() for form in forms for piece in _HOLE.split(form) if len(piece.strip()) >= ENOUGH}


OURS = pieces("fr") - pieces("en")


def french(text: str) -> list[str]:
    """The pieces of our French sentences that stand in this text."""
    return sorted(piece for piece in OURS if piece in text and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text))
