"""Two events are two, however much of a subject they share; one event is one, however it is told."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matchers.engine.engine import Engine, compile_engine
from matchers.watchlists.watchlist import WatchlistFile
from tests.grouping.builders import grouped, prose

MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)

HUB = (  # ten events on one platform, in three days: (title, lead)
    ("Health Data Hub : grève des agents", "L’intersyndicale dénonce les salaires et appelle à débrayer jeudi."),
    ("Health Data Hub : un budget en hausse", "Bercy accorde 12 millions d’euros de plus à la plateforme."),
    ("Une nouvelle directrice pour le Health Data Hub", "Agathe Morvan, venue de l’Inserm, prend son poste lundi."),
    ("Le Health Data Hub ouvre une base sur le diabète", "Les chercheurs pourront croiser les hospitalisations."),
    ("Health Data Hub : panne du portail des chercheurs", "Une coupure électrique a rendu le site inaccessible."),
    ("Le Sénat auditionne le Health Data Hub", "La rapporteure Lise Carnot réclame un calendrier écrit."),
    ("Health Data Hub : l’association Médor porte plainte", "Elle vise un défaut d’information des patients."),
    ("Le Health Data Hub s’installe à Rennes", "Une antenne de quarante salariés s’ouvre près de la gare."),
    ("Health Data Hub et Institut Valmont s’allient", "Un accord porte sur les tumeurs rares de l’enfant."),
    ("Le Health Data Hub publie son catalogue", "Une version consultable recense les variables disponibles."),
)
RETOLD = (  # each by another outlet, with a figure of its own
    ("Les agents du Health Data Hub en grève jeudi", "Débrayage : l’intersyndicale réclame 180 euros par mois."),
    ("12 millions de plus pour le Health Data Hub", "La hausse du budget est accordée par Bercy."),
    ("Agathe Morvan à la tête du Health Data Hub", "La directrice venue de l’Inserm dirigera 85 personnes."),
    ("Diabète : nouvelle base au Health Data Hub", "Les hospitalisations de 430 000 diabétiques croisées."),
    (
        "Panne au Health Data Hub",
        "Le portail des chercheurs est inaccessible après une coupure électrique de 14 heures.",
    ),
    ("Health Data Hub : audition au Sénat", "Lise Carnot, rapporteure, veut un calendrier sous 60 jours."),
    ("Plainte de Médor contre le Health Data Hub", "L’association parle de 22 patients sans information."),
    ("Rennes accueille le Health Data Hub", "L’antenne, près de la gare, comptera quarante salariés sur 900 m²."),
    ("Tumeurs rares : le Health Data Hub avec l’Institut Valmont", "L’accord court sur 36 mois pour l’enfant."),
    ("Le catalogue du Health Data Hub est en ligne", "Il recense 2 300 variables, dans une version consultable."),
)
TOWN = (  # the same, on a town that no gazetteer knows
    ("Brévigny ferme sa piscine", "Une fuite du bassin oblige à des travaux jusqu’au printemps."),
    ("Brévigny recrute trois policiers", "Le conseil municipal a voté la création de ces postes."),
    ("Le marché de Noël de Brévigny déménage", "Les chalets iront place Danton, faute de place."),
    ("Brévigny : le maire démissionne", "Paul Ferrand invoque des raisons de santé."),
    ("Un incendie détruit la halle de Brévigny", "Les pompiers ont lutté toute la nuit contre les flammes."),
    ("Brévigny teste la cantine gratuite", "Deux écoles serviront des repas sans facture."),
)
PAIRS = (
    ("Health Data Hub : grève des agents", "Health Data Hub : un budget en hausse"),
    ("NIS 2 : la Cnil publie un guide", "NIS 2 : le Sénat vote la loi"),
    ("SecNumCloud : l’ANSSI recrute des auditeurs", "SecNumCloud : un décret fixe les tarifs"),
    ("Doctolib lance un agenda pour vétérinaires", "Doctolib condamné aux prud’hommes"),
    ("Doctolib ferme son bureau de Milan", "Doctolib augmente ses abonnements"),
    ("OVHcloud ouvre un centre à Turin", "OVHcloud perd son directeur financier"),
    ("La Cnil inspecte les écoles", "La Cnil fête ses anniversaires"),
)


def told(texts: Iterable[tuple[str, str]], *, hours: float = 7, start: int = 0) -> list[dict[str, Any]]:
    """These articles, so far apart, each by an outlet of its own; the number of each is its name."""
    return [
        {
            "id": n,
            "url": f"https://journal{n}.example/{n}",
            "title": title,
            "summary": lead,
            "published": (MONDAY + timedelta(hours=hours * (n - start))).isoformat(),
        }
        for n, (title, lead) in enumerate(texts, start=start)
    ]


def parts(answers: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """What went together, by name."""
    found: dict[Any, list[Any]] = {}
    for answer in answers:
        found.setdefault(answer["story"], []).append(answer["id"])
    return sorted(sorted(each) for each in found.values())


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("hours", [0.5, 48])
def test_two_titles_that_share_their_subject_only_are_two_events(
    engine: Engine, one: str, other: str, hours: float
) -> None:
    answers = grouped(engine, told(((one, ""), (other, "")), hours=hours))
    assert parts(answers) == [[0], [1]]
    assert answers[1]["answer"] in {"doubt", "apart"}


NAMED = (  # four events of one company in a hot week
    ("Alpidis licencie le quart de ses équipes", "Le syndicat maison parle de 140 postes à Grenoble."),
    (
        "Une panne d’Alpidis coupe l’accès aux dossiers",
        "Les données de santé de trois cliniques sont restées illisibles.",
    ),
    ("Alpidis rachète le lyonnais Cordial", "Le montant de l’achat n’est pas dit ; les deux marques restent."),
    ("Le tribunal donne tort à Alpidis face à un médecin", "Le praticien contestait sa facture d’hébergement."),
)
APART = (  # (title, lead) twice: what follows an event is another, and a country is nobody
    (("Fuite de données chez Alpidis : 2 millions de patients", "Les dossiers volés circulent sur un forum."),
     ("Alpidis : un suspect arrêté à Nantes", "L’homme de 24 ans a été mis en examen par un juge.")),
    (("La France interdit les clouds américains à ses hôpitaux", "Le décret paraît demain au Journal officiel."),
     ("La France reçoit le salon mondial du cloud", "Le palais des congrès attend 9 000 visiteurs en mai.")),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_four_events_of_one_name_in_a_hot_week_are_four(engine: Engine, seed: int) -> None:
    order = random.Random(seed).sample(NAMED, len(NAMED))
    assert parts(grouped(engine, told(order, hours=5))) == [[n] for n in range(len(NAMED))]


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_names_the_same_is_not_the_same_event(
    engine: Engine, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert parts(grouped(engine, told((one, other), hours=20))) == [[0], [1]]


def a_town_list() -> Engine:
    return compile_engine({"ville": WatchlistFile(name="Ville", any=["Brévigny"], threshold=1)}, {})


@pytest.mark.parametrize("seed", range(20))
def test_ten_events_of_one_subject_in_three_days_are_ten_stories(engine: Engine, seed: int) -> None:
    order = random.Random(seed).sample(HUB, len(HUB))
    assert parts(grouped(engine, told(order))) == [[n] for n in range(len(HUB))]


@pytest.mark.parametrize("seed", range(5))
def test_a_list_whose_subject_is_no_entity_tells_its_events_apart(seed: int) -> None:
    order = random.Random(seed).sample(TOWN, len(TOWN))
    assert parts(grouped(a_town_list(), told(order))) == [[n] for n in range(len(TOWN))]


def test_each_of_ten_events_that_another_outlet_tells_too_is_one_story_of_two(engine: Engine) -> None:
    lines = told(HUB, hours=7)
    for line, again in zip(lines, told(RETOLD, start=100), strict=True):
        again["published"] = (datetime.fromisoformat(line["published"]) + timedelta(hours=2)).isoformat()
        lines = [*lines, again]
    lines.sort(key=lambda line: line["published"])
    assert parts(grouped(engine, lines)) == [[n, n + 100] for n in range(len(HUB))]


LEAK = (
    ("Fuite de données chez Medilia : 640 000 patients concernés", "L’éditeur Medilia a confirmé l’intrusion."),
    ("Medilia victime d’une fuite massive", "Les dossiers de 640 000 patients sont en vente, dit l’éditeur."),
    ("640 000 patients touchés par le piratage de Medilia", "L’éditeur de logiciels médicaux a prévenu la Cnil."),
    ("Piratage de Medilia : ce que l’on sait", "La fuite concerne 640 000 patients de l’éditeur."),
    ("Medilia reconnaît une fuite de données", "L’éditeur de logiciels évoque 640 000 patients et une intrusion."),
    ("Données médicales : la fuite de Medilia inquiète", "Quelque 640 000 patients sont exposés par l’intrusion."),
    ("Chez Medilia, les données de 640 000 patients dérobées", "Un pirate a mis les dossiers en vente."),
    ("L’éditeur Medilia piraté", "Les données de 640 000 patients circulent sur un forum après l’intrusion."),
    ("Fuite Medilia : les médecins préviennent leurs patients", "L’intrusion chez l’éditeur touche 640 000 dossiers."),
    ("Medilia : 640 000 dossiers de patients sur un forum", "La fuite vient d’une intrusion, selon l’éditeur."),
    (
        "Piratage : Medilia porte plainte",
        "Après la fuite des données de 640 000 patients, l’éditeur saisit la justice.",
    ),
    ("Vol de données chez Medilia", "L’éditeur confirme que 640 000 patients sont concernés par la fuite."),
    ("Intrusion chez Medilia, 640 000 patients exposés", "L’éditeur a coupé ses serveurs après la fuite."),
    (
        "Medilia s’explique sur la fuite",
        "Un compte volé a permis l’intrusion, et la fuite de 640 000 dossiers de patients.",
    ),
)


def test_a_leak_that_fourteen_outlets_tell_in_a_day_is_one_story_and_its_fine_another(engine: Engine) -> None:
    fine = ("La Cnil inflige 400 000 euros d’amende à Medilia", "La fuite montrait des manquements de sécurité.")
    lines = told(LEAK, hours=1.5)
    (late,) = told((fine,), start=99)
    late["published"] = (MONDAY + timedelta(days=8)).isoformat()
    answers = grouped(engine, [*lines, late])
    assert max(map(len, parts(answers))) >= 12
    assert [99] in parts(answers)


@pytest.mark.parametrize("names", [("Medilia", "Pharmaplus"), ("Armorial", "Cabinet Duval"), ("Novasoin", "Kinéo")])
def test_two_leaks_of_one_figure_the_same_day_are_two(engine: Engine, names: tuple[str, str]) -> None:
    texts = [
        (f"Fuite de données chez {name} : 15 millions de clients", f"{name} a prévenu ses clients lundi.")
        for name in names
    ]
    assert parts(grouped(engine, told(texts))) == [[0], [1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Free écope de 42 millions d’euros", "La Cnil sanctionne l’opérateur pour des données mal protégées."),
            ("42 millions d’euros d’amende pour Free", "L’opérateur est puni par la Cnil : données mal protégées."),
        ),
        (
            ("Nébulis rachète Ondaria", "L’hébergeur nantais débourse 30 millions d’euros."),
            ("Ondaria passe sous le contrôle de Nébulis", "Rachat à 30 millions d’euros par l’hébergeur nantais."),
        ),
    ],
)
def test_one_event_told_in_other_words_is_one(engine: Engine, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert parts(grouped(engine, told((one, other), hours=2))) == [[0, 1]]


@pytest.mark.parametrize("hours", [0, 5, 12])
def test_the_hours_of_a_day_part_no_event(engine: Engine, hours: int) -> None:
    texts = [
        (
            "Cloud de l’État : Nébulis et Cirrova retenus",
            "Les deux lots du marché Boréale valent 380 millions d’euros.",
        ),
        ("Le marché Boréale attribué à Nébulis et Cirrova", "Les ministères auront un hébergement qualifié."),
    ]
    assert parts(grouped(engine, told(texts, hours=hours))) == [[0, 1]]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (
            (
                "L’hôpital de Valnoir frappé par un rançongiciel",
                "L’établissement travaille sur papier depuis dimanche.",
            ),
            ("Intrusion à l’hôpital d’Orbessac, deux jours après Valnoir", "Un compte compromis a été débranché."),
        ),
        (
            ("Amende de 2 millions d’euros pour Mutalix", "Le courtier gardait des questionnaires de santé."),
            ("Amende de 2 millions : Mutalix fait appel", "Le courtier saisit le Conseil d’État."),
        ),
    ],
)
def test_what_happens_after_it_is_another_event(engine: Engine, first: tuple[str, str], then: tuple[str, str]) -> None:
    assert parts(grouped(engine, told([first, then], hours=48))) == [[0], [1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Le FC Mirande ouvre une école de gardiens", "Marco Sauvel quitte le FC Mirande"),
        ("Le métro de Lancenay teste des caméras", "Deux rames se heurtent dans le métro de Lancenay"),
        ("La Ligue des Vétérinaires fête ses cent ans", "Vaccins : la Ligue des Vétérinaires craint une pénurie"),
        ("Saint-Arvel inaugure sa médiathèque", "Crue : Saint-Arvel évacue deux quartiers"),
        ("Odile Ternant publie ses mémoires", "Odile Ternant élue à la tête des notaires"),
        ("Kervoal Énergies rachète un barrage", "Kervoal Énergies supprime deux cents postes"),
        ("Panne d’aiguillage sur le réseau Tisséo Nord", "Le réseau Tisséo Nord passe aux tickets sans contact"),
        ("L’École des Chartreux change de nom", "Incendie à l’École des Chartreux : aucun blessé"),
        ("Le parc d’Yvrelle accueille deux loups", "Le parc d’Yvrelle fermera tout l’hiver"),
    ],
)
def test_a_name_that_no_gazetteer_knows_is_a_subject_too(engine: Engine, one: str, other: str) -> None:
    assert parts(grouped(engine, told(((one, ""), (other, "")), hours=3))) == [[0], [1]]


def test_a_figure_is_one_in_words_too(engine: Engine) -> None:
    texts = (
        ("Facture électronique : 101 plateformes sont agréées", "L’administration fiscale publie leur liste."),
        ("Facturation : cent une plateformes sur la liste du fisc", "L’administration fiscale les a agréées."),
    )
    assert parts(grouped(engine, told(texts, hours=3))) == [[0, 1]]


def test_a_law_that_two_texts_cite_makes_them_no_story(engine: Engine) -> None:
    law = "en application de la loi n° 78-17 du 6 janvier 1978 relative à l’informatique"
    texts = (
        ("La Cnil met en demeure un fabricant de jouets", f"Ses poupées enregistraient les voix, {law}."),
        ("La Cnil autorise un registre des greffes", f"Les hôpitaux y verseront leurs suivis, {law}."),
    )
    assert parts(grouped(engine, told(texts, hours=3))) == [[0], [1]]


THINGS = (
    *("antenne", "ascenseur", "badge", "bibliothèque", "brevet", "cafétéria", "calendrier", "chauffage", "conférence"),
    *("cotisation", "crèche", "déchets", "éclairage", "façade", "formation", "fontaine", "guichet", "hackathon"),
    *("horaires", "imprimante", "jardin", "laboratoire", "loyer", "manuel", "mascotte", "mobilier", "navette"),
    *("parking", "podcast", "tournoi"),
)


def test_thirty_stories_of_one_subject_in_a_week_stay_thirty(engine: Engine) -> None:
    texts = [(f"Health Data Hub : {thing}", f"Le point en détail. {prose(thing, 10)}") for thing in THINGS]
    answers = grouped(engine, told(texts, hours=5))
    assert parts(answers) == [[n] for n in range(len(THINGS))]
    assert all(len(answer["reason"].get("near", ())) <= 3 for answer in answers)


@pytest.mark.parametrize("before", [0, 4, 200])
def test_what_was_told_before_on_the_subject_changes_no_part(engine: Engine, before: int) -> None:
    old = [
        {
            "id": f"old{n}",
            "url": f"https://ancien{n}.example/",
            "title": f"Health Data Hub : {THINGS[n % 30]} numéro {n + 10}",
            "summary": f"Il s’agit de {THINGS[(n * 7 + 3) % 30]} et de {THINGS[(n * 11 + 5) % 30]}.",
            "published": (MONDAY - timedelta(days=300 - n)).isoformat(),
        }
        for n in range(before)
    ]
    answers = grouped(engine, [*old, *told(HUB)])
    assert parts(answers[before:]) == [[n] for n in range(len(HUB))]


def test_an_answer_names_its_evidence_and_what_was_near(engine: Engine) -> None:
    answer = grouped(engine, told((HUB[1], RETOLD[1]), hours=2))[1]
    assert (answer["answer"], answer["near"]) == ("sure", 0)
    assert "12 millions" in answer["reason"]["words"]
    assert answer["reason"]["subject"] == ["Health Data Hub"]
    assert answer["reason"]["near"][0]["story"] == 0
