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
        ("avant <script>var a = 1; après", "avant"),
        ('<img alt="a > b" src="x">texte', "texte"),
        ("l\x92\x9cuvre &#146;", "l’œuvre ’"),
        ("un\x01\x7f deux\x0btrois", "un deux trois"),
        ("coupé <a href='x", "coupé"),
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


# What is written, as an XML reader gives it, and the words of it.
WORDS = {
    "<script> : la CNIL et le Health Data Hub": "<script> : la CNIL et le Health Data Hub",
    "La balise <style> en 2026": "La balise <style> en 2026",
    "Notes <A : l’État reprend la main": "Notes <A : l’État reprend la main",
    "Un <b de trop> dans le titre": "Un <b de trop> dans le titre",
    "<<<x>>> : le retour": "<<<x>>> : le retour",
    "si a<b alors c>d": "si a<b alors c>d",
    "écrire à <contact@cnil.example> avant lundi": "écrire à <contact@cnil.example> avant lundi",
    "voir <https://site.example/a>": "voir <https://site.example/a>",
    "avant <!-- jamais fermé": "avant <!-- jamais fermé",
    "<? la question": "<? la question",
    "<! attention": "<! attention",
    "<Marie Dupont> est nommée": "<Marie Dupont> est nommée",
    "<3 mois pour se conformer": "<3 mois pour se conformer",
    "Utiliser <List<String>> en Java": "Utiliser <List<String>> en Java",
    "<![CDATA[Deux fois emballé]]>": "Deux fois emballé",
    "un <o:p></o:p>texte <font color=red>de</font> Word<?xml:namespace prefix = o />": "un texte de Word",
    "<p class='x' hidden>un</p>": "un",
    "<A HREF=http://site.example/>lien</A>": "lien",
    "&lt;h2&gt;Titre&lt;/h2&gt;": "Titre",
    "&amp;lt;h2&amp;gt;Titre&amp;lt;/h2&amp;gt; &amp;amp;eacute;crit": "Titre écrit",
    "R&amp;amp;D": "R&D",
    "Santé &notre avenir, le &section 3": "Santé &notre avenir, le &section 3",
    "une faille dans <iframe> et <video>": "une faille dans <iframe> et <video>",
    "<video><source src='a'>sans</video> texte": "sans texte",
    "l&eacutetat": "létat",
    '<amp-img src="x"></amp-img>photo': "photo",
}


@pytest.mark.parametrize(("source", "words"), WORDS.items())
def test_what_is_no_tag_is_a_word(source, words):
    assert plain_text.line(source, 1000) == words


def test_what_is_declared_to_hold_no_tags_keeps_them():
    assert plain_text.as_written(" La balise <b>gras</b>\n &amp; &eacute; ", 100) == "La balise <b>gras</b> & é"


def test_a_content_that_was_escaped_once_too_often_is_undone():
    assert plain_text.paragraphs("&lt;p&gt;un&lt;/p&gt;&lt;p&gt;deux&lt;/p&gt;", 100) == "un\ndeux"


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0301", "\u0344", "\u3099\u0323"])
def test_marks_without_end_are_cut(marks):
    assert len(plain_text.line("e" + marks * 60_000 + " fin", 300_000)) == len("e fin") + plain_text.MARKS


def test_accents_of_any_language_stay():
    text = "é" * 50 + "e\u0301" * 50 + "क्षत्रिय" * 50 + "日本語" * 50
    assert plain_text.bounded_marks(text) == text


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
