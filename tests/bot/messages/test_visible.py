"""The plain form of a message."""

import html

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.visible import LIMIT, plain
from tests.emulator.entities import parse


def test_a_link_keeps_its_address() -> None:
    markup = '<b>Titre</b> : <a href="https://a.fr/?x=1&amp;y=2">lire <i>ici</i></a>, puis'
    assert plain(markup) == "Titre : lire ici (https://a.fr/?x=1&y=2), puis"


def test_broken_markup_is_still_read() -> None:
    assert plain("<b>a <i>b</b> c < d &nope; e") == "a b c < d &nope; e"


def test_it_fits_a_message() -> None:
    assert len(plain("é" * 9000)) == LIMIT


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_it_is_what_telegram_would_show(text: str) -> None:
    markup = f"<b>{html.escape(text)}</b>"
    assert plain(markup) == parse(markup).text
