"""A wrong call is told in French, whatever argparse's own words are on this Python."""

import pytest

from bot.cli import main, parser
from bot.usage import french


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "il manque : commande"),
        (["fedes"], "« fedes » n’existe pas ; vouliez-vous « feeds » ?"),
        (["xyz"], "« xyz » n’existe pas ; il y a : "),
        (["schema"], "il manque : kind (aide : vigie schema --help)"),
        (["match", "--watchlist"], "--watchlist attend une valeur"),
        (["once", "--nope"], "en trop : --nope"),
        (["once", "--all=1"], "--all ne prend pas de valeur"),
    ],
)
def test_a_wrong_call_is_one_french_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "words", "limit"),
    [
        (["azure", "-hds"], "azure -hds", 20),
        (["-hds", "azure"], "-hds azure", 20),
        (["azure", "-limite", "--limit", "3"], "azure -limite", 3),
        (["azure", '-"données de santé"'], 'azure -"données de santé"', 20),
        (["--limit", "3", "-é"], "-é", 3),
    ],
)
def test_a_word_to_leave_out_is_a_word(given: list[str], words: str, limit: int) -> None:
    chosen = parser().parse_args(["search", *given])
    assert " ".join(" ".join(chosen.words).split()) == words
    assert chosen.limit == limit


@pytest.mark.parametrize("given", ["-h", "--help"])
def test_help_is_still_asked_for_among_words(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["search", given])
    assert "-mot à écarter" in capsys.readouterr().out


def test_help_is_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["explain", "--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("usage : vigie explain ")
    assert "show this help" not in told
    assert "positional" not in told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("argument --days: invalid int value: 'x'", "--days attend un nombre, pas « x »"),
        ("argument -a: not allowed with argument -b", "-a et -b ne vont pas ensemble"),
        ("one of the arguments -a -b is required", "il faut l’un de : -a -b"),
        ("ambiguous option: --c could match --config, --csv", "« --c » peut vouloir dire --config, --csv"),
        ("argument kind: invalid choice: 'feed' (choose from feeds, entities)", "kind : « feed » n’existe pas ; "
         "vouliez-vous « feeds » ?"),
        ("something new", "something new"),
    ],
)  # fmt: skip
def test_the_words_of_every_python_are_known(sentence: str, told: str) -> None:
    assert french(sentence) == told
