"""An article passes through the automaton once: what it matches and what it goes together by both come of that."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import grouping
from bot.reading import article
from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.scan.automaton import Automaton
from matchers.stories import vetoes
from matchers.stories.grouping import Grouping
from storage.articles.model import ArticleText
from tests.matchers.builders import entities, watchlist
from tests.storage.builders import NOW

LISTS = {"a": watchlist(any=["SecNumCloud", "@bleu"]), "b": watchlist(all=["@orange", "regex:cloud[s]"])}
ENGINE = compile_engine(LISTS, entities())
WORDS = st.sampled_from(
    ("Bleu", "Les Bleus", "Capgemini", "cloud", "Orange", "ORANGE", "vigilance orange", "opérateur", "SNDS", "PDS",
     "Microsoft 365", "souveraineté", "SecNumCloud", "Orange\u00a0Business", "hé\u0301bergeur", ".", "«", "et", "de")
)  # fmt: skip
PROSE = st.lists(WORDS, max_size=12).map(" ".join)


async def test_an_article_that_is_polled_passes_through_the_automaton_once(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[Any] = []
    find = Automaton.find
    monkeypatch.setattr(Automaton, "find", lambda self, page: passes.append(page) or find(self, page))
    reading = ArticleText("SecNumCloud", "Orange, opérateur.", "Nos clouds, là.", "https://site.example/1")
    room = SimpleNamespace(judge=grouping.Grouper())
    ports: Any = SimpleNamespace(engine=ENGINE, newsroom=room, clock=lambda: NOW)
    found = await article.judged(reading, "Le Fil", ports, dedup=True, official=None)
    assert ({each.watchlist for each in found.matches}, found.traits.host) == ({"a", "b"}, "site.example")
    assert len(passes) == 1


@given(PROSE, PROSE, PROSE)
def test_title_and_lead_name_what_they_would_by_themselves(title: str, summary: str, text: str) -> None:
    scan = ENGINE.scan(Article(title=title, summary=summary, text=text))
    ENGINE.matches(scan)
    alone = ENGINE.scan(Article(title=title, summary=summary or text))
    assert grouping.named(scan, ENGINE, Grouping()) == grouping.named(alone, ENGINE, Grouping())
    apart = ENGINE.understand(alone)
    assert {each.entity for each in grouping.named(scan, ENGINE, Grouping())} == apart.recognised.seen.keys()


@given(PROSE, PROSE, PROSE)
def test_to_match_changes_nothing_of_what_was_seen(title: str, summary: str, text: str) -> None:
    said = Article(title=title, summary=summary, text=text)
    scan = ENGINE.scan(said)
    assert ENGINE.matches(scan) == ENGINE.matches(scan) == ENGINE.match(said)
    assert ENGINE.understand(scan) == ENGINE.read(said)


CITED = st.lists(
    st.sampled_from(("loi n° 2024-449 du 21 mai 2024", "CVE-2026-12345", "CERTFR-2026-AVI-0123", "décret n° 2026-12",
                     "délibération n° 2026-047", "La CNIL", "sanctionne", "Orange", ".", "et"))
    , max_size=8).map(" ".join)  # fmt: skip


@given(CITED, CITED, CITED)
def test_what_nobody_is_told_of_founds_on_the_acts_of_its_whole_topic(title: str, summary: str, text: str) -> None:
    scan = ENGINE.scan(Article(title=title, summary=summary, text=text, url="https://www.cnil.fr/1"))
    whole = grouping.traits(scan, ENGINE.matches(scan), ENGINE, Grouping())
    bare = grouping.untold(scan, Grouping())
    assert (bare.host, bare.text, bare.aggregator) == (whole.host, whole.text, whole.aggregator)
    assert vetoes.founding(bare.topic, NOW) == vetoes.founding(whole.topic, NOW)
