"""Figures are one value however they are written: in digits, with a unit, in words."""

import pytest

from matchers.language.figures import DIGITS, figures, is_rounded


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


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("un demi-million de dossiers", 500_000),
        ("demi-milliard d’euros", 500_000_000),
        ("un quart de milliard", 250_000_000),
        ("un demi millier de dossiers", 500),
        ("trois quarts de million", 750_000),
        ("un million et demi de patients", 1_500_000),
        ("deux milliards et demi", 2_500_000_000),
        ("quinze millions et demi", 15_500_000),
        ("6,4M clients", 6_400_000),
        ("6,4 M d’abonnés", 6_400_000),
        ("30k comptes", 30_000),
    ],
)
def test_a_part_of_a_million_and_a_unit_of_one_letter_are_figures(said: str, value: int) -> None:
    assert values(said) == [f"#{value}"]


def test_a_metre_is_no_million() -> None:
    assert values("à 300 m de la gare") == ["#300"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("#491840", "#500000"), ("#758912", "#750000"), ("#285000", "#300000"), ("#31000", "#30000"), ("#251", "#251")],
)
def test_a_round_number_says_another_in_either_order(one: str, other: str) -> None:
    assert is_rounded(one, other) is is_rounded(other, one) is (one != other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("#3500000", "#3600000"),  # both as exact
        ("#285000", "#350000"),  # too far
        ("#758912", "#756000"),  # not round
        ("#36", "#40"),  # a number of days, of people
        ("#10,4%", "#10%"),
    ],
)
def test_two_figures_that_are_merely_near_are_two(one: str, other: str) -> None:
    assert not is_rounded(one, other)
