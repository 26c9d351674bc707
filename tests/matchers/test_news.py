"""A flash is an event, not a subject: which words, counts and voices make one, and what never rings."""

from datetime import UTC, datetime
from typing import Any

import pytest

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article, Match
from matchers.signal.news import crowd
from matchers.signal.timeless import timeless
from tests.matchers.builders import lint, said, watchlist

EVENTS = {"words": ["~obtenir", "~décrocher", "perd", "~sanctionner"], "people": 1_000_000}


def urgent(**news: Any) -> Engine:
    return compile_engine({"x": watchlist(any=["SecNumCloud"], level="flash", news=news or EVENTS)}, {})


def judged(title: str, summary: str = "", text: str = "", url: str = "", engine: Engine | None = None) -> Match:
    (found,) = (engine or urgent()).match(Article(title=title, summary=summary, text=text, url=url))
    return found


@pytest.mark.parametrize(
    ("title", "text", "news"),
    [
        ("Outscale obtient SecNumCloud 3.2", "", "obtient"),
        ("SecNumCloud : une PME décroche la qualification", "", "décroche"),
        ("Qualification SecNumCloud de NSA", "NSA a obtenu la qualification SecNumCloud. Rien d'autre.", "obtenu"),
        ("Un hébergeur sanctionné malgré SecNumCloud", "", "sanctionné"),
        ("SecNumCloud : 15 millions de patients concernés", "", "15 millions de patients"),
        ("SecNumCloud : plus d'un million de Français touchés", "", "un million de Français"),
        # wished for, or denied
        ("Nuage SA veut obtenir SecNumCloud", "", None),
        ("Nuage SA pourrait décrocher SecNumCloud", "", None),
        ("SecNumCloud : Nuage SA n'a pas obtenu de qualification", "", None),
        ("Candidat à SecNumCloud, Nuage SA espère être qualifié", "", None),
        ("SecNumCloud : ce que perd jamais un client", "", None),
        # another sentence, or too far
        ("Le référentiel SecNumCloud", "SecNumCloud est exigeant. Ailleurs, une PME obtient un prêt.", None),
        ("Le référentiel SecNumCloud", "SecNumCloud. " + "Il y a du texte. " * 40 + "X obtient SecNumCloud.", None),
        ("SecNumCloud : 150 000 patients concernés", "", None),
        ("SecNumCloud, la suite", "", None),
        # the sentence that follows a title that names it
        ("SecNumCloud : Nuage SA", "La société obtient le visa.", "obtient"),
        ("SecNumCloud : Nuage SA", "La société est lilloise. Sa voisine obtient un prêt.", None),
        ("SecNumCloud : la commission", "Trois ans de travaux. Un éditeur perd un procès.", None),
        # asked, expected, recalled
        ("SecNumCloud : Nuage SA sanctionné ? Les clients s'inquiètent", "", None),
        ("SecNumCloud : la sanction attendue en mai", "", None),
        ("Nuage SA, qui avait obtenu SecNumCloud, déménage", "", None),
        ("Après avoir obtenu SecNumCloud, Nuage SA lève des fonds", "", None),
        ("Nuage SA a obtenu SecNumCloud il y a deux ans", "", None),
        ("Nuage SA conteste la sanction liée à SecNumCloud", "", None),
        ("SecNumCloud bientôt obtenu par Nuage SA", "", None),
        ("Nuage SA encourt une sanction pour SecNumCloud", "", None),
        ("La commission obtient un rapport sur SecNumCloud", "", None),
        # another clause wishes for something else
        ("Nuage SA vise l'Espagne : SecNumCloud obtenu en mars", "", "obtenu"),
        ("Le marché pour SecNumCloud perd son titulaire", "", "perd"),
        # « demande » the noun, and what is demanded
        ("SecNumCloud : Nuage SA perd la demande de trop", "", "perd"),
        ("SecNumCloud : sanction demandée par un député", "", None),
    ],
)  # fmt: skip
def test_an_event_is_told_with_its_subject(title: str, text: str, news: str | None) -> None:
    found = judged(title, text=text)
    assert (found.news, found.rings) == (news, news is not None)


@pytest.mark.parametrize(
    ("text", "least", "found"),
    [
        ("Les données de 33 millions d'assurés", 1_000_000, "33 millions d'assurés"),
        ("1,5 million de patients", 1_000_000, "1,5 million de patients"),
        ("près de 1 200 000 comptes clients", 1_000_000, "1 200 000 comptes"),
        ("1.200.000 dossiers", 1_000_000, "1.200.000 dossiers"),
        ("des millions de personnes", 1_000_000, "des millions de personnes"),
        ("300 000 patients", 1_000_000, None),
        ("cinq millions d’euros", 1_000_000, None),
        ("cinq millions d’euros pour les patients", 1_000_000, None),
        ("12 M de dollars aux hôpitaux et aux patients", 1_000_000, None),
        ("9 millions d’ordonnances", 1_000_000, "9 millions d’ordonnances"),
        ("des milliers de soignants", 2_000, "des milliers de soignants"),
        ("plusieurs patients", 10, None),
        ("Treize millions de cartes Vitale", 1_000_000, "Treize millions de cartes Vitale"),
        ("deux millions de feuilles de soins", 1_000_000, "deux millions de feuilles de soins"),
        ("un Belge sur trois concerné", 1_000_000, "un Belge sur trois"),
        ("la moitié des assurés", 1_000_000, "la moitié des assurés"),
        ("un patient sur trois", 1_000_000, None),
        ("les dossiers des 12 millions d’assurés", 1_000_000, "12 millions d’assurés"),
        ("Des millions de données médicales volées", 1_000_000, "Des millions de données"),
        ("Millions de résultats à vendre", 1_000_000, "Millions de résultats"),
        ("le carnet de millions de donneurs", 1_000_000, "millions de donneurs"),
        ("Dix-huit millions : le fichier des assurés en vente", 1_000_000, "Dix-huit millions"),
        ("Dix-huit millions : le budget de la plateforme", 1_000_000, None),
        ("deux cents lits", 100, None),
    ],
)
def test_people_are_counted(text: str, least: int, found: str | None) -> None:
    assert crowd(text, least) == found


@pytest.mark.parametrize(
    ("title", "news"),
    [
        ("Nuage SA a obtenu SecNumCloud en 2023", None),
        ("En 2023, Nuage SA obtient SecNumCloud", None),
        ("Nuage SA a obtenu SecNumCloud en 2026", "obtenu"),
        ("Nuage SA obtient SecNumCloud jusqu'en 2029", "obtient"),
        ("Qualifié SecNumCloud en 2023, Nuage SA perd son visa", "perd"),
    ],
)
def test_what_happened_in_an_earlier_year_is_recalled(title: str, news: str | None) -> None:
    (found,) = urgent().match(Article(title=title, published=datetime(2026, 11, 3, tzinfo=UTC)))
    assert found.news == news


@pytest.mark.parametrize(
    ("title", "news"),
    [
        ("Le 3 août, Nuage SA a obtenu SecNumCloud", None),
        ("Nuage SA a obtenu SecNumCloud le 3 août", None),
        ("Nuage SA a obtenu le 3 août son visa SecNumCloud", None),
        ("Nuage SA a obtenu SecNumCloud le 3 août 2026", None),
        ("Nuage SA a obtenu SecNumCloud le 31 octobre", "obtenu"),
        ("Nuage SA obtient SecNumCloud, valable le 1er janvier", "obtient"),
        ("Nuage SA obtient SecNumCloud le 31 février", "obtient"),
        ("Pour rappel, Nuage SA a obtenu SecNumCloud", None),
        ("Pour mémoire : SecNumCloud, obtenu par Nuage SA", None),
    ],
)
def test_what_happened_a_month_before_or_is_reminded_of_is_recalled(title: str, news: str | None) -> None:
    (found,) = urgent().match(Article(title=title, published=datetime(2026, 11, 3, tzinfo=UTC)))
    assert found.news == news


@pytest.mark.parametrize(
    ("title", "rings"),
    [
        ("Belgique : une clinique paralysée par un rançongiciel", False),
        ("Rançongiciel : une clinique paralysée en Belgique", False),
        ("Deux hôpitaux allemands paralysés par un rançongiciel", False),
        ("Suisse : deux millions de patients touchés par un rançongiciel", False),
        ("Une clinique de Douai paralysée par un rançongiciel", True),
        ("Rançongiciel : un groupe d'hôpitaux belges paralysé en France", True),
        ("Italie : le décret sur le rançongiciel est adopté", True),
    ],
)
def test_harm_in_another_country_rings_nobody_and_its_laws_do(title: str, rings: bool) -> None:
    rules = watchlist(any=["rançongiciel"], level="flash", news={"facts": ["soins", "texte"], "people": 1_000_000})
    engine = compile_engine({"x": rules}, {})
    assert judged(title, engine=engine).rings is rings


@pytest.mark.parametrize(
    ("title", "summary", "rings"),
    [
        ("SecNumCloud devant le Conseil d'État", "Les parties ont plaidé trois heures.", False),
        ("SecNumCloud devant les juges", "Le rapporteur public propose le rejet.", False),
        ("SecNumCloud : le litige devant la justice", "Le jugement est mis en délibéré.", False),
        ("SecNumCloud : Lys s'explique devant le tribunal", "", False),
        ("SecNumCloud devant le Conseil d'État", "Trois éditeurs contestent le référentiel.", True),
        ("SecNumCloud : au terme de l'audience, le juge annule le label", "On avait plaidé toute la nuit.", True),
        ("SecNumCloud traîné devant le Conseil d'État", "Les éditeurs l'attaquent.", True),
    ],
)
def test_a_hearing_is_no_suit(title: str, summary: str, rings: bool) -> None:
    asked = urgent(facts=["recours", "décision"])
    assert judged(title, summary, engine=asked).rings is rings


def test_an_official_voice_is_news_where_the_watchlist_says_so() -> None:
    built = urgent(official=True)
    address = "https://www.cnil.fr/fr/actualite"
    assert judged("SecNumCloud : la doctrine", url=address, engine=built).news == "cnil.fr"
    assert judged("SecNumCloud : la doctrine", url="https://cnil.fr.example/", engine=built).rings is False


@pytest.mark.parametrize(
    ("declared", "url", "news"),
    [
        (True, "https://chu.example/actus/1", "chu.example"),
        (False, "https://www.cnil.fr/fr/actualite", None),
        (None, "https://www.cnil.fr/fr/actualite", "cnil.fr"),
        (None, "https://chu.example/actus/1", None),
    ],
)
def test_what_was_said_of_a_source_goes_before_its_site(declared: bool | None, url: str, news: str | None) -> None:
    article = Article(title="SecNumCloud : la doctrine", url=url, official=declared)
    assert urgent(official=True).match(article)[0].news == news


def test_a_watchlist_without_events_rings_for_its_subject() -> None:
    plain = compile_engine({"x": watchlist(any=["SecNumCloud"], level="flash")}, {})
    assert judged("SecNumCloud, la suite", engine=plain).rings
    assert not judged("Comment préparer SecNumCloud", engine=plain).rings


def test_only_a_flash_rings() -> None:
    daily = compile_engine({"x": watchlist(any=["SecNumCloud"], news=EVENTS)}, {})
    found = judged("Outscale obtient SecNumCloud", engine=daily)
    assert (found.news, found.quiet, found.rings) == ("obtient", None, False)


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("Portrait de l'hébergeur qui a obtenu SecNumCloud.", "lookback"),
        ("Tribune. Nuage SA a perdu SecNumCloud, et c'est heureux.", "opinion"),
        ("Entretien avec la directrice : « Nous avons obtenu le visa ».", "opinion"),
        ("REPORTAGE - Les soignants sont revenus au papier.", "lookback"),
        ("Retour sur un choix contesté.", "lookback"),
        ("Décryptage. Nuage SA a quitté Azure.", "guide"),
        ("Podcast : perdre son certificat.", "meeting"),
        ("Retour au papier pour les soignants.", None),
        ("Analysé pendant deux ans, le nuage est qualifié.", None),
        ("Conférence de presse à onze heures.", None),
        ("Un portrait de groupe, et un visa obtenu.", None),
        ("", None),
    ],
)
def test_a_summary_says_with_its_first_words_what_an_article_is(summary: str, kind: str | None) -> None:
    assert timeless(Article(title="Nuage SA, le tournant", summary=summary)) == kind


@pytest.mark.parametrize(
    ("title", "url", "kind"),
    [
        ("Comment Nuage SA a obtenu SecNumCloud", "", "guide"),
        ("SecNumCloud : mode d'emploi", "", "guide"),
        ("SecNumCloud : que se passe-t-il quand un visa est retiré", "", "guide"),
        ("Cyberattaque : que faire si votre hôpital est touché", "", "guide"),
        ("Dix ans après : comprendre SecNumCloud", "", "guide"),
        ("5 bonnes pratiques pour les hébergeurs", "", "guide"),
        ("Faut-il craindre le Cloud Act ?", "", "guide"),
        ("Le petit guide de l'hébergeur", "", "guide"),
        ("Tribune. Sortons des Gafam", "", "opinion"),
        ("[Édito] Le réveil", "", "opinion"),
        ("Entretien avec le directeur de l'ANSSI", "", "opinion"),
        ("« Nous tiendrons les délais »", "", "opinion"),
        ("[Sponsorisé] Un nuage pour tous", "", "advert"),
        ("Communiqué de presse : Nuage SA grandit", "", "advert"),
        ("Webinaire : réussir sa qualification", "", "meeting"),
        ("Journée de la donnée de santé", "", "meeting"),
        ("Colloque : l'État et ses nuages", "", "meeting"),
        ("Ingénieur cloud (H/F)", "", "job"),
        ("Nuage SA recrute son directeur", "", "job"),
        ("Un an après, le CHU se relève", "", "lookback"),
        ("Retour sur une attaque", "", "lookback"),
        ("Éditeur sanctionné : les enseignements", "", "lookback"),
        ("Amende : un rappel de l'importance du RGPD", "", "lookback"),
        ("Cyberattaque : à l'intérieur d'un hôpital paralysé", "", "lookback"),
        ("Hôpitaux et mairies : les cyberattaques explosent", "", "study"),
        ("Les attaques informatiques se multiplient", "", "study"),
        ("Enquête sur l'explosion des cyberattaques", "", "study"),
        ("Une attaque informatique paralyse un hôpital", "", None),
        ("La Cnil adresse un rappel à l'ordre", "", None),
        ("Baromètre de la cybersécurité : les hôpitaux à la peine", "", "study"),
        ("Le coût des cyberattaques s'envole", "", "study"),
        ("Décret HDS : ce qui change", "", "guide"),
        ("SecNumCloud 3.2 : dix idées reçues", "", "guide"),
        ("Amendes de la Cnil : le bilan", "", "study"),
        ("Un hôpital raconte son année", "", "lookback"),
        ("Ce que le départ d'Azure va changer pour les chercheurs", "", "guide"),
        ("Forum de la santé numérique à Lille", "", "meeting"),
        ("Agenda : les rencontres du mois", "", "meeting"),
        ("Rendez-vous le 12 mars à Lille", "", "meeting"),
        ("Le rendez-vous de la santé numérique", "", "meeting"),
        ("Rendez-vous annulés, agendas fermés : le CHU au ralenti", "", None),
        ("Cliniques sans agenda après une panne", "", None),
        ("Des dossiers vendus sur un forum", "", None),
        ("Un forum cybercriminel diffuse des dossiers", "", None),
        ("Le labo, le forum et les 1,2 million de patients", "", None),
        ("Le ministre tient une conférence de presse", "", None),
        ("La souveraineté inscrite dans la loi", "", None),
        ("Cyberhebdo du 12 décembre", "", "roundup"),
        ("Les 11 actualités majeures du mois", "", "roundup"),
        ("Format des tables", "https://documentation.example/sante/format", "documentation"),
        ("Format des tables", "https://hebergeur.example/docs/format", "documentation"),
        ("Outscale obtient SecNumCloud", "https://journal.example/2026/outscale", None),
        ("La Cnil inflige une amende à un éditeur", "", None),
        ("Vol de données : les bons gestes", "", "guide"),
        ("Confiez vos dossiers à Nuage SA", "", "advert"),
        ("Avec Nuage SA, gardez vos données en France", "", "advert"),
        ("« Changez vos codes » : la mutuelle alerte ses adhérents", "", None),
        ("Fuite : le bilan grimpe à un million de patients", "", None),
        ("Les pires piratages de la décennie", "", "study"),
        ("Top 5 des amendes de la Cnil", "", "study"),
        ("Rançongiciel à la clinique : un exercice réussi", "", "meeting"),
        ("Le CHU simule la perte de ses dossiers", "", "meeting"),
        ("L'exercice illégal de la médecine", "", None),
        ("Une clinique en perte pour l'exercice 2026", "", None),
        ("EUCS : « la souveraineté attendra », dit la Commission", "", None),
    ],
)
def test_what_is_no_event_is_told_by_its_title_or_its_address(title: str, url: str, kind: str | None) -> None:
    assert timeless(Article(title=title, url=url)) == kind


# --- the file ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("keys", "path", "message"),
    [
        ({"news": {}}, ("news",), "words, facts, people ou official"),
        ({"news": {"words": ["source:Le Monde"]}}, ("news", "words", 0), "official"),
        ({"news": {"words": ["~obtener"]}}, ("news", "words", 0), "famille inconnue"),
        ({"news": {"words": ["@nul"]}}, ("news", "words", 0), "entité inconnue"),
        ({"news": {"words": ["!"]}}, ("news", "words", 0), "aucune lettre"),
        ({"news": {"words": ["gagne", "un webinaire"]}, "none": ["webinaire"]}, ("news", "words", 1), "exclu par none"),
        ({"news": {"words": ["~obtenir"]}, "none": ["~obtenir"]}, ("news", "words", 0), "ne peut accompagner le sujet"),
    ],
)  # fmt: skip
def test_each_mistake_in_news_is_one_line(keys: dict[str, Any], path: tuple[object, ...], message: str) -> None:
    ((where, text),) = said(lint({"x": watchlist(any=["SecNumCloud"], **keys)}, {}))
    assert where == path
    assert message in text
