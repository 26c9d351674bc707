"""What the starter configuration promises."""

from datetime import timedelta

import pytest

from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.config.settings import starter
from matchers.model import Article

AFFAIR = Article(
    title="Données de santé : le feu vert donné à Microsoft",
    text="Le 31 janvier 2024, l'autorisation de la CNIL a permis au Health Data Hub (GIP PDS) d'héberger l'entrepôt "
    "EMC2 sur Microsoft Azure pendant trois ans. Leviia et son cofondateur William Méauzoone protestent : aucune "
    "qualification SecNumCloud n'a été délivrée par l'ANSSI à cette offre.",
)


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    loaded = load(starter())
    assert isinstance(loaded, Configuration), "\n".join(map(str, loaded))
    return loaded


def test_it_follows_at_least_sixty_sources(configuration: Configuration) -> None:
    assert sum(feed.enabled for feed in configuration.feeds) >= 60


def test_every_source_says_who_it_is_and_how_often_to_ask(configuration: Configuration) -> None:
    for feed in configuration.feeds:
        assert feed.name
        assert feed.category
        assert feed.language in ("fr", "en")
        least, most = feed.every or feed.least, feed.every or feed.most
        assert least is not None
        assert most is not None
        assert timedelta(hours=1) <= least <= most <= timedelta(days=1 if feed.kind == "consultations" else 0, hours=6)


def test_it_has_nine_watchlists_with_a_name_and_a_question(configuration: Configuration) -> None:
    cards = configuration.engine.watchlists
    assert set(cards) == {
        "secnumcloud", "hds", "health-data-hub", "acces-donnees-sante", "cloud-souverain", "souverainete-etat", "ue",
        "incidents", "cybersante",
    }  # fmt: skip
    assert all(card.name and card.question.endswith("?") for card in cards.values())


def test_the_founding_affair_is_a_flash(configuration: Configuration) -> None:
    matches = configuration.engine.match(AFFAIR)
    assert {"health-data-hub", "secnumcloud"} <= {match.watchlist for match in matches}
    assert matches[0].level == "flash"


@pytest.mark.parametrize(
    "title",
    [
        "La CNIL donne son feu vert à Microsoft pour l’hébergement des données de santé",
        "Health Data Hub : Meauzoone (Leviia) dénonce le choix d'Azure",
        "Données de santé chez Microsoft : « la CNIL a eu tort », dit William Meauzoone",
        "EMC² : l’entrepôt du Health Data Hub restera trois ans chez Microsoft",
    ],
)
def test_titles_of_the_affair_are_a_flash_alone(configuration: Configuration, title: str) -> None:
    assert "flash" in {match.level for match in configuration.engine.match(Article(title=title))}


@pytest.mark.parametrize(
    "title",
    [
        "Hauts-de-Seine : HDS mag fête ses vingt ans",
        "Le fromage bleu d’Auvergne se cherche un successeur",
        "Les Bleus en stage à Clairefontaine",
        "Orange baisse le prix de ses forfaits mobiles",
        "Trente ans d’hébergement touristique en Bretagne",
        "Souveraineté alimentaire : les éleveurs reçus à Matignon",
        "NIS2 : ce que les PME doivent savoir",
        "Le centre hospitalier de Sens ouvre une maternité",
        "Vigilance orange aux crues dans l'Yonne",
    ],
)
def test_near_topics_are_left_alone(configuration: Configuration, title: str) -> None:
    assert configuration.engine.match(Article(title=title)) == ()


def test_every_watchlist_proves_itself_by_examples(configuration: Configuration) -> None:
    assert configuration.rules.examples >= 9 * 20
