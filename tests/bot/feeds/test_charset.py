"""The content decides before the labels do."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.charset import decoded

TEXT = "L’hébergement des données de santé : œuvre à Besançon, 12 €"
SIMPLE = "L'hébergement des données de santé à Besançon"


def xml(charset, text=TEXT):
    declaration = f"<?xml version='1.0' encoding='{charset}'?>" if charset else "<?xml version='1.0'?>"
    return f"{declaration}<t>{text}</t>"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (xml("utf-8").encode(), "text/xml", TEXT),
        (xml(None).encode(), "text/xml; charset=iso-8859-1", TEXT),
        (xml("iso-8859-1").encode(), "", TEXT),
        (codecs.BOM_UTF8 + xml("iso-8859-1").encode(), "text/xml; charset=iso-8859-1", TEXT),
        (xml("iso-8859-1", SIMPLE).encode("latin-1"), "", SIMPLE),
        (xml("iso-8859-1").encode("cp1252"), "", TEXT),
        (xml("iso-8859-15", SIMPLE + " €").encode("iso-8859-15"), "", SIMPLE + " €"),
        (xml(None, SIMPLE).encode("latin-1"), "", SIMPLE),
        (xml(None, SIMPLE).encode("latin-1"), "text/xml; charset=ISO-8859-1", SIMPLE),
        (xml("utf-8", SIMPLE).encode("latin-1"), "text/xml; charset=utf-8", SIMPLE),
        (xml("utf-8", SIMPLE).encode("latin-1"), "text/xml; charset=iso-8859-1", SIMPLE),
        (xml("rot13", SIMPLE).encode("latin-1"), "text/xml; charset=unicode_escape", SIMPLE),
        (xml("nonsense", SIMPLE).encode("latin-1"), "text/xml; charset=martian", SIMPLE),
        (xml("windows-1250", "Łódź i święta").encode("cp1250"), "", "Łódź i święta"),
        (xml("utf-16").encode("utf-16"), "text/xml", TEXT),
        (xml("utf-16").encode("utf-16-le"), "text/xml", TEXT),
        (xml("utf-16").encode("utf-16-be"), "text/xml; charset=utf-8", TEXT),
        (xml("utf-32").encode("utf-32"), "text/xml", TEXT),
    ],
)
def test_a_text_is_read_as_it_was_written(body, content_type, expected):
    assert f"<t>{expected}</t>" in decoded(body, content_type)


def test_a_few_bad_bytes_do_not_change_the_whole_text():
    body = (SIMPLE * 20).encode() + b"\xe9 cass\xff" + (SIMPLE * 20).encode()
    text = decoded(body, "text/xml; charset=utf-8")
    assert text.startswith(SIMPLE * 20)
    assert text.endswith(SIMPLE * 20)
    assert "\ufffd" in text


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/xml; charset=utf-8", "text/xml; charset=latin1", "charset=\x00"]),
)
def test_no_bytes_make_it_fail(body, content_type):
    assert isinstance(decoded(body, content_type), str)


def html(charset, text=SIMPLE):
    return f'<!doctype html><meta charset="{charset}"><title>t</title><p>{text}</p>'


# The reader of feeds and that of pages had drifted apart on these: the one, the other or both read them wrongly.
@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (html("utf-16").encode("cp1252"), "text/html", SIMPLE),  # said in 8 bits: nobody believes it
        (html("utf-16le").encode(), "text/html; charset=utf-16", SIMPLE),
        (html("iso-8859-15", SIMPLE + " €").encode("iso-8859-15"), "", SIMPLE + " €"),
        (html("latin-9", SIMPLE).encode("cp1252"), "", SIMPLE),
        (html("cp-1252", SIMPLE).encode("cp1252"), "", SIMPLE),
        (html("macintosh").encode("mac-roman"), "", SIMPLE),
        (html("x-sjis", "日本語のニュース").encode("shift_jis"), "", "日本語のニュース"),
        (html("ks_c_5601-1987", "한국어 뉴스").encode("cp949"), "", "한국어 뉴스"),
        (html("gb2312", "中文新闻").encode("gbk"), "", "中文新闻"),
        (html("tis-620", "ข่าว").encode("cp874"), "", "ข่าว"),
        (html("unicode_escape").encode("cp1252"), "text/html; charset=rot13", SIMPLE),
        (html("utf-8").encode("utf-32"), "", SIMPLE),
        ((html("iso-8859-1") * 9).encode() + b"<i>\xe9</i>", "text/html; charset=iso-8859-1", SIMPLE),
        (b"\xef\xbb\xbf" + html("iso-8859-1").encode() + b"\xff", "text/html", SIMPLE),
        (b"<p>" + "日本語".encode("iso2022-jp") + b"</p>", "text/html; charset=iso-2022-jp", "日本語"),
    ],
)
def test_a_page_and_a_feed_are_read_alike(body, content_type, expected):
    assert f">{expected}<" in decoded(body, content_type)
