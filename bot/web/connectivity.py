"""Is it the sites that do not answer, or our own link that is down?"""

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
OUTAGE = timedelta(hours=1)  # while it lasts, each host is asked every quarter of an hour
ENOUGH = 4  # hosts: two small sites of one provider may well be down together


class Connectivity:
    """What the hosts asked lately did. Times come from the caller.

    A host that stays silent while most others answer is `_dead`: that it is silent again proves nothing.
    """

    def __init__(self) -> None:
        self._lately: deque[tuple[datetime, str, bool]] = deque()
        self._dead: set[str] = set()
        self._down = False
        self._said = False

    def heard(self, host: str, now: datetime, *, answered: bool) -> None:
        """A host answered (whatever it said), or did not."""
        if answered:
            self._dead.discard(host)
        if host not in self._dead:
            self._lately.append((now, host, answered))

    def down(self, now: datetime) -> bool:
        """True from where more than half of the hosts asked lately did not answer when last asked, until half of those
        asked since do."""
        self._forget(now - (OUTAGE if self._down else WINDOW))
        last = self._last()
        if len(last) >= (1 if self._down else ENOUGH):
            self._down = _most_silent(last)
        return self._down

    def turned(self, now: datetime) -> bool:
        """Whether the link went down or came back since this was last asked."""
        before, self._said = self._said, self.down(now)
        return before != self._said

    def _last(self) -> dict[str, bool]:
        return {host: answered for _, host, answered in self._lately}

    def _forget(self, before: datetime) -> None:
        if not self._lately or self._lately[0][0] >= before:
            return
        last = self._last()
        fine = not self._down and not _most_silent(last)
        while self._lately and self._lately[0][0] < before:
            _, host, _ = self._lately.popleft()
            if fine and not last[host]:
                self._dead.add(host)


def _most_silent(last: dict[str, bool]) -> bool:
    return sum(not answered for answered in last.values()) * 2 > len(last)
