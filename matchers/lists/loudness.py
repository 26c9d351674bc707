"""Which event of a list is worth a flash. Pure."""

from matchers.lists.cells import alike
from matchers.lists.model import ListEvent
from matchers.lists.ranks import GRANTED, rank


def is_loud(event: ListEvent) -> bool:
    """Worth a flash, where a watchlist wants one: a withdrawal, and a status that is the highest."""
    if event.kind == "removed":
        return True
    return event.kind in ("added", "changed") and not event.quiet and _is_granted(event)


def _is_granted(event: ListEvent) -> bool:
    status = event.row.status
    return rank(status) >= GRANTED and (event.kind == "added" or alike(event.after, status))
