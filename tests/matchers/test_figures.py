"""Figures are one value however they are written: in digits, with a unit, in words."""

import pytest

from matchers.figures import DIGITS, figures


def values(text: str) -> list[str]:
    return [each[0] for each in figures(text)]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("cent une plaintes", 101),
        ("deux cents lits", 200),
        ("quatre-vingts communes", 80),
        ("quatre-vingt-dix-sept écoles", 97),
        ("cent quatre-vingts agents", 180),
        ("cent quatre-vingt-quinze agents", 195),
        ("soixante et onze hôpitaux", 71),
        ("Vingt et un ans", 21),
        ("mille deux cents dossiers", 1_200),
        ("deux cent mille assurés", 200_000),
        ("un million deux cent mille patients", 1_200_000),
        ("vingt millions de comptes", 20_000_000),
        ("deux mille milliards d’euros", 2_000_000_000_000),
        ("une centaine de postes", 100),
        ("trente milliers de lignes", 30_000),
    ],
)
def test_a_number_in_words_is_its_value(said: str, value: int) -> None:
    assert values(said) == [f"#{value}"]


@pytest.mark.parametrize(
    "said", ["deux offres", "des millions de comptes", "le vingt novembre", "les autres", "vingt-quelque", "centre"]
)
def test_what_counts_nothing_is_no_figure(said: str) -> None:
    assert values(said) == []


@pytest.mark.parametrize("said", ["soixante-dix pour cent des lits", "70 % des lits", "70 pour cent des lits"])
def test_a_share_is_a_share_however_it_is_written(said: str) -> None:
    assert values(said) == ["#70%"]


@pytest.mark.parametrize("unit", ["vingt et un ", "vingt-", "cent mille ", "mille milliards ", "1 000 ", "9"])
def test_a_number_that_does_not_end_is_read_once(unit: str) -> None:
    assert all(len(each) < 100 * DIGITS for each in values(unit * (200_000 // len(unit)) + "x"))
