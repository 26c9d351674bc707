"""Opens the store for a command that asks something of it: one that is not there is told, and never made."""

from bot.ending import CannotRun
from storage import Store, open_store
from storage.place import Place


def opened(database: Place, nothing: str = "rien à lire") -> Store:
    """The store, where there is one; `nothing` is what can't be done then, in French. Raises CannotRun, StoreError."""
    if not database.exists():
        raise CannotRun(f"{database} n’existe pas : {nothing} (VIGIE_DATABASE)")
    return open_store(database)
