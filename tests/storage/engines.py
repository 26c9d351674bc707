"""What is under a store: the engine of SQLAlchemy, for tests that watch its statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from storage import prepared
from storage.store import Store


def engine_of(store: Store) -> Engine:
    found = store.database._engine._engine  # type: ignore[attr-defined] # both have one
    assert isinstance(found, Engine)
    return found


@contextmanager
def before_each(store: Store, act: Callable[..., None]) -> Iterator[None]:
    """Do this before each statement of a file, those that are handed to SQLite itself included, and before each
    commit."""
    engine, ran, ran_each = engine_of(store), prepared.ran, prepared.ran_each

    def heard(connection: Any, *given: Any) -> Any:
        act()
        return ran(connection, *given)

    def heard_each(connection: Any, *given: Any) -> int:
        act()
        return ran_each(connection, *given)

    for name in ("before_cursor_execute", "commit"):
        event.listen(engine, name, act)
    prepared.ran, prepared.ran_each = heard, heard_each
    try:
        yield
    finally:
        prepared.ran, prepared.ran_each = ran, ran_each
        for name in ("before_cursor_execute", "commit"):
            event.remove(engine, name, act)
