"""Headlines of other articles tell nothing of the one that carries them."""

import pytest

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article
from matchers.trials.explain import silence_text, why
from tests.matchers.builders import watchlist

FILL = "Le conseil municipal a voté le budget. La météo sera clémente. Un festival ouvre demain. "
LEAK = "une fuite de données à la clinique"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return compile_engine({"x": watchlist(any=["fuite de données"])}, {})


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("", FILL + "Articles du même auteur : " + LEAK + ". " + FILL),
        ("", "La ville. Articles du même auteur 1 12.01.26 " + LEAK + " " + FILL),
        ("La ville. Articles du même auteur 1 12.01.26 " + LEAK, ""),
        ("", FILL + "\nÀ lire aussi : " + LEAK + ".\n" + FILL),
        ("", FILL + "\nLire également\u00a0" + LEAK + "\n" + FILL),
        ("", FILL + "À découvrir aussi " + LEAK + "\n" + FILL),
        ("", FILL * 3 + "Articles similaires\n" + LEAK),
    ],
)
def test_what_only_the_headline_of_another_article_names_keeps_nothing(engine: Engine, summary: str, text: str) -> None:
    assert engine.match(Article(title="La ville", summary=summary, text=text)) == ()


def test_the_reason_is_told(engine: Engine) -> None:
    article = Article(title="La ville", text=FILL + "Articles du même auteur : " + LEAK + ". " + FILL)
    assert "dans le titre d'un autre article" in silence_text(why(engine, article, "x"))


@pytest.mark.parametrize(
    "text",
    [
        "Une fuite de données.\nÀ lire aussi : " + LEAK + "\n" + FILL,
        FILL + "\nÀ lire aussi : la météo de demain\nAprès une fuite de données, la mairie porte plainte.",
        "On peut lire aussi dans ce rapport une fuite de données restée sans suite. " + FILL,
        "Les articles similaires du code visent la fuite de données. " + FILL,
    ],
)
def test_what_the_article_itself_names_keeps_it(engine: Engine, text: str) -> None:
    assert len(engine.match(Article(title="La ville", text=text))) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "Article du même auteur", "Articles similaires", "Articles connexes", "Articles liés",
        "Articles récents", "Sur le même sujet", "Les plus lus", "Articles plus récents", "Nos derniers articles",
        "Vous aimerez aussi", "SUR LE MÊME SUJET",
    ],
)  # fmt: skip
def test_whatever_leads_to_other_articles_is_seen(engine: Engine, heading: str) -> None:
    assert engine.match(Article(title="Le budget", text=f"{FILL * 3}{heading}\n{LEAK}")) == ()


@pytest.mark.parametrize("verb", ["Lire", "Voir", "Découvrir", "À relire", "DÉCOUVRIR"])
@pytest.mark.parametrize("also", ["aussi", "également", "AUSSI"])
def test_whatever_leads_to_one_other_article_is_seen(engine: Engine, verb: str, also: str) -> None:
    assert engine.match(Article(title="Le budget", text=f"{FILL}\n{verb} {also} : {LEAK}.\n{FILL}")) == ()
