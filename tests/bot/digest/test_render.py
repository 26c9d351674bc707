import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest import layout, living, render
from bot.digest.compose import arrange
from bot.digest.content import Heading
from bot.digest.passage import passage
from bot.model import Message
from matchers.model import Hit, Match, Point, Watchlist
from storage.articles.model import StoredArticle
from storage.chats.model import DigestItem, Ongoing, Window
from storage.stories.model import StorySource
from tests.bot.digest.builders import NOW, WATCHLISTS, about, article, item, match
from tests.bot.digest.telegram_html import read

PARIS = "Europe/Paris"
DAILY = Heading("daily", date(2026, 11, 25))


def digest(
    window: Window, lists: Mapping[str, Watchlist], language: str, timezone: str, heading: Heading, cap: int = 999
) -> tuple[Message, ...]:
    lines = arrange(window.items, lists, cap)
    head = layout.digest_head(window, lines, language, timezone, heading)
    return layout.digest(head, lines, lists, language, timezone)


def flash(story: StoredArticle, *matches: Match, language: str = "fr") -> str:
    return render.flash(story, matches or (match(story),), WATCHLISTS, language, PARIS).html


@pytest.mark.parametrize(
    ("feed_url", "url", "host"),
    [
        ("https://www.cnil.fr/rss", "https://www.cnil.fr/fr/a", ""),
        ("https://rss.journal.fr/une", "https://www.journal.fr/a", ""),
        ("https://www.journal.fr/rss", "https://m.journal.fr/a", ""),
        ("https://sante.gouv.fr/rss", "https://www.sante.gouv.fr/a", ""),
        ("https://sante.gouv.fr/rss", "https://economie.gouv.fr/a", "economie.gouv.fr"),
        ("https://www.cnil.fr/rss", "https://www.cnil.fr.pirate.example/a", "cnil.fr.pirate.example"),
        ("https://www.cnil.fr/rss", "https://cnil-fr.example/a", "cnil-fr.example"),
        ("https://www.cnil.fr/rss", "https://СNIL.fr/a", "xn--nil-3ed.fr"),
        ("https://a.github.io/rss", "https://b.github.io/a", "b.github.io"),
        ("", "https://ailleurs.example/a", ""),
        ("https://www.cnil.fr/rss", "http://127.0.0.1:8000/a", ""),
    ],
)
def test_a_link_that_leaves_the_site_of_its_source_says_to_which(feed_url: str, url: str, host: str) -> None:
    story = article(feed_url=feed_url, url=url)
    shown = f"Le Fil du nuage ({host})" if host else "Le Fil du nuage"
    assert render.source(story) == shown
    assert (f"({host})" in read(flash(story)).text) is bool(host)
    assert render.source(replace(story, flags=("aggregator",))) == "Le Fil du nuage"
    first = StorySource(article(source_name="Gazette"), (), "gazette.example")
    others = read(living.sources_line((first, StorySource(story, (), host)), first, "fr")).text
    assert (f"({host})" in others) is bool(host)


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (datetime(2026, 10, 3, 8, tzinfo=UTC), "daté du 3 octobre"),
        (datetime(2024, 11, 1, 8, tzinfo=UTC), "daté du 1er novembre 2024"),
    ],
)
def test_what_was_old_when_it_came_bears_its_day_in_a_digest(published: datetime, said: str) -> None:
    for flags, told in ((("dated",), True), ((), False)):
        window = Window((item(1, published=published, flags=flags),))
        (message,) = digest(window, WATCHLISTS, "fr", PARIS, DAILY)
        assert (said in read(message.html).text) is told


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Dossiers qui ont bougé\u00a0: L’affaire & suites (4 sujets, 17 sources, dernier jeu. 26), "),
        ("en", "Dossiers that moved: L’affaire & suites (4 stories, 17 sources, last Thu 26), "),
    ],
)
def test_a_weekly_digest_names_the_dossiers_that_moved(language: str, said: str) -> None:
    last = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    dossiers = tuple(
        Ongoing(title, "https://a.example/1", 4, 17, last) for title in ("L’affaire & suites", "B", "C", "D")
    )
    window = Window((item(1),), read=1, ongoing=dossiers)
    weekly, daily = Heading("weekly", date(2026, 11, 30)), DAILY
    (message,) = digest(window, WATCHLISTS, language, PARIS, weekly)
    line = read(message.html).text.splitlines()[1]
    assert line.startswith(said)
    assert "C (" in line
    assert "D (" not in line
    (message,) = digest(window, WATCHLISTS, language, PARIS, daily)
    assert said not in read(message.html).text


def test_a_flash_reads_as_the_layout_says() -> None:
    story = article()
    html = flash(story, match(story), match(story, "hds"))
    assert html == (
        '<a href="https://fil.example/nebulis">Nébulis obtient la qualification SecNumCloud 3.2</a>\n'
        "<i>Le Fil du nuage · mar. 24 nov. 09:04 · sujet</i>\n"
        "«\u00a0Le comité s'est réuni hier. Selon nos informations, la décision de <b>qualification</b> "
        "<b>SecNumCloud</b> a été remise mardi à Nébulis, après deux ans de travaux. "
        "D'autres acteurs attendent encore, et le…\u00a0»\n"
        "⚡ SecNumCloud et qualification, +1 veille"
    )


def test_a_flash_reads_in_english_for_an_english_chat() -> None:
    assert read(flash(article(), language="en")).text.splitlines() == [
        "Nébulis obtient la qualification SecNumCloud 3.2",
        "Le Fil du nuage · Tue 24 Nov 09:04 · subject",
        "“Le comité s'est réuni hier. Selon nos informations, la décision de qualification SecNumCloud a été remise "
        "mardi à Nébulis, après deux ans de travaux. D'autres acteurs attendent encore, et le…”",
        "⚡ SecNumCloud et qualification",
    ]


def test_a_mention_says_how_often() -> None:
    story = article(title="Une semaine de réunions", text="SecNumCloud, encore SecNumCloud.")
    shown = read(flash(story, match(story, terms=("SecNumCloud",)))).text
    assert "mention (texte\u00a0×2)" in shown
    assert "SecNumCloud (texte\u00a0×2) ·" in render.why(match(story, terms=("SecNumCloud",)), "fr")


def test_a_proximity_is_named_close_together() -> None:
    story = article()
    held = match(story)
    near = replace(held, points=(*held.points, Point("near", "near", 2)))
    assert "qualification (titre, texte), proches · 14" in render.why(near, "fr")


def test_a_term_without_a_hit_loses_its_operators() -> None:
    story = article()
    boosted = replace(
        match(story), points=(Point("boost", "=Cloud Act", 2, text=1), Point("term", "@cnil", 1)), hits=()
    )
    assert "Cloud Act (texte), cnil ·" in render.why(boosted, "fr")


def test_a_term_of_the_title_alone_is_shown_as_the_article_writes_it() -> None:
    story = article()
    found = Hit("@secnumcloud", "secnumcloud", "title", 34, 45, "SecNumCloud")
    held = replace(match(story), points=(Point("term", "title:@secnumcloud", 3, title=1),), hits=(found,))
    assert "SecNumCloud (titre) ·" in render.why(held, "fr")


def test_a_list_that_is_no_more_goes_by_words() -> None:
    gone = replace(match(article()), watchlist="carnet-de-sante")
    shown = read(render.flash(article(), (gone,), WATCHLISTS, "fr", PARIS).html).text
    assert "⚡ Carnet de sante" in shown.splitlines()
    assert "carnet-de-sante" not in shown


def test_the_terms_beyond_six_are_counted() -> None:
    story = article()
    many = replace(match(story), hits=(), points=tuple(Point("term", f"terme{n}", 1, text=1) for n in range(9)))
    assert "terme5 (texte) et 3 autres ·" in render.why(many, "fr")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"flags": ("paywalled",)}, "🔒 texte partiel, réservé aux abonnés"),
        ({"flags": ("robots",), "source": "feed_summary"}, "titre et chapô seulement"),
        ({"source": "title_only"}, "titre et chapô seulement"),
        ({"flags": ("maybe_incomplete",)}, "peut-être incomplet"),
    ],
)
def test_a_partial_reading_is_admitted(changes: dict[str, object], line: str) -> None:
    assert flash(article(**changes)).splitlines()[-2] == line


def test_a_whole_reading_says_nothing_of_itself() -> None:
    assert read(flash(article(flags=("revised",)))).text.splitlines()[-2].endswith("»")


def test_a_summary_policy_shows_no_passage_and_no_preview() -> None:
    story = article(policy="summary")
    message = render.flash(story, (match(story),), WATCHLISTS, "fr", PARIS)
    assert "«" not in message.html
    assert message.preview is None


def test_a_page_that_may_not_be_quoted_is_not() -> None:
    story = article(flags=("nosnippet",))
    message = render.flash(story, (match(story),), WATCHLISTS, "fr", PARIS)
    assert "«" not in message.html


def test_a_page_policy_previews_its_own_address() -> None:
    assert (
        render.flash(article(), (match(article()),), WATCHLISTS, "fr", PARIS).preview == "https://fil.example/nebulis"
    )


def test_a_text_purged_since_shows_no_passage() -> None:
    held = match(article())
    assert "«" not in flash(article(text=""), held)


BELOW = "« …Le collectif veut faire suspendre la <b>qualification</b>. »"
HEADS = "Décisions | Contrats | Données personnelles\nPar Bastien Orhant, Le collectif veut faire suspendre"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{HEADS} la qualification.", BELOW),
        (
            f"{HEADS} la qualification.".replace("\n", " "),
            "« …Le collectif veut faire suspendre la <b>qualification</b>. »",
        ),
        ("Accueil | Labels\nUne qualification attendue.", "« …Une <b>qualification</b> attendue. »"),
        (
            "Dossier : qualification\nElle arrive. Une qualification de plus.",
            "« …Elle arrive. Une <b>qualification</b> de plus. »",
        ),
        (f"{'Une très longue phrase ' * 4}finit ici. Une qualification suit.", "« …Une <b>qualification</b> suit. »"),
        (f"{'mot ' * 31}qualification", f"« …{'mot ' * 17}<b>qualification</b> »"),
        ("La qualification tombe.", "« La <b>qualification</b> tombe. »"),
        (
            f"Dit ici. Nébulis {'a bien ' * 10}sa qualification.",
            f"« …Nébulis {'a bien ' * 10}sa <b>qualification</b>. »",
        ),
        (f"Nébulis {'a bien ' * 14}sa qualification.", f"« Nébulis {'a bien ' * 14}sa <b>qualification</b>. »"),
        (
            f"La qualification {'tombe bien ' * 13}vraiment. Les hôpitaux attendent tous la suite.",
            f"« La <b>qualification</b> {'tombe bien ' * 13}vraiment. … »",
        ),
    ],
)
def test_a_passage_begins_below_paths_and_bylines_and_at_a_sentence(text: str, shown: str) -> None:
    story = article(title="Sans le mot", text=text)
    assert passage(story, match(story, terms=("qualification",)), "fr").replace("\u00a0", " ") == shown


def test_an_unknown_date_says_when_it_was_seen() -> None:
    assert "Le Fil du nuage · vu mar. 24 nov. 09:10 · sujet" in flash(article(published=None))


def test_an_old_date_shows_its_year() -> None:
    assert "mer. 31 janv. 2024 11:00" in flash(article(published=datetime(2024, 1, 31, 10, 0, tzinfo=UTC)))


def test_a_long_title_is_cut_between_words_and_stays_linked() -> None:
    shown = render.title(article(title="mot " * 60), "fr")
    text = read(shown).text
    assert shown.startswith('<a href="https://fil.example/nebulis">mot mot')
    assert text.endswith("mot…")
    assert len(text) <= 120


def test_an_article_without_title_still_has_a_link() -> None:
    assert render.title(article(title=" \u202e "), "fr") == '<a href="https://fil.example/nebulis">Sans titre</a>'


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "ftp://a.example/x",
        "https://",
        "https://localhost/x",
        "http://a.example:port/",
        "//a.b",
        "http://[::1",
        "https://a.example/" + "x" * 2050,
    ],
)
def test_an_address_that_telegram_would_drop_is_not_linked(url: str) -> None:
    story = article(url=url)
    message = render.flash(story, (match(story),), WATCHLISTS, "fr", PARIS)
    assert "<a" not in message.html
    assert message.preview is None


def test_a_digest_reads_as_the_layout_says() -> None:
    double = about(item(3, "secnumcloud", score=9))
    double = replace(double, matches=(*double.matches, match(double.article, "hds", score=4)))
    window = Window((item(1, score=4), about(item(2, score=8)), double, item(4, "secnumcloud", flashed=True)), read=412)
    (message,) = digest(window, WATCHLISTS, "fr", PARIS, DAILY)
    link = '<a href="https://fil.example/nebulis">Titre numéro {}</a>'
    assert message.silent
    assert message.preview is None
    assert message.html.splitlines() == [
        "☀ <b>Quotidien · mercredi 25 novembre</b> · 4 sujets, sur 412 lus",
        "",
        "<b>SecNumCloud et qualification</b>",
        f"1. {link.format(3)} — Le Fil du nuage · aussi\u00a0: Hébergement des données de santé",
        "",
        "<b>Hébergement des données de santé</b>",
        f"2. {link.format(2)} — Le Fil du nuage",
        "",
        "<b>Cités en passant</b> — <i>le sujet n’y est que nommé</i>",
        f"<blockquote expandable>3. {link.format(1)} — Le Fil du nuage · Hébergement des données de santé</blockquote>",
        "",
        "Déjà envoyé en flash\u00a0:",
        f"• {link.format(4)}",
    ]


def test_an_empty_digest_is_one_line_that_proves_life() -> None:
    (message,) = digest(Window(read=388, sources=61), WATCHLISTS, "fr", PARIS, DAILY)
    assert read(message.html).text == (
        "☀ Quotidien · mercredi 25 novembre · rien à signaler\u00a0: 388 articles lus, 0 retenu, 61 sources relevées"
    )


@pytest.mark.parametrize(
    ("heading", "language", "start"),
    [
        (Heading("daily", date(2026, 11, 25), late=True), "fr", "☀ Quotidien · mercredi 25 novembre · en retard · 1"),
        (Heading("weekly", date(2026, 11, 30)), "fr", "📅 Hebdo · du 23 au 29 novembre · 1 sujet nouveau, 1 source\n"),
        (Heading("weekly", date(2026, 12, 7)), "fr", "📅 Hebdo · du 30 novembre au 6 décembre · "),
        (Heading("weekly", date(2026, 11, 30)), "en", "📅 Weekly · 23 to 29 November · 1 new story, 1 source\n"),
        (Heading("now", date(2026, 11, 24)), "fr", "☀ À la demande · depuis mar. 24 nov. 09:10 · "),
        (Heading("daily", date(2026, 11, 25)), "en", "☀ Daily · Wednesday 25 November · 1 story, "),
    ],
)  # fmt: skip
def test_a_digest_says_which_one_it_is(heading: Heading, language: str, start: str) -> None:
    window = Window((item(1),), read=1, since=NOW)
    assert read(digest(window, WATCHLISTS, language, PARIS, heading)[0].html).text.startswith(start)


def test_a_first_digest_on_request_has_no_since() -> None:
    (message,) = digest(Window((item(1),), read=1), WATCHLISTS, "fr", PARIS, Heading("now", date(2026, 11, 24)))
    assert message.html.startswith("☀ <b>À la demande</b> · 1 sujet")


@pytest.mark.parametrize("count", [1, 20, 200])
def test_nothing_is_cut_out_of_a_long_digest(count: int) -> None:
    lists = list(WATCHLISTS)
    items = tuple(item(n, lists[n % 3], flashed=n % 7 == 0, title=f"Titre {n} " + "é" * 90) for n in range(count))
    parts = digest(Window(items, read=count), WATCHLISTS, "fr", PARIS, DAILY)
    shown = [read(part.html) for part in parts]
    whole = "\n".join(part.text for part in shown)
    assert all(len(part.text) <= 3_900 and part.entities <= 100 for part in shown)
    assert all(f"Titre {n} é" in whole for n in range(count))
    assert len(parts) == 1 or f"suite 2/{len(parts)}" in shown[1].text


def test_what_is_named_in_passing_is_folded_in_each_part_and_nothing_else_is() -> None:
    subjects = [about(item(n, score=9, title=f"Sujet {n} " + "é" * 90)) for n in range(20)]
    mentions = [item(n, score=4, title=f"Mention {n} " + "é" * 90) for n in range(20, 60)]
    parts = digest(Window((*subjects, *mentions), read=60), WATCHLISTS, "fr", PARIS, DAILY)
    folds = [re.findall("<blockquote expandable>(.*?)</blockquote>", part.html, re.DOTALL) for part in parts]
    assert len(parts) > 2
    assert all(part.html.count("blockquote") == 2 * len(fold) <= 2 for part, fold in zip(parts, folds, strict=True))
    folded = "".join(text for fold in folds for text in fold)
    assert folded.count("Mention") == 40
    assert "Sujet" not in folded
    assert all(
        part.html.replace(fold[0], "").count("Mention") == 0 for part, fold in zip(parts, folds, strict=True) if fold
    )


def test_a_section_that_goes_on_says_so() -> None:
    items = tuple(about(item(n, score=9, title=f"Titre {n} " + "é" * 100)) for n in range(60))
    parts = digest(Window(items, read=60), WATCHLISTS, "fr", PARIS, DAILY)
    assert read(parts[1].html).text.splitlines()[1:3] == ["", "Hébergement des données de santé (suite)"]


ANY = st.text(st.characters(), max_size=300) | st.sampled_from(
    ["<&>\"'" * 40, "\ud800" * 9, "{x} %s", "\u202e\u200b", "x" * 9000]
)


@st.composite
def stories(draw: st.DrawFn) -> StoredArticle:
    return article(
        title=draw(ANY),
        summary=draw(ANY),
        text=draw(ANY),
        source_name=draw(ANY),
        url=draw(ANY | st.builds("https://a.example/{}".format, ANY)),
        policy=draw(st.sampled_from(["page", "feed", "summary"])),
        flags=draw(st.sampled_from([(), ("paywalled",), ("robots",)])),
    )


@st.composite
def matched(draw: st.DrawFn) -> DigestItem:
    story = draw(stories())
    terms = [story.text[2:9], story.summary[:5], story.title[1:3]]
    names = draw(st.lists(st.sampled_from([*WATCHLISTS, "étrange<"]), min_size=1, max_size=4, unique=True))
    return DigestItem(story, tuple(match(story, name, terms) for name in names), draw(st.booleans()))


@given(matched(), ANY, st.sampled_from(["fr", "en"]))
@settings(max_examples=40)
def test_no_article_makes_a_flash_that_telegram_refuses(held: DigestItem, name: str, language: str) -> None:
    lists = {**WATCHLISTS, "hds": Watchlist("hds", name, name, "flash", 1, "000000", ())}
    read(render.flash(held.article, held.matches, lists, language, PARIS).html)


@given(st.lists(matched(), max_size=25), ANY)
@settings(max_examples=12)
def test_no_window_makes_a_digest_that_telegram_refuses(items: list[DigestItem], name: str) -> None:
    lists = {**WATCHLISTS, "hds": Watchlist("hds", name, name, "flash", 1, "000000", ())}
    for part in digest(Window(tuple(items), read=99), lists, "fr", PARIS, DAILY):
        assert len(read(part.html).text) <= 3_900


@given(st.text(max_size=400), st.integers(0, 399), st.integers(1, 60))
@settings(max_examples=40)
def test_a_passage_is_at_most_two_hundred_characters(text: str, start: int, length: int) -> None:
    found = text[start : start + length]
    story = article(text=text)
    hit = Hit("x", None, "text", start, start + len(found), found)
    held = replace(match(story), hits=(hit,))
    shown = passage(story, held, "fr")
    assert not shown or len(read(shown).text) <= 200 + len("«\u00a0\u00a0»")


def test_a_flash_names_its_event() -> None:
    story = article()
    held = replace(match(story), news="obtient")
    told = render.flash(story, (held,), WATCHLISTS, "fr", PARIS, render.Manner())
    assert "fait\u00a0: «\u00a0obtient\u00a0»" in told.html


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u202f\u00a0", "\u2003", "\u3000"])
def test_a_title_that_shows_nothing_is_said_to_be_none(blank: str) -> None:
    assert read(render.title(article(title=blank, url="https://fil.example/1"), "fr")).text == "Sans titre"
