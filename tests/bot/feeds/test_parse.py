"""From bytes to entries: every kind of feed, in every state."""

import gzip
import html
import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import parse
from bot.feeds.finished import content_digest, entry_known
from bot.model import Document, Entry, Failed, Why

URL = "https://site.example/rss/feed.xml"


def item(number=1, *, guid=None, link=None, title=None, more=""):
    guid = f"<guid isPermaLink='false'>{guid or number}</guid>" if guid != "" else ""
    link = f"<link>{link or f'https://site.example/{number}'}</link>" if link != "" else ""
    return f"<item><title>{title or f'Titre {number}'}</title>{link}{guid}{more}</item>"


def rss(*items, head="", declaration="<?xml version='1.0' encoding='utf-8'?>"):
    spaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    channel = f"<channel><title>Le flux</title>{head}{''.join(items)}</channel>"
    return f"{declaration}<rss version='2.0' {spaces} xmlns:media='http://search.yahoo.com/mrss/'>{channel}</rss>"


def atom(*entries):
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Le flux</title>{''.join(entries)}</feed>"


def read(text, content_type="text/xml", url=URL):
    answer = parse.parse(text.encode() if isinstance(text, str) else text, content_type, url)
    assert pickle.loads(pickle.dumps(answer)) == answer
    return bare(answer)


def bare(answer):
    """Less what is for the next reading, and for who has changed its key."""
    if isinstance(answer, Failed):
        return answer
    entries = tuple(replace(entry, title_key="", day_key="") for entry in answer.entries)
    return replace(answer, entries=entries, memory=None)


def only(text):
    answer = read(text)
    assert isinstance(answer, Document), answer
    (entry,) = answer.entries
    return entry


# --- kinds ---------------------------------------------------------------------------------------------------------
def test_rss_2_gives_everything_it_says():
    more = """<description>&lt;p&gt;Le r&amp;eacute;sum&amp;eacute;&lt;/p&gt;</description>
      <content:encoded><![CDATA[<p>Un.</p><p>Deux.</p>]]></content:encoded><dc:creator>Anne Martin</dc:creator>
      <pubDate>Tue, 24 Nov 2026 09:00:00 +0100</pubDate><source url='https://o.example/rss'>L'Organe</source>"""
    document = read(rss(item(more=more), head="<language>fr-FR</language><ttl>30</ttl>"))
    assert document == Document(
        entries=(
            Entry(
                key="1", link="https://site.example/1", title="Titre 1", summary="Le résumé", content="Un.\nDeux.",
                published=datetime(2026, 11, 24, 8, tzinfo=UTC), author="Anne Martin", source_name="L'Organe",
            ),
        ),
        title="Le flux", language="fr-FR", ttl=timedelta(minutes=30),
    )  # fmt: skip


def test_rss_1_keeps_its_items_beside_the_channel():
    text = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://site.example/"><title>Le flux</title><items><rdf:Seq/></items></channel>
      <item rdf:about="https://site.example/1"><title>Un</title><link>https://site.example/1</link>
      <dc:date>2026-11-24T09:00:00+01:00</dc:date></item></rdf:RDF>"""
    entry = only(text)
    assert (entry.title, entry.link) == ("Un", "https://site.example/1")
    assert entry.published == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_atom_gives_its_alternate_link_its_texts_and_its_date():
    entry = only(
        atom(
            """<entry><id>tag:a</id><title type="html">Un &amp;amp; deux</title><link rel="self" href="/self"/>
            <link rel="alternate" href="/a"/><summary>Court</summary>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un.</p><p>Deux.</p></div></content>
            <updated>2026-11-24T08:00:00Z</updated><author><name>Anne</name></author></entry>"""
        )
    )
    assert (entry.key, entry.title, entry.link) == ("tag:a", "Un & deux", "https://site.example/a")
    assert (entry.summary, entry.content, entry.author) == ("Court", "Un.\nDeux.", "Anne")


def test_a_full_text_is_not_also_the_summary():
    entry = only(rss(item(more="<content:encoded><![CDATA[<p>Tout le texte.</p>]]></content:encoded>")))
    assert (entry.summary, entry.content) == ("", "Tout le texte.")


def test_the_caption_of_a_photo_is_not_the_article():
    photo = "<media:content url='x.jpg'><media:description type='plain'>Une légende</media:description></media:content>"
    for more in (f"<description>Le chapô</description>{photo}", f"{photo}<description>Le chapô</description>"):
        entry = only(rss(item(more=more)))
        assert (entry.summary, entry.content) == ("Le chapô", "")


def test_an_atom_root_with_a_prefix_is_read():
    text = """<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:title>Un</a:title></a:entry></a:feed>"""
    assert only(text).title == "Un"


def test_the_first_format_of_microsoft_is_read():
    text = (
        "<CHANNEL HREF='https://site.example/'><ITEM HREF='https://site.example/1'><TITLE>Un</TITLE></ITEM></CHANNEL>"
    )
    assert (only(text).title, only(text).link) == ("Un", "https://site.example/1")


def test_a_character_may_be_written_in_capitals():
    assert only(rss(item(1, title="l&#X2019;été"))).title == "l’été"


def test_a_feed_without_entries_is_a_feed():
    assert read(rss()) == Document((), title="Le flux")


# --- who an entry is -----------------------------------------------------------------------------------------------
def keys(*items):
    return [entry.key for entry in read(rss(*items)).entries]


def test_a_guid_of_its_own_is_the_key_and_stays_so_when_the_feed_moves():
    body = rss(item(1, guid="abc", link="/a"))
    assert read(body).entries[0].key == read(body, url="https://other.example/").entries[0].key == "abc"


def test_guids_that_differ_in_case_are_two_entries():
    assert keys(item(guid="abc"), item(guid="ABC")) == ["abc", "ABC"]


def test_one_guid_for_all_is_completed_by_the_link():
    assert len(set(keys(*(item(n, guid="same") for n in range(5))))) == 5


def test_one_guid_and_one_link_for_all_are_completed_by_the_texts():
    made = [item(n, guid="same", link="https://site.example/") for n in range(5)]
    assert len(set(keys(*made))) == 5
    assert sorted(keys(*made)) == sorted(keys(*reversed(made)))


def test_without_guid_the_link_is_the_key_and_without_link_the_texts():
    assert keys(item(1, guid="")) == ["https://site.example/1"]
    first, second = keys(item(1, guid="", link=""), item(2, guid="", link=""))
    assert first != second
    assert keys(item(2, guid="", link="")) == [second]


def test_a_guid_that_changes_keeps_its_address():
    before, after = (read(rss(item(1, guid=guid))).entries[0] for guid in ("old", "new"))
    assert (before.key, after.key, before.link) == ("old", "new", after.link)


def test_an_entry_given_twice_is_one():
    assert keys(item(1), item(1)) != []
    assert len(keys(item(1), item(1))) == 1


def test_no_date_is_ever_in_a_key():
    dates = ("Tue, 24 Nov 2026 09:00:00 GMT", "Wed, 25 Nov 2026 09:00:00 GMT")
    made = [item(1, guid="", link="", more=f"<pubDate>{date}</pubDate>") for date in dates]
    assert keys(made[0]) == keys(made[1])


def test_a_very_long_guid_becomes_a_short_key():
    assert len(keys(item(guid="x" * 5000))[0]) <= 500


def test_the_digest_follows_the_texts_and_not_the_date():
    entry = Entry("k", "https://a.example/", "Titre", "Résumé", "Texte")
    moved = replace(entry, key="x", link="", published=datetime(2026, 1, 1, tzinfo=UTC), author="A")
    assert content_digest(entry) == content_digest(moved)
    others = {content_digest(replace(entry, **{name: "autre"})) for name in ("title", "summary", "content")}
    assert len(others | {content_digest(entry)}) == 4


# --- links and dates -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a?b=1&amp;c=2", "https://site.example/a?b=1&c=2"),
        ("<![CDATA[https://site.example/a?b=1&c=2]]>", "https://site.example/a?b=1&c=2"),
        ("a", "https://site.example/rss/a"),
        ("//o.example/a", "https://o.example/a"),
        (" https://site.example/\n a ", "https://site.example/a"),
        ("https://site.example//b.example/./a", "https://site.example//b.example/./a"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("mailto:a@b.example", ""),
        ("https://[zz/", ""),
        ("https://site.example/" + "a" * 3000, ""),
    ],
)
def test_a_link_is_absolute_and_of_the_web_or_empty(link, expected):
    assert only(rss(item(link=link))).link == expected


def test_a_guid_that_is_no_address_is_no_link():
    assert only(rss("<item><title>a</title><guid>12345</guid></item>")).link == ""
    assert only(rss("<item><title>a</title><guid>https://a.example/1</guid></item>")).link == "https://a.example/1"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Tue, 24 Nov 2026 09:00:00 +0100", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2026-11-24T09:00:00+01:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("&lt;time datetime='x'&gt;mar 24/11/2026 - 09:00&lt;/time&gt;", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Sat, 31 Dec 2099 00:00:00 GMT", None),
        ("0000-00-00 00:00:00", None),
        ("mardi dernier", None),
        ("", None),
    ],
)
def test_a_date_is_utc_or_unknown(date, expected):
    assert only(rss(item(more=f"<pubDate>{date}</pubDate>"))).published == expected


# --- charsets ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("declared", "written", "content_type"),
    [
        ("iso-8859-1", "latin-1", "text/xml"),
        ("iso-8859-1", "latin-1", "application/rss+xml; charset=utf-8"),
        ("utf-8", "latin-1", "text/xml"),
        ("iso-8859-1", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-16", "utf-16", "text/xml"),
        ("us-ascii", "cp1252", "text/xml"),
    ],
)
def test_accents_survive_any_declaration(declared, written, content_type):
    declaration = f"<?xml version='1.0' encoding='{declared}'?>"
    body = rss(item(title="Données de santé à l'hôpital"), declaration=declaration).encode(written)
    document = read(body, content_type)
    assert document.entries[0].title == "Données de santé à l'hôpital"
    assert not document.malformed


def test_latin_1_without_declaration_is_read():
    body = rss(item(title="Données de santé"), declaration="").encode("latin-1")
    assert read(body).entries[0].title == "Données de santé"


# --- broken --------------------------------------------------------------------------------------------------------
def test_names_of_html_and_bare_ampersands_do_no_harm():
    entry = only(rss(item(title="S&eacute;curit&eacute; &nbsp;R&D &inconnu; &amp;eacute;")))
    assert entry.title == "Sécurité R&D &inconnu; é"


def test_control_characters_do_no_harm():
    assert only(rss(item(title="a\x00\x0bb\x1f"))).title == "ab"


def test_what_stands_before_the_document_is_passed_over():
    body = "<br />\n<b>Warning</b>: something in /var/www on line 3\n" + rss(item())
    assert only(body).title == "Titre 1"
    assert only("\n\n \ufeff" + rss(item())).title == "Titre 1"
    doctype = "<?xml version='1.0'?><!-- x > --><!DOCTYPE rss [<!ENTITY a 'b'>]>"
    assert only(rss(item(), declaration=doctype)).title == "Titre 1"


def test_a_feed_cut_in_the_middle_gives_its_whole_items_and_says_so():
    body = rss(item(1), item(2), item(3, more="<description>" + "x" * 100))[: -len("xxx</item></channel></rss>")]
    document = read(body)
    assert [entry.title for entry in document.entries] == ["Titre 1", "Titre 2"]
    assert (document.malformed, document.complete) == (True, False)


@pytest.mark.parametrize("cut", range(40, 600, 37))
def test_a_feed_cut_anywhere_is_never_believed_complete(cut):
    body = rss(*(item(n) for n in range(6)))[:cut]
    answer = read(body)
    assert isinstance(answer, Failed) or not answer.complete


def test_crossed_tags_cost_no_other_item():
    document = read(rss(item(1), "<item><title>Deux<b></title></b></item>", item(3)))
    assert [entry.title for entry in document.entries] == ["Titre 1", "Deux", "Titre 3"]
    assert document.malformed
    assert document.complete


def test_a_namespace_nobody_declared_costs_nothing():
    document = read(rss(item(1, more="<zz:thing>1</zz:thing>"), item(2)))
    assert len(document.entries) == 2


@pytest.mark.parametrize("title", ["Le <r:item>cloud</r:item> souverain", "Le <x:Org x:id='1'>cloud</x:Org> souverain"])
def test_tags_of_a_prefix_nobody_declared_go_and_their_words_stay(title):
    document = read(rss(item(1, title=title, more="<itunes:author>Anne</itunes:author>"), item(2)))
    assert [entry.title for entry in document.entries] == ["Le cloud souverain", "Titre 2"]
    assert (document.entries[0].author, document.malformed) == ("Anne", True)
    assert only(atom(f"<entry><id>1</id><title>{title}</title></entry>")).title == "Le cloud souverain"


def test_an_element_declared_to_be_of_xhtml_keeps_its_words():
    more = "<description xmlns='http://www.w3.org/1999/xhtml'>Le texte</description>"
    assert only(rss(item(more=more))).summary == "Le texte"


def test_items_that_feedparser_loses_are_rescued():
    items = "".join(f"<x:item><x:title>{title}</x:title><x:link>/{title}</x:link></x:item>" for title in ("Un", "Deux"))
    document = read(f"<x:rss xmlns:x='urn:own' version='2.0'><x:channel>{items}</x:channel></x:rss><")
    assert [entry.title for entry in document.entries] == ["Un", "Deux"]


BROKEN = {
    "title left open": "<title>Deux<link>/2</link>",
    "title left open at the end": "<link>/2</link><title>Deux",
    "another end tag": "<title>Deux</titre><link>/2</link>",
    "link left open": "<title>Deux</title><link>/2<description>texte</description>",
    "date left open": "<title>Deux</title><pubDate>Tue, 24 Nov 2026 08:05:00 GMT<link>/2</link>",
    "source left open": "<title>Deux</title><link>/2</link><source url='/f'>Le Fil",
    "text left open": "<title>Deux</title><link>/2</link><description>texte",
    "section left open": "<title>Deux</title><link>/2</link><description><![CDATA[texte</description>",
    "section half closed": "<title>Deux</title><link>/2</link><description><![CDATA[texte]]</description>",
    "section of a title left open": "<title><![CDATA[Deux</title><link>/2</link>",
    "a number that is no character": "<title>&#xD801;Deux&#1114112;</title><link>/2</link>",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_item_costs_no_other_and_keeps_its_words(broken):
    others = [item(n, more="<description><![CDATA[texte]]></description>") for n in (1, 3)]
    document = read(rss(others[0], f"<item>{broken}</item>", others[1]))
    assert [entry.title for entry in document.entries] == ["Titre 1", "Deux", "Titre 3"]
    assert document.entries[1].link == "https://site.example/2"


def test_a_section_that_shows_how_an_item_is_written_is_left_alone():
    text = "<description><![CDATA[<pre>&lt;item>&lt;/item> </item></pre>]]></description>"
    document = read(rss(item(1, more=text), item(2, more="<description><![CDATA[b]]></description>")))
    assert [entry.title for entry in document.entries] == ["Titre 1", "Titre 2"]


def test_a_pair_of_halves_is_the_character_that_they_make():
    assert only(rss(item(title="&#xD83D;&#xDE00; et &#55357;&#56832;"))).title == "😀 et 😀"


def test_names_that_a_document_declares_for_words_are_read():
    declared = "<!ENTITY org 'HDS'><!ENTITY b \"L'&#233;tat &org;\">"
    declaration = f"<?xml version='1.0'?><!DOCTYPE rss [{declared}]>"
    assert only(rss(item(title="&org; et &b;"), declaration=declaration)).title == "HDS et L'état HDS"


# --- not a feed ----------------------------------------------------------------------------------------------------
def test_a_page_names_the_feed_it_announces():
    page = """<!doctype html><html><head><link href="/x.css" rel=stylesheet>
      <link rel="alternate" type="application/rss+xml" href="/rss.xml?a=1&amp;b=2"></head></html>"""
    failed = read(page)
    assert failed.why == Why.NOT_A_FEED
    assert "https://site.example/rss.xml?a=1&b=2" in failed.detail


@pytest.mark.parametrize(
    ("body", "why", "words"),
    [
        ("", Why.UNPARSABLE, "vide"),
        ("  \n", Why.UNPARSABLE, "vide"),
        ("<html><body>Bonjour</body></html>", Why.NOT_A_FEED, "HTML"),
        ("<!DOCTYPE html><title>x</title>", Why.NOT_A_FEED, "HTML"),
        ("<p>Bonjour &lt;rss&gt;</p>", Why.NOT_A_FEED, "HTML"),
        ('{"version": "1"}', Why.NOT_A_FEED, "JSON"),
        ("<urlset></urlset>", Why.NOT_A_FEED, "sitemap"),
        ("<?xml version='1.0'?><opml></opml>", Why.NOT_A_FEED, "OPML"),
        ("%PDF-1.7", Why.NOT_A_FEED, "un PDF au lieu d'un flux"),
        ("Not found", Why.NOT_A_FEED, "ni RSS ni Atom\u00a0: «\u00a0Not found\u00a0»"),
        ("<?xml version='1.0'?><error><m>Invalid key</m></error>", Why.NOT_A_FEED, "«\u00a0Invalid key\u00a0»"),
        (
            "<html><title>Site en maintenance</title>",
            Why.NOT_A_FEED,
            "HTML au lieu d'un flux\u00a0: «\u00a0Site en maintenance",
        ),
        ("<html><form><input name=p type='password'></form>", Why.NOT_A_FEED, "une page de connexion"),
        ("<html><div class='h-captcha'></div>", Why.BLOCKED, "prouver que l'on est humain"),
        (
            f"<html><title>Accueil</title><p>{'Les actualités du CHU. ' * 50}<div class='h-captcha'>",
            Why.NOT_A_FEED,
            "Accueil",
        ),
        ("<rss version='2.0'><channel><title>coupé", Why.UNPARSABLE, "coupé"),
        ("<rss version='2.0'><channel><item><title>coupé", Why.UNPARSABLE, "coupé"),
        ("<rss><channel></rss>", Why.UNPARSABLE, "cassé"),
    ],
)
def test_what_is_no_feed_is_told_in_words(body, why, words):
    failed = read(body)
    assert failed.why == why
    assert words in failed.detail


# --- limits --------------------------------------------------------------------------------------------------------
def test_a_hundred_thousand_items_are_cut_before_they_are_parsed():
    document = read(rss(*(f"<item><guid>{n}</guid></item>" for n in range(100_000))))
    assert len(document.entries) == parse.MOST_ENTRIES
    assert document.complete


def test_titles_and_bodies_are_cut():
    entry = only(rss(item(title="é" * 3000, more=f"<content:encoded>{'mot ' * 200_000}</content:encoded>")))
    assert len(entry.title) == parse.LONGEST_TITLE
    assert len(entry.content) == parse.LONGEST_BODY


def test_a_bomb_of_entities_is_not_lit():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 9))
    declaration = f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]>"
    assert only(rss(item(title="&l8;"), declaration=declaration)).title == "&l8;"


def test_an_external_entity_is_not_read():
    declaration = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    assert only(rss(item(title="&x;"), declaration=declaration)).title == "&x;"


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([
            "<rss>", "<rss version='2.0'><channel>", "</channel></rss>", "<item>", "</item>", "<title>", "</title>",
            "<link>", "</link>", "a", "<guid>", "</guid>", "<![CDATA[", "]]>", "&", "&amp;", "<!--", "-->", "<feed>",
            "<entry>", "</entry>", "</feed>", "<", ">", "é", "<pubDate>", "</pubDate>", "\x00",
            "<content type='xhtml'>",
        ]),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_no_document_makes_it_raise(text):
    answer = read(text)
    assert isinstance(answer, Document | Failed)
    if isinstance(answer, Document):
        assert len({entry.key for entry in answer.entries}) == len(answer.entries)


# --- a guid that is a link, or is not ---
@pytest.mark.parametrize("link", ["", "<link/>", "<link></link>", "<link />", "<link> </link>"])
@pytest.mark.parametrize(
    ("attribute", "is_link"),
    [
        ("", True),
        (" isPermaLink='true'", True),
        (' isPermaLink="True"', True),
        (" ispermalink='TRUE'", True),
        (" isPermaLink = ' true '", True),
        (" isPermaLink='false'", False),
        (" isPermaLink='FALSE'", False),
        (" isPermaLink='0'", False),
        (" isPermaLink='non'", False),
    ],
)
def test_a_guid_stands_in_for_a_link_unless_it_says_that_it_is_none(link, attribute, is_link):
    (entry,) = read(
        rss(f"<item><title>t</title>{link}<guid{attribute}>https://site.example/guid</guid></item>")
    ).entries
    assert entry.link == ("https://site.example/guid" if is_link else "")


# --- addresses -----------------------------------------------------------------------------------------------------
PERMALINK = "<item><title>t</title>{link}<guid isPermaLink='true'>https://site.example/guid</guid></item>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rss("<item><title>t</title><guid isPermaLink='true'>/guid</guid></item>"), "https://site.example/guid"),
        (rss("<item><title>t</title><guid>1234</guid></item>"), ""),
        (atom("<entry><title>t</title><content src='https://site.example/d' type='text/html'/></entry>"),
         "https://site.example/d"),
        (atom("<entry><id>urn:x</id><title>t</title><link href='/i' rel='http://www.iana.org/assignments/relation/alternate'/>"
              "</entry>"), "https://site.example/i"),
        (rss(item(link="https://site.example/le cloud.html")), "https://site.example/le%20cloud.html"),
        (rss(item(link=" //autre.example/a\tb ")), "https://autre.example/ab"),
        (rss(PERMALINK.format(link="<link/>")), "https://site.example/guid"),
        (rss(PERMALINK.format(link="")), "https://site.example/guid"),
        (rss(item(link="a/b"), head="<link>https://www.site.example/actus/</link>"), "https://www.site.example/actus/a/b"),
        (rss(item(link="/a"), head="<link>/</link>"), "https://site.example/a"),
        (rss(item(link="a"), head="<link>javascript:x</link>"), "https://site.example/rss/a"),
        (atom("<entry><title>t</title><id>/a/1</id><link href='/a/1'/></entry>"), "https://site.example/a/1"),
        (atom("<entry><title>t</title><id>tag:site.example,2026:1</id></entry>"), ""),
        (
            rss(item(link="https://feedproxy.example/~r/1",
                     more="<f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>https://site.example/a</f:origLink>")),
            "https://site.example/a",
        ),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "https://site.example/j"}]}', "https://site.example/j"),
        ('{"home_page_url": "https://w.example/x/", "items": [{"id": "1", "url": "j"}]}', "https://w.example/x/j"),
        (rss(item(link="https:\\\\site.example\\a\\b?c=\\")), "https://site.example/a/b?c=\\"),
        (rss(item(link="https:/site.example/a")), "https://site.example/a"),
        (rss(item(link="https://site.example/a/../b")), "https://site.example/b"),
        (rss(item(link="&lt;a href=&quot;/node/1&quot; hreflang=&quot;fr&quot;&gt;Avis&lt;/a&gt;")), "https://site.example/node/1"),
        (atom("<entry><id>x</id><title>t</title><link href='/1.json' type='application/json' rel='alternate'/>"
              "<link href='/fr' rel='alternate'/><link href='/en' rel='alternate' hreflang='en'/></entry>"), "https://site.example/fr"),
        (rss(item(link="https:///site.example/a")), "https://site.example/a"),
        (rss(item(link="www.autre.example/a")), "https://www.autre.example/a"),
        (rss(item(link="feed:https://site.example/a")), "https://site.example/a"),
        (rss(item(link="", more="<enclosure url=' ' type='audio/mpeg'/><enclosure url='/a.mp3' type='audio/mpeg'/>")), "https://site.example/a.mp3"),
        (rss(item(link="", more="<enclosure url='https://site.example/a.jpg' type='image/jpeg'/>")), ""),
        (atom("<entry><id>x</id><link rel='self' href='https://site.example/1.atom'/><title>t</title></entry>"), ""),
    ],
)  # fmt: skip
def test_an_address_is_resolved_as_browsers_and_other_readers_do(text, expected):
    assert only(text).link == expected


# --- what stands around --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        f"<!doctype html><html><head></head><body><div>{rss(item(), declaration='')}</div></body></html>",
        f"<html><body><pre>Voici le flux</pre>{atom('<entry><title>Titre 1</title><id>1</id></entry>')}</body></html>",
        "<?xml version='1.0'?><entry xmlns='http://www.w3.org/2005/Atom'><title>Titre 1</title><id>1</id></entry>",
        "<entry><title>Titre 1</title><id>1</id></entry>",
        item(),
        f"<html><head><meta name='x'></head><body><pre style='a'>{html.escape(rss(item()))}</pre></body></html>",
    ],
)
def test_a_feed_inside_a_page_and_an_entry_without_a_feed_are_read(text):
    assert only(text).title == "Titre 1"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (rss(item(more="<author>anne@site.example (Anne Große Martin)</author>")), "Anne Große Martin"),
        (rss(item(more="<author>a@site.example (Anne), b@site.example (Bruno)</author>")), "Anne; Bruno"),
        (rss(item(more="<author>Anne Martin &lt;anne@site.example&gt;</author>")), "Anne Martin"),
        (rss(item(more="<author>anne@site.example</author>")), None),
        (rss(item(more="<dc:creator>Anne</dc:creator><author>nepasrepondre@ville.paris</author>")), "Anne"),
        (rss(item(more="<dc:creator>Anne</dc:creator><author>b@ville.paris (Bruno)</author>")), "Anne; Bruno"),
        (rss(item(more="<dc:creator>Anne (mailto:anne@site.example)</dc:creator>")), "Anne"),
        (rss(item(more="<dc:creator>Anne</dc:creator><dc:creator>Bruno</dc:creator>")), "Anne; Bruno"),
        (rss(item(), head="<managingEditor>chef@site.example (Le chef)</managingEditor>"), None),
        (atom("<author><name>Anne</name></author><entry><title>t</title><id>1</id></entry>"), "Anne"),
        (
            atom("<author><name>Anne</name></author><entry><title>t</title><id>1</id>"
                 "<author><name>Bruno</name></author></entry>"),
            "Bruno",
        ),
        ('{"authors": [{"name": "Anne"}, {"name": "Bruno"}], "items": [{"id": "1"}]}', "Anne; Bruno"),
        ('{"items": [{"id": "1", "authors": {"name": "Anne"}}]}', "Anne"),
    ],
)  # fmt: skip
def test_who_signed_is_named_without_addresses_of_mail(text, author):
    assert only(text).author == author


@pytest.mark.parametrize("title", ["<![CDATA[<title>]]>", "&lt;h1&gt;", "&amp;lt;script&amp;gt;"])
def test_a_title_that_is_nothing_but_a_tag_tells_of_it(title):
    assert only(rss(item(title=title))).title in ("<title>", "<h1>", "<script>")


def test_a_page_that_shows_how_a_feed_is_written_is_none():
    page = "<!doctype html><html><body><p>Écrivez &lt;rss version='2.0'&gt;&lt;item&gt;</p></body></html>"
    assert isinstance(read(page), Failed)


@pytest.mark.parametrize("kind", ["text/xml", "application/gzip", ""])
def test_a_feed_packed_as_a_file_is_read(kind):
    assert read(gzip.compress(rss(item()).encode()), kind).entries[0].title == "Titre 1"


def test_in_atom_a_title_declared_as_text_holds_no_tags():
    entry = "<entry><title type='text'>La balise &lt;b>gras&lt;/b></title><id>1</id></entry>"
    assert only(atom(entry)).title == "La balise <b>gras</b>"


def dated_items(places):
    day = datetime(2026, 11, 1, tzinfo=UTC)
    return [item(n, more=f"<pubDate>{day + timedelta(minutes=n):%a, %d %b %Y %H:%M:%S} GMT</pubDate>") for n in places]


@pytest.mark.parametrize("order", [range(2100), range(2099, -1, -1), [*range(1500, 2100), *range(1500)]])
def test_of_a_long_document_the_newest_are_read_whatever_its_order(order):
    document = read(rss(*dated_items(order)))
    assert {entry.key for entry in document.entries} == {str(n) for n in range(100, 2100)}
    assert document.left_out == 100


@pytest.mark.parametrize("date", ["", "Sun, 29 Nov 2026 00:00:00 GMT"])
@pytest.mark.parametrize("form", ["rss", "json"])
def test_of_a_long_document_that_does_not_tell_its_newest_both_ends_are_read(form, date):
    items = (f'{{"id": "{n}", "date_published": "{date}"}}' for n in range(3000))
    text = f'{{"items": [{",".join(items)}]}}'
    if form == "rss":
        text = rss(*(item(n, more=f"<pubDate>{date}</pubDate>" if date else "") for n in range(3000)))
    assert {entry.key for entry in read(text).entries} == {str(n) for n in [*range(1000), *range(2000, 3000)]}


def test_of_a_long_json_feed_the_newest_are_read():
    items = ",".join(f'{{"id": "{n}", "date_published": "{2000 + n // 100}-01-01"}}' for n in range(2100))
    assert "2099" in {entry.key for entry in read(f'{{"items": [{items}]}}').entries}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("La CNIL sanctionne un hébergeur. Suite du texte.", "La CNIL sanctionne un hébergeur…"),
        ("court", "court…"),
        ("", ""),
        ("mot " * 60, ("mot " * 22).strip() + "…"),
        ("a" * 300, "a" * 90 + "…"),
        ("M. Dupont, président du CHU, annonce un plan. La suite.", "M. Dupont, président du CHU, annonce un plan…"),
        ("L’art. L. 1111-8 du code change en janvier. La suite.", "L’art. L. 1111-8 du code change en janvier…"),
        ("… La CNIL rend son avis", "La CNIL rend son avis…"),
    ],
)
def test_what_has_no_title_goes_by_its_first_words(text, title):
    known = entry_known(Entry("1", "", "", summary=text))
    assert known.title == title == entry_known(Entry("1", "", "\u200b ", summary=text)).title
    assert known.digest == content_digest(Entry("1", "", "", summary=text)), "the same entry as before"


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("https://site.example/2026/avis-hds-de-la-cnil.html", "avis hds de la cnil…"),
        ("https://site.example/item", ""),
        ("https://site.example/2026-11-24", ""),
        ("", ""),
    ],
)
def test_what_has_neither_title_nor_text_goes_by_the_words_of_its_address(link, title):
    assert entry_known(Entry("1", link, "")).title == title
