"""An affair goes on: each step of it is told, whatever it shares with the one before; an authority's text too."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digest import living
from bot.messages.markup import visible
from matchers.engine.engine import Engine
from matchers.official import speaker
from matchers.stories import steps
from tests.grouping.builders import grouped, prose
from tests.grouping.test_events import MONDAY, parts, told
from tests.grouping.world import LEADS, World, opened

LATER = MONDAY + timedelta(days=60)
TITLE = "Nébulis obtient la qualification SecNumCloud"
LEAD = "L’hébergeur nantais Nébulis a reçu lundi de l’ANSSI la qualification de son offre."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        yield made


def flashes(world: World) -> list[str]:
    return [visible(message.html) for lane, message, _ in world.send() if lane == "flash"]


AGAIN = (  # (hours between, what came first, what came then)
    (
        160,
        ("Doctolib en panne : agendas bloqués", "La plateforme Doctolib est indisponible depuis neuf heures."),
        ("Doctolib : nouvelle panne, une semaine après", "La plateforme Doctolib est inaccessible, agendas bloqués."),
    ),
    (
        200,
        ("Les lecteurs de carte Vitale en panne", "Les pharmacies ne peuvent plus facturer ce lundi."),
        ("Carte Vitale : les lecteurs en panne", "Les pharmacies ne peuvent plus facturer ce mardi."),
    ),
    (
        490,
        ("Claire Vautrel nommée directrice de l’ANS", "Elle prendra la direction de l’agence en avril."),
        ("Claire Vautrel quitte la direction de l’ANS", "Elle quittera la direction de l’agence en mai."),
    ),
    (
        10,
        ("Pirates de l’hôpital de Valnoir : sept ans requis", "La procureure a requis sept ans contre les pirates."),
        ("Pirates de l’hôpital de Valnoir : six ans de prison", "Le tribunal a condamné les pirates à six ans."),
    ),
    (
        5,
        ("Ostréane perd la qualification SecNumCloud", "L’ANSSI lui reproche un actionnaire américain."),
        ("Ostréane attaque le retrait de SecNumCloud", "Ostréane saisit le juge contre le retrait par l’ANSSI."),
    ),
    (
        30,
        ("Gravelin Cloud décroche la certification HDS", "L’hébergeur de Dunkerque reçoit son certificat."),
        ("Gravelin Cloud obtient SecNumCloud", "Après HDS, l’hébergeur de Dunkerque reçoit sa qualification."),
    ),
    (
        28,
        ("Le patron de l’Anssi Vincent Strubel auditionné au Sénat", "Il était entendu mercredi par la commission."),
        ("Vincent Strubel quitte l’Anssi", "Son successeur sera nommé en Conseil des ministres."),
    ),
    (
        300,
        ("Cloud souverain : les députés votent la loi Orvet", "Le texte Orvet passe par 180 voix contre 60."),
        ("Cloud souverain : le Sénat vote la loi Orvet", "Le texte Orvet passe à son tour, amendé."),
    ),
    (
        72,
        ("La migration du Health Data Hub vers Scaleway démarre", "Les bases quitteront Azure en avril."),
        ("La migration du Health Data Hub prend trois mois de retard", "Les bases ne quittent pas Azure en avril."),
    ),
    (
        5,
        ("Scaleway négocie le rachat de Télorn", "L’offre de Scaleway atteindrait 220 millions d’euros."),
        ("Télorn dément tout rachat par Scaleway", "L’hébergeur Télorn parle de rumeurs infondées."),
    ),
)


@pytest.mark.parametrize(("hours", "first", "then"), AGAIN)
def test_a_later_step_and_the_same_once_more_are_another_event(
    engine: Engine, hours: float, first: tuple[str, str], then: tuple[str, str]
) -> None:
    assert parts(grouped(engine, told([first, then], hours=hours), now=LATER)) == [[0], [1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Teralune décroche à son tour SecNumCloud", "L’ANSSI accorde son visa SecNumCloud à Teralune"),
        ("Tholéa certifié HDS", "HDS : Tholéa décroche le certificat"),
        ("Tholéa qualifié SecNumCloud", "Cloud de confiance : Tholéa reçoit la qualification SecNumCloud"),
    ],
)
def test_one_deed_of_one_firm_is_one_event_though_nothing_else_is_shared(engine: Engine, one: str, other: str) -> None:
    texts = [(one, "Trois ans de travaux s’achèvent."), (other, "Des ministères pourront y loger leurs fichiers.")]
    assert parts(grouped(engine, told(texts, hours=4))) == [[0, 1]]


def test_one_vulnerability_by_its_only_number_is_one_event(engine: Engine) -> None:
    texts = [
        ("Multiples vulnérabilités dans Ivanti Connect Secure", "CVE-2026-30111, CVE-2026-30112."),
        ("Ivanti : deux failles à corriger d’urgence", "CVE-2026-30111 et CVE-2026-30112 touchent Connect Secure."),
    ]
    assert parts(grouped(engine, told(texts, hours=3))) == [[0, 1]]


def test_two_events_with_nothing_in_common_but_their_subject_leave_no_doubt(engine: Engine) -> None:
    texts = [
        ("Doctolib : la Cnil ouvre un contrôle", "L’autorité veut vérifier le chiffrement des messages."),
        ("Doctolib lance un assistant vocal", "L’outil répond au téléphone à la place des secrétaires."),
    ]
    assert [answer["answer"] for answer in grouped(engine, told(texts))] == ["apart", "apart"]


def test_other_figures_and_somebody_else_leave_a_doubt_at_least(engine: Engine) -> None:
    texts = [
        ("Le ministère des Armées choisit Thales pour son cloud", "Le contrat vaut 180 millions d’euros."),
        ("La gendarmerie retient Thales pour ses radios", "Le contrat vaut 75 millions d’euros."),
    ]
    assert parts(grouped(engine, told(texts, hours=20))) == [[0], [1]]


# --- what an authority says on its own site -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "title",
    [
        "Décision de qualification SecNumCloud : Nébulis",
        "Nouvelle qualification SecNumCloud : Nébulis",
        "Attestation de qualification SecNumCloud – Nébulis",
    ],
)
def test_an_official_title_without_a_verb_is_one_reply(world: World, title: str) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    world.article(1, title, "", summary="Prestataire : Nébulis. Portée : IaaS.", host="cyber.gouv.fr")
    (reply,) = flashes(world)
    assert "Une source officielle s’ajoute" in reply
    world.article(2, title, "", summary="Prestataire : Nébulis.", host="esante.gouv.fr")
    assert flashes(world) == []


def test_an_authority_that_says_something_else_is_no_official_source_of_it(world: World) -> None:
    world.article(0, TITLE, prose("a", 60), summary=LEAD)
    world.send()
    world.article(1, "SecNumCloud : appel à commentaires", "", summary="Le référentiel évolue.", host="cyber.gouv.fr")
    assert not any("source officielle" in text for text in flashes(world))


def test_an_authority_need_not_name_itself_on_its_own_site(engine: Engine) -> None:
    press = ("Ludomatic écope de 750 000 euros d’amende de la Cnil", "L’éditeur collectait des données d’enfants.")
    act = ("Délibération SAN-2026-004 : société LUDOMATIC", "La formation restreinte s’est prononcée.")
    lines = told([press, act], hours=3)
    lines[1]["url"] = "https://www.cnil.fr/fr/san-2026-004"
    assert parts(grouped(engine, lines)) == [[0, 1]]
    lines[1]["url"] = "https://gazette.example/1"
    assert parts(grouped(engine, lines)) == [[0], [1]]


@pytest.mark.parametrize(
    ("host", "who"),
    [("cert.ssi.gouv.fr", "cert-fr"), ("www.ssi.gouv.fr", "anssi"), ("cnil.fr", "cnil"), ("notcnil.fr", "")],
)
def test_who_speaks_on_a_site(host: str, who: str) -> None:
    assert speaker(host) == who


# --- who bears out what -------------------------------------------------------------------------------------------
def milestones(world: World) -> list[str]:
    return [text for text in flashes(world) if "textes indépendants" in text]


def tell(world: World, leads: list[str]) -> list[str]:
    found = []
    for n, lead in enumerate(leads):
        world.now += timedelta(minutes=61)
        world.article(n, f"{TITLE}, site {'abcdefgh'[n]}", prose(n, 60), summary=lead)
        found += milestones(world)
    return found


def test_five_outlets_that_owe_their_words_to_one_agency_are_no_five_witnesses(world: World) -> None:
    least = living.MILESTONES[0]
    assert tell(world, [f"{lead} (avec AFP)" for lead in LEADS[: least + 1]]) == []


def test_five_outlets_that_print_one_lead_are_no_five_witnesses(world: World) -> None:
    assert tell(world, [LEADS[0]] * (living.MILESTONES[0] + 1)) == []


def test_five_outlets_with_words_of_their_own_are_five_witnesses(world: World) -> None:
    assert len(tell(world, list(LEADS[: living.MILESTONES[0] + 1]))) == 1


# --- words that only begin like one of a step ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "title",
    [
        "Le référentiel HDS en dix questions",
        "Des panneaux solaires à Saclay",
        "Par rapport à 2024, trois fois plus",
        "Une exposition sur le chiffrement",
        "Un reportage à Gravelines",
        "Fuite de gaz près du centre",
    ],
)
def test_a_word_that_only_begins_so_tells_no_step(title: str) -> None:
    assert steps.step(title) == ""


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("Claire Vautrel nommée directrice", "hire"),
        ("Le directeur démissionne", "quit"),
        ("Sept ans de prison requis contre les pirates", "plead"),
        ("Cinq ans de prison pour les pirates", "punish"),
        ("Quatre prévenus devant le tribunal", "trial"),
        ("La fusion est terminée", "finish"),
        ("La migration prend trois mois de retard", "delay"),
        ("Clinique : les pirates publient 30 000 dossiers", "leak"),
        ("Télorn dément être à vendre", "deny"),
        ("Clôture de la mise en demeure", "close"),
        ("Les perdants étudient un recours", ""),
        ("Décision de qualification : Nébulis", "grant"),
        ("Délibération SAN-2026-004", "punish"),
        ("Arrêté du 3 mars portant approbation", "adopt"),
    ],
)
def test_the_step_that_a_title_tells(title: str, step: str) -> None:
    assert steps.step(title) == step


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("Télorn punie pour ses bandeaux", "punish"),
        ("Télorn devra verser 80 000 euros", "punish"),
        ("Télorn passe à la caisse", "punish"),
        ("Le juge désavoue l’agence", "reject"),
        ("Revers pour la loi Orvet", "reject"),
        ("Télorn contre-attaque en justice", "sue"),
        ("Le port jette son dévolu sur Galerne", "choose"),
        ("Galerne rafle le marché du port", "choose"),
        ("Le port mise sur Galerne", "choose"),
        ("Dossiers subtilisés chez Medilia", "leak"),
        ("Vol massif de fichiers chez Medilia", "leak"),
        ("Medilia pris pour cible dans la nuit", "attack"),
        ("Le portail des impôts flanche", "stop"),
        ("Le portail est de nouveau accessible", "recover"),
        ("Claire Vautrel prend les rênes de l’agence", "hire"),
        ("Bull passe sous contrôle public", "buy"),
        ("Les actionnaires remettent au pot", "raise"),
        ("Le règlement entre en vigueur", "force"),
        ("Le référentiel s’applique désormais à tous", "force"),
        ("Dublin rouvre une enquête sur Galerne", "probe"),
        ("Le recours à la centrale d’achat fait débat", ""),
        ("Explosion des plaintes en 2025", ""),
        ("Des patients transférés à Lancenay", ""),
        ("La clinique porte plainte", "sue"),
    ],
)
def test_other_words_of_a_step_and_words_that_only_look_like_it(title: str, step: str) -> None:
    assert steps.step(title) == step


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Les données ont été siphonnées vendredi", "leak"),
        ("Des accès illégitimes au registre", "attack"),
        ("L’établissement tourne le dos à Galerne", "leave"),
        ("La présidente est remerciée", "hire"),
        ("Medilia forme un pourvoi", "sue"),
        ("L’addition est salée pour Medilia", "punish"),
    ],
)
def test_other_words_of_a_kind(text: str, kind: str) -> None:
    assert f"%{kind}" in steps.classes(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("vendredi, en Vendée", "buy"),
        ("les incidents signalés dans l’Union européenne", "partner"),
        ("la consultation du médecin", "tender"),
        ("la double authentification, progressivement", "rise"),
        ("le groupe publie ses comptes", "gang"),
        ("l’élu français", "choose"),
        ("l’opérateur juge la facture salée", "judge"),
        ("un arrêté du ministre", "stop"),
    ],
)
def test_a_word_that_only_begins_so_is_of_no_kind(text: str, kind: str) -> None:
    assert f"%{kind}" not in steps.classes(text)


UNDONE = (  # (what came first, what came then), the same day
    (
        ("Hébergement : le décret Sauvel est paru", "Le texte impose dès janvier des serveurs en Europe."),
        ("Le décret Sauvel sur l’hébergement repoussé", "Le texte qui impose des serveurs en Europe attendra l’été."),
    ),
    (
        ("Clinique de Valnoir : un rançongiciel bloque les admissions", "Le réseau de la clinique est coupé."),
        ("La clinique de Valnoir rétablit son réseau", "Les admissions de la clinique reprennent sans rançongiciel."),
    ),
    (
        ("Medilia : fuite de 640 000 dossiers", "L’éditeur a prévenu la Cnil des dossiers diffusés."),
        ("640 000 dossiers : Medilia écope d’une amende", "La Cnil reproche à l’éditeur les dossiers diffusés."),
    ),
    (
        ("La patronne d’Ostréane auditionnée au Sénat", "Lise Carnot parle du marché des hôpitaux d’Ostréane."),
        ("Ostréane : le rapport du Sénat est sévère", "Lise Carnot et le marché des hôpitaux y sont cités."),
    ),
    (
        ("Dublin ouvre une enquête sur Galerne", "Les traceurs de Galerne visent 12 millions de mineurs."),
        ("Galerne condamné à Dublin", "Une amende punit les traceurs de Galerne sur 12 millions de mineurs."),
    ),
    (
        ("Le procès des pirates de Valnoir s’ouvre", "Quatre hommes comparaissent pour le vol de 90 000 dossiers."),
        ("Pirates de Valnoir : trois ans de prison", "Quatre hommes sont condamnés pour le vol de 90 000 dossiers."),
    ),
)


@pytest.mark.parametrize(("first", "then"), UNDONE)
def test_what_ends_or_comes_of_it_is_another_event_the_same_day(
    engine: Engine, first: tuple[str, str], then: tuple[str, str]
) -> None:
    for texts in ((first, then), (then, first)):
        assert parts(grouped(engine, told(texts, hours=5))) == [[0], [1]]


def test_a_law_adopted_and_the_same_law_in_force_are_two_events(engine: Engine) -> None:
    texts = [
        ("Le Conseil adopte le règlement Orvet sur les carnets de santé", "Les patients liront leur carnet partout."),
        ("Le règlement Orvet sur les carnets de santé entre en vigueur", "Les patients liront leur carnet partout."),
    ]
    assert parts(grouped(engine, told(texts, hours=60), now=LATER)) == [[0], [1]]


def test_two_chambers_are_two_even_where_one_is_only_called_the_assembly(engine: Engine) -> None:
    texts = [
        ("Le Sénat adopte la proposition de loi Orvet", "Le texte Orvet réserve les marchés aux nuages européens."),
        ("L’Assemblée adopte la proposition de loi Orvet", "Le texte Orvet réserve les marchés aux nuages européens."),
    ]
    assert parts(grouped(engine, told(texts, hours=8))) == [[0], [1]]
