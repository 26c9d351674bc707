"""Days that an authority sets: each kind in its words, and each reason to abstain."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from matchers.acts.deadlines import deadlines, sets_deadlines
from matchers.official import may_be_official
from matchers.sites import host

PUBLISHED = date(2026, 11, 23)


def _cases() -> Iterator[tuple[str, list[str]]]:
    for line in Path(__file__).with_name("deadlines.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            text, _, wanted = line.rpartition(" | ")
            yield text.removesuffix(" |"), [wanted] if wanted else []


def told(text: str, published: date = PUBLISHED, act: date | None = None, language: str = "fr") -> list[str]:
    found = deadlines(text, published, official=True, language=language, act_published=act)
    return [" ".join(filter(None, (each.day.isoformat(), each.kind, each.time))) for each in found]


@pytest.mark.parametrize(("text", "wanted"), list(_cases()))
def test_a_text_sets_this_day_or_none(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


def test_the_press_sets_no_day() -> None:
    assert not [text for text, _ in _cases() if deadlines(text, PUBLISHED, official=False)]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("le lendemain de sa publication", "2026-11-21"),
        ("le jour suivant celui de sa publication", "2026-11-21"),
        ("le vingtième jour suivant celui de sa publication", "2026-12-10"),
        ("le premier jour du quatrième mois suivant sa publication", "2027-03-01"),
        ("à compter du premier jour du deuxième mois suivant celui de la publication du présent décret", "2027-01-01"),
        ("le premier jour du mois suivant sa publication", "2026-12-01"),
        ("le premier jour du trimestre civil qui suit sa publication", "2027-01-01"),
        ("au lendemain de la publication du décret", "2026-11-21"),
        ("trois mois après sa date de publication", "2027-02-20"),
        ("dix-huit mois après sa publication au Journal officiel", "2028-05-20"),
        ("30 jours après sa publication", "2026-12-20"),
    ],
)
def test_a_relative_day_is_counted_from_the_act_and_from_nothing_else(words: str, day: str) -> None:
    text = f"Le présent règlement entre en vigueur {words}."
    assert told(text, date(2026, 11, 20), date(2026, 11, 20)) == [f"{day} in_force"]
    assert told(text) == []


def test_a_duty_is_counted_from_the_act_as_well_and_a_month_that_is_too_short_gives_its_last_day() -> None:
    text = "Les hébergeurs mettent à jour leurs contrats dans un délai de trois mois à compter de sa publication."
    assert told(text, date(2026, 11, 30), date(2026, 11, 30)) == ["2027-02-28 compliance"]
    assert told(text) == []
    designated = "Les hébergeurs déclarent leurs sites dans un délai de trois mois à compter de leur désignation."
    assert told(designated, date(2026, 11, 30), date(2026, 11, 30)) == []


def test_the_union_s_twentieth_day_is_counted_in_english_too() -> None:
    text = "This Regulation shall enter into force on the twentieth day following that of its publication."
    assert told(text, date(2026, 11, 20), date(2026, 11, 20), "en") == ["2026-12-10 in_force"]


def test_a_period_of_feedback_gives_its_end() -> None:
    text = "Feedback period: 24 November 2026 - 19 January 2027"
    assert told(text, language="en") == ["2027-01-19 consultation"]


def test_a_day_without_its_year_is_the_next_one_within_nine_months() -> None:
    assert told("Consultation ouverte jusqu'au 11 janvier") == ["2027-01-11 consultation"]
    assert told("Consultation ouverte jusqu'au 11 octobre") == []


def test_figures_in_an_english_text_are_no_day() -> None:
    assert told("The consultation is open until 05/01/2027", language="en") == []


def test_a_past_day_and_a_day_that_a_range_begins_with_are_none() -> None:
    assert told("Consultation ouverte jusqu'au 22 novembre 2026") == []
    assert told("Consultation ouverte du 1er décembre au 9 décembre 2026") == ["2026-12-09 consultation"]


def test_the_bulletin_of_buyers_sets_days_and_a_name_that_ends_alike_does_not() -> None:
    assert sets_deadlines("www.boamp.fr")
    assert sets_deadlines("www.cnil.fr")
    assert not sets_deadlines("moncnil.fr")


@pytest.mark.parametrize(
    ("url", "may_be"),
    [
        ("https://www.cnil.fr/fr/x", True),
        ("HTTPS://CNIL.FR:443?x", True),
        ("https://lecteur@cnil.fr/", True),
        ("https://\uff43nil.fr/", True),
        ("https://www.boamp.fr", True),
        ("https://sante.gouv.fr.#x", True),
        ("https://moncnil.fr/cnil.fr", False),
        ("https://exemple.fr/boamp.fr/", False),
        ("https://CNIL.fr.:443/x", True),
        ("", False),
    ],
)
def test_an_address_that_may_be_an_authority_is_never_passed_over(url: str, may_be: bool) -> None:
    assert may_be_official(url) is may_be
    assert may_be or not sets_deadlines(host(url))


@pytest.mark.parametrize("text", ["jusqu'au " * 5_000, "1er janvier " * 1_000, "consultation le " * 5_000])
def test_a_text_that_promises_days_is_read_to_its_end(text: str) -> None:
    assert told(text + "fin") == []


@pytest.mark.parametrize(
    "counted", ["le lendemain de sa publication", "le premier jour du deuxième mois suivant sa publication"]
)
@pytest.mark.parametrize("day", ["1er décembre 9999", "31 décembre 9999"])
def test_nothing_is_counted_from_a_gazette_that_cannot_be_out(counted: str, day: str) -> None:
    assert told(f"Le texte publié au JO du {day} entre en vigueur {counted}.") == []
    assert told(f"Le texte entre en vigueur {counted}.", act=date.max) == []


def test_a_table_without_a_full_stop_is_told_by_the_words_around_its_day() -> None:
    rows = ("Consultation sur un référentiel, dossier suivant, rubrique ouverte " * 30) + "projet"
    found = deadlines(f"{rows[:-6]}jusqu'au 4 décembre 2026 {rows[:-6]}", PUBLISHED, official=True)
    (only,) = found
    assert "jusqu'au 4 décembre 2026" in only.text
    assert len(only.text) <= 400
    assert only.text.split()[0] in rows.split()
    assert only.text.split()[-1] in rows.split(), "words are whole"
    many = deadlines("jusqu'au 3 mars 2027 consultation " * 500, PUBLISHED, official=True)
    assert [len(each.text) <= 400 for each in many] == [True]


ELSEWHERE = (
    *("sera présentée au comité le", "fera l'objet d'une synthèse avant le", "alimentera un rapport remis avant le"),
    *("sera présentée au plus tard le", "est consultable en ligne jusqu'au", "concerne les contrats signés avant le"),
    *("porte sur la période du 1er janvier 2026 au", "couvre les données produites jusqu'au", "est financée jusqu'au"),
    *("sera transmise au Conseil d'État avant le", "est décrite dans la note du", "sera archivée jusqu'au"),
)


@pytest.mark.parametrize("subject", ["La consultation", "Les contributions", "L'arrêté", "L'audience", "Le certificat"])
def test_what_else_happens_on_a_day_is_no_deadline_of_what_it_happens_to(subject: str) -> None:
    assert [each for each in ELSEWHERE if told(f"{subject} {each} 15 janvier 2027.")] == []


OTHERS = (
    "La CNIL publiera",
    "Le comité étudie",
    "Bilan de",
    "La ministre remettra un rapport sur",
    "Le service prépare",
)


@pytest.mark.parametrize(
    "thing",
    [
        *(
            "la consultation publique avant le",
            "les contributions reçues au plus tard le",
            "l'expérimentation avant le",
        ),
        *("l'entrée en vigueur du décret le", "la remise des offres le", "l'audience du tribunal le"),
        *("la mise en conformité des hébergeurs d'ici au", "la clôture de l'enquête publique le"),
        *("l'arrêté applicable le", "la fin de validité des certificats le"),
    ],
)
def test_a_day_on_which_somebody_does_something_with_a_thing_is_none_of_the_thing(thing: str) -> None:
    assert [who for who in OTHERS if told(f"{who} {thing} 15 janvier 2027.")] == []


def test_of_a_day_that_is_moved_only_the_new_one_counts_wherever_the_old_one_stands() -> None:
    moved = "Lot 2 : la date limite de réception des offres, fixée au 9 décembre 2026, est avancée au 7 décembre 2026."
    assert told(moved) == ["2026-12-07 tender"]
    assert told("L'audience prévue le 2 décembre 2026 est renvoyée à une date ultérieure.") == []
