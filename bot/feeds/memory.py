"""What the reader of a feed remembers of the last document: opaque to the store, and never trusted blindly."""

import base64
import binascii
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ANEW = timedelta(days=1)  # a whole reading is due so long after the last: only there repeated guids show

_VERSION = 2  # 1 had its marks in base 85, which Python undoes byte by byte: a third of a reading without news
_DECODERS: dict[int, Callable[[str], bytes]] = {1: base64.b85decode, _VERSION: base64.b64decode}
_SIZE = 8

IdentityPolicy = Literal["guid", "guid+link", "link", "texts"]
POLICIES: tuple[IdentityPolicy, ...] = get_args(IdentityPolicy)


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry as it stood: digests of 8 bytes, zeros for what it has not. `span` is its item to the last byte."""

    span: bytes = bytes(_SIZE)
    guid: bytes = bytes(_SIZE)
    key: bytes = bytes(_SIZE)
    link: bytes = bytes(_SIZE)
    day: bytes = bytes(_SIZE)


_FIELDS = tuple(field.name for field in fields(Mark))
_MARK = struct.Struct(f"{_SIZE}s" * len(_FIELDS))
_WIDTH = _MARK.size


@dataclass(frozen=True, slots=True)
class Memory:
    """`policy` is what tells one entry from another here, `rival` what the last whole reading would rather have used.

    `shape` is how the document was to be read ("" where it has to be read whole each time), `read_at` when it was.
    """

    policy: IdentityPolicy = "guid"
    rival: IdentityPolicy | None = None
    shape: str = ""
    read_at: datetime = EPOCH
    marks: tuple[Mark, ...] = ()

    @classmethod
    def read(cls, text: str | None) -> "Memory":
        """From `write`'s text; what cannot be read is forgotten."""
        try:
            version, policy, rival, shape, read_at, marks = json.loads(text or "[]")
            if version not in _DECODERS or policy not in POLICIES or rival not in (None, *POLICIES):
                return cls()
            return cls(
                policy, rival, str(shape), datetime.fromtimestamp(read_at, UTC), _unpacked(_DECODERS[version](marks))
            )
        except (ValueError, TypeError, OverflowError, OSError, binascii.Error):
            return cls()

    def write(self) -> str:
        packed = b"".join(getattr(mark, name) for mark in self.marks for name in _FIELDS)
        text = base64.b64encode(packed).decode("ascii")
        return json.dumps([_VERSION, self.policy, self.rival, self.shape, self.read_at.timestamp(), text])

    def serves(self, shape: str, now: datetime) -> bool:
        """True where a document of this shape may be read by its new items alone."""
        return bool(self.shape) and self.shape == shape and timedelta() <= now - self.read_at < ANEW

    def settled(self, wanted: IdentityPolicy, now: datetime) -> "Memory":
        """After a whole reading that would use `wanted`: the policy changes only for two of them in a row."""
        if self.read_at == EPOCH or wanted == self.policy or wanted == self.rival:
            return replace(self, policy=wanted, rival=None, read_at=now)
        return replace(self, rival=wanted, read_at=now)


def _unpacked(packed: bytes) -> tuple[Mark, ...]:
    whole = len(packed) // _WIDTH * _WIDTH
    return tuple(Mark(*each) for each in _MARK.iter_unpack(packed[:whole]))
