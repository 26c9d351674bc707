"""What the tests of the daemon share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def heap() -> Iterator[None]:
    """What is set aside meanwhile is looked at again by those who come after."""
    yield
    gc.unfreeze()
