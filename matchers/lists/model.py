"""A list, its readings and what they tell: values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ListFormat = Literal["html", "csv", "json", "pdf"]
ListEventKind = Literal["added", "removed", "changed", "renamed", "expired?"]

KEY = " | "  # between the parts of a key, as people read it


@dataclass(frozen=True, slots=True)
class ListSpec:
    """How a list is read, as feeds.yaml says it. `key` holds the names of its columns; "" stands for what is not said.

    `rows` is where the rows are: CSS, a dotted name, the title of a section. `status` is a column or the one status of
    all; `pages` and `follow` say how the next pages are found.
    """

    key: tuple[str, ...]
    rows: str = ""
    status: str = ""
    until: str = ""
    tracker: str = ""
    format: ListFormat = "html"
    pages: str = ""
    follow: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row as it is written: `key` has a text a part, `cells` every other column with its name."""

    key: tuple[str, ...]
    status: str = ""
    until: str = ""
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return KEY.join(self.key)


@dataclass(frozen=True, slots=True)
class ListReading:
    """The rows of one reading, all its pages together. `status_field` and `until_field` name the columns that hold
    them; "" where there is none. `ended`: the document had its end mark. `open_ended`: it may end after any row, since
    its form has no mark (a CSV). `parts`: how many tables have rows; `announced`: how many rows there are by its own
    account, 0 where it gives none; `goes_on`: it leads to more of them."""

    rows: tuple[ListRow, ...]
    status_field: str = ""
    until_field: str = ""
    ended: bool = True
    open_ended: bool = False
    parts: int = 1
    announced: int = 0
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class ListUnread:
    """There are no rows to be had from what came; `why` is one line in French."""

    why: str


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row that is known. `since` it was there, `status_since` with this status; `missing_since`: absent from the
    last good reading, and first from that one. `expired`: its passed end was told. `instead_of`: the key of a row that
    went as this one came, until it is sure that it is the same under a new name. `earlier`: what its cells said before
    they changed; `doubted_since`: a reading said just that again, as an old copy would."""

    row: ListRow
    since: datetime
    status_since: datetime
    missing_since: datetime | None = None
    expired: bool = False
    instead_of: str = ""
    earlier: tuple[str, ...] = ()
    doubted_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownList:
    """What is believed of a list: its rows by key, and when it was last read well. `held_since`: no reading since was
    believed; `few_since`: the first of those that had too few of the rows. `counted`: the last good one had as many as
    it announced. `removed`: the keys of the rows that were
    withdrawn, the last ones, and since when one is there again, None for not."""

    rows: Mapping[str, ListedRow]
    read_at: datetime
    status_field: str = ""
    until_field: str = ""
    ended: bool = True
    held_since: datetime | None = None
    parts: int = 1
    goes_on: bool = False
    counted: bool = False
    few_since: datetime | None = None
    removed: Mapping[str, datetime | None] = field(default_factory=dict)

    @property
    def unsettled(self) -> bool:
        """True where the next reading decides something: it must not be answered by « not modified »."""
        waiting = (each.missing_since or each.instead_of or each.doubted_since for each in self.rows.values())
        return self.held_since is not None or any(waiting) or any(self.removed.values())


@dataclass(frozen=True, slots=True)
class ListEvent:
    """What a list says anew of a row. `field`, `before` and `after` tell what changed; of a rename, `after` is the new
    name. `at` is the day that it bears: of a withdrawal, that of the first absence. `quiet`: no status, no end."""

    kind: ListEventKind
    row: ListRow
    at: datetime
    field: str = ""
    before: str = ""
    after: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ListMoved:
    """A reading that is believed: what it tells, in the order of its rows, and what is known from now on."""

    events: tuple[ListEvent, ...]
    known: KnownList


@dataclass(frozen=True, slots=True)
class ListHold:
    """A reading that is not: why, in French; how many rows were known, and how many it had (None: none could be
    read). `known` is what was, held; None before any good reading."""

    why: str
    before: int
    seen: int | None
    known: KnownList | None
