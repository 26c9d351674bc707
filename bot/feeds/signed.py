"""Who signed an entry, as feeds write it: names without the addresses of mail that stand around them."""

import re
from collections.abc import Iterable

from bot.feeds import plain_text

LONGEST_NAME = 200
_LONGEST_LINE = 1000
_MAIL = re.compile(r"(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}", re.IGNORECASE)
_EMPTIED = re.compile(r"<\s*>|\(\s*\)|\[\s*\]")


def names(written: Iterable[str]) -> str | None:
    """The names joined by "; ", each once; None where nobody is named: an address of mail is no name."""
    found = dict.fromkeys(name for line in written for name in _names(line))
    return plain_text.line("; ".join(found), LONGEST_NAME) or None


def _names(line: str) -> Iterable[str]:
    """« a@x.fr (Anne), b@x.fr (Paul) », « Anne <a@x.fr> », « Anne (mailto:a@x.fr) », or plainly « Anne »."""
    plain = _MAIL.sub(" ", line[:_LONGEST_LINE])
    pieces = [plain] if "@" not in line else _EMPTIED.sub(" ", plain).split(",")
    for piece in pieces:
        name = plain_text.line(piece, LONGEST_NAME)
        if "@" in line and name[:1] == "(" and name[-1:] == ")":
            name = name[1:-1].strip()
        if name:
            yield name
