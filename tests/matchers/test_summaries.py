"""What of a summary are words of its own: the same article gets the same answer with the summary of its feed or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from matchers.engine.engine import Engine
from matchers.model import Article
from tests.matchers.builders import engine

ARTICLES = [
    (
        "Trois régies s’équipent",
        "La régie de l’eau de Vannes a rangé ses relevés chez un hébergeur qualifié SecNumCloud, dit son "
        "directeur. Deux autres la suivront au printemps. Le conseil d’administration a retenu cette offre "
        "pour sept ans, après un long débat, et les factures suivront en été. Aucun abonné ne sera prévenu, "
        "puisque rien ne change pour lui, promet-on à la mairie.",
    ),
    (
        "Ce que l’on sait de la panne de jeudi",
        "Le centre hospitalier de Vierzon a été victime d’une cyberattaque dans la nuit. Les urgences "
        "renvoient les ambulances vers Bourges et les consultations sont annulées jusqu’à lundi. Aucune "
        "rançon n’a été payée, assure la direction, qui a porté plainte et prévenu la Cnil. Les soignants "
        "sont revenus au papier ; les résultats arrivent par coursier.",
    ),
    (
        "Une rentrée sous le signe du climat",
        "Les élèves du lycée Ampère ont planté deux cents arbres, avec l’aide des services de la ville. Le "
        "proviseur y voit un début. L’an prochain, le toit sera couvert de panneaux, et la cantine passera "
        "aux légumes de la plaine. Les données de santé des élèves, elles, restent dans l’armoire de "
        "l’infirmière, plaisante un parent venu avec sa bêche.",
    ),
]
FRAMES = [
    "{}",
    "{}…",
    "{} [...]",
    "{}… Lire la suite",
    "Publié le 9 mai par Line Roux. {}… Continuer la lecture",
    "Mots-clés : hôpitaux, SecNumCloud, cyberattaque\n{}…",
    "{} […] The post {title} appeared first on Le Relevé.",
    "{title} - {}",
]


@pytest.fixture(scope="module")
def shipped() -> Engine:
    rules = load_rules(starter())
    assert isinstance(rules, Rules)
    return rules.engine


def told(engine: Engine, title: str, summary: str, text: str) -> object:
    return engine.match(Article("", title, summary, text))


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_the_opening_as_a_summary_changes_nothing(shipped: Engine, title: str, text: str, frame: str) -> None:
    summary = frame.format(text[:230].rsplit(" ", 1)[0], title=title)
    assert told(shipped, title, summary, text) == told(shipped, title, "", text)


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_nor_does_the_whole_text_with_it_or_in_its_place(shipped: Engine, title: str, text: str) -> None:
    alone = shipped.match(Article("", title, "", text * 2))
    assert told(shipped, title, text * 2, text * 2) == alone
    instead = shipped.match(Article("", title, text * 2))
    assert [(one.watchlist, one.score, one.subject, one.rings) for one in instead] == [
        (one.watchlist, one.score, one.subject, one.rings) for one in alone
    ]
    assert {hit.field for one in instead for hit in one.hits} <= {"title", "summary"}


WORDS = ["alpha", "beta", "le", "port", "brûle", "d’ici", "« mardi »", "n’a", "pas,", "rien.", "Gênes", "gamma"]


@given(some.lists(some.sampled_from(WORDS), min_size=12, max_size=60), some.integers(5, 40))
def test_a_repeated_opening_changes_nothing(words: list[str], count: int) -> None:
    rules = engine(
        any=["title:alpha", {"all": ["lead:beta", "gamma"]}, {"near": {"terms": ["alpha", "gamma"], "within": 3}}]
    )
    text = " ".join(words)
    summary = " ".join(words[: min(count, len(words) - 1)])
    if len(summary) < len(text):
        assert told(rules, "Un titre de quatre mots", summary, text) == told(rules, "Un titre de quatre mots", "", text)


@pytest.mark.parametrize(
    ("title", "summary", "text", "is_said"),
    [
        ("Un toit pour demain", "Le conseil a choisi alpha, dit-on.", "Le port brûle encore. " * 30, True),
        ("Un toit pour demain", "Le conseil a choisi alpha, dit-on.", "", True),
        ("Un toit pour demain", "Le conseil a choisi alpha, dit-on.", "Le conseil a choisi alpha, dit-on.", True),
        ("Un toit pour demain", "Tags : alpha, toits", "Le port brûle encore. " * 30, False),
        ("Un toit pour demain", "Tags : toits. Le conseil a choisi alpha.", "Le port brûle encore. " * 30, True),
        (
            "Un toit pour demain",
            "Alpha en débat • La pluie revient • Un match nul",
            "Le port brûle encore. " * 30,
            False,
        ),
        ("Un toit pour demain", "Alpha gagne. • Il pleut. • Rien d’autre.", "Le port brûle encore. " * 30, True),
        ("Le conseil choisit un toit pour demain", "La ville, elle, choisit un toit pour demain avec alpha.", "", True),
        (
            "Un toit pour demain",
            "Le port a choisi un toit de verre et alpha.",
            "Ils ont choisi un toit de verre hier. " * 9,
            True,
        ),
        ("Un toit pour demain", "Un toit pour demain | Alpha Infos", "Le port brûle encore. " * 30, False),
        (
            "Un toit pour demain",
            "Un toit pour demain. Le conseil de la ville, réuni hier soir, a fini par choisir alpha pour ses archives.",
            "",
            True,
        ),
    ],
)
def test_words_of_its_own_make_a_lead(title: str, summary: str, text: str, is_said: bool) -> None:
    assert bool(told(engine(any=["lead:alpha"]), title, summary, text)) is is_said
