"""How long what is kept is kept."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept: article texts since they were read, settled messages, chats that left."""

    texts: timedelta = timedelta(days=30)
    messages: timedelta = timedelta(days=90)
    chats: timedelta = timedelta(days=30)


KEPT = Retention()
