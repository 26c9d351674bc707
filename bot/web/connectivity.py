"""Is it the sites that do not answer, or our own link that is down?"""

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
ENOUGH = 4  # hosts: two small sites of one provider may well be down together


class Connectivity:
    """What the hosts asked lately did. Times come from the caller."""

    def __init__(self) -> None:
        self._lately: deque[tuple[datetime, str, bool]] = deque()
        self._said = False

    def heard(self, host: str, now: datetime, *, answered: bool) -> None:
        """A host answered (whatever it said), or did not."""
        self._lately.append((now, host, answered))

    def down(self, now: datetime) -> bool:
        """True where more than half of the hosts asked lately did not answer when last asked."""
        while self._lately and now - self._lately[0][0] > WINDOW:
            self._lately.popleft()
        last = {host: answered for _, host, answered in self._lately}
        return len(last) >= ENOUGH and sum(not answered for answered in last.values()) * 2 > len(last)

    def turned(self, now: datetime) -> bool:
        """Whether the link went down or came back since this was last asked."""
        before, self._said = self._said, self.down(now)
        return before != self._said
