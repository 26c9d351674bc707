import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article
from matchers.watchlists.terms import is_one_letter_off
from tests.matchers.builders import engine, entities, match, spans, watchlist


@pytest.mark.parametrize(
    ("term", "title", "found"),
    [
        ("ans", "Dans ses plans, la France", False),
        ("ANS!", "Il a trois ans", False),
        ("ANS!", "L’ANS publie", True),
        ("Conseil d'État", "Le CONSEIL D’ETAT juge", True),
        ("Conseil d'État!", "le conseil d'état", False),
        ("Conseil d'État!", "le Conseil d’État", True),
        ("Gaia-X!", "Gaia\u2011X avance", True),
        ("EMC2!", "Le projet EMC² est lancé", True),
        ("HDS+!", "L’offre HDS+ arrive", True),
        ("HDS+!", "L’offre HDS arrive", False),
        (".NET!", "Le cadre .NET évolue", True),
        (".NET!", "Le cadre NET évolue", True),
        ("=cloud", "Les clouds", False),
        ("télécom*", "La télécommunication", True),
        ("télécom*", "Une vidéotélécom", False),
        ("cloud de confiance", "Le cloud «\u00a0de confiance\u00a0»", True),
        ("cloud de confiance", "Le cloud (de confiance)", True),
        ("cloud de confiance", "Le cloud, de confiance", False),
        ("cloud de confiance", "Le cloud. De confiance", False),
        ("article L. 1111-8", "L’article L. 1111\u20118 du code", True),
        ("article L. 1111-8", "L’article L.1111-8 du code", True),
        ("fin SNDS", "La fin. SNDS", False),
        ("n° 5", "Le n°\u00a05", True),
        ("données de santé", "donne\u0301es  de\u00a0san\u00adte\u0301", True),
        ("certification", "certi\ufb01cation", True),
        ("SNDS!", "LE SNDS EST OUVERT AUX CHERCHEURS", False),
        ("title:CNIL", "La CNIL", True),
    ],
)
def test_terms_are_read_as_a_person_would(term: str, title: str, found: bool) -> None:
    assert (match(engine(any=[term]), title) is not None) is found


def test_a_title_term_is_not_looked_for_elsewhere() -> None:
    assert match(engine(any=["title:CNIL"]), "Rien", "La CNIL", "CNIL") is None


@pytest.mark.parametrize(("place", "found"), [("title", True), ("summary", True), ("text", False)])
@pytest.mark.parametrize("term", ["lead:CNIL", "lead:regex:CNI.", "lead:~attaquer", "lead:=CNIL"])
def test_a_lead_term_is_looked_for_in_the_title_and_the_summary(term: str, place: str, found: bool) -> None:
    written = {"title": "", "summary": "", "text": "", place: "La CNIL face aux attaques"}
    assert (match(engine(any=[term], threshold=1), **written) is not None) is found


@pytest.mark.parametrize(
    ("refused", "found"),
    [
        (["title:recours", "recours"], True),
        (["recours", "lead:recours", "title:recours"], True),
        (["title:recours", "Sénat"], False),
        (["title:recours", "lead:recours", "Sénat"], False),
    ],
)
def test_a_term_and_the_same_in_the_title_are_one_for_a_none_too(refused: list[str], found: bool) -> None:
    built = engine(any=["CNIL"], none=[{"at_least": {"n": 2, "of": refused}}])
    assert (match(built, "CNIL : un recours au Sénat") is not None) is found


@pytest.mark.parametrize(
    "terms", [["title:CNIL", "lead:CNIL"], ["lead:CNIL", "title:CNIL", "CNIL"], ["CNIL", "lead:CNIL"]]
)
def test_a_term_of_several_places_is_one_in_the_score(terms: list[str]) -> None:
    found = match(engine(any=terms, threshold=1), "La CNIL", "La CNIL répond")
    assert found is not None
    assert (found.score, len(found.hits)) == (5, 2)


def test_two_hits_may_share_a_blank_and_stand_at_both_ends() -> None:
    assert spans(engine(any=["SNDS!"]), "SNDS SNDS") == ["SNDS", "SNDS"]


def test_a_phrase_never_crosses_two_fields() -> None:
    built = engine(any=["Health Data Hub", "cloud de confiance"])
    assert match(built, "Health Data", "Hub cloud", "de confiance") is None


def test_empty_articles_and_configurations_match_nothing() -> None:
    assert match(engine(any=["a"])) is None
    assert compile_engine({}, {}).match(Article(title="a")) == ()


def test_a_prefix_runs_to_the_end_of_its_word() -> None:
    assert spans(engine(any=["héberg*"]), "L’hébergement.") == ["hébergement"]


def test_spans_are_those_of_the_field_as_given() -> None:
    title = "😀 \ud800 don\u00adne\u0301es   de\u200b santé\u0301 !"
    found = match(engine(any=["données de santé"]), title)
    assert found is not None
    (hit,) = found.hits
    assert (hit.start, hit.text) == (4, title[4 : hit.end])


# --- entities ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("entity", "title", "found"),
    [
        ("@bleu", "Bleu, co-entreprise d’Orange", True),
        ("@bleu", "Le ciel était Bleu", False),
        ("@bleu", "Le Bleu de Bleu dans le cloud", True),
        ("@bleu", "Le fromage bleu et le cloud", False),
        ("@bleu", "Sur France Bleu, le cloud", False),
        ("@bleu", "Bleu, Capgemini et Les Bleus", False),
        ("@bleu", "Un ciel Bleu et une Orange", False),
        ("@bleu", "Bleu avec Orange Business", True),
        ("@orange", "Orange Business avance", True),
        ("@orange", "La vigilance orange Capgemini", False),
        ("@m365", "Microsoft 365 et Microsoft 365", False),
        ("@m365", "Microsoft 365, encore Microsoft", True),
        ("@hds", "HDSmag et HDS mag : hébergement", False),
        ("@hds", "La certification HDS", True),
        ("@hds", "L’hébergeur est certifié HDS", True),
        ("@hds", "HDS+ certifié", False),
        ("@hdh", "La plateforme des données de santé", True),
        ("@barrot", "Jean-Noël Barrot à Bruxelles", False),
        ("@jnb", "Jean-Noël Barrot à Bruxelles", True),
    ],
)
def test_an_entity_is_told_from_its_namesakes(entity: str, title: str, found: bool) -> None:
    assert (match(engine(any=[entity]), title) is not None) is found


def test_context_counts_words_in_one_field() -> None:
    built = engine(any=["@bleu"])
    assert match(built, text="Bleu " + "mot " * 25 + "cloud") is not None
    assert match(built, text="Bleu " + "mot " * 26 + "cloud") is None
    assert match(built, text="cloud " + "mot " * 25 + "Bleu " + "mot " * 30 + "cloud") is not None
    assert match(built, "Bleu", text="cloud") is None
    assert match(built, summary="Bleu", text="cloud") is None


def test_title_and_summary_are_read_together() -> None:
    built = engine(any=["@bleu"])
    assert match(built, "Qui est Bleu", "Un cloud") is not None
    assert match(built, "Cloud", "Qui est Bleu") is not None
    assert match(built, "Qui est Bleu" + " mot" * 20, "mot " * 6 + "cloud") is None
    assert match(built, "Qui est Bleu", "Les Bleus et le cloud") is None


def test_an_entity_is_one_term_whatever_the_alias() -> None:
    found = match(engine(any=["@hdh"]), "HDH et Health Data Hub")
    assert found is not None
    assert [(point.term, point.points, point.title) for point in found.points] == [("@hdh", 3, 2)]


# --- blocks --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("blocks", "title", "found"),
    [
        ({"all": ["alpha", "beta"]}, "alpha", False),
        ({"all": ["alpha", "beta"]}, "beta alpha", True),
        ({"all": ["Microsoft", "Microsoft 365"]}, "Microsoft 365", False),
        ({"all": ["données", "données de santé"]}, "Les données des données de santé", True),
        ({"any": ["alpha"], "all": ["beta"]}, "alpha", False),
        ({"any": ["alpha"], "none": ["gamma"]}, "alpha gamma", False),
        ({"any": ["données de santé"], "none": ["santé"]}, "données de santé", False),
        ({"any": ["alpha"], "none": ["@bleu"]}, "alpha Bleu", False),
        ({"any": ["alpha"], "none": [{"all": ["beta", "gamma"]}]}, "alpha beta", True),
        ({"any": ["alpha"], "none": [{"near": {"terms": ["beta", "gamma"]}}]}, "alpha beta gamma", False),
        ({"any": ["alpha", {"all": ["beta", "gamma"]}]}, "beta gamma", True),
        ({"all": [{"any": ["alpha"]}, {"none": ["beta"]}]}, "alpha beta", False),
        ({"at_least": {"n": 2, "of": ["alpha", "beta", "gamma"]}}, "alpha alpha", False),
        ({"at_least": {"n": 2, "of": ["alpha", "beta", {"all": ["gamma"]}]}}, "alpha gamma", True),
        ({"near": {"terms": ["alpha", "beta"], "within": 1}}, "alpha x beta", True),
        ({"near": {"terms": ["alpha", "beta"], "within": 1}}, "beta x alpha", True),
        ({"near": {"terms": ["alpha", "beta"], "within": 1}}, "alpha x x beta", False),
        ({"near": {"terms": ["alpha", "beta"], "ordered": True}}, "beta alpha", False),
        ({"near": {"terms": ["alpha", "beta"], "ordered": True}}, "beta alpha beta", True),
        ({"near": {"terms": ["alpha", "beta", "gamma"], "ordered": True}}, "alpha gamma beta", False),
        ({"near": {"terms": ["alpha", "beta", "gamma"]}}, "alpha gamma beta", True),
        ({"near": {"terms": ["alpha", "beta", "gamma"]}}, "alpha gamma", False),
        ({"near": {"terms": ["alpha", "alpha"]}}, "alpha", False),
        ({"near": {"terms": ["alpha", "alpha"]}}, "alpha alpha", True),
        ({"near": {"terms": ["alpha", "alpha", "alpha"]}}, "alpha alpha", False),
        ({"near": {"terms": ["alpha", ["beta", "gamma"]], "sentence": True}}, "alpha. Gamma", False),
        ({"near": {"terms": ["alpha", ["beta", "gamma"]], "sentence": True}}, "alpha, M. gamma", True),
        ({"near": {"terms": ["alpha beta", "beta gamma"]}}, "alpha beta gamma", False),
    ],
)  # fmt: skip
def test_blocks_hold_as_written(blocks: dict[str, Any], title: str, found: bool) -> None:
    assert (match(engine(**blocks), title) is not None) is found


def test_near_does_not_cross_fields() -> None:
    assert match(engine(near={"terms": ["alpha", "beta"]}), "alpha", "beta") is None


def test_a_watchlist_without_a_gate_is_not_compiled() -> None:
    with pytest.raises(ValueError, match="no gate"):
        engine(none=["alpha"])
    with pytest.raises(KeyError):
        engine(any=["@inconnue"])


# --- score ---------------------------------------------------------------------------------------------------------
def score(blocks: dict[str, Any], *fields: str) -> int:
    found = match(engine(**blocks), *fields)
    return found.score if found else 0


def test_a_term_scores_by_field() -> None:
    blocks = {"any": ["alpha"]}
    assert score(blocks, "alpha alpha") == 3
    assert score(blocks, "x", "alpha et alpha") == 2
    assert score(blocks, "x", "y", "alpha " * 5) == 3
    assert score(blocks, "alpha x", "y alpha", "alpha") == 6


def test_boost_and_near_add_their_points() -> None:
    assert score({"any": ["alpha"], "boost": {"alpha": 4, "beta": 2}}, "alpha") == 7
    assert score({"any": ["alpha"], "boost": {"beta": 2, "alpha": 4}}, "alpha beta beta") == 9
    assert score({"near": {"terms": ["alpha", "beta"]}}, "alpha beta") == 8
    assert score({"any": ["données de santé"], "boost": {"santé": 2}}, "données de santé") == 3


def test_a_block_that_does_not_hold_scores_nothing() -> None:
    assert score({"any": ["alpha", {"all": ["beta", "gamma"]}]}, "alpha beta") == 3


def test_the_threshold_is_reached_or_not() -> None:
    assert match(engine(any=["alpha"], threshold=4), "alpha") is None
    assert match(engine(any=["alpha"], threshold=3), "alpha") is not None


@pytest.mark.parametrize(
    ("title", "summary", "text", "points"),
    [
        ("Leviia obtient alpha", "Leviia obtient alpha", "", 3),
        ("Leviia obtient alpha", "Leviia obtient alpha - Le Mois Informatique", "", 3),
        ("Leviia obtient enfin alpha", "Leviia obtient enfin alpha Le Mois", "", 3),
        ("Leviia obtient enfin alpha aujourd’hui", "Leviia obtient enfin alpha…", "", 3),
        ("alpha", "alpha est une belle réussite", "", 5),
        ("alpha", "Ce que change alpha", "", 5),
        ("", "Ce que change alpha demain", "Ce que change alpha demain. Et alpha encore.", 2),
        ("", "Ce que change alpha dem…", "Ce que change alpha demain", 1),
        ("", "Ce que change alpha demain", "Ce que change alpha demain", 2),
    ],
)
def test_a_summary_that_repeats_is_scored_once(title: str, summary: str, text: str, points: int) -> None:
    assert score({"any": ["alpha"]}, title, summary, text) == points


def test_a_mention_in_the_text_is_no_subject() -> None:
    built = engine(any=["alpha"], boost={"beta": 1})
    in_text, in_title = match(built, "beta", "", "alpha"), match(built, "alpha")
    assert in_text is not None
    assert in_title is not None
    assert (in_text.subject, in_title.subject) == (False, True)


# --- the engine ----------------------------------------------------------------------------------------------------
def test_matches_come_by_score_then_id_and_may_be_narrowed() -> None:
    lists = {name: watchlist(any=[term]) for name, term in (("c", "alpha"), ("a", "beta"), ("b", "alpha"))}
    built = compile_engine(lists, {})
    article = Article(title="alpha", text="beta")
    assert [found.watchlist for found in built.match(article)] == ["b", "c", "a"]
    assert [found.watchlist for found in built.match(article, frozenset({"c"}))] == ["c"]
    assert built.match(article) == compile_engine(dict(reversed(lists.items())), {}).match(article)


def test_hits_come_by_field_then_place() -> None:
    built = engine(any=["alpha", "beta", "@hdh"])
    found = match(built, "beta alpha", "Ici le Health Data Hub", "alpha")
    assert found is not None
    assert [(hit.field, hit.start, hit.term, hit.entity) for hit in found.hits] == [
        ("title", 0, "beta", None), ("title", 5, "alpha", None), ("summary", 7, "@hdh", "hdh"),
        ("text", 0, "alpha", None),
    ]  # fmt: skip


def test_a_card_tells_what_a_reader_may_know() -> None:
    card = engine(any=["alpha"], near={"terms": ["@hdh", ["beta"]]}, none=["gamma"]).watchlists["x"]
    assert card.terms == ("alpha", "@hdh", "beta")
    assert len(card.version) == 6


def test_the_version_follows_what_decides() -> None:
    first, other = engine(any=["alpha"]), engine(any=["alpha", "beta"])
    same = engine(any=["alpha"], examples={"match": ["alpha"]})
    assert first.watchlists["x"].version == same.watchlists["x"].version != other.watchlists["x"].version


def test_the_version_follows_the_entities_it_names_or_seems_to() -> None:
    watching = {"x": watchlist(any=["@hdh", "alpha"])}

    def version(**entries: str) -> str:
        known = {name: {"name": written} for name, written in entries.items()}
        return compile_engine(watching, entities(known)).watchlists["x"].version

    first = version(hdh="Health Data Hub", azure="Azure", hd="HD")
    assert version(hdh="Health Data Hub", azure="Azure Cloud", hd="HD") == first
    assert version(hdh="Plateforme", azure="Azure", hd="HD") != first
    assert version(hdh="Health Data Hub", azure="Azure", hd="Haute définition") != first


def test_threads_share_an_engine() -> None:
    built = engine(any=["@hdh"])
    results: list[object] = []

    def work() -> None:
        results.append(match(built, "Le Health Data Hub"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1


def test_a_text_of_a_megabyte_is_matched() -> None:
    found = match(engine(near={"terms": ["alpha", "beta"], "within": 3}), text="mot " * 250_000 + "alpha beta")
    assert found is not None


WORDS = st.sampled_from(["alpha", "beta", "gamma", "Bleu", "cloud", "Orange", "données", "santé", "de", ".", "«"])
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
BUILT = [
    engine(any=["alpha", "données de santé"], boost={"beta": 2}),
    engine(all=["alpha", {"any": ["beta", "@bleu"]}], none=["gamma"]),
    engine(at_least={"n": 2, "of": ["alpha", "beta", "@orange", "santé"]}),
    engine(near={"terms": ["alpha", ["beta", "cloud"]], "within": 2}, any=["alpha", "cloud"]),
]


@settings(max_examples=60)
@given(st.sampled_from(BUILT), TEXTS, TEXTS, TEXTS)
def test_points_add_up_and_spans_are_exact(built: Engine, title: str, summary: str, text: str) -> None:
    article = Article(title=title, summary=summary, text=text)
    for found in built.match(article):
        assert found.score == sum(point.points for point in found.points) >= found.threshold
        assert all(getattr(article, hit.field)[hit.start : hit.end] == hit.text for hit in found.hits)
        assert built.judge(built.read(article), "x").matched
    assert bool(built.match(article)) is built.judge(built.read(article), "x").matched  # gates change nothing


def test_entities_are_those_of_the_file() -> None:
    assert compile_engine({}, entities()).entities.keys() == entities().keys()


# --- surnames that the press misspells -----------------------------------------------------------------------------
PEOPLE = entities(
    {
        "carniaux": {
            "name": "Anton Carniaux",
            "kind": "personne",
            "aliases": ["Carniaux"],
            "ambiguous": {"aliases": ["Carniaud"], "context": ["Microsoft", "Sénat"], "within": 10},
        },
        "meauzoone": {"name": "William Méauzoone", "kind": "personne"},
        "denis": {"name": "Marie-Laure Denis", "kind": "personne"},
        "carnaux": {"name": "Carniaux et fils", "kind": "org"},
    }
)


@pytest.mark.parametrize(
    ("entity", "title", "found"),
    [
        ("@carniaux", "Anton Carniaux", "Anton Carniaux"),
        ("@carniaux", "Anton Carniaud devant les sénateurs", "Anton Carniaud"),
        ("@carniaux", "Anton Carniax", "Anton Carniax"),
        ("@carniaux", "Anton Carnaiux", "Anton Carnaiux"),
        ("@carniaux", "ANTON CARNIAUXX", "ANTON CARNIAUXX"),
        ("@carniaux", "Anton carniaud", None),
        ("@carniaux", "Anton Karniaux", None),
        ("@carniaux", "Anton Carniot", None),
        ("@carniaux", "Anton, Carniaud", None),
        ("@carniaux", "Carniaut, de Microsoft", "Carniaut"),
        ("@carniaux", "Carniaut, un mot de trop", None),
        ("@meauzoone", "William Meauzoone", "William Meauzoone"),
        ("@meauzoone", "William Méauzonne", "William Méauzonne"),
        ("@meauzoone", "Méauzonne", None),
        ("@denis", "Marie-Laure Denys", None),
        ("@carnaux", "Carniaux et fill", None),
    ],
)
def test_a_surname_may_have_one_wrong_letter_beside_what_tells_who_it_is(
    entity: str, title: str, found: str | None
) -> None:
    built = compile_engine({"x": watchlist(any=[entity])}, PEOPLE)
    assert spans(built, title) == ([found] if found else [])


@given(st.text("abcd", min_size=1, max_size=6), st.text("abcd", min_size=1, max_size=6))
def test_one_letter_off_is_one_step_of_any_kind(one: str, other: str) -> None:
    edits = {one[:at] + one[at + 1 :] for at in range(len(one))}
    edits |= {one[:at] + letter + one[at:] for at in range(len(one) + 1) for letter in "abcd"}
    edits |= {one[:at] + letter + one[at + 1 :] for at in range(len(one)) for letter in "abcd"}
    edits |= {one[:at] + one[at : at + 2][::-1] + one[at + 2 :] for at in range(len(one) - 1)}
    assert is_one_letter_off(one.encode(), other.encode()) is (other in edits - {one})
