"""What comes next in an affair, and whom it reaches next, is an event of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matchers.engine.engine import Engine
from matchers.stories import topics
from matchers.stories.grouping import Grouping
from tests.grouping.builders import grouped

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
Text = tuple[float, str, str]
"""Hours after Monday at nine, title, lead."""


def answers(engine: Engine, texts: Sequence[Text]) -> list[dict[str, Any]]:
    lines = [
        {
            "id": n,
            "url": f"https://journal{n}.example/{n}",
            "title": title,
            "summary": lead,
            "published": (MONDAY + timedelta(hours=hours)).isoformat(),
        }
        for n, (hours, title, lead) in enumerate(texts)
    ]
    return grouped(engine, lines)


def stories(engine: Engine, texts: Sequence[Text]) -> list[Any]:
    return [each["story"] for each in answers(engine, texts)]


def test_a_story_retold_until_the_evening_is_not_joined_by_the_next_days_step(engine: Engine) -> None:
    texts = (
        (0, "L’hôpital de Bréhignac frappé par un rançongiciel", "Les admissions se font sur papier depuis la nuit."),
        (2.5, "Bréhignac : l’hôpital coupe son réseau", "L’ARS aide l’établissement après l’attaque informatique."),
        (9.5, "Rançongiciel à l’hôpital de Bréhignac", "La direction renvoie vers le 15 avant toute venue."),
        (
            25,
            "Hôpital de Bréhignac : le gang Orkal revendique l’attaque",
            "Les pirates posent un ultimatum de huit jours.",
        ),
    )
    assert len(set(stories(engine, texts)[:3])) == 1
    assert stories(engine, texts)[3] == 3


def test_a_ruling_is_another_event_than_the_day_set_for_it(engine: Engine) -> None:
    texts = (
        (0, "Volterre : le tribunal de Bobigny met sa décision en délibéré", "Les cadres gardent 300 emplois."),
        (72, "Meubles : Volterre en liquidation judiciaire", "Le tribunal de Bobigny écarte les cadres."),
    )
    assert stories(engine, texts) == [0, 1]


def test_a_receivership_and_the_liquidation_that_ends_it_are_two(engine: Engine) -> None:
    texts = (
        (0, "Volterre placé en redressement judiciaire", "Le fabricant de meubles a 640 emplois à Bobigny."),
        (200, "Volterre placé en liquidation judiciaire", "À Bobigny, aucun repreneur n’a gardé les 640 emplois."),
    )  # fmt: skip
    assert stories(engine, texts) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La Fédération française de golf victime d’une fuite", "La Fédération française de judo victime d’une fuite"),
        ("Union nationale des avoués : des données dérobées", "Union nationale des notaires : des données dérobées"),
    ],
)  # fmt: skip
def test_two_bodies_of_one_kind_are_told_apart_by_what_they_are_of(engine: Engine, one: str, other: str) -> None:
    texts = [(0, one, "Les noms des adhérents ont été copiés, une plainte est déposée.")]
    assert stories(engine, [*texts, (5, other, "Noms et courriels des adhérents ont été copiés.")]) == [0, 1]


def test_a_body_is_known_by_what_it_is_of() -> None:
    topic = topics.read("Golf : la Fédération française de golf piratée", "", (), Grouping())
    assert "^feder golf" in topic.actors
    assert "^golf" in topic.said
    assert "feder" not in topic.names


def test_an_authority_that_does_the_same_again_needs_a_word_of_what_it_is_about(engine: Engine) -> None:
    """What it says on its own site is of itself: its name and its trade are no event."""
    lines = [
        {"id": n, "url": f"https://www.cnil.fr/{n}", "title": title, "summary": lead, "published": f"2026-11-{17 + n}"}
        for n, (title, lead) in enumerate(
            (
                ("Jouets connectés : recommandations sur le chiffrement", "Deux fiches achèvent le cycle de 2024."),
                ("Les plaintes et mises en demeure : bilan annuel", "Le nombre de dossiers a doublé."),
                ("Jouets connectés : bilan de la consultation", "Le chiffrement est salué."),
            )
        )
    ]
    assert [each["story"] for each in grouped(engine, lines[:2])] == [0, 1]
    assert [each["story"] for each in grouped(engine, lines[::2])] == [0, 0]


OFFERS = (("Ondaria", "Granit"), ("Velkor", "Basalte"), ("Calmont", "Schiste"), ("Orzy", "Gneiss"))
PROVIDER = (
    (0.0, "Mirandole, éditeur de logiciels d’agences, victime d’un piratage", "Le rennais équipe des réseaux."),
    (2.0, "Piratage de Mirandole, fournisseur des agences", "L’éditeur rennais a fermé ses logiciels."),
)  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "Immobilier : Castelane touchée par le piratage de son fournisseur Mirandole",
        "Après Castelane, le notariat victime du piratage de Mirandole",
        "Piratage de Mirandole : Castelane prévient ses locataires",
    ],
)
def test_a_customer_newly_hit_through_a_provider_is_told(engine: Engine, title: str) -> None:
    text = (26.0, title, "L’éditeur rennais Mirandole équipe ses agences, 84 000 dossiers ont été copiés.")
    found = answers(engine, (*PROVIDER, text))
    assert [each["story"] for each in found] == [0, 0, 2]
    assert found[2]["answer"] == "doubt"


@pytest.mark.parametrize(
    "title", ["Mirandole victime d’un piratage", "Des locataires touchés par le piratage de Mirandole"]
)
def test_the_provider_itself_or_nobody_in_particular_is_not_newly_hit(engine: Engine, title: str) -> None:
    text = (4.0, title, "L’éditeur rennais de logiciels d’agences a fermé ses accès.")
    assert stories(engine, (*PROVIDER, text)) == [0, 0, 0]


def test_a_figure_of_both_titles_on_one_firm_is_of_one_event(engine: Engine) -> None:
    texts = (
        (0, "Amazon supprime 17 400 postes", "C’est la troisième vague en un an."),
        (1, "17 400 départs annoncés chez Amazon", "Une chasse aux strates, dit la direction."),
    )
    assert stories(engine, texts) == [0, 0]
    other = (1.0, "Microsoft supprime 17 400 postes", "Une réorganisation, dit la direction.")
    assert stories(engine, (texts[0], other)) == [0, 1]


def test_one_deed_of_one_firm_is_one_event_where_deeds_of_the_kind_are_the_subject(engine: Engine) -> None:
    """By then the kind of deed says nothing, and the name alone is left."""
    others = [
        (24.0 * n, f"{name} obtient la qualification SecNumCloud", f"L’offre {offer} est visée pour trois ans.")
        for n, (name, offer) in enumerate(OFFERS)
    ]  # fmt: skip
    pair = (
        (200.0, "Tavelis décroche SecNumCloud", "Le petit hébergeur voit ses efforts récompensés."),
        (201.0, "Le toulonnais Tavelis qualifié SecNumCloud", "L’agence a signé vendredi la décision de l’entreprise."),
    )
    found = stories(engine, (*others, *pair))
    assert found[-1] == found[-2]


def test_one_plain_word_and_a_stranger_in_the_title_make_nobody_doubt(engine: Engine) -> None:
    texts = (
        (0, "Brévigny : Odile Marchal élue maire", "Le conseil a voté au premier tour avant les municipales."),
        (14, "Municipales à Brévigny : Hugo Ternel investi par le Centre", "L’ancien notaire conduira une liste."),
    )
    assert answers(engine, texts)[1]["answer"] == "apart"
