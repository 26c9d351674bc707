"""What a digest is to say, before it is written: its heading and its lines."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.chats.model import DigestItem, DigestPart


@dataclass(frozen=True, slots=True)
class Heading:
    """What a digest says of itself. `day` is the local day of its slot; for the weekly one, the Monday. `opens_week`:
    it is the first of its week that the chat gets."""

    kind: Literal["daily", "weekly", "now"]
    day: date
    late: bool = False
    opens_week: bool = False


@dataclass(frozen=True, slots=True)
class DigestLine:
    """An item of a digest, the list under which it stands, and its part: shown, there as a weak signal, sent as a flash
    already, or rest. `beside`: it may be the event of the line above it."""

    item: DigestItem
    watchlist: str
    part: DigestPart
    beside: bool = False
