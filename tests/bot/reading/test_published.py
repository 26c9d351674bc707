"""A date is the article's own, vouched for, or none."""

from datetime import UTC, datetime

import pytest

from bot.feeds.dates import PARIS
from bot.reading.page import read_page
from tests.bot.reading.pages import BODY, ld, page

NOW = datetime(2026, 11, 28, tzinfo=UTC)
H1 = "<h1>Valmorin choisit son hébergeur</h1>"


def day(body: str, head: str = "", url: str = "https://exemple.fr/a") -> str | None:
    dated = read_page(page(body, head), url=url, now=NOW).meta.date.dated
    return dated and dated.moment.astimezone(PARIS).date().isoformat()


@pytest.mark.parametrize(
    "name",
    ["article:published_time", "dc.date", "DC.date.issued", "dcterms.issued", "dcterms.created",
     "citation_publication_date",
     "datePublished", "publish-date", "parsely-pub-date", "date", "published-date", "datePublication"],
)  # fmt: skip
def test_a_meta_element_of_publication_is_read(name: str) -> None:
    assert day(H1 + BODY, f'<meta name="{name}" content="2026-03-04T09:00:00+01:00">') == "2026-03-04"
    assert day(H1 + BODY, f'<meta itemprop="{name}" content="2026-03-04">') == "2026-03-04"


@pytest.mark.parametrize(
    "line",
    [
        "Publié le 4 mars 2026", "Mis en ligne le 4 mars 2026 à 14h05", "Publié le mercredi 4 mars 2026 à 9 h 30",
        "4 mars 2026", "04/03/2026", "Le 04.03.2026", "Par Anne Lys, le 4 mars 2026", "Paris, le 4 mars 2026",
        "Publié le 4 mars 2026 - Mis à jour le 9 mars 2026", "Mis à jour le 9 mars 2026, publié le 4 mars 2026",
        "En ligne depuis le 4 mars 2026",
        "Communiqué de presse du 4 mars 2026", "Actualité | 4 mars 2026", "Date de publication : 04/03/2026",
        "Publié le 04/03/26", "JORF n°0053 du 4 mars 2026, texte n° 12", "Publié au Journal officiel du 4 mars 2026",
        "Rédigé le 04/03/26",
        "<time datetime='2026-03-04'>mercredi</time>", "Publié le <time datetime='2026-03-04T08:00'>4 mars</time>",
    ],
)  # fmt: skip
def test_the_line_under_the_title_dates_the_article(line: str) -> None:
    assert day(f"{H1}<p class='meta'>{line}</p>{BODY}") == "2026-03-04"


@pytest.mark.parametrize(
    "line",
    [
        "Mis à jour le 9 mars 2026", "Du 12 au 14 mars 2026", "Avant le 4 mars 2026", "Arrêté du 4 mars 2026",
        "Décret n° 2026-12 du 4 mars 2026", "Prochaine réunion le 4 mars 2026", "Date limite : 4 mars 2026",
        "Entrée en vigueur le 4 mars 2026", "Consulté le 4 mars 2026", "4 mars 2099", "31/02/2026",
    ],
)  # fmt: skip
def test_another_day_near_the_title_does_not(line: str) -> None:
    assert day(f"{H1}<p>{line}</p>{BODY}") is None


@pytest.mark.parametrize(
    "before",
    ["<p>{}</p>", "<div><p>Actualité</p><p>{}</p></div>", "<p class='date'>{}</p><p>Numérique</p>",
     "<span>Recherche</span> <span>{}</span>"],
)  # fmt: skip
def test_a_date_above_the_title_in_its_box_dates_it(before: str) -> None:
    assert day(f"<article>{before.format('4 mars 2026')}{H1}{BODY}</article>") == "2026-03-04"


def test_a_rule_ends_the_line_that_dates_a_page_made_for_printing() -> None:
    table = f"<table><tr><td><b>Valmorin choisit son hébergeur</b><br>4 mars 2026<hr>{BODY}</td></tr></table>"
    assert day(table) == "2026-03-04"


TICKER = "<ul>" + "".join(
    f"<li><time datetime='2026-11-2{n}'>9 h</time><a href='/{n}'>Titre {n}</a></li>" for n in range(4)
)
CARDS = "".join(f"<div class='c'><a href='/{n}'>Titre {n}</a><p>Publié le {n + 1} mai 2026</p></div>" for n in range(3))
REMARK = "<div id='comments'><div class='comment'><time datetime='2026-11-01'>hier</time><p>Oui.</p></div></div>"


@pytest.mark.parametrize(
    "body",
    [
        f"{TICKER}</ul>{H1}{BODY}", f"{H1}{TICKER}</ul>{BODY}", f"{H1}{BODY}{CARDS}", f"{H1}{BODY}{REMARK}",
        f"<aside><time datetime='2026-11-01'>hier</time></aside>{H1}{BODY}",
        f"<header><span class='jour'>samedi 28 novembre 2026</span></header><main>{H1}{BODY}</main>",
        f"<header>samedi 28 novembre 2026</header>{H1}{BODY}", f"<div>28/11/2026</div>{H1}{BODY}",
        f"<div class='top'><p>28/11/2026</p></div><div>{H1}{BODY}</div>",
        f"{H1}{BODY}<footer><p>Publié le 4 mai 2026</p></footer>",
        f"{H1}<p>La loi a été votée le 4 mars 2026 par les députés, qui en ont débattu toute la nuit.</p>{BODY}",
    ],
    ids=range(11),
)  # fmt: skip
def test_a_neighbour_never_dates_it(body: str) -> None:
    assert day(body) is None


def test_the_dateline_of_a_press_release_dates_it() -> None:
    rest = "la ville a retenu un hébergeur certifié pour ses dossiers de santé, au terme d’une consultation. " * 2
    assert day(f"{H1}<p>Valmorin-sur-Orne, le 4 mars 2026 – {rest}</p>{BODY}") == "2026-03-04"
    assert day(f"{H1}<p>Réunis à Valmorin, les élus ont voté le 4 mars 2026 : {rest}</p>{BODY}") is None
    assert day(f"{H1}<p>Valmorin, le 4 mars 2026, en a décidé ainsi : {rest}</p>{BODY}") is None


def test_a_label_at_the_end_dates_it_where_it_stands_once() -> None:
    assert day(f"{H1}{BODY}<p>Publié le 4 mars 2026</p>") == "2026-03-04"
    assert day(f"{H1}{BODY}<p>Publié le 4 mars 2026</p><p>Publié le 5 mars 2026</p>") is None


def test_a_label_may_stand_in_the_box_before_its_date() -> None:
    below = "<div><h4>Date de publication :</h4><div>4 mars 2026</div></div>"
    assert day(f"{H1}{BODY}{below}") == "2026-03-04"
    assert day(f"{H1}{BODY}{below.replace('Date de publication', 'Prochaine réunion')}") is None


@pytest.mark.parametrize("margin", ["footer", "aside", "header", "div class='social'"])
def test_a_margin_of_the_articles_own_between_title_and_text_dates_it(margin: str) -> None:
    line = f"<{margin}>4 mars 2026</{margin.split()[0]}>"
    assert day(f"<article>{H1}{line}{BODY}</article>") == "2026-03-04"
    assert day(f"<article>{H1}{BODY}</article>{line}") is None


def test_a_title_that_is_no_h1_has_its_date_beside_it() -> None:
    title = "<title>Valmorin choisit son hébergeur</title>"
    assert day(f"<p>Valmorin choisit son hébergeur</p><p>4 mars 2026</p>{BODY}", title) == "2026-03-04"


def test_the_first_date_that_can_be_true_wins() -> None:
    head = ld(headline="Valmorin choisit son hébergeur", datePublished="1970-01-01")
    assert day(f"{H1}<p>Publié le 4 mars 2026</p>{BODY}", head) == "2026-03-04"


def test_an_address_that_holds_a_day_dates_its_page_last() -> None:
    assert day(H1 + BODY, url="https://exemple.fr/2026/03/04/a.html") == "2026-03-04"
