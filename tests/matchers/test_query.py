import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.watchlists.blocks import bad_queries
from tests.matchers.builders import engine, lint, match, said, watchlist


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("alpha", "alpha", True),
        ("alpha AND beta", "alpha", False),
        ("alpha AND beta", "beta alpha", True),
        ("alpha OR beta", "beta", True),
        ("alpha NOT beta", "alpha", True),
        ("alpha NOT beta", "alpha beta", False),
        ("alpha AND NOT beta", "alpha beta", False),
        ("alpha AND NOT (beta OR gamma)", "alpha gamma", False),
        ("alpha OR beta AND gamma", "alpha", True),
        ("(alpha OR beta) AND gamma", "alpha", False),
        ('"données de santé" AND alpha', "alpha, donnees de sante", True),
        ("«\u00a0données de santé\u00a0» AND alpha", "alpha, données de santé", True),
        ("“données de santé”", "données de santé", True),
        ('title:"cloud souverain"', "Le cloud souverain", True),
        ('"Cloud Act"!', "le cloud act", False),
        ('"Cloud Act"!', "le Cloud Act", True),
        ("(@hdh OR SNDS!) AND title:migr* NOT webinaire", "Le SNDS migrera", True),
        ("(@hdh OR SNDS!) AND title:migr* NOT webinaire", "Webinaire : le Health Data Hub migre", False),
        ("alpha NEAR/1 beta", "beta mot alpha", True),
        ("alpha NEAR/1 beta", "beta un mot alpha", False),
        ("alpha ONEAR/3 beta", "beta alpha", False),
        ("alpha ONEAR/3 beta", "alpha beta", True),
        ("alpha NEAR/3 (beta OR gamma)", "alpha gamma", True),
        ("alpha NEAR/3 beta NEAR/3 gamma", "alpha gamma beta", True),
        ("alpha NEAR/3 beta NEAR/3 gamma", "alpha gamma", False),
        ("alpha NEAR/s beta", "alpha puis beta.", True),
        ("alpha NEAR/s beta", "Encore alpha. Puis beta.", False),
        ("gamma AND alpha NEAR/1 beta", "alpha beta gamma", True),
        ("~héberger AND =cloud", "l’hébergement des clouds", False),
        ("~héberger AND =cloud", "l’hébergement du cloud", True),
        ("R&D AND l'État", "la R&D de l’État", True),
        ("ANDORRE", "Andorre", True),
        ("or OR beta", "l’or", True),
    ],
)
def test_a_query_reads_as_written(query: str, title: str, found: bool) -> None:
    assert (match(engine(query=query), title) is not None) is found


def test_a_query_is_the_tree_that_yaml_gives() -> None:
    one = engine(query='(@hdh OR "données de santé") AND alpha NEAR/4 beta NOT gamma')
    other = engine(
        all=[{"any": ["@hdh", "données de santé"]}, {"near": {"terms": ["alpha", "beta"], "within": 4}}],
        none=["gamma"],
    )
    for title in (
        "Health Data Hub alpha beta",
        "données de santé beta alpha",
        "Health Data Hub",
        "HDH alpha gamma beta",
    ):
        first, second = match(one, title), match(other, title)
        assert (first and (first.score, first.hits)) == (second and (second.score, second.hits))


def test_a_query_joins_the_other_blocks_and_nests() -> None:
    assert match(engine(query="alpha OR beta", all=["gamma"]), "alpha") is None
    assert match(engine(any=[{"query": "alpha AND beta"}, "gamma"]), "beta alpha") is not None


@pytest.mark.parametrize(
    ("query", "at", "words"),
    [
        ("", 0, "vide"),
        ("   ", 3, "manque un terme"),
        ("(alpha OR beta", 0, "pas fermée"),
        ("alpha OR beta)", 13, "pas été ouverte"),
        ("alpha beta", 6, "guillemets"),
        ("(alpha beta)", 7, "guillemets"),
        ("alpha AND", 9, "à la fin"),
        ("AND alpha", 0, "avant «\u00a0AND\u00a0»"),
        ("alpha OR OR beta", 9, "avant «\u00a0OR\u00a0»"),
        ('alpha AND "beta gamma', 10, "guillemet"),
        ("alpha NEAR beta", 6, "NEAR/12"),
        ("alpha NEAR/0 beta", 6, "1 à 100"),
        ("alpha NEAR/101 beta", 6, "1 à 100"),
        ("alpha NEAR/x beta", 6, "NEAR/12"),
        ("alpha NEAR/2 beta NEAR/3 gamma", 18, "même nombre"),
        ("alpha NEAR/2 (beta AND gamma)", 14, "OR"),
        ("title:(alpha OR beta)", 0, "devant chaque terme"),
        ("lead:(alpha OR beta)", 0, "devant chaque terme"),
        ("alpha OR regex:a+", 9, "YAML"),
        ("(" * 41 + "alpha" + ")" * 41, 40, "niveaux"),
    ],
)
def test_a_wrong_query_is_told_at_its_character(query: str, at: int, words: str) -> None:
    ((path, message),) = said(lint({"x": watchlist(all=["alpha", {"query": query}])}, {}))
    assert path == ("all", 1, "query", at)
    assert words in message


def test_a_term_of_a_query_is_checked_at_its_character() -> None:
    found = said(lint({"x": watchlist(query="alpha AND (beta OR @hdz) NOT (~rien)")}, {}))
    assert [path for path, _ in found] == [("query", 19), ("query", 30)]


def test_a_query_that_only_refuses_is_refused() -> None:
    assert said(lint({"x": watchlist(query="NOT alpha")}, {}))[0][0] == ()
    assert said(lint({"x": watchlist(query="alpha OR NOT beta")}, {}))[0][0] == ()
    assert said(lint({"x": watchlist(query="alpha NOT alphas")}, {}))[0][0] == ("query", 10)


@given(st.text(st.sampled_from('ab@~!*="«»(): /ANDORTE1'), max_size=30) | st.text(max_size=20))
def test_any_text_is_read_or_refused(query: str) -> None:
    for path, bad in bad_queries(watchlist(query=query)):
        assert path == ("query", bad.at)
        assert 0 <= bad.at <= len(query)


# --- sources and regular expressions ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "source", "found"),
    [
        ("source:Le Monde", "Le Monde", True),
        ("source:le monde", "Le Monde Informatique", True),
        ("source:=Le Monde", "Le Monde Informatique", False),
        ("source:=Le Monde", "Veille\nLe Monde", True),
        ("source:info*", "Le Monde Informatique", True),
        ("source:Monde", "Mondes", False),
        ("source:Numérama", "NUMERAMA", True),
        ("source:Le Monde", "", False),
        ("source:Veille Le", "Veille\nLe Monde", False),
    ],
)
def test_a_source_term_reads_the_names_of_the_source(written: str, source: str, found: bool) -> None:
    built = engine(all=["alpha", written])
    assert bool(built.match(Article(title="alpha", source=source))) is found


def test_a_source_has_no_hit_and_no_point_but_a_boost_may_name_it() -> None:
    built = compile_engine({"x": watchlist(all=["alpha", "source:Le Monde"], boost={"source:Monde": 2})}, {})
    (found,) = built.match(Article(title="alpha", source="Le Monde"))
    assert [hit.text for hit in found.hits] == ["alpha"]
    assert [(point.kind, point.term, point.points) for point in found.points] == [
        ("term", "alpha", 3),
        ("boost", "source:Monde", 2),
    ]


def test_an_article_of_a_refused_source_is_left() -> None:
    built = engine(any=["alpha"], none=["source:=Le Monde"])
    assert built.match(Article(title="alpha", source="Le Monde")) == ()
    assert built.match(Article(title="alpha", source="Le Monde Informatique"))


@pytest.mark.parametrize(
    ("expression", "title", "hits"),
    [
        (r"regex:CVE-\d{4}-\d{4,}", "Faille CVE-2026-12345 corrigée", ["CVE-2026-12345"]),
        (r"regex:(?i)cve-\d+", "cve-1, CVE-2", ["cve-1", "CVE-2"]),
        (r"regex:SecNum", "SecNumCloud", []),
        (r"regex:SecNum\pL*", "SecNumCloud", ["SecNumCloud"]),
        (r"regex:SecNum|SecNumCloud", "SecNumCloud et SecNum", ["SecNumCloud", "SecNum"]),
        (r"regex:é+", "été, é", ["é"]),
        (r"regex:\d+ M€", "un contrat de 12 M€", ["12 M€"]),
        (r"title:regex:\d+", "12", ["12"]),
    ],
)
def test_an_expression_finds_whole_words_at_their_place(expression: str, title: str, hits: list[str]) -> None:
    found = match(engine(any=[expression]), title)
    assert [hit.text for hit in found.hits] == hits if found else hits == []


def test_an_expression_joins_other_terms_and_gives_exact_spans_in_a_dirty_field() -> None:
    built = engine(near={"terms": [r"regex:CVE-\d+", "alpha"], "within": 3})
    found = match(built, text="😀 \ud800 l’al\u00adpha  de CVE-\u200b12")
    assert found is not None
    assert [hit.text for hit in found.hits] == ["al\u00adpha", "CVE-\u200b12"]
    assert match(built, text="alpha") is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("regex:(a", "il manque «\u00a0)\u00a0»"),
        ("regex:a**", "double"),
        (r"regex:(a)\1", "suivi d'un caractère inconnu"),
        ("regex:(?=a)", "renvoi"),
        ("regex:a*", "vide"),
        ("regex:(((a{9}){99}){9}){9}", "refusée"),
        ("regex:" + "a" * 501, "500"),
        ("regex:\ud800", "refusée"),
        ("source:...", "aucune lettre"),
        ("source:@hdh", "vient un nom"),
        ("source:SNDS!", "vient un nom"),
        ("title:source:x", "title:"),
    ],
)
def test_a_wrong_expression_or_source_is_told(written: str, words: str) -> None:
    ((path, message),) = said(lint({"x": watchlist(all=["alpha", written])}, {}))
    assert path == ("all", 1)
    assert words in message


def test_a_source_has_no_place_near_a_term_nor_alone() -> None:
    assert said(lint({"x": watchlist(near={"terms": ["alpha", "source:x"]})}, {}))[0][0] == ("near", "terms", 1)
    assert "tous les articles" in said(lint({"x": watchlist(any=["source:x"])}, {}))[0][1]


def test_a_heavy_expression_takes_linear_time() -> None:
    built = engine(any=[r"regex:(a+)+b"])
    assert match(built, text="a" * 50_000) is None
