"""The decision table: which text stands for an article, and what is said of it."""

from datetime import UTC, datetime

import pytest

from bot.model import Entry, Failed, Why
from bot.reading.page import Meta, Page, read_page
from bot.reading.read import needs_page, read
from bot.workers import Crashed, Killed
from tests.bot.reading.pages import BODY, LOCKED, PARAGRAPHS, TEXT, WORDPRESS, page

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LINK = "https://www.exemple.fr/a?utm_source=rss"
SUMMARY = "Un chapô court."


def entry(**fields):
    return Entry(**{"key": "1", "link": LINK, "title": "Valmorin choisit", "summary": SUMMARY, **fields})


def test_a_full_text_feed_needs_no_page():
    assert not needs_page(entry(content=TEXT), "page")
    assert read(entry(content=TEXT), "page").source == "feed_full"


@pytest.mark.parametrize(
    "content",
    [
        "",
        TEXT[:1_000],
        TEXT.replace("\n", " "),
        TEXT + " […]",
        TEXT + "\nLire la suite",
        TEXT + "\nThe post Valmorin appeared first on Le Phare.",
    ],
)
def test_a_cut_or_short_feed_text_needs_the_page(content):
    assert needs_page(entry(content=content), "page")


@pytest.mark.parametrize(
    ("one", "policy"),
    [
        (entry(), "feed"),
        (entry(), "summary"),
        (entry(link="javascript:alert(1)"), "page"),
        (entry(link="https://news.google.com/rss/articles/CBMi"), "page"),
    ],
)
def test_no_page_is_asked_for_where_it_is_forbidden_or_useless(one, policy):
    assert not needs_page(one, policy)


@pytest.mark.parametrize(
    ("page", "flag"),
    [
        (Failed(Why.NETWORK, "refus"), "unreachable"),
        (Failed(Why.TOO_BIG, ""), "too_big"),
        (Killed("time"), "killed"),
        (Crashed("KeyError()"), "killed"),
        (Page(problem="consent"), "consent"),
        (Page(problem="needs_js"), "needs_js"),
        (Page(text="Court."), "short"),
    ],
)
def test_without_a_page_the_summary_stands_and_the_reason_is_said(page, flag):
    reading = read(entry(), "page", page)
    assert (reading.text, reading.source, reading.flags) == (SUMMARY, "feed_summary", (flag,))


def test_without_summary_the_title_stands_and_without_title_nothing():
    assert read(entry(summary=""), "page", Killed("time")).source == "title_only"
    assert read(entry(summary="", title=""), "page", Killed("time")).source == "none"


def test_the_summary_policy_keeps_500_characters():
    reading = read(entry(summary="mot " * 300, content=TEXT), "summary")
    assert (len(reading.summary), reading.source) == (500, "feed_summary")


def test_a_page_is_read_with_its_tail_trimmed():
    reading = read(entry(), "page", read_page(WORDPRESS), LINK)
    assert reading.source == "page"
    assert reading.text.endswith(PARAGRAPHS[-1])


def test_the_title_and_the_crumbs_before_it_are_not_text():
    words = read(entry(title="Le titre", summary=""), "page", Page(text=f"Accueil\nNumérique\nLe titre\n{TEXT}"))
    assert words.text == TEXT


def test_a_locked_page_is_partial_and_its_wall_is_not_text():
    reading = read(entry(), "page", read_page(LOCKED), LINK)
    assert reading.flags == ("paywalled",)
    assert PARAGRAPHS[1] in reading.text
    assert "reste" not in reading.text
    assert "Abonnez" not in reading.text


def test_the_longest_text_stands_for_a_locked_article():
    reading = read(entry(content="Un texte de flux bien plus long. " * 20), "page", Page(text="Début.", wall=True))
    assert (reading.source, reading.flags) == ("feed_summary", ("paywalled",))


def test_a_json_ld_body_gets_its_standfirst():
    reading = read(entry(), "page", Page(Meta(description="Le chapô."), ld_body=TEXT))
    assert reading.text == f"Le chapô.\n{TEXT}"


def test_a_login_page_gives_no_identity():
    reading = read(entry(), "page", Page(text="Connexion"), "https://www.exemple.fr/connexion")
    assert reading.url_keys == ("exemple.fr/a",)


def test_a_canonical_address_comes_first_and_the_feeds_stays():
    page = Page(Meta(canonicals=("https://exemple.fr/sante/a",)), text=TEXT)
    reading = read(entry(), "page", page, LINK)
    assert (reading.url, reading.url_keys) == ("https://exemple.fr/sante/a", ("exemple.fr/sante/a", "exemple.fr/a"))


@pytest.mark.parametrize(
    ("written", "published", "flags"),
    [
        ("2026-03-04T08:15:00+01:00", "2026-03-04T08:15:00+01:00", ()),
        ("2026-03-04T08:15:00", "2026-03-04T08:15:00+01:00", ("assumed_zone",)),
        ("2026-07-04", "2026-07-04T00:00:00+02:00", ("day_only",)),
        ("2099-01-01T00:00:00Z", None, ("odd_date",)),
        ("1970-01-01T00:00:00Z", None, ("odd_date",)),
        ("31/02/2026", None, ("odd_date",)),
        ("14/01/2026", "2026-01-14T00:00:00+01:00", ("day_only",)),
        (None, None, ()),
    ],
)
def test_a_date_is_believed_if_it_can_be_true(written, published, flags):
    head = f'<meta property="article:published_time" content="{written}">' if written else ""
    reading = read(entry(), "page", read_page(page(BODY, head), now=NOW), now=NOW)
    assert (reading.published and reading.published.isoformat(), reading.flags) == (published, flags)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Du flux", "Du flux"),
        ("Coupé…", "De la page"),
        ("EN CAPITALES", "De la page"),
        ("", "De la page"),
    ],
)
def test_the_best_title_is_shown(title, expected):
    assert read(entry(title=title), "page", Page(Meta(title="De la page"), text=TEXT)).title == expected


def test_a_cut_title_stands_where_the_page_has_none():
    assert read(entry(title="Coupé…"), "page", Page(text=TEXT)).title == "Coupé…"


def test_a_date_of_the_feed_that_can_not_be_true_gives_way_to_that_of_the_page():
    dated = read_page(page(BODY, '<meta name="dcterms.issued" content="2026-11-20T10:00:00+01:00">'), now=NOW)
    reading = read(entry(published=datetime(1970, 1, 1, tzinfo=UTC)), "page", dated, now=NOW)
    assert (reading.published, reading.flags) == (datetime(2026, 11, 20, 9, tzinfo=UTC), ())


def test_a_feeds_words_are_repaired_too():
    damaged = "Données de santé".encode().decode("cp1252")
    assert read(entry(title=damaged), "feed").title == "Données de santé"


def test_an_aggregators_entry_is_its_outlets():
    link = "https://news.google.com/rss/articles/CBMi"
    reading = read(entry(link=link, title="Valmorin choisit - Le Phare", source_name="Le Phare"), "page")
    assert (reading.title, reading.site, reading.url_keys) == ("Valmorin choisit", "Le Phare", ())
    assert reading.flags == ("aggregator",)
    assert read(entry(title="Un duo - Le Phare", source_name="Le Phare"), "page").title == "Un duo - Le Phare"
