"""What is kept of an official list: values that cross the store's border."""

from dataclasses import dataclass
from datetime import datetime

from matchers.lists.model import KnownList, ListEvent, ListSpec
from storage.ids import FeedId


@dataclass(frozen=True, slots=True)
class ListProof:
    """A reading of a list as bytes: their SHA-256 in hex, when they were had, and what they are. `body` is b"" where
    the bytes are not at hand."""

    sha256: str
    at: datetime
    content_type: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list as kept. `known` is None until it was read well once. Of a hold: `why`, how many rows that reading had
    (None: none could be read), and the mark of its rows, "" where there are none. `accepted`: the mark of the rows that
    somebody let through; `ignored`: somebody wants to hear no more of this hold."""

    feed: FeedId
    known: KnownList | None = None
    proof: ListProof | None = None
    why: str = ""
    seen: int | None = None
    held: str = ""
    accepted: str = ""
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class ListRecord:
    """What one reading writes of a list, with its poll. `proof` is that of the reading; None where it is as it was."""

    after: StoredList
    events: tuple[ListEvent, ...] = ()
    proof: ListProof | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class KeptListEvent:
    """An event as kept: of which list, when it was told, and the readings before and after it."""

    id: int
    feed: FeedId
    told_at: datetime
    event: ListEvent
    url: str
    before: ListProof | None
    after: ListProof


@dataclass(frozen=True, slots=True)
class ListView:
    """A list for who looks at it: its line of feeds.yaml, what is known of it, and all that happened, oldest first."""

    feed: FeedId
    name: str
    url: str
    spec: ListSpec
    stored: StoredList
    events: tuple[KeptListEvent, ...]
    enabled: bool = True
