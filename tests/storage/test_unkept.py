"""What no base can keep: told in one line, nothing of it is written, and the store goes on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from storage.failure import StoreError
from storage.schema import LONGEST
from storage.store import Store
from tests.storage.builders import NOW, a_chat, a_flash, a_match, an_entry, poll


def refused(act: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        act()
    (line,) = str(caught.value).splitlines()
    assert "ien n’en est écrit" in line
    return caught.value


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_a_number_beyond_64_bits_is_told_and_never_tried_again(store: Store, number: int) -> None:
    for act in (
        lambda: store.chats.arrive(number, "private", "fr", NOW),
        lambda: poll(store, an_entry(matches=[a_match(score=number)])),
        lambda: store.outbox.enqueue([replace(a_flash(a_chat(store).key), part=number)], NOW),
    ):
        assert not refused(act).passing
        store.feeds.release_all()
    assert poll(store, an_entry("2", urls=["u2"])).new == 1


def test_a_text_that_no_engine_takes_is_told_and_never_tried_again(store: Store) -> None:
    giant = "x" * (LONGEST + 1)
    for entry in (an_entry(text=giant), an_entry(title=giant), an_entry(key=giant)):
        assert not refused(lambda entry=entry: poll(store, entry)).passing
        store.feeds.release_all()
    assert poll(store, an_entry("2", urls=["u2"])).new == 1
    store.feeds.release_all()
    assert poll(store, an_entry("3", urls=["u3"], text="\0\ud800")).new == 1
