import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.language.text import clean, exact, fold, is_shouted

ANY_TEXT = st.text(
    st.characters() | st.sampled_from("éàœæß \u00a0\u202f\u2011’\u00ad\u200b\ufeff\u0301ﬁ𝐇😀²\ud800ÿ\x81\x9c")
)


@given(ANY_TEXT)
def test_a_fold_has_the_length_of_its_text(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(ANY_TEXT)
def test_a_clean_text_leads_back_to_the_field_as_given(text: str) -> None:
    cleaned = clean(text)
    assert len(fold(cleaned.text)) == len(cleaned.text)
    places = [cleaned.span(at, at + 1) for at in range(len(cleaned.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(ANY_TEXT)
def test_decomposed_accents_fold_like_composed_ones(text: str) -> None:
    composed = unicodedata.normalize("NFC", "".join(char for char in text if char.isascii() or char in "éàç"))
    decomposed = unicodedata.normalize("NFD", composed)
    assert fold(clean(decomposed).text) == fold(clean(composed).text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’État, l'ÉTAT", b"l etat  l etat"),
        ("Gaia\u2011X", b"gaia x"),
        ("n°\u00a05", b"n  5"),
        ("EMC²", b"emc2"),
        ("𝐇𝐃𝐒 ＨＤＳ Ⓗ", b"hds hds h"),
        ("straße Łódź Øre", b"strase lodz ore"),
        ("SecNumCloud™ №5 ½", b"secnumcloud   5  "),
        ("aujourdʼhui", b"aujourd hui"),
        ("\ud800 😀 a", b"    a"),
        ("Яд ٣", b"\x90\x90 3"),
        ("ŋ đ ı", b"n d i"),
        ("cœur Æ", b"c\x9cur \x9d"),
    ],
)
def test_case_accents_and_punctuation_are_folded_away(text: str, folded: bytes) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("certi\ufb01cation", "certification"),
        ("don\u00adnées", "données"),
        ("SN\u200bDS\ufeff", "SNDS"),
        ("sante\u0301", "santé"),
        ("a \u00a0\n b", "a b"),
        ("e\u0323\u0302\u20dd", "ệ"),
        ("\u0301a", "a"),
        ("x\u0301", "x"),
        ("\u0133", "ij"),
        ("한 글", "한 글"),
    ],
)
def test_what_hides_inside_words_is_cleaned(given_text: str, text: str) -> None:
    assert clean(given_text).text == text


def test_an_ordinary_text_needs_no_map() -> None:
    assert clean("Déjà vu, l’été : « oui ».").runs is None


@pytest.mark.parametrize(
    ("one", "other"), [("Gaia\u2011X", "Gaia-X"), ("EMC²", "EMC2"), ("l’État", "l'État"), ("Œ æ", "OE ae")]
)
def test_the_style_of_marks_is_not_the_case(one: str, other: str) -> None:
    assert exact(one) == exact(other)


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("LE CIEL EST BLEU", True),
        ("LE BLEU", False),
        ("Le Ciel Est Bleu", False),
        ("LA CNIL SANCTIONNE un HÔPITAL", True),
        ("1 2 3 4", False),
        ("", False),
    ],
)
def test_a_field_in_capitals_is_recognised(text: str, shouted: bool) -> None:
    assert is_shouted(text) is shouted


def test_a_dash_or_an_ellipsis_beside_a_blank_is_clean() -> None:
    assert clean("Qui paiera… « Nous » — eux").runs is None


def test_only_runs_of_blanks_and_dropped_characters_move_the_rest() -> None:
    read = clean("e\u0301té  à l’o\u00adrée")
    assert read.text == "été à l’orée"
    assert [read.span(at, at + 1) for at in (0, 1, 3, 4, 8, 9)] == [(0, 2), (2, 3), (4, 5), (6, 7), (10, 11), (12, 13)]
