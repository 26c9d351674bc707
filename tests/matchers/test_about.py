"""What an article is about, and what it only names in passing: each with the reason."""

import pytest

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article, Match
from matchers.trials.explain import explain, to_text
from tests.matchers.builders import watchlist

FILL = "Le conseil municipal a voté le budget. La météo sera clémente. Un festival ouvre demain. "
SAID = "Une cyberattaque vise l'hôpital. "
INCIDENTS = {"near": {"terms": [["cyberattaque", "fuite de données"], ["hôpital", "patient"]], "within": 12}}


def built(level: str = "flash", **blocks: object) -> Engine:
    return compile_engine({"x": watchlist(level=level, **(blocks or INCIDENTS))}, {})


def judged(title: str = "", summary: str = "", text: str = "", engine: Engine | None = None) -> Match:
    (found,) = (engine or built()).match(Article(title=title, summary=summary, text=text))
    return found


@pytest.mark.parametrize(
    ("title", "summary", "text", "aspect"),
    [
        ("Cyberattaque contre un hôpital", "", "", "title"),
        ("La nuit a été longue", "Une cyberattaque vise l'hôpital de la ville.", FILL, "summary"),
        ("La nuit a été longue", SAID, SAID + FILL, "opening"),
        ("La nuit a été longue", "", "Une fuite de données touche des patients. " + FILL * 3, "opening"),
        ("Un hôpital à l'arrêt", "", FILL * 3 + "La cyberattaque a visé l'hôpital. " + FILL * 9, "named"),
        ("La ville", "", FILL * 6 + "La cyberattaque vise l'hôpital. " * 9, "dense"),
        ("La nuit a été longue", "", SAID[:-2] + " de la ville. Elle dure depuis lundi.", "opening"),
        # mentions
        ("La ville", "", FILL[:39] + "La banque d'abord. Une cyberattaque vise l'hôpital de la ville.", "sparse"),
        ("La ville", "", FILL * 9 + "Une cyberattaque a visé l'hôpital en mai. " + FILL * 9, "far"),
        ("La ville", "", FILL * 3 + "Une cyberattaque a visé l'hôpital en mai. " + FILL * 9, "sparse"),
        ("La ville", "", "Une cyberattaque frappe des banques, des hôpitaux et des entreprises. " + FILL, "listed"),
        ("La ville", "", "La cyberattaque vise les banques, les hôpitaux, les grandes sociétés… " + FILL, "listed"),
        ("La ville", "", "Il défend firmes, mairies, hôpitaux et écoles contre toute cyberattaque. " + FILL, "listed"),
        ("Banques, mairies et hôpitaux face à la cyberattaque", "", FILL, "listed"),
        ("Banques, mairies, hôpitaux : la cyberattaque de trop", "", FILL, "listed"),
        # no enumeration of unlike things
        ("La ville", "", "La cyberattaque prive les patients, les hôpitaux et les soignants. " + FILL, "opening"),
        ("La ville", "", "Articles récents. Une cyberattaque vise l'hôpital. L'hôpital résiste. " + FILL, "opening"),
        ("La ville", "", "À Lyon, un hôpital, victime d'une cyberattaque, a fermé ses urgences. " + FILL, "opening"),
        ("Hôpitaux, banques et mairies sous cyberattaque", "", FILL, "title"),
    ],
)  # fmt: skip
def test_what_it_is_about_is_told_by_where_it_stands(title: str, summary: str, text: str, aspect: str) -> None:
    found = judged(title, summary, text)
    assert found.aspect == aspect
    assert found.subject is (aspect in ("title", "summary", "opening", "named", "dense"))


@pytest.mark.parametrize(
    ("title", "text", "subject"),
    [
        ("SecNumCloud en clair", "", True),
        ("Le numérique", "On y parle de RGPD, de SecNumCloud, de NIS 2 et de DORA. " + FILL, False),
        ("Vers un Omnibus : RGPD, SecNumCloud, Data Act et AI Act", FILL, False),
        ("SecNumCloud, RGPD et NIS 2", FILL, True),
        ("Un outil", FILL * 8 + "Son hébergement est SecNumCloud. " + FILL * 8, False),
        ("Un outil", "Son hébergement est SecNumCloud. " + FILL, False),
        ("Un outil", "Son hébergement est SecNumCloud. Qui est SecNumCloud ? " + FILL, True),
        # what a text begins with, what it says late in its opening, and of whom it says so in passing
        ("Un outil", "SecNumCloud revient sur la table. " + FILL, True),
        ("Un outil", "On rit. On chante. Une offre SecNumCloud, vraiment SecNumCloud, y est. " + FILL, False),
        ("Un outil", "On rit. SecNumCloud, vraiment SecNumCloud, est là. " + FILL, True),
        ("Un outil", "Filiale d'un groupe SecNumCloud, dont l'offre SecNumCloud plaît, il va. " + FILL, False),
        ("Un outil", "Il a été notamment SecNumCloud, et aussi SecNumCloud. " + FILL, False),
        ("Un outil", "Filiale de SecNumCloud, partenaire du groupe SecNumCloud, il va. " + FILL, False),
        ("Un outil", "Ancien directeur de la SecNumCloud, il va. Passée chez SecNumCloud, elle aussi. " + FILL, False),
        # what is said after the name is no aside
        ("Un outil", "La filiale d’Iliad tient SecNumCloud, le visa SecNumCloud. " + FILL, True),
        ("Un outil", "Le partenaire de Thales obtient SecNumCloud, le visa SecNumCloud. " + FILL, True),
        ("Un outil", "Elle a également obtenu le visa SecNumCloud, ce SecNumCloud attendu. " + FILL, True),
        ("Un outil", "Le groupe a aussi décroché SecNumCloud, son premier SecNumCloud. " + FILL, True),
    ],
)
def test_a_word_alone_is_a_subject_or_a_mention_too(title: str, text: str, subject: bool) -> None:
    assert judged(title, text=text, engine=built(any=["SecNumCloud"])).subject is subject


def test_a_page_of_documentation_is_never_the_news() -> None:
    article = Article(title="Cyberattaque contre un hôpital", url="https://documentation.example/cas")
    (found,) = built().match(article)
    assert (found.aspect, found.subject, found.rings) == ("manual", False, False)


def test_a_mention_never_rings() -> None:
    far = FILL * 9 + "Une cyberattaque a visé l'hôpital en mai. " + FILL * 9
    found = judged("La ville", text=far)
    assert (found.quiet, found.rings) == ("mention", False)


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("Cyberattaque contre un hôpital", "", "sujet\u00a0: le titre le dit\u00a0; sonne"),
        ("Comment une cyberattaque vise un hôpital", "", "ne sonne pas\u00a0: un guide ou une question"),
        ("La ville", FILL * 9 + SAID + FILL * 9, "cité en passant\u00a0: loin dans le texte"),
    ],
)  # fmt: skip
def test_the_reason_is_explained(title: str, text: str, said: str) -> None:
    assert said in to_text(explain(built(), Article(title=title, text=text)))
