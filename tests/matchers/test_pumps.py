"""A text made to be slow is read in one pass: where it were not, none of these would end."""

import re

import pytest

from matchers import act_forms, duplicates, figures, news, page, revision, topics

MUCH = 400_000  # characters; what grows as their square takes ten minutes

SEEN = {
    "a list of decisions": (act_forms._COUNCIL_AFTER, "n° 400 500" + ", n . s. 900 900" * (MUCH // 16)),
    "thousands of thousands": (news._CROWD, "1" + " 111" * (MUCH // 4)),
    "a blank behind a time of reading": (topics._FURNITURE, "temps de lecture" + " " * MUCH),
    "a blank behind a decision": (revision._DECISION, "levee" + " " * MUCH),
}


@pytest.mark.parametrize(("pattern", "text"), SEEN.values(), ids=SEEN)
def test_a_pattern_passes_once(pattern: re.Pattern[str], text: str) -> None:
    assert not any(found.end() == len(text) and found.start() == 0 for found in pattern.finditer(text))


@pytest.mark.parametrize("text", ["a" * MUCH, "." * MUCH, "!" * MUCH + "x", "a." * (MUCH // 2)])
def test_sentences_end_where_they_do_in_one_pass(text: str) -> None:
    assert list(page.sentence_ends(text)) == []


@pytest.mark.parametrize("text", ["cinquante" + "-et milliard" * (MUCH // 12) + "\x01", "12" + " " * MUCH, "1" * MUCH])
def test_figures_are_found_in_one_pass(text: str) -> None:
    assert len(list(figures.figures(text))) < MUCH


def test_a_sentence_ends_after_its_marks_and_no_abbreviation() -> None:
    said = "Selon M. Durand (cf. p. 3), tout va. Vraiment ?! Oui…  Extraordinairement. fin"
    ends = list(page.sentence_ends(said))
    assert [said[:end].split()[-1] for end in ends] == ["va.", "?!", "Oui…"]


def test_the_words_of_another_alphabet_are_found_in_one_pass() -> None:
    assert len(duplicates.words("νέα " * (MUCH // 8))) == MUCH // 8
