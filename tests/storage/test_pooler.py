"""Through a pooler that gives each transaction another connection: the same promises as without it."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from storage.place import Server
from storage.store import Store, open_store
from tests.line import Pooler
from tests.server import empty
from tests.storage import test_several as several
from tests.storage.builders import NOW, A, B, a_feed


@pytest.fixture
def pooled(base: Server) -> Iterator[Server]:
    empty(base)
    with Pooler(base) as pooler:
        yield pooler.base


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "promise",
    [
        several.test_pollers_share_the_feeds_and_none_is_asked_twice,
        several.test_of_all_who_want_an_office_one_has_it,
        several.test_senders_that_overlap_send_nothing_twice,
        several.test_the_register_has_no_gap_whoever_writes_and_whatever_is_undone,
        several.test_what_is_held_before_its_commit_is_told_by_a_later_digest,
    ],
)
def test_the_promises_hold_behind_it(pooled: Server, promise: Callable[[Server, Store], None]) -> None:
    with closing(open_store(pooled)) as store:
        store.feeds.sync([a_feed(A), a_feed(B)], NOW)
        promise(pooled, store)
