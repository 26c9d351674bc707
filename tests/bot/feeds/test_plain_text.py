"""HTML becomes text that people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import plain_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("  L'<b>ANSSI</b>\n qualifie&nbsp;Un &amp;  deux ", "L'ANSSI qualifie Un & deux"),
        ("Santé&#160;: l&#8217;h&eacute;bergeur", "Santé : l’hébergeur"),
        ("l&amp;#039;&amp;eacute;t&amp;eacute;", "l'été"),
        ("&lt;p&gt;Un &lt;strong&gt;texte&lt;/strong&gt;&lt;/p&gt;", "Un texte"),
        ("3 < 5 et 7 > 2", "3 < 5 et 7 > 2"),
        ("AT&T, R&D", "AT&T, R&D"),
        ("un<br>deux<br/>trois", "un deux trois"),
        ("<p>un</p><p>deux</p>", "un deux"),
        ("avant<script>var a = '<b>';</script>après", "avantaprès"),
        ("avant<!-- <b> -->après", "avantaprès"),
        ("avant <iframe src='x'> après", "avant après"),
        ("avant <script> après", "avant"),
        ('<img alt="a > b" src="x">texte', "texte"),
        ("l\x92\x9cuvre &#146;", "l’œuvre ’"),
        ("coupé <a href='x", "coupé"),
        ("coupé <!-- jamais fermé", "coupé"),
        ("", ""),
    ],
)
def test_a_line_is_plain(source, expected):
    assert plain_text.line(source, 1000) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Un\n deux</p>\n\n<p>trois<br>quatre</p>", "Un deux\ntrois\nquatre"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("déjà\n\ndu texte", "déjà\ndu texte"),
        ("<p>Le code &lt;p&gt; reste</p>", "Le code <p> reste"),
    ],
)
def test_paragraphs_are_lines(source, expected):
    assert plain_text.paragraphs(source, 1000) == expected


def test_what_is_too_long_is_cut_and_shows_it():
    assert plain_text.line("mot " * 100, 10) == "mot mot m…"


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from([*"<>&;!-/ab\"' ", "<p>", "<!--"]), max_size=60).map("".join),
    )
)
def test_any_text_becomes_one_line(source):
    line = plain_text.line(source, 50)
    assert len(line) <= 50
    assert line == " ".join(line.split())


@pytest.mark.parametrize("piece", ["<", "<b>", "<!--", "<script>", "<iframe>", '<a title="', "&amp;", "<p"])
def test_a_repeated_piece_ends(piece):
    assert isinstance(plain_text.line(piece * 20_000, 100), str)
