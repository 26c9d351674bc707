"""What we keep, and for how long."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.failure import StoreError
    from storage.store import Store, open_store

__all__ = ["Store", "StoreError", "open_store"]

_HOMES = {"Store": "storage.store", "open_store": "storage.store", "StoreError": "storage.failure"}


def __getattr__(name: str) -> Any:
    # The nouns (`model.py` of each folder) are imported everywhere; SQLAlchemy (0.3 s) only by who opens a store.
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
