"""The news site of the demonstration, over real HTTP on loopback."""

import gzip
import http.client
import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from bot.demo.addresses import feed_path, story_path
from bot.demo.press import Story
from bot.demo.site import FOUNDING, NOW, DemoSite


@pytest.fixture(scope="module")
def bundled() -> Iterator[DemoSite]:
    """The whole site at this morning's stage; these tests only read it."""
    with DemoSite(stage=2) as site:
        yield site


def ask(
    site: DemoSite, address: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request, without any cleverness of a client."""
    parts = urlsplit(address if address.startswith("http") else site.url + address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def parsed(site: DemoSite, feed_id: str) -> Any:
    return feedparser.parse(site.answer(feed_path(site.outlet(feed_id))).body)


def visible(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


# --- feeds ---------------------------------------------------------------------------------------------------------
def test_an_empty_site_has_one_feed_without_entries() -> None:
    with DemoSite.empty("gazette") as site:
        status, _, body = ask(site, site.feed_url("gazette"))
    assert status == 200
    assert feedparser.parse(body).entries == []


def test_every_living_feed_parses_and_only_the_broken_one_is_malformed(bundled: DemoSite) -> None:
    versions = {"rss": "rss20", "rdf": "rss10", "atom": "atom10"}
    for outlet in (outlet for outlet in bundled.outlets if outlet.status == 200):
        document = parsed(bundled, outlet.id)
        assert bool(document.bozo) == outlet.broken, outlet.id
        assert document.version == versions[outlet.kind], outlet.id
        assert document.feed.title == outlet.name
        assert document.entries, outlet.id
        for entry in document.entries:
            assert entry.title
            assert entry.link.startswith(bundled.url)
            assert ("published_parsed" in entry or "updated_parsed" in entry) == outlet.dated
            assert bool(entry.get("content")) == outlet.full


def test_the_broken_feed_still_gives_all_its_titles(bundled: DemoSite) -> None:
    titles = {entry.title for entry in parsed(bundled, "bulletin-des-dpo").entries}
    assert titles == {story.title for story in bundled.outlet("bulletin-des-dpo").stories}


def test_the_latin_1_feed_is_latin_1_in_its_bytes(bundled: DemoSite) -> None:
    _, headers, body = ask(bundled, bundled.feed_url("rssi-infos"))
    assert body.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert "L'hébergeur Nébulis qualifié".encode("latin-1") in body
    assert "charset" not in headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert any("hébergeur Nébulis" in entry.title for entry in feedparser.parse(body).entries)


def test_opaque_guids_are_not_addresses(bundled: DemoSite) -> None:
    for entry in parsed(bundled, "gazette-hospitaliere").entries:
        assert entry.id.startswith("gazette-hospitaliere-")
        assert not entry.guidislink


def test_the_founding_story_comes_first(bundled: DemoSite) -> None:
    first = parsed(bundled, bundled.outlets[0].id).entries[0]
    assert urlsplit(first.link).path == FOUNDING
    assert ask(bundled, FOUNDING)[0] == 200


def test_one_article_is_linked_by_two_feeds_with_different_tracking(bundled: DemoSite) -> None:
    first = {entry.link for entry in parsed(bundled, "fil-du-nuage").entries}
    second = {entry.link for entry in parsed(bundled, "fil-du-nuage-sante").entries}
    assert not first & second
    assert second
    assert {link.split("?")[0] for link in second} < {link.split("?")[0] for link in first}


def test_this_morning_adds_entries_and_retitles_one() -> None:
    with DemoSite() as site:
        before = {
            (outlet.id, entry.id): entry.title for outlet in site.outlets for entry in parsed(site, outlet.id).entries
        }
        site.stage = 2
        after = {
            (outlet.id, entry.id): entry.title for outlet in site.outlets for entry in parsed(site, outlet.id).entries
        }
    assert before.keys() < after.keys()
    assert 20 <= len(after.keys() - before.keys()) <= 30
    changed = [key for key in before if before[key] != after[key]]
    assert [key[0] for key in changed] == ["courrier-e-sante"]


# --- HTTP ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("feed_id", "sent", "kept"),
    [
        ("fil-du-nuage", "If_None_Match", "ETag"),
        ("rssi-infos", "If_None_Match", "ETag"),
        ("fil-du-nuage", "If_Modified_Since", "Last-Modified"),
        ("bulletin-des-dpo", "If_Modified_Since", "Last-Modified"),
    ],
)
def test_the_second_round_answers_304(bundled: DemoSite, feed_id: str, sent: str, kept: str) -> None:
    _, headers, _ = ask(bundled, bundled.feed_url(feed_id))
    status, again, body = ask(bundled, bundled.feed_url(feed_id), **{sent: headers[kept]})
    assert (status, body) == (304, b"")
    assert again[kept] == headers[kept]


@pytest.mark.parametrize("change", [str.strip, lambda tag: tag.strip('"'), lambda tag: f"W/{tag}", str.upper])
def test_only_the_exact_validator_is_fresh(bundled: DemoSite, change: Any) -> None:
    _, headers, _ = ask(bundled, bundled.feed_url("fil-du-nuage"))
    tag = headers["ETag"]
    status, _, _ = ask(bundled, bundled.feed_url("fil-du-nuage"), If_None_Match=change(tag))
    assert status == (304 if change(tag) == tag else 200)


def test_new_entries_change_the_validators() -> None:
    with DemoSite() as site:
        _, before, _ = ask(site, site.feed_url("fil-du-nuage"))
        site.stage = 2
        status, after, _ = ask(site, site.feed_url("fil-du-nuage"), If_None_Match=before["ETag"])
    assert status == 200
    assert after["ETag"] != before["ETag"]
    assert after["Last-Modified"] != before["Last-Modified"]


def test_a_compressed_feed_is_the_same_feed_with_its_own_tag(bundled: DemoSite) -> None:
    _, plain, body = ask(bundled, bundled.feed_url("medis"))
    _, zipped, packed = ask(bundled, bundled.feed_url("medis"), Accept_Encoding="gzip, br")
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert zipped["ETag"] != plain["ETag"]
    status, _, _ = ask(bundled, bundled.feed_url("medis"), Accept_Encoding="gzip", If_None_Match=zipped["ETag"])
    assert status == 304


def test_a_moved_feed_answers_301_to_its_real_address(bundled: DemoSite) -> None:
    status, headers, _ = ask(bundled, bundled.feed_url("forfaits-et-mobiles"))
    assert status == 301
    assert headers["Location"] != bundled.feed_url("forfaits-et-mobiles")
    assert ask(bundled, headers["Location"])[0] == 200


def test_a_dead_feed_answers_404_and_a_fault_may_be_given_to_any() -> None:
    with DemoSite() as site:
        assert ask(site, site.feed_url("hebdo-du-serveur"))[0] == 404
        site.faults["medis"] = 503
        assert ask(site, site.feed_url("medis"))[0] == 503
        del site.faults["medis"]
        assert ask(site, site.feed_url("medis"))[0] == 200


def test_head_gives_the_headers_alone(bundled: DemoSite) -> None:
    status, headers, body = ask(bundled, FOUNDING, "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(ask(bundled, FOUNDING)[2])


def test_robots_txt_leaves_the_articles_open(bundled: DemoSite) -> None:
    status, headers, body = ask(bundled, "/robots.txt")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    assert b"Disallow: /recherche" in body


@pytest.mark.parametrize("path", ["/", "/nulle-part", "/fil-du-nuage/2024/02/01/rien/", "/.well-known/tdmrep.json"])
def test_what_does_not_exist_answers_404(bundled: DemoSite, path: str) -> None:
    assert ask(bundled, path)[0] == 404


def test_the_log_tells_who_asked_what() -> None:
    with DemoSite.empty() as site:
        _, headers, _ = ask(site, site.feed_url("essai"), User_Agent="Vigie/0.1")
        ask(site, site.feed_url("essai"), If_None_Match=headers["ETag"])
        log = list(site.requests)
    assert [(one.method, one.path, one.status, one.conditional) for one in log] == [
        ("GET", "/essai/feed/", 200, False),
        ("GET", "/essai/feed/", 304, True),
    ]
    assert log[0].headers["user-agent"] == "Vigie/0.1"
    assert log[1].headers["if-none-match"] == headers["ETag"]


def test_the_site_stops_while_a_client_holds_its_connection() -> None:
    before = threading.active_count()
    with DemoSite.empty() as site:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(site.url).port or 0, timeout=5)
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()
    connection.close()
    assert threading.active_count() <= before  # a thread of an earlier test may end meanwhile


# --- pages ---------------------------------------------------------------------------------------------------------
def test_every_link_of_every_feed_leads_to_a_page(bundled: DemoSite) -> None:
    for outlet in bundled.outlets:
        for entry in parsed(bundled, outlet.id).entries:
            address = urlsplit(entry.link)
            answer = bundled.answer(address.path + (f"?{address.query}" if address.query else ""))
            assert answer.status == 200, entry.link


def test_every_page_holds_its_text_in_its_charset(bundled: DemoSite) -> None:
    for story in bundled.stories():
        outlet = bundled.outlet(story.outlet)
        answer = bundled.answer(story_path(outlet, story))
        assert answer.media_type == f"text/html; charset={outlet.charset}"
        page = answer.body.decode(outlet.charset)
        assert f'<meta charset="{outlet.charset}">' in page
        shown = story.paragraphs[:1] if story.paywall else story.paragraphs
        text = visible(page)
        for paragraph in (story.title, story.summary, *shown):
            assert re.sub(r"\s+", " ", paragraph) in text, story.title


def test_every_page_is_served_over_http(bundled: DemoSite) -> None:
    for story in (story for story in bundled.stories() if story.stage == 2):
        status, headers, body = ask(bundled, bundled.page_url(story))
        assert status == 200
        assert len(body) == int(headers["Content-Length"])


def test_no_link_leaves_the_machine(bundled: DemoSite) -> None:
    links: set[str] = set()
    for outlet in bundled.outlets:
        paths = [f"/{outlet.id}/", *(story_path(outlet, story) for story in outlet.stories)]
        pages = [bundled.answer(path).body.decode(outlet.charset) for path in paths]
        links.update(unescape(link) for page in pages for link in re.findall(r'(?:href|src)="([^"]*)"', page))
    assert [link for link in links if not link.startswith(f"{bundled.url}/")] == []
    assert [link for link in links if bundled.answer(link.removeprefix(bundled.url)).status != 200] == []


def test_the_wall_hides_the_text_and_says_so(bundled: DemoSite) -> None:
    (story,) = [story for story in bundled.stories() if story.paywall]
    page = ask(bundled, bundled.page_url(story))[2].decode()
    assert '"isAccessibleForFree": false' in page
    assert "réservé aux abonnés" in page
    assert story.paragraphs[0] in unescape(page)
    assert story.paragraphs[1] not in unescape(page)


def test_free_pages_never_speak_of_subscribers(bundled: DemoSite) -> None:
    for story in (story for story in bundled.stories() if not story.paywall):
        outlet = bundled.outlet(story.outlet)
        assert "réservé aux abonnés" not in bundled.answer(story_path(outlet, story)).body.decode(outlet.charset)


def test_noise_pages_carry_trap_words_around_their_text(bundled: DemoSite) -> None:
    def trapped(story: Story) -> bool:
        outlet = bundled.outlet(story.outlet)
        page = visible(bundled.answer(story_path(outlet, story)).body.decode(outlet.charset))
        return any(word in page for word in ("SecNumCloud", "Health Data Hub", "Données de santé"))

    noise = [story for story in bundled.stories() if story.stage == 2 and not story.expected]
    assert sum(trapped(story) for story in noise) >= 8


# --- for other tests -----------------------------------------------------------------------------------------------
def test_an_article_may_be_published_on_the_fly() -> None:
    with DemoSite.empty() as site:
        page = site.publish("essai", "Un titre & des signes", "Un chapô", "Premier.\n\nSecond.", published=NOW)
        _, _, body = ask(site, site.feed_url("essai"))
        (entry,) = feedparser.parse(body).entries
        _, _, shown = ask(site, page)
    assert (entry.link, entry.title, entry.summary) == (page, "Un titre & des signes", "Un chapô")
    assert entry.published_parsed[:5] == NOW.timetuple()[:5]
    assert "<p>Second.</p>" in shown.decode()


def test_two_articles_of_one_title_have_two_addresses() -> None:
    with DemoSite.empty(layout="spip") as site:
        assert site.publish("essai", "Même titre") != site.publish("essai", "Même titre")


def test_unknown_feeds_and_pages_are_refused() -> None:
    with DemoSite.empty() as site, pytest.raises(KeyError):
        site.publish("inconnu", "Titre")


def test_feeds_yaml_follows_every_feed(bundled: DemoSite) -> None:
    lines = bundled.feeds_yaml(every="5s").splitlines()
    assert lines[0] == "feeds:"
    assert [line.removeprefix("  - id: ") for line in lines if line.startswith("  - id: ")] == [
        outlet.id for outlet in bundled.outlets
    ]
    assert lines[1:9] == [
        "  - id: fil-du-nuage",
        '    name: "Le Fil du nuage"',
        f'    url: "{bundled.url}/fil-du-nuage/feed/"',
        '    category: "numérique"',
        "    language: fr",
        "    every: 5s",
        "    reading: page",
        "    enabled: true",
    ]
