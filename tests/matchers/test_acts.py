"""Official acts in texts: each kind in each of its typographies, and what only looks like one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from matchers.acts.acts import Citation, acts
from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.trials.lint import build
from matchers.watchlists.watchlist import EntityEntry, WatchlistFile

FILLER = "Un article de presse parle de tout, et de rien, sans aucun texte officiel. " * 12


def _acts(text: str, host: str = "") -> tuple[Citation, ...]:
    return acts(Article(text=text, url=f"https://{host}/x" if host else ""))


def _cases() -> Iterator[tuple[str, frozenset[str]]]:
    for line in Path(__file__).with_name("acts.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            text, _, wanted = line.rpartition(" | ")
            yield text.removesuffix(" |"), frozenset(wanted.split())


@pytest.mark.parametrize(("text", "wanted"), list(_cases()))
def test_a_text_names_these_acts_and_no_other(text: str, wanted: frozenset[str]) -> None:
    assert {each.id for each in _acts(text)} == wanted


ENGINE = compile_engine({}, {})


@pytest.mark.parametrize(("text", "wanted"), list(_cases()))
def test_the_automaton_that_runs_for_matching_finds_them_in_the_midst_of_a_long_text(
    text: str, wanted: frozenset[str]
) -> None:
    scan = ENGINE.scan(Article(title="Un titre", summary="Un chapeau", text=f"{FILLER}\n{text}. {FILLER}"))
    assert {each.id for each in scan.acts} == wanted
    assert not scan.sightings.seen  # its words are nobody's terms


def test_a_court_in_the_title_and_its_number_in_the_lead_are_one_citation() -> None:
    found = acts(Article(title="Le Conseil d'État", summary="Décision n° 491644 rendue ce matin."))
    assert [(each.id, each.text) for each in found] == [("ce:491644", "Conseil d'État")]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2013"])
@pytest.mark.parametrize("sign", ["n°", "nº", "no", "n."])
def test_typography_changes_no_number(blank: str, dash: str, sign: str) -> None:
    assert [each.id for each in _acts(f"le décret{blank}{sign}{blank}2018{dash}137")] == ["decret:2018-137"]


def test_a_citation_is_where_it_stands_in_the_text_as_given() -> None:
    text = "Donn&eacute;es : la  loi\u00a0n° 78-17, puis SAN\u20112024\u2011013."
    found = _acts(text)
    assert [each.id for each in found] == ["loi:78-17", "cnil:SAN-2024-013"]
    assert all(text[each.start : each.end] == each.text for each in found)


def test_a_deliberation_on_the_site_of_the_cnil_is_its_own() -> None:
    assert _acts("Délibération n° 2025-013 du 13 février 2025") == ()
    assert [each.id for each in _acts("Délibération n° 2025-013 du 13 février 2025", "www.cnil.fr")] == [
        "cnil:2025-013"
    ]
    assert _acts("Délibération n° 2025-013", "mycnil.fr") == ()


@pytest.mark.parametrize("text", ["loi n° " * 20_000, "Conseil d'État, n° " * 5_000, "(" * 100_000 + "loi n° 1"])
def test_a_text_that_promises_numbers_and_has_none_is_read_to_its_end(text: str) -> None:
    assert _acts(text + " 7") == ()


def test_ten_thousand_numbers_are_ten_thousand_acts() -> None:
    text = ". ".join(f"le décret n° {1990 + number % 30}-{number // 30 + 1}" for number in range(10_000))
    assert len(_acts(text)) == 10_000


# --- in watchlists and entities ------------------------------------------------------------------------------------
GDPR = EntityEntry(name="RGPD", kind="loi", act="celex:32016R0679")


@pytest.mark.parametrize(
    ("title", "holds"),
    [
        ("Le règlement (UE) 2016/679 fête ses dix ans", True),
        ("Le règlement n° 2016/679 fête ses dix ans", True),
        ("Le règlement (UE) 2016/680 fête ses dix ans", False),
        ("Le RGPD fête ses dix ans", False),
    ],
)
def test_a_term_that_is_an_act_is_found_in_all_its_typographies(title: str, holds: bool) -> None:
    watchlist = WatchlistFile(name="RGPD", level="flash", any=["act:celex:32016R0679"], threshold=1)
    assert bool(compile_engine({"rgpd": watchlist}, {}).match(Article(title=title))) is holds


def test_an_entity_that_is_an_act_is_seen_by_name_and_by_number() -> None:
    watchlist = WatchlistFile(name="RGPD", level="flash", any=["@rgpd"], threshold=1)
    engine = compile_engine({"rgpd": watchlist}, {"rgpd": GDPR})
    for title in ("Le RGPD a dix ans", "Le règlement (UE) 2016/679 a dix ans"):
        (match,) = engine.match(Article(title=title))
        assert match.hits[0].entity == "rgpd"


def test_what_is_no_act_is_refused_where_it_is_written() -> None:
    watchlist = WatchlistFile(name="x", level="flash", any=["act:2016/679", "RGPD"], threshold=1)
    found = build({"x": watchlist}, {"rgpd": EntityEntry(name="RGPD", aliases=["act:loi:78-17"])})
    told = [each.message for each in found.problems]
    assert any("après « act: »" in each for each in told)
    assert any("sans alias" in each for each in told)
