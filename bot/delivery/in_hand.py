"""Which words of people are being answered: none is told to the server as read before. Pure."""

from dataclasses import dataclass, field

LONGEST = 20.0  # seconds: an answer that takes more is waited for no longer, or nothing else would be heard
MOST = 50  # of the hundred that the server gives at once


@dataclass(slots=True)
class InHand:
    """Updates by their number, from when they come until the server knows that they were answered."""

    _next: int = 0
    _since: dict[int, float] = field(default_factory=dict)
    _answered: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self._since)

    def take(self, number: int, now: float) -> bool:
        """False where it is in hand already, or was answered: it comes again until the server is told."""
        if number in self._since or number in self._answered:
            return False
        self._since[number], self._next = now, number + 1
        return True

    def answered(self, number: int) -> None:
        if self._since.pop(number, None) is not None:
            self._answered.add(number)

    def offset(self, now: float) -> int:
        """From which number on to ask, which tells the server that those before it are done with."""
        waited_for = (number for number in list(self._since)[-MOST:] if now - self._since[number] < LONGEST)
        found = min(waited_for, default=self._next)
        self._since = {number: since for number, since in self._since.items() if number >= found}
        self._answered = {number for number in self._answered if number >= found}
        return found
