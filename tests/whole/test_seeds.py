"""Twenty lives of the whole daemon, each from its seed: nothing lost, nothing rung twice, whatever befell it."""

import pytest

from tests.whole.seeds import SHORT, lived


@pytest.mark.parametrize("seed", range(12))
def test_a_life_from_its_seed_keeps_every_promise(seed: int) -> None:
    assert lived(seed, SHORT), "something went wrong, or it is no proof"


def test_a_seed_lives_the_same_life_again() -> None:
    assert lived(7, 0.7) == lived(7, 0.7)
