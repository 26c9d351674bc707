import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.trials.explain import explain, silence_text, to_json, to_text, why
from tests.matchers.builders import engine, entities, watchlist

BUILT = engine(
    all=[{"any": ["@hdh", "données de santé"]}, "@azure"], boost={"CNIL": 2}, near={"terms": ["@hdh", "@azure"]}
)


def test_the_parts_add_up_and_quote_the_article() -> None:
    text = "Un long début de texte qui dépasse la limite des quarante signes\u00a0: la CNIL, puis Azure, " + "mot " * 20
    (found,) = explain(BUILT, Article(title="Le Health Data Hub quitte Azure", text=text))
    assert sum(part.point.points for part in found.parts) == found.match.score
    shown = to_text([found])
    assert "titre  Le [Health Data Hub] quitte Azure" in shown
    assert "bonus CNIL" in shown
    assert "proximité @hdh … @azure" in shown
    assert "texte  …" in shown
    assert json.loads(json.dumps(to_json(found)))["match"]["score"] == found.match.score
    assert to_text([]) == "Aucune veille ne retient cet article."


def test_a_long_side_of_a_proximity_names_its_first_terms() -> None:
    many = engine(any=["azure"], near={"terms": ["azure", ["alpha", "beta", "gamma", "delta", "zeta"]]})
    (found,) = explain(many, Article(title="Azure et zeta", text=""))
    assert "proximité azure … alpha|beta|gamma et 2 autres" in to_text([found])


@pytest.mark.parametrize(
    ("blocks", "title", "words"),
    [
        ({"any": ["@bleu"]}, "Bleu", "sans contexte"),
        ({"any": ["@bleu"]}, "Bleu " + "mot " * 30 + "cloud", "à 30 mots (25 permis)"),
        ({"any": ["@bleu"]}, "Sur France Bleu", "compris dans"),
        ({"any": ["@bleu"]}, "Bleu et Les Bleus cloud", "exclu par"),
        ({"any": ["@orange"]}, "Orange Bank", "compris dans «\u00a0Orange Bank\u00a0»"),
        ({"any": ["HDS!"]}, "Le hds", "casse"),
        ({"any": ["HDS!"]}, "LE HDS EST CHER", "capitales"),
        ({"all": ["title:alpha", "beta"]}, "beta", "title:alpha manque"),
        (
            {"any": ["@secnumcloud"]},
            "SecNumCluod",
            "le plus proche\u00a0: «\u00a0SecNumCluod\u00a0», titre, une lettre",
        ),
        ({"any": ["qualification"]}, "calification", "2 lettres d'écart"),
        ({"any": ["cloud souverain"]}, "un cloud, souverain", "coupé par une ponctuation"),
        ({"any": ["alpha"]}, "gamma", "1 terme absent, sans rien d'approchant"),
        ({"any": ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"]}, "a", "(2 de plus)"),
        ({"any": ["gamma", {"all": ["alpha", "beta"]}]}, "alpha", "any 2\u00a0: beta manque"),
        ({"any": [{"all": ["alpha", "beta", "gamma"]}]}, "alpha", "any 1\u00a0: il manque 2 conditions sur 3"),
        ({"all": [{"any": ["alpha"]}, {"any": ["beta"]}]}, "alpha", "any, aucun de\u00a0: beta"),
        ({"all": ["alpha", "beta"]}, "gamma", "il manque 2 conditions sur 2"),
        ({"at_least": {"n": 2, "of": ["alpha", "beta"]}}, "alpha", "at_least 2, trouvé 1"),
        ({"any": ["alpha"], "none": ["beta"]}, "alpha beta", "exclu par"),
        ({"near": {"terms": ["alpha", "beta"], "within": 1}}, "alpha x y beta", "au plus près à 2 mots"),
        (
            {"near": {"terms": ["alpha", "beta"], "within": 1}},
            "alpha",
            "trouvé alpha «\u00a0alpha\u00a0», titre\u00a0; il manque",
        ),
        ({"near": {"terms": ["alpha", "beta"], "ordered": True}}, "beta alpha", "jamais dans cet ordre"),
        ({"near": {"terms": ["alpha", "beta"], "sentence": True}}, "alpha. Puis beta", "jamais dans la même phrase"),
        ({"any": ["alpha"], "threshold": 4}, "alpha", "il manque 1 point"),
        ({"any": ["alpha"], "threshold": 5}, "alpha", "il manque 2 points"),
        ({"all": ["données de santé", "données"]}, "données de santé", "compris dans"),
        ({"any": ["alpha"]}, "alpha", "retenu"),
    ],
)
def test_a_silence_names_what_is_missing(blocks: dict[str, object], title: str, words: str) -> None:
    silence = why(engine(**blocks), Article(title=title), "x")
    assert words in silence_text(silence)
    assert json.dumps(to_json(silence))


def test_what_is_missing_is_told_to_readers_in_words_and_to_authors_as_written() -> None:
    built = engine(any=["title:@hdh", "~héberger", "SNDS!", "=la poste", "télécom*"], none=["lead:~pirater"])
    silence = why(built, Article(title="Un pirate"), "x")
    assert silence.lacks[0].terms == ("Health Data Hub", "héberger", "SNDS", "la poste", "télécom")
    assert silence.lacks[1].seen == (("pirater", "title"),)
    assert "title:@hdh" in silence.lacks[0].message


def test_a_title_term_seen_elsewhere_is_told() -> None:
    silence = why(engine(any=["title:alpha"]), Article(text="alpha"), "x")
    assert "hors titre" in silence_text(silence)


def test_terms_that_never_share_a_field_are_told() -> None:
    silence = why(engine(near={"terms": ["alpha", "beta"]}), Article(title="alpha", text="beta"), "x")
    assert "jamais ensemble" in silence_text(silence)


def test_every_required_block_that_fails_is_told_with_the_missing_points() -> None:
    built = engine(all=["alpha"], any=["beta"], none=["delta"], at_least={"n": 2, "of": ["un", "deux"]}, threshold=9)
    silence = why(built, Article(title="delta deux"), "x")
    assert [lack.path for lack in silence.lacks] == [("all", 0), ("any",), ("at_least",), ("none",), ("threshold",)]
    assert [lack.kind for lack in silence.lacks] == ["absent", "any", "at_least", "none", "threshold"]
    assert silence.lacks[-1].message.endswith("il manque 6 points")
    assert silence.lacks[-1].numbers == (6,)
    assert silence.score == sum(part.point.points for part in silence.parts) == 3


def test_a_match_tells_what_it_did_not_count() -> None:
    built = engine(any=["plateforme des données de santé", "données de santé"])
    (found,) = explain(built, Article(title="La plateforme des données de santé", text="Des données de santé."))
    assert [doubt.message for doubt in found.doubts] == ["compris dans «\u00a0plateforme des données de santé\u00a0»"]
    assert "mot 4\u00a0: compris dans" in to_text([found])


def test_the_three_first_hits_of_a_text_count_and_all_are_quoted() -> None:
    (found,) = explain(engine(any=["alpha"]), Article(text="alpha " * 5))
    assert [part.point.points for part in found.parts] == [3]
    assert len(found.parts[0].quotes) == 5


ARTICLES = st.builds(
    Article,
    *(
        st.lists(st.sampled_from(["alpha", "beta", "Bleu", "cloud", "delta", "Orange", ",", "."]), max_size=9).map(
            " ".join
        )
        for _ in range(4)
    ),
)
BLOCKS = {
    "x": watchlist(any=["alpha", {"near": {"terms": ["beta", ["@bleu", "cloud"]], "within": 2}}], none=["delta"]),
    "y": watchlist(at_least={"n": 2, "of": ["alpha", "@bleu", "cloud"]}, boost={"beta": 2}, threshold=6),
}
SEVERAL = compile_engine(BLOCKS, entities())


@given(ARTICLES, st.sampled_from(sorted(BLOCKS)))
def test_why_and_match_agree_and_a_silence_always_has_a_reason(article: Article, name: str) -> None:
    matched = {match.watchlist: match for match in SEVERAL.match(article)}
    silence = why(SEVERAL, article, name)
    assert silence.matched == (name in matched)
    assert bool(silence.lacks) != silence.matched
    if silence.matched:
        assert silence.score == matched[name].score
        assert tuple(part.point for part in silence.parts) == matched[name].points
    for found in explain(SEVERAL, article):
        assert sum(part.point.points for part in found.parts) == found.match.score
