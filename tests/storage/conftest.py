"""A real base for every test, on a file and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.place import Place
from storage.store import Store, open_store
from tests.storage.builders import NOW, A, B, a_feed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vigie.db"


@pytest.fixture
def store(home: Place) -> Iterator[Store]:
    """A store that knows the feeds A and B."""
    opened = open_store(home)
    opened.feeds.sync([a_feed(A), a_feed(B)], NOW)
    yield opened
    opened.close()
