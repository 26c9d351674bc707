"""What is alive is passed over by the search for garbage, and what is no longer is found."""

import gc
import weakref

from bot.daemon.garbage import set_aside
from tests.bot.daemon.heap import aside


class Ring:
    """Holds on to itself: nothing but the search for garbage finds it."""

    def __init__(self) -> None:
        self.me = self


def test_what_is_alive_is_passed_over_and_what_comes_after_is_not(heap: None) -> None:
    before = Ring()
    set_aside()
    after = Ring()
    assert aside(before)
    assert not aside(after)


def test_what_was_set_aside_and_is_no_more_is_found_the_next_time(heap: None) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    set_aside()
    del ring
    gc.collect()
    assert gone() is not None, "it is passed over"
    set_aside()
    assert gone() is None


def test_garbage_of_before_is_not_set_aside(heap: None) -> None:
    gone = weakref.ref(Ring())
    set_aside()
    assert gone() is None
