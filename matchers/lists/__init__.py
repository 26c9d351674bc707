"""What changed between two readings of an official list, and which reading is not to be believed. Pure."""

from matchers.lists.cells import day_of, squeezed
from matchers.lists.changes import diff, unchanged
from matchers.lists.keys import key_of
from matchers.lists.loudness import is_loud
from matchers.lists.model import (
    KEY,
    KnownList,
    ListedRow,
    ListEvent,
    ListEventKind,
    ListFormat,
    ListHold,
    ListMoved,
    ListReading,
    ListRow,
    ListSpec,
    ListUnread,
)
from matchers.lists.pages import MOST_PAGES, page_names
from matchers.lists.ranks import rank
from matchers.lists.trackers import beside

__all__ = [
    "KEY",
    "MOST_PAGES",
    "KnownList",
    "ListEvent",
    "ListEventKind",
    "ListFormat",
    "ListHold",
    "ListMoved",
    "ListReading",
    "ListRow",
    "ListSpec",
    "ListUnread",
    "ListedRow",
    "beside",
    "day_of",
    "diff",
    "is_loud",
    "key_of",
    "page_names",
    "rank",
    "squeezed",
    "unchanged",
]
