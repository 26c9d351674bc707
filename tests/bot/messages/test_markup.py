"""What is cut for a message is cut between characters as readers see them."""

import re

import pytest

from bot.messages.markup import address, cut
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


@pytest.mark.parametrize(
    "said",
    [
        "Tapez /stop vite",
        "/oublier",
        "(/stop@vigie_bot)",
        "@dupont doit lire",
        "<!channel> et <https://mal.example|ici>",
        "Ouvrez tg://proxy?server=mal.example ou TON://transfer",
    ],
)
def test_the_words_of_a_page_give_no_order_and_call_nobody(said: str) -> None:
    shown = cut(said, 100)
    assert shown.replace("\u200b", "") == said
    assert not re.search(r"(?<![\w/.:])[/@]\w|<[!h]|(?i:tg|ton)://", shown)
    assert cut(shown, 100) == shown


HEBREW, ARABIC = "מערך הסייבר הלאומי מפרסם אזהרה", "هيئة حماية البيانات 2026"


@pytest.mark.parametrize("said", [HEBREW, ARABIC, f"ANSSI : {HEBREW}", HEBREW + " " + ARABIC * 9])
def test_words_from_right_to_left_keep_to_themselves(said: str) -> None:
    shown = cut(said, 60)
    assert (shown[0], shown[-1]) == ("\u2068", "\u2069")
    assert len(shown) <= 60
    assert cut(shown, 60) == shown


@pytest.mark.parametrize("said", ["et/ou", "https://site.example/a/b", "a@site.example", "1/2", "a < b"])
def test_other_words_stay_as_they_are(said: str) -> None:
    assert cut(said, 100) == said


def test_an_address_shows_no_other_site_before_its_own() -> None:
    assert address("https://cnil.example@mal.example/a?b=@c") == "https://mal.example/a?b=@c"
