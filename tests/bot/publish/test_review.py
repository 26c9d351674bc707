"""What a press review says of each story, on its page and in its feeds alike; how much there was, and from whom."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from bot.publish.charts import scale, volumes
from bot.publish.feed import ATOM, atom, feed_name, feeds, matches
from bot.publish.page import page
from bot.publish.publish import lexicon
from bot.publish.review import Lexicon, Review, review
from matchers.engine.engine import compile_engine
from matchers.model import Point
from matchers.watchlists.watchlist import EntityEntry
from storage.articles.model import PressReview, PressShare, PressStory, Sorted
from tests.bot.digest.builders import NOW, WATCHLISTS
from tests.bot.publish.builders import press

SINCE = NOW - timedelta(days=90)
NAMES = {"nebulis": "Nébulis", "anssi": "ANSSI", "donnees-sante": "données de santé"}
WORDS = Lexicon(WATCHLISTS, NAMES, frozenset({"nebulis", "anssi"}))


def made(held: PressReview, after: timedelta = timedelta()) -> Review:
    return review(held, WORDS, "Revue de presse", SINCE, NOW + after)


def of(*stories: PressStory) -> PressReview:
    return PressReview(stories, 0, len(stories), ())


def feed(watchlist: str) -> str:
    return feed_name("list", watchlist)


def entries(text: str) -> Sequence[ET.Element]:
    return ET.fromstring(text).findall(f"{{{ATOM}}}entry")


def said(element: ET.Element, *path: str) -> str:
    return element.findtext("/".join(f"{{{ATOM}}}{name}" for name in path)) or ""


# --- one truth of why ----------------------------------------------------------------------------------------------
def two_lists() -> PressReview:
    """A story of three articles: the list hds kept the second one, secnumcloud the others, the third by most."""
    (story,) = press(1).stories
    one, two, three = story.items
    certified = (Point("term", "hébergeur certifié", 4, title=1),)
    for_hds = replace(two.matches[0], watchlist="hds", score=4, points=certified)
    best = replace(three.matches[0], score=40, points=(Point("term", "Cloud Act", 40, title=2),))
    return of(replace(story, items=(one, replace(two, matches=(for_hds,)), replace(three, matches=(best,)))))


def section_of(text: str, name: str) -> str:
    return text.partition(f'<section class="list" id="{name}">')[2].partition("</section>")[0]


def test_a_story_stands_under_every_list_that_kept_it() -> None:
    text = page(made(two_lists()))
    assert section_of(text, "secnumcloud").count('<li class="story">') == 1
    assert section_of(text, "hds").count('<li class="story again">') == 1
    assert section_of(text, "eucs") == ""
    assert text.count("rien à signaler") == 1, "the list that kept nothing, and no other"


def test_what_is_printed_under_a_title_is_about_that_article() -> None:
    text = page(made(two_lists()))
    home, other = section_of(text, "secnumcloud"), section_of(text, "hds")
    assert "Pourquoi\u00a0: SecNumCloud" in home
    assert "Cloud Act" not in home, "the best match is of another article than the one printed"
    assert "Pourquoi\u00a0: hébergeur certifié" in other
    assert "SecNumCloud (titre" not in other
    assert home.index("Le Fil du nuage") < home.index("Gazette hospitalière") < home.index("Nuage &amp; Droit")
    assert "Gazette hospitalière" in other
    assert "Le Fil du nuage" not in other


def test_the_feed_of_a_list_prints_the_article_that_it_kept() -> None:
    everything = feeds(made(two_lists()), None)
    authors = {
        name: [said(entry, "author", "name") for entry in entries(everything[feed(name)])] for name in WATCHLISTS
    }
    assert authors == {"secnumcloud": ["Le Fil du nuage"], "hds": ["Gazette hospitalière"], "eucs": []}
    labels = {each.get("label") for each in entries(everything["atom.xml"])[0].findall(f"{{{ATOM}}}category")}
    assert labels == {WATCHLISTS[name].name for name in ("secnumcloud", "hds")}


def doubtful() -> PressReview:
    """Four stories of one list; the newest may be the event of the oldest."""
    stories = [replace(story, number=story.items[0].article.id) for story in press(12).stories[::3]]
    return of(replace(stories[0], beside=stories[-1].items[0].article), *stories[1:])


def test_what_may_be_the_same_event_stands_below_it_and_says_so_in_every_form() -> None:
    shown, last = made(doubtful()), doubtful().stories[-1].items[0].article
    kinds = re.findall(r'<li class="(story[^"]*)"><h3><a [^>]*>([^<]*)', page(shown))
    assert [kind for kind, _ in kinds] == ["story", "story", "story", "story beside"]
    newest = doubtful().stories[0].items[0].article.title
    assert [html.unescape(title) for _, title in kinds][-2:] == [last.title, newest]
    told = f"Aussi sur ce dossier, peut-être le même fait\u00a0: {last.title}"
    assert told in html.unescape(page(shown))
    entry = entries(atom(shown, None))[0]
    assert told in html.unescape(said(entry, "summary"))
    related = [link.get("href") for link in entry.findall(f"{{{ATOM}}}link") if link.get("rel") == "related"]
    assert related == [last.url]
    assert json.loads(matches(shown))["stories"][0]["beside"] == last.url


def test_how_the_team_judged_a_story_stands_on_the_page_and_in_the_feeds() -> None:
    (story,) = press(1).stories
    stands = Sorted(1, NOW, story.items[0].article.id, "", "", "applies", "Claire <b>", "à revoir lundi")
    shown = made(of(replace(story, triage=stands)))
    told = "Tri\u00a0: applicable · Claire <b> · «\u00a0à revoir lundi\u00a0»"
    assert told in html.unescape(page(shown))
    assert "Claire <b>" not in page(shown)
    assert told in html.unescape(said(entries(atom(shown, None))[0], "summary"))
    judged = {"state": "applies", "owner": "Claire <b>", "note": "à revoir lundi"}
    assert json.loads(matches(shown))["stories"][0]["triage"] == judged


# --- what is new, how much, from whom ------------------------------------------------------------------------------
def test_what_is_new_comes_before_everything_else_and_the_lists_are_folded() -> None:
    text = page(made(press(60)))
    fresh = text.partition('id="nouveau">')[2].partition("</section>")[0]
    assert text.index('id="nouveau"') < text.index("<nav") < text.index('<section class="list"')
    assert fresh.count("<li>") == 12
    assert 'href="#secnumcloud"' in fresh
    assert "<details><summary>Les veilles</summary>" in text
    assert "Rien depuis sept jours" in page(made(press(60), timedelta(days=30)))


def test_volumes_are_counted_by_week_in_paris_and_drawn_to_a_scale() -> None:
    shown = made(press(200))
    assert {len(section.weeks) for section in shown.sections} == {14}, "the weeks of the review, and no others"
    assert all(monday.weekday() == 0 for section in shown.sections for monday, _ in section.weeks)
    counted = sum(number for section in shown.sections for _, number in section.weeks)
    assert counted == sum(len(story.items) for story in press(200).stories)
    monday, number = shown.sections[0].weeks[-1]
    drawn = volumes(shown.sections[0])
    assert drawn.count("<rect") == 14
    assert f"semaine du {monday.day} novembre\u00a0: {number} articles" in drawn
    assert f"{number} articles cette semaine" in drawn


@pytest.mark.parametrize(
    ("top", "lines"),
    [(0, (0, 1)), (1, (0, 1)), (2, (0, 1, 2)), (5, (0, 2, 4, 6)), (7, (0, 5, 10)), (61, (0, 25, 50, 75))],
)
def test_a_scale_has_few_round_lines(top: int, lines: tuple[int, ...]) -> None:
    assert scale(top) == lines


@pytest.mark.parametrize("top", [10**power + more for power in range(1, 8) for more in (-1, 0, 1)])
def test_no_number_is_beyond_the_scale(top: int) -> None:
    lines = scale(top)
    assert lines[-1] >= top
    assert len(lines) <= 5


def test_shares_say_who_has_most_of_each_list() -> None:
    shares = (
        PressShare("hds", "source", "Le Fil & fils", 6), PressShare("hds", "source", "Gazette", 2),
        PressShare("hds", "entity", "donnees-sante", 7), PressShare("hds", "entity", "nebulis", 4),
    )  # fmt: skip
    shown = made(replace(press(3), shares=shares))
    (section,) = [each for each in shown.sections if each.id == "hds"]
    parts = [(each.name, each.articles, each.of) for each in section.sources]
    assert parts == [("Le Fil & fils", 6, 8), ("Gazette", 2, 8)]
    text = page(made(replace(press(3), shares=shares, seen=(("hds", NOW),))))
    assert "Le Fil &amp; fils" in text
    assert "6 · 75\u00a0%" in text
    assert f'<a href="{feed_name("entity", "nebulis")}">Nébulis</a>' in text
    assert feed_name("entity", "donnees-sante") not in text, "a notion acts in nothing"


# --- feeds ---------------------------------------------------------------------------------------------------------
def test_an_entity_has_a_feed_of_the_stories_that_name_it() -> None:
    first, second = press(2).stories
    items = (first.items[0], replace(first.items[1], entities=("nebulis",)), first.items[2])
    everything = feeds(made(of(replace(first, items=items), second)), "https://veille.example", {"anssi": "ANSSI"})
    named = everything[feed_name("entity", "nebulis")]
    (entry,) = entries(named)
    assert said(ET.fromstring(named), "title") == "Revue de presse · Nébulis"
    assert said(entry, "author", "name") == "Gazette hospitalière", "the article that names it"
    links = {link.get("rel"): link.get("href") for link in ET.fromstring(named).findall(f"{{{ATOM}}}link")}
    assert links["self"] == "https://veille.example/acteur-nebulis.xml"
    assert entries(everything[feed_name("entity", "anssi")]) == [], "it had one before"
    assert len({said(ET.fromstring(text), "id") for text in everything.values()}) == len(everything)


def test_an_entry_keeps_its_identity_while_its_story_grows_and_its_first_article_ages() -> None:
    def entry(items: object, after: timedelta = timedelta()) -> tuple[str, str, str]:
        told = atom(made(of(replace(story, items=items)), after), None)
        (found,) = entries(told)
        return said(found, "id"), said(found, "updated"), said(ET.fromstring(told), "updated")

    (story,) = press(1).stories
    story = replace(story, key="https://fil.example/0/0")
    begun, grown, aged = (entry(items) for items in (story.items[:1], story.items, story.items[1:]))
    assert begun[0] == grown[0] == aged[0]
    assert begun[1] == begun[2] == story.items[0].article.first_seen.isoformat(timespec="seconds")
    assert grown[1:] == aged[1:], "what came last is what changed it"
    assert grown[1] != begun[1]
    assert entry(story.items, timedelta(hours=5)) == grown, "made again, it has not changed"


@pytest.mark.parametrize("identifier", ["../../etc/passwd", "a b", "É", "nebulis", "A_b-9"])
def test_the_file_of_a_feed_stays_in_its_folder(identifier: str) -> None:
    assert re.fullmatch(r"acteur-[a-z0-9_-]+\.xml", feed_name("entity", identifier))


def test_people_companies_and_institutions_act_and_notions_do_not() -> None:
    kinds = {"cnil": "institution", "nebulis": "org", "ana": "personne", "rgpd": "loi", "hds": "label", "x": ""}
    entities = {name: EntityEntry(name=name, kind=kind, aliases=[name]) for name, kind in kinds.items()}
    words = lexicon(compile_engine({}, entities))
    assert words.actors == {"cnil", "nebulis", "ana"}
    assert set(words.entities) == set(kinds)
