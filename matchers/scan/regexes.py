"""Regular expressions in linear time, whatever they are and whatever the text. The only door to re2."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from matchers.language.text import plain

_SURROGATE = re.compile("[\ud800-\udfff]")
MOST_CHARACTERS = 500
_MEMORY = 1 << 20  # of a compiled expression, in bytes: what needs more is refused when the file is read


@dataclass(frozen=True, slots=True)
class Regex:
    """An expression compiled: case and accents count, and of the hits that begin together it takes the longest.

    It is looked for as people type it: with plain blanks, hyphens and quotes, whatever those of the text.
    """

    compiled: Any

    def spans(self, text: str) -> Iterable[tuple[int, int]]:
        """Start and end of each hit, from left to right, none empty."""
        text = plain(text)
        try:
            found = list(self.compiled.finditer(text))
        except UnicodeEncodeError:  # a lone surrogate has no UTF-8 form
            found = list(self.compiled.finditer(_SURROGATE.sub("\ufffd", text)))
        return [match.span() for match in found if match.start() < match.end()]


def compile_regex(written: str) -> Regex | str:
    """The expression, or why not, in French."""
    if len(written) > MOST_CHARACTERS:
        return f"expression trop longue (plus de {MOST_CHARACTERS} signes)"
    options = re2.Options()
    options.log_errors = False
    options.longest_match = True
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(plain(written), options)
    except (re2.error, UnicodeEncodeError) as error:
        return f"expression régulière refusée\u00a0: {_reason(error)}"
    if compiled.match(""):
        return "cette expression trouve aussi un texte vide\u00a0: exigez au moins un caractère"
    return Regex(compiled)


_REASONS = {
    "missing )": "il manque «\u00a0)\u00a0»",
    "unexpected )": "«\u00a0)\u00a0» de trop",
    "missing ]": "il manque «\u00a0]\u00a0»",
    "no argument for repetition operator": "rien à répéter devant",
    "bad repetition operator": "répétition double",
    "invalid repetition size": "répétition trop grande ou mal écrite",
    "invalid escape sequence": "«\u00a0\\\u00a0» suivi d'un caractère inconnu",
    "trailing \\": "«\u00a0\\\u00a0» à la fin",
    "invalid perl operator": "ni renvoi en arrière ni condition avant ou après",
    "invalid character class range": "intervalle à l'envers ou inconnu",
    "pattern too large": "elle demande trop de mémoire",
}


def _reason(error: Exception) -> str:
    said = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
    for known, french in _REASONS.items():
        if said.startswith(known):
            return f"{french} ({said[len(known) :].strip(': ')})"
    return said
