"""Official acts in texts: each kind in each of its typographies, and what only looks like one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from matchers.acts import acts


def _cases() -> Iterator[tuple[str, frozenset[str]]]:
    for line in Path(__file__).with_name("acts.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            text, _, wanted = line.rpartition(" | ")
            yield text.removesuffix(" |"), frozenset(wanted.split())


@pytest.mark.parametrize(("text", "wanted"), list(_cases()))
def test_a_text_names_these_acts_and_no_other(text: str, wanted: frozenset[str]) -> None:
    assert {each.id for each in acts(text)} == wanted


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2013"])
@pytest.mark.parametrize("sign", ["n°", "nº", "no", "n."])
def test_typography_changes_no_number(blank: str, dash: str, sign: str) -> None:
    assert [each.id for each in acts(f"le décret{blank}{sign}{blank}2018{dash}137")] == ["decret:2018-137"]


def test_a_citation_is_where_it_stands_in_the_text_as_given() -> None:
    text = "Donn&eacute;es : la  loi\u00a0n° 78-17, puis SAN\u20112024\u2011013."
    found = acts(text)
    assert [each.id for each in found] == ["loi:78-17", "cnil:SAN-2024-013"]
    assert all(text[each.start : each.end] == each.text for each in found)


def test_a_deliberation_on_the_site_of_the_cnil_is_its_own() -> None:
    assert acts("Délibération n° 2025-013 du 13 février 2025") == ()
    assert [each.id for each in acts("Délibération n° 2025-013 du 13 février 2025", "www.cnil.fr")] == ["cnil:2025-013"]
    assert acts("Délibération n° 2025-013", "mycnil.fr") == ()


@pytest.mark.parametrize("text", ["loi n° " * 20_000, "Conseil d'État, n° " * 5_000, "(" * 100_000 + "loi n° 1"])
def test_a_text_that_promises_numbers_and_has_none_is_read_to_its_end(text: str) -> None:
    assert acts(text + " 7") == ()


def test_ten_thousand_numbers_are_ten_thousand_acts() -> None:
    text = ". ".join(f"le décret n° {1990 + number % 30}-{number // 30 + 1}" for number in range(10_000))
    assert len(acts(text)) == 10_000
