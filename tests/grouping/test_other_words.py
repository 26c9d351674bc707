"""One event in other words: round figures, a town by its people; and what everybody cites is no evidence of one."""

import pytest

from matchers.engine.engine import Engine
from matchers.stories import topics
from matchers.stories.grouping import Grouping
from tests.grouping.builders import grouped
from tests.grouping.test_events import parts, told

ROUNDED = (
    (
        ("Télévéto : un groupe revendique le vol de fiches", "Plus de 300 000 maîtres seraient concernés."),
        ("Télévéto confirme un piratage majeur", "La plateforme reconnaît que 285.000 maîtres sont touchés."),
    ),
    (
        ("Intrusion chez Alpidis : 491 840 dossiers", "L’éditeur a prévenu la Cnil."),
        ("Alpidis : près d’un demi-million de dossiers piratés", "Un forum propose le fichier."),
    ),
)


@pytest.mark.parametrize(("one", "other"), ROUNDED)
def test_a_figure_told_in_round_numbers_is_the_same_figure(
    engine: Engine, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert parts(grouped(engine, told((one, other), hours=9))) == [[0, 1]]


def test_another_figure_is_another_one(engine: Engine) -> None:
    texts = (
        ("Alpidis confirme une intrusion", "L’éditeur évoque 758 912 patients."),
        ("Medilia confirme une intrusion", "L’éditeur évoque 750 000 patients."),
    )
    assert parts(grouped(engine, told(texts, hours=9))) == [[0], [1]]


def test_the_evidence_names_the_figure_as_the_text_writes_it(engine: Engine) -> None:
    _, answer = grouped(engine, told(ROUNDED[1], hours=9))
    assert "un demi-million" in answer["reason"]["words"]


@pytest.mark.parametrize(
    ("people", "place"),
    [
        ("L’hôpital rennais coupé du réseau", "Rennes"),
        ("Le centre hospitalier bisontin coupé du réseau", "Besançon"),
        ("Une clinique ruthénoise à l’arrêt", "Rodez"),
        ("La plateforme stéphanoise, ou bretonne", "Bretagne"),
        ("Les hôpitaux belges alertés", "Belgique"),
        ("Le régulateur irlandais sévit", "Irlande"),
    ],
)
def test_what_is_of_a_place_names_the_place(people: str, place: str) -> None:
    assert topics.stem(place) in topics.read(people, "", (), Grouping()).title


def test_the_hospital_of_a_town_is_that_of_its_people(engine: Engine) -> None:
    texts = (
        ("Cyberattaque au centre hospitalier de Besançon", "Le réseau a été coupé dans la nuit."),
        ("L’hôpital bisontin attaqué par des pirates", "Les soins continuent sans le réseau."),
    )
    assert parts(grouped(engine, told(texts, hours=5))) == [[0, 1]]


CITED = (  # one programme of hospitals, cited by the events of a week
    ("Hôpitaux : la cybersécurité reste fragile, selon la Cour des comptes", "Elle demande de prolonger CaRE."),
    ("Cybersécurité : l’ARS Lorraine aide 12 hôpitaux", "Trois millions d’euros pour le programme CaRE."),
    ("Cybersécurité des hôpitaux : l’ANSSI écrit un guide", "Il reprend les exigences du programme CaRE."),
    ("Cybersécurité : deux hôpitaux partagent leurs serveurs", "Le programme CaRE paie le déménagement."),
)


def test_a_programme_that_everybody_cites_makes_no_one_event_in_a_hot_week(engine: Engine) -> None:
    assert parts(grouped(engine, told(CITED, hours=6))) == [[0], [1], [2], [3]]
