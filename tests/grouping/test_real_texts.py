"""What pages of the press hold beside their event: outlet, signature, photographs, the event before; and strangers."""

import pytest

from matchers.engine.engine import Engine
from matchers.stories import steps, topics
from matchers.stories.grouping import Grouping
from tests.grouping.builders import grouped
from tests.grouping.test_events import told


@pytest.mark.parametrize(
    ("title", "site", "heading"),
    [
        ("Une panne bloque les péages - Sud-Littoral", "sud-littoral.example", "Une panne bloque les péages"),
        ("Une panne bloque les péages | L’Écho-Rural", "lecho-rural.example", "Une panne bloque les péages"),
        ("Fuite au sous-sol - peut-être grave", "lecho.example", "Fuite au sous-sol - peut-être grave"),
    ],
)
def test_an_outlet_with_a_hyphen_is_no_word_of_a_title(title: str, site: str, heading: str) -> None:
    assert topics.heading(title, site) == heading


@pytest.mark.parametrize(
    ("lead", "unsaid", "said"),
    [
        (
            "Publié le 12 mars 2026 à 09:40 par Odile Verdon. La mairie de Brévigny ferme.",
            {"odil", "verdon"},
            "brévigny",
        ),
        ("Photo : Marc Tillard / Agence Borne\nLa mairie de Brévigny ferme.", {"tillard", "born"}, "brévigny"),
        ("La mairie est touchée après celle qui a frappé Lancenay en mai. Brévigny ferme.", {"lancenay"}, "brévigny"),
    ],
)
def test_who_signs_and_who_was_hit_before_are_no_names_of_the_event(lead: str, unsaid: set[str], said: str) -> None:
    topic = topics.read("La mairie ferme", lead, (), Grouping())
    words = {*topic.title, *topic.lead, *topic.names, *topic.openers}
    assert topics.stem(said) in words
    assert not words & {topics.stem(each) for each in unsaid}


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("Un homme de 40 ans arrêté après la cyberattaque du port", "arrest"),
        ("La police arrête deux jeunes pirates après l’attaque du musée", "arrest"),
        ("Cyberattaque du port : le projet est arrêté", "attack"),
        ("Deux ingénieurs plaident coupable d’avoir piraté un port", "trial"),
        ("Pékin exhorte Bruxelles à revoir son règlement", "react"),
    ],
)
def test_who_is_arrested_pleads_or_answers_is_a_step_of_its_own(title: str, step: str) -> None:
    assert steps.step(title) == step


STRANGERS = (
    (
        "Le port de Lancenay victime d’une cyberattaque « très habile »",
        "Une cyberattaque a visé les services du port, a expliqué la direction, qui parle d’un incident.",
    ),
    (
        "La Ligue de Tir à l’arc victime d’une cyberattaque « massive »",
        "Une cyberattaque a visé les services de la ligue, a expliqué sa présidente, qui parle d’un incident.",
    ),
)


def test_two_victims_who_share_nothing_but_ordinary_words_are_two_even_in_a_quiet_week(engine: Engine) -> None:
    first, second = grouped(engine, told(STRANGERS))
    assert second["story"] != first["story"]
    assert second["answer"] == "apart"


def test_what_another_one_says_of_a_decision_is_another_event_the_same_day(engine: Engine) -> None:
    lead = "Le texte écarte les grues sud-américaines des chantiers publics"
    texts = (
        ("Bruxelles durcit son règlement sur les ponts mobiles", f"{lead}."),
        (
            "Le Chili exhorte Bruxelles à revoir son règlement sur les ponts mobiles",
            f"{lead}, ce que Santiago regrette.",
        ),
        ("Bruxelles durcit son règlement sur les ponts mobiles, les élus protestent", f"{lead}."),
    )
    first, answered, again = grouped(engine, told(texts, hours=1))
    assert answered["story"] != first["story"]
    assert again["story"] == first["story"]


@pytest.mark.parametrize(
    ("title", "several"),
    [
        ("PortHebdo du 3 avril : encore une semaine agitée", True),
        ("Ports : les 12 actualités majeures du 3 avril", True),
        ("Le Port Hebdo lance une offre", False),
        ("Les 12 communes du Brévin s’unissent", False),
    ],
)
def test_a_weekly_list_tells_several_events(title: str, several: bool) -> None:
    assert topics.is_roundup(title) is several
