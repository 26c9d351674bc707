"""How much one person may ask."""

from collections import deque
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Clock

COMMANDS, SPAN = 20, timedelta(minutes=1)
REMEMBERED = 10_000  # people, before those who said nothing lately are let go


class Patience:
    """Twenty commands or presses a minute; who goes beyond is told so once, and then not answered for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[int, deque[datetime]] = {}

    def verdict(self, person: int) -> Literal["fine", "enough", "silence"]:
        """`enough` for the first request too many, `silence` for those after it."""
        now = self._clock()
        if len(self._asked) >= REMEMBERED:
            self._asked = {who: asked for who, asked in self._asked.items() if abs(now - asked[-1]) < SPAN}
        asked = self._asked.setdefault(person, deque(maxlen=COMMANDS + 1))
        while asked and abs(now - asked[0]) >= SPAN:
            asked.popleft()
        if len(asked) > COMMANDS:
            return "silence"
        asked.append(now)
        return "fine" if len(asked) <= COMMANDS else "enough"
