"""Damaged French comes back whole; what is not damaged stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.charset import decode
from bot.reading.text import normalise, one_line, without_pipes

FRENCH = "L’œuvre protégée « déjà » coûte 3 € à Orléans, où l’été"


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_mojibake_is_undone_once_and_twice(codec):
    text = "Données de santé : hébergées à Évry"
    once = text.encode().decode(codec, "ignore" if codec == "cp1252" else "strict")
    assert normalise(once) == text
    assert normalise(once.encode().decode("latin-1")) == text


def test_mojibake_is_undone_even_where_white_space_was_tidied():
    damaged = "Relié à Orléans, déjà".encode().decode("cp1252").replace("\u00a0", " ").replace("  ", " ")
    assert normalise(damaged) == "Relié à Orléans, déjà"


def test_only_the_damaged_line_is_touched():
    damaged = "Hébergé".encode().decode("cp1252")
    assert normalise(f"SÃO Paulo, Ângela, déjà\n{damaged}") == "SÃO Paulo, Ângela, déjà\nHébergé"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u009cuvre", "œuvre"),
        ("he\u0301berge", "héberge"),
        ("Sec\u00adNum\u200bCloud\ufeff", "SecNumCloud"),
        ("a\u00a0 b\t\n \n c", "a b\nc"),
        ("a\ud800b\x00", "a\ufffdb"),
        ("São Paulo, Ângela", "São Paulo, Ângela"),
    ],
)
def test_text_is_normal(text, expected):
    assert normalise(text) == expected


def test_a_table_reads_as_words():
    assert normalise(without_pipes("| Nom | État |\n|---|---|\n| A | B |")) == "Nom État\nA B"


HTML = f"<html><head></head><body><p>{FRENCH}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (HTML.encode(), "text/html; charset=iso-8859-1"),
        (HTML.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (HTML.encode("cp1252"), "text/html; charset=utf-8"),
        (HTML.encode("cp1252"), ""),
        (HTML.replace("’", "'").encode("iso-8859-15"), "text/html; charset=ISO-8859-15"),
        (HTML.encode("utf-8-sig"), ""),
        (HTML.encode("utf-16"), ""),
        (HTML.encode("utf-16-le"), ""),
        (HTML.encode("cp1252"), "text/html; charset=inconnu"),
    ],
)
def test_content_goes_before_labels(body, content_type):
    text, repaired = decode(body, content_type)
    assert text.replace("'", "’") == HTML
    assert not repaired


def test_two_bad_bytes_do_not_spoil_a_page_of_utf8():
    text, repaired = decode(HTML.encode() * 10 + b"\xff\xfe")
    assert text.startswith(HTML)
    assert repaired


@given(st.binary(), st.text())
def test_any_bytes_are_decoded(body, content_type):
    decode(body, content_type)


@given(st.text(alphabet=st.characters() | st.sampled_from("Ã©â€™Â« ĂĹ\n\u0301")))
def test_any_text_is_normalised_to_text_that_can_be_stored(text):
    normalise(text).encode()
    assert "\n" not in one_line(text)
