"""Who is a witness of his own: not a title of the same house, a portal, nor whoever tells what another found."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digest import living
from bot.messages.markup import visible
from matchers.engine.engine import Engine
from matchers.stories.newsrooms import credited, house, is_of, is_portal
from tests.grouping.builders import grouped, prose
from tests.grouping.world import LEADS, World, opened

TITLE = "Nébulis obtient la qualification SecNumCloud"
OWN = ("une.example", "deux.example", "trois.example", "quatre.example", "cinq.example", "six.example")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


def milestones(world: World, hosts: tuple[str, ...], hours: float = 1, credit: str = "") -> list[str]:
    found = []
    for n, host in enumerate(hosts):
        world.now += timedelta(hours=hours)
        world.article(
            n,
            f"{TITLE}, site {'abcdefgh'[n]}",
            prose(n, 60),
            summary=f"{LEADS[n]} {credit}",
            host=host,
            published=world.now,
        )
        found += [visible(message.html) for lane, message, _ in world.send() if lane == "flash"]
    return [text for text in found if "textes indépendants" in text]


def test_five_newsrooms_are_five_witnesses(world: World) -> None:
    assert len(milestones(world, OWN)) == 1


def test_titles_of_one_house_are_one_witness(world: World) -> None:
    assert (
        milestones(world, ("dna.fr", "lalsace.fr", "leprogres.fr", "vosgesmatin.fr", "lejsl.com", "bienpublic.com"))
        == []
    )


def test_a_portal_is_no_witness(world: World) -> None:
    assert milestones(world, (*OWN[:3], "fr.news.yahoo.com", "actu.orange.fr", "msn.com")) == []


def test_those_who_tell_what_one_outlet_found_are_one_witness(world: World) -> None:
    assert milestones(world, OWN, credit="Selon Mediapart.") == []


def test_what_comes_days_later_tells_a_later_step(world: World) -> None:
    assert milestones(world, OWN, hours=20) == []


def test_a_milestone_that_an_authority_reached_is_told_by_the_next_text(world: World) -> None:
    (told,) = milestones(world, (*OWN[:4], "cyber.gouv.fr", OWN[5]))
    assert f"{living.MILESTONES[0] + 1} textes indépendants" in told


def test_the_menu_of_a_site_makes_no_copies(engine: Engine) -> None:
    menu = "Accueil Actualités Agenda Emploi Annuaire Contact Se connecter. " + prose("menu", 90)
    titles = ("La clinique du Vallon change de logiciel", "Bruxelles révise sa doctrine sur les satellites")
    one, other = grouped(engine, [article(title, menu, n) for n, title in enumerate(titles)])
    assert (one["duplicate_of"], other["duplicate_of"]) == (None, None)


def article(title: str, text: str, n: int) -> dict[str, str]:
    return {
        "id": str(n),
        "title": title,
        "text": text,
        "url": f"https://site.example/{n}",
        "published": f"2026-11-1{n}T08:00:00Z",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("D’après les informations du Parisien, la base a fui.", ("parisien",)),
        ("Bloomberg révèle l’intrusion.", ("bloomberg",)),
        ("La fuite a été révélée par nos confrères de Libération.", ("liberation",)),
        ("(Avec AFP) L’hôpital est fermé.", ("AFP",)),
        ("Le monde de la santé s’inquiète.", ()),
        ("Le groupe Capital Santé lève des fonds.", ()),
    ],
)
def test_who_is_credited(text: str, found: tuple[str, ...]) -> None:
    assert credited(text) == found


def test_sites_and_their_houses() -> None:
    assert house("c.lalsace.fr") == house("dna.fr") != house("une.example") == "une.example"
    assert is_of("parisien", "leparisien.fr")
    assert not is_of("monde", "lemondeinformatique.fr")
    assert is_portal("actu.orange.fr")
    assert not is_portal("lorange.fr")
