"""How much one person may ask, and all strangers together."""

from collections import deque
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Clock

COMMANDS, SPAN = 20, timedelta(minutes=1)
EVERYBODY = 600  # commands in a minute: 20 strangers who never stop took a third of a core
REMEMBERED = 10_000  # people, before those who said nothing lately are let go


class Patience:
    """Twenty commands or presses a minute; who goes beyond is told so once, and then not answered for a while.

    Everybody but `operators` has a bound together, too: a crowd that presses does not keep them from stopping it.
    """

    def __init__(self, clock: Clock, operators: frozenset[int] = frozenset()) -> None:
        self._clock = clock
        self._operators = operators
        self._everybody: deque[datetime] = deque(maxlen=EVERYBODY)
        self._asked: dict[int, deque[datetime]] = {}

    def verdict(self, person: int) -> Literal["fine", "enough", "silence"]:
        """`enough` for the first request too many, `silence` for those after it."""
        now = self._clock()
        if len(self._asked) >= REMEMBERED:
            recent = ((who, asked) for who, asked in self._asked.items() if asked and abs(now - asked[-1]) < SPAN)
            self._asked = dict(recent)
        asked = self._asked.setdefault(person, deque(maxlen=COMMANDS + 1))
        while asked and abs(now - asked[0]) >= SPAN:
            asked.popleft()
        if len(asked) > COMMANDS or self._crowded(person, now):
            return "silence"
        asked.append(now)
        return "fine" if len(asked) <= COMMANDS else "enough"

    def _crowded(self, person: int, now: datetime) -> bool:
        """Whether strangers have asked all that they may together; else this one is counted."""
        if person in self._operators:
            return False
        crowd = self._everybody
        if len(crowd) == EVERYBODY and abs(now - crowd[0]) < SPAN:
            return True
        crowd.append(now)
        return False
