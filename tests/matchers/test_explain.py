import json

import pytest

from matchers.explain import explain, silence_text, to_json, to_text, why
from matchers.model import Article
from tests.matchers.builders import engine

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
        ({"any": ["@secnumcloud"]}, "SecNumCluod", "le plus proche"),
        ({"at_least": {"n": 2, "of": ["alpha", "beta"]}}, "alpha", "at_least 2, trouvé 1"),
        ({"any": ["alpha"], "none": ["beta"]}, "alpha beta", "exclu par"),
        ({"near": {"terms": ["alpha", "beta"], "within": 1}}, "alpha x y beta", "au plus près à 2 mots"),
        ({"near": {"terms": ["alpha", "beta"], "within": 1}}, "alpha", "manque"),
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


def test_a_title_term_seen_elsewhere_is_told() -> None:
    silence = why(engine(any=["title:alpha"]), Article(text="alpha"), "x")
    assert "hors titre" in silence_text(silence)


def test_terms_that_never_share_a_field_are_told() -> None:
    silence = why(engine(near={"terms": ["alpha", "beta"]}), Article(title="alpha", text="beta"), "x")
    assert "jamais ensemble" in silence_text(silence)
