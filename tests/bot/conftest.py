from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Store, open_store
from tests.bot.conversation.world import World


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "vigie.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)
