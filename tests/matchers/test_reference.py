"""The engine and the slow reference agree: which watchlists match, their scores, and every hit."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article
from matchers.scan.page import lay_out, own
from matchers.watchlists.watchlist import WatchlistFile
from tests.matchers.builders import ENTITIES, entities, lint, said, watchlist
from tests.matchers.reference import Judged, Reference, Seen

GAZETTEER = entities(
    {
        **ENTITIES,
        "cedric-o": {"name": "Cédric O"},
        "sncf": {"name": "SNCF", "aliases": ["L. 12"]},
        "dds": {"name": "données de santé", "aliases": ["santé (UE) 2016/679"]},
        "sdd": {"name": "souveraineté des données"},
    }
)
PLACED = st.sampled_from(
    """alpha beta|alpha|beta|données|données de santé|santé!|Bleu!|cloud*|=cloud|~chiffrer|@hdh|@bleu|@orange|@m365|@hds
    |title:alpha|title:@hdh|cœur|cloud de confiance|de|HDS+!|@barrot|@jnb|régional|L. 12|Microsoft|@dds|@sdd
    |title:@dds|art. 12|lead:alpha|lead:@hdh|lead:@dds""".replace("\n    ", "").split("|")
)
TERMS = PLACED | st.sampled_from(("source:Le Monde", "alpha", "@bleu"))
NEARS = st.fixed_dictionaries(
    {
        "terms": st.lists(PLACED | st.lists(PLACED, min_size=1, max_size=3), min_size=2, max_size=3),
        "within": st.integers(1, 6),
        "ordered": st.booleans(),
        "sentence": st.booleans(),
    }
)
QUERIES = st.sampled_from(
    (
        "alpha OR (beta AND NOT @bleu)",
        "@hdh NEAR/3 (cloud OR données)",
        '"données de santé" ONEAR/4 cloud* NOT Microsoft',
        "~chiffrer NEAR/s santé AND source:Monde",
    )
)


def blocks(nodes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    few = st.lists(nodes, min_size=1, max_size=3)
    return st.one_of(
        st.fixed_dictionaries({"any": few}),
        st.fixed_dictionaries({"all": few}),
        st.fixed_dictionaries({"any": few, "none": few}),
        st.fixed_dictionaries(
            {"at_least": st.builds(lambda of: {"n": 2, "of": of}, few.map(lambda of: [*of, "alpha"]))}
        ),
        st.fixed_dictionaries({"near": NEARS}),
        st.fixed_dictionaries({"near": NEARS, "any": few}),
        st.fixed_dictionaries({"query": QUERIES}),
    )


BLOCKS = blocks(TERMS | blocks(TERMS))
LISTS = st.builds(
    lambda block, boost: watchlist(**block, boost=boost), BLOCKS, st.dictionaries(TERMS, st.integers(1, 3), max_size=2)
)

WORDS = (
    "alpha beta données donne\u0301es DONNÉES santé SANTÉ de d’un cloud Clouds nuage chiffre chiffré Chiffrées Bleu "
    "bleu Bleus Orange ORANGE Bank Business Capgemini Microsoft 365 PDS pds HDS HDS+ mag SNDS CNIL certifié cœur COEUR "
    "Les Health Data Hub Jean-Noël Barrot Cédric O L. 12 co-entreprise régionaux régionales confiance 😀 "
    "cer\u00adtifié \ufb01n 𝐚lpha \ud800 Parti démocratique sénégalais l'hébergement"
)
PHRASES = ("données de santé", "cloud « de confiance »", "Health Data Hub", "Microsoft 365", "alpha beta", "Les Bleus")
PHRASES += ("souveraineté des données de santé", "santé (UE) 2016/679", "art. 12", "loi M. 12")
MARKS = (
    *[" "] * 12,
    *(", ", ". ", " « ", " » ", "\u00a0» ", " (", ") ", ". « ", "  ", "\u200b ", "' ", "-", " ; ", "… ", " “", ""),
)
TEXTS = st.lists(st.sampled_from([*WORDS.split(), *PHRASES * 3]) | st.sampled_from(MARKS), max_size=20).map(
    lambda parts: "".join(part if part in MARKS else f" {part}" for part in parts)
)
# The first words differ, and what repeats further on is left out: what a summary repeats has its own tests
ARTICLES = st.builds(
    lambda title, summary, text, source: Article(
        title="Un " + title, summary="Deux " + summary, text="Trois " + text, source=source
    ),
    TEXTS, TEXTS, TEXTS, st.sampled_from(("", "Le Monde", "Veille\nLe Monde diplomatique")),
).filter(lambda article: not own(lay_out(article)).apart)  # fmt: skip


def told(engine: Engine, article: Article) -> dict[str, tuple[int, set[tuple[str, str, int, int]]]]:
    name = Judged(Seen(article, GAZETTEER), watchlist(any=["x"])).key
    return {
        found.watchlist: (found.score, {(name(hit.term), hit.field, hit.start, hit.end) for hit in found.hits})
        for found in engine.match(article)
    }


def sound(lists: Mapping[str, WatchlistFile]) -> dict[str, WatchlistFile]:
    """Those in which the linter finds no error: only these are ever compiled."""
    return {name: each for name, each in lists.items() if not said(lint({name: each}, GAZETTEER))}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LISTS, min_size=2, max_size=4), st.lists(ARTICLES, min_size=3, max_size=6))
def test_the_engine_agrees_with_the_reference(lists: list[WatchlistFile], articles: list[Article]) -> None:
    kept = sound({f"w{number}": each for number, each in enumerate(lists)})
    engine, reference = compile_engine(kept, GAZETTEER), Reference(kept, GAZETTEER)
    for article in articles:
        expected = reference.match(article)
        event(f"{bool(expected)}")
        assert told(engine, article) == expected
