"""A site's article number: a hint, and never enough."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.article_numbers import number_key, same_article

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.exemple.fr/sante/hdh-quitte-azure-92839.html", "#exemple.fr/-N/92839"),
        ("https://exemple.fr/sante/hdh-quitte-azure-92839/?xtor=RSS", "#exemple.fr/-N/92839"),
        ("https://exemple.fr/article/2026/03/04/le-hdh-change_6137910_3246.html", "#exemple.fr/_N_/6137910"),
        ("https://exemple.fr/actu/1203456-le-hdh-change", "#exemple.fr/N-/1203456"),
        ("https://exemple.fr:8443/hdh,123456", "#exemple.fr:8443/-N/123456"),
        ("https://exemple.fr/hdh-1234.html", ""),
        ("https://exemple.fr/hdh-20260304.html", ""),
        ("https://exemple.fr/hdh-202603.html", ""),
        ("https://exemple.fr/hdh-202603041530", ""),
        ("https://exemple.fr/12345", ""),
        ("https://exemple.fr/theme-10452/hdh", ""),
        ("https://exemple.fr/hdh?id=123456", ""),
        ("https://exemple.fr/", ""),
        ("javascript:12345-a", ""),
    ],
)
def test_a_number_is_five_digits_at_an_end_of_the_last_words_and_no_date(url, key):
    assert number_key(url) == key


@pytest.mark.parametrize(
    ("title", "other", "same"),
    [
        ("La CNIL saisie sur l’hébergement du HDH", "Hébergement du HDH : la CNIL a été saisie", True),
        ("Valmorin choisit son hébergeur de données", "VALMORIN CHOISIT SON HÉBERGEUR", True),
        ("Incendie à Paris", "Vol à Paris", False),
        ("La CNIL saisie sur l’hébergement du HDH", "La CNIL condamne un hébergement", False),
        ("", "", False),
    ],
)
def test_titles_of_one_article_have_most_of_their_words_in_common(title, other, same):
    assert same_article(title, other, None, NOW) is same


def test_articles_far_apart_are_two():
    title = "Le baromètre annuel de la confiance numérique"
    assert same_article(title, title, NOW + timedelta(days=6), NOW)
    assert not same_article(title, title, NOW + timedelta(days=365), NOW)


@given(st.text(), st.text())
def test_any_text_is_answered(url, title):
    assert isinstance(number_key(f"https://exemple.fr/{url}"), str)
    assert isinstance(same_article(title, url, None, NOW), bool)
