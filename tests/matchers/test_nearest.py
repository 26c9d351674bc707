from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.model import Article
from matchers.scan.page import lay_out
from matchers.trials.nearest import Lookalike, Lookalikes, apart


def reference(one: bytes, other: bytes) -> int:
    """The definition, by recursion: insert, delete, replace, swap two neighbours."""

    @cache
    def rest(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        costs = [rest(i - 1, j) + 1, rest(i, j - 1) + 1, rest(i - 1, j - 1) + (one[i - 1] != other[j - 1])]
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            costs.append(rest(i - 2, j - 2) + 1)
        return min(costs)

    return rest(len(one), len(other))


SHORT = st.text("abc ", max_size=7).map(str.encode)


@given(SHORT, SHORT, st.integers(0, 3))
def test_the_distance_is_that_of_its_definition_up_to_the_most(one: bytes, other: bytes, most: int) -> None:
    assert apart(one, other, most) == min(reference(one, other), most + 1)


@pytest.mark.parametrize(
    ("spelling", "title", "expected"),
    [
        ("s3ns", "Thales et S3N5 avancent", Lookalike("S3N5", "title", 1)),
        ("secnumcloud", "Une offre SecNumCluod", Lookalike("SecNumCluod", "title", 1)),
        ("secnumcloud", "Une offre SecNum Cloud", Lookalike("SecNum Cloud", "title", 1)),
        ("health data hub", "Le Heath Data Huub", Lookalike("Heath Data Huub", "title", 2)),
        ("health data hub", "Health data, hub et port", Lookalike("Health data, hub", "title", 0)),
        ("sante", "Une certaine idée", None),
        ("cloud", "cluod puis clous", Lookalike("cluod", "title", 1)),
        ("cloud", "un clopd et un clxxd", Lookalike("clopd", "title", 1)),
        ("hds", "Les HDD", None),
        ("hebergeur", "", None),
    ],
)
def test_one_letter_away_or_two_in_a_long_word(spelling: str, title: str, expected: Lookalike | None) -> None:
    page = lay_out(Article(title=title))
    assert Lookalikes(page).nearest([spelling.encode()]) == expected


def test_words_of_two_fields_are_no_phrase_and_offsets_are_those_of_the_field() -> None:
    page = lay_out(Article(title="Le cloud", summary="temple en ruine", text="« Cloud  tample »"))
    assert Lookalikes(page).nearest([b"cloud temple"]) == Lookalike("Cloud tample", "text", 1)


@given(st.builds(Article, title=st.text(max_size=40), summary=st.text(max_size=40), text=st.text(max_size=80)))
def test_any_article_has_words_or_none(article: Article) -> None:
    found = Lookalikes(lay_out(article)).nearest([b"abcd", b"secnumcloud"])
    assert found is None or found.text
