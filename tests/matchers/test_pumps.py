"""A text made to be slow is read in one pass: where it were not, none of these would end."""

import re

import pytest

from bot.conversation.briefs import split_signature
from bot.feeds.columns import _begins
from bot.reading.text import _TABLE_RULE
from matchers.acts import act_forms
from matchers.acts.acts import acts
from matchers.language import figures
from matchers.model import Article
from matchers.scan import page
from matchers.signal import asides, news
from matchers.stories import duplicates, revision, topics

MUCH = 400_000  # characters; what grows as their square takes ten minutes

SEEN = {
    "a list of decisions": (act_forms._COUNCIL_AFTER, "n° 400 500" + ", n . s. 900 900" * (MUCH // 16)),
    "thousands of thousands": (news._CROWD, "1" + " 111" * (MUCH // 4)),
    "a blank behind a time of reading": (topics._FURNITURE, "temps de lecture" + " " * MUCH),
    "a blank behind a decision": (revision._DECISION, "levee" + " " * MUCH),
    "empty lines before what leads elsewhere": (asides._ALSO, "\n" * MUCH),
    "a number that counts no news": (topics._ROUNDUP, "9" * MUCH),
    "the line of a table that ends as a text": (_TABLE_RULE, "|" + "-" * MUCH + "x"),
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


@pytest.mark.parametrize("length", [10, 300, 5_000, 20_000])
@pytest.mark.parametrize("field", ["title", "summary", "text"])
def test_an_act_in_a_word_without_end_is_read(field: str, length: int) -> None:
    """Titles that are an address, or of a script without blanks: the text was cut before its first letter."""
    found = acts(Article(**{field: f"décret n° 2018-137 {'x' * length}"}))  # type: ignore[arg-type] # a field of text
    assert [each.id for each in found] == ["decret:2018-137"]
    acts(Article(**{field: "JORFTEXT" + "0" * length}))  # type: ignore[arg-type] # the same


def test_a_comment_and_the_head_of_a_table_are_read_in_one_pass() -> None:
    assert split_signature("a" + " " * MUCH + "b") is None
    assert split_signature(f"C’est réglé{' ' * MUCH}—{' ' * MUCH}Claire D.") == ("C’est réglé", "Claire D.")
    assert not _begins("1 " * 40_000, "statut")
    assert _begins("Statut de la demande", "statut")
