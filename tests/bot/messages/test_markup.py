"""What is cut for a message is cut between characters as readers see them."""

import pytest

from bot.messages.markup import cut
from bot.messages.visible import LIMIT, plain

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1eb\U0001f1f7"


@pytest.mark.parametrize("one", [FAMILY, FLAG, "e\u0301", "क्षि"])
def test_no_character_is_cut_in_two(one: str) -> None:
    for limit in range(2, 40):
        kept = cut(one * 30, limit)
        assert len(kept) <= limit
        assert kept.endswith("…")
        assert kept[:-1] == one * (len(kept[:-1]) // len(one))
    assert plain(one * LIMIT)[-1 - len(one) : -1] == one


def test_a_cut_falls_between_words_where_it_can() -> None:
    assert cut("Nébulis obtient la qualification", 22) == "Nébulis obtient la…"
    assert cut("Nébulis obtient", 22) == "Nébulis obtient"
