"""The invented press: its files, and what the demonstration needs to find in them."""

import re

import pytest

from bot.demo import press
from bot.demo.press import Outlet, Story

OUTLETS = press.load()
STORIES = [story for outlet in OUTLETS for story in outlet.stories]
MORNING = [story for story in STORIES if story.stage == 2]
WATCHLISTS = {"secnumcloud", "hds", "health-data-hub", "cloud-souverain", "ue", "incidents"}
ACTORS = (
    "CNIL",
    "Health Data Hub",
    "Microsoft",
    "SecNumCloud",
    "trois ans",
    "Leviia",
    "William Méauzoone",
    "31 janvier",
)

SHEET = """id: gazette
name: La Gazette
kind: atom

====
title: Un titre : simple
published: 2024-02-01T07:00+01:00
summary: L'essai dit « oui ».

Premier paragraphe
sur deux lignes.

Second paragraphe.
"""


def everything(story: Story) -> str:
    return f"{story.title}\n{story.summary}\n{story.text}"


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def grams(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return set(zip(found, found[1:], found[2:], found[3:], strict=False))


def containment(one: Story, other: Story) -> float:
    first, second = grams(one.text), grams(other.text)
    return len(first & second) / min(len(first), len(second))


def test_a_file_gives_an_outlet_and_its_stories() -> None:
    outlet = press.parse(SHEET)
    assert (outlet.id, outlet.name, outlet.kind) == ("gazette", "La Gazette", "atom")
    (story,) = outlet.stories
    assert story.slug == "un-titre-simple"
    assert story.title == "Un titre\u00a0: simple"
    assert story.summary == "L’essai dit «\u00a0oui\u00a0»."
    assert story.paragraphs == ("Premier paragraphe sur deux lignes.", "Second paragraphe.")
    assert story.published.isoformat() == "2024-02-01T06:00:00+00:00"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: atom", "sort: atom", "en-tête inconnu « sort »"),
        ("kind: atom", "kind: gopher", "kind vaut « gopher », attendu : rss, rdf, atom"),
        ("kind: atom", "kind atom", "« kind atom » n'est pas un en-tête"),
        ("title: Un titre : simple\n", "", "un article n'a pas de titre"),
    ],
)
def test_a_bad_file_is_refused_with_its_name(old: str, new: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"gazette.txt : {told}")):
        press.parse(SHEET.replace(old, new), "gazette.txt")


def test_latin_1_texts_stay_within_their_charset() -> None:
    outlet = press.parse(SHEET.replace("kind: atom", "charset: iso-8859-1"))
    assert outlet.stories[0].summary == "L'essai dit « oui »."


def test_there_are_at_least_twelve_feeds_and_sixty_articles() -> None:
    assert len([outlet for outlet in OUTLETS if outlet.status == 200]) >= 12
    assert len(STORIES) >= 60


def test_every_kind_of_feed_is_there() -> None:
    def some(holds: str, value: object) -> bool:
        return any(getattr(outlet, holds) == value for outlet in OUTLETS)

    for kind in ("rss", "rdf", "atom"):
        assert some("kind", kind)
    for layout in ("wordpress", "spip", "drupal", "bare"):
        assert some("layout", layout)
    for validators in ("both", "etag", "date", "none"):
        assert some("validators", validators)
    for reading in ("page", "feed"):
        assert some("reading", reading)
    for manner in ("full", "broken", "opaque_guid", "moved"):
        assert some(manner, True)
        assert some(manner, False)
    assert some("dated", False)
    assert some("charset", "iso-8859-1")


def test_ids_and_slugs_are_unique() -> None:
    assert len({outlet.id for outlet in OUTLETS}) == len(OUTLETS)
    for outlet in OUTLETS:
        assert len({story.slug for story in outlet.stories}) == len(outlet.stories)


def test_this_morning_is_between_half_past_five_and_five_to_eight_in_paris() -> None:
    for story in MORNING:
        assert "2024-02-01T04:30" <= story.published.isoformat() <= "2024-02-01T06:55", story.title
        assert story.published < press.MORNING
    assert all(story.published.isoformat() < "2024-02-01" for story in STORIES if story.stage == 1)


def test_the_morning_holds_news_for_every_watchlist_and_as_much_noise() -> None:
    relevant = [story for story in MORNING if story.expected]
    assert {watchlist for story in relevant for watchlist in story.expected} == WATCHLISTS
    assert 12 <= len(relevant) <= 16
    assert 10 <= len(MORNING) - len(relevant) <= 15


def test_the_founding_affair_is_told_by_four_outlets_in_their_own_words() -> None:
    affair = [story for story in MORNING if "Méauzoone" in story.text]
    assert len({story.outlet for story in affair}) >= 4
    for story in affair:
        told = everything(story).replace("\u00a0", " ")
        assert [actor for actor in ACTORS if actor not in told and actor != "31 janvier"] == []
    for one in affair:
        assert all(containment(one, other) < 0.05 for other in affair if other is not one)


def test_the_first_story_of_the_first_outlet_is_the_founding_one() -> None:
    newest = max(OUTLETS[0].stories, key=lambda story: story.published)
    assert [actor for actor in ACTORS if actor not in everything(newest).replace("\u00a0", " ")] == []
    assert "2023-146" in newest.summary


def test_a_dispatch_is_republished_by_three_outlets_with_small_edits() -> None:
    copies = [story for story in MORNING if "vingt-deux mois et mobilisé" in story.text]
    original = next(story for story in copies if story.outlet == "medis")
    reprints = [story for story in copies if story is not original]
    assert len({story.outlet for story in reprints}) == 3
    for reprint in reprints:
        assert 0.6 < containment(reprint, original) < 1
        assert reprint.title != original.title


def test_an_entry_of_the_past_days_is_retitled_this_morning() -> None:
    (story,) = [story for story in STORIES if story.retitled]
    assert story.stage == 1
    assert story.at(1).title != story.at(2).title == story.retitled


def test_the_paywalled_story_says_enough_in_its_summary() -> None:
    (story,) = [story for story in MORNING if story.paywall]
    assert "cloud de confiance" in story.summary
    assert "Cloud Act" in story.summary


@pytest.mark.parametrize(
    "trap",
    [
        "Hauts-de-Seine",
        "HDS mag",
        "fromage bleu",
        "Les Bleus",
        "forfaits Orange",
        "Hébergement touristique",
        "Souveraineté alimentaire",
        "hébergement web",
        "ville de Sens",
        "igilance orange",
        "NIS 2",
        "football",
        " ans ",
        "ANS",
    ],
)
def test_the_noise_holds_every_trap(trap: str) -> None:
    noise = [everything(story) for story in MORNING if not story.expected]
    assert any(trap in text for text in noise)


def test_noise_is_short_and_news_is_developed() -> None:
    for story in MORNING:
        count = len(story.text.split())
        if story.expected:
            assert 80 <= count <= 350, story.title
            assert 3 <= len(story.paragraphs) <= 6, story.title
        else:
            assert 60 <= count <= 150, story.title


def test_headlines_have_the_length_of_headlines() -> None:
    assert [story.title for story in STORIES if not 55 <= len(story.title) <= 100] == []


def test_french_typography_is_kept() -> None:
    modern = [outlet for outlet in OUTLETS if outlet.charset == "utf-8"]
    for story in (story for outlet in modern for story in outlet.stories):
        assert not re.search(r" [:;!?»%€]|« |'", everything(story)), story.title


def test_texts_are_not_copied_from_one_story_to_the_next() -> None:
    others = [story for story in STORIES if "vingt-deux mois et mobilisé" not in story.text]
    seen: dict[str, str] = {}
    for story in others:
        for paragraph in story.paragraphs:
            assert seen.setdefault(paragraph, story.slug) == story.slug


def test_an_outlet_needs_no_file() -> None:
    assert Outlet(id="essai", name="Essai").stories == ()
