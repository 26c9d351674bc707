"""What the first bytes of a SQLite file say of it: whether it is still the file that was opened. Pure."""

from dataclasses import dataclass

LENGTH = 100
MAGIC = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Header:
    """`page` is the bytes of a page, `pages` how many the file holds; `changes` counts the transactions that touched
    the first page: it never goes back. https://www.sqlite.org/fileformat.html#the_database_header"""

    page: int
    changes: int
    pages: int
    application: int


def header(first: bytes) -> Header | None:
    """None where these are not the first bytes of a file of SQLite's."""
    if len(first) < LENGTH or not first.startswith(MAGIC):
        return None
    page = int.from_bytes(first[16:18], "big")
    whole = [int.from_bytes(first[at : at + 4], "big") for at in (24, 28, 68)]
    return Header(1 << 16 if page == 1 else page, *whole)


@dataclass(frozen=True, slots=True)
class Content:
    """What a look saw of a file: its header and its bytes."""

    header: Header | None
    size: int


def lost(before: Content, found: Content) -> str | None:
    """What became of the content, in French, from one look to the next; None where it may be the same base."""
    if not found.size:
        return "a été vidée"
    if found.header is None:
        return "a été écrasée par ce qui n’est pas une base"
    if before.header is None:
        return None
    other = before.header.application not in (0, found.header.application)  # 0: all that makes it ours is in its log
    if other or found.header.page != before.header.page:
        return "a été écrasée par une autre base"
    if found.header.changes < before.header.changes:
        return "a été écrasée par une copie plus ancienne"
    # A log being emptied into the file writes the first page before the last: the file grows then, and never shrinks
    if found.size < min(before.size, found.header.pages * found.header.page):
        return "a été tronquée"
    return None
