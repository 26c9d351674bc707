"""What is under a store: the engine of SQLAlchemy, for tests that watch its statements."""

from sqlalchemy import Engine

from storage.store import Store


def engine_of(store: Store) -> Engine:
    found = store.database._engine._engine  # type: ignore[attr-defined] # both have one
    assert isinstance(found, Engine)
    return found
