from collections.abc import Iterator

import pytest

from storage import Store, open_store
from storage.place import Place
from tests.bot.conversation.world import World


@pytest.fixture
def store(home: Place) -> Iterator[Store]:
    opened = open_store(home)
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)
