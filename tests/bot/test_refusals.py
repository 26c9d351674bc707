"""Each refusal is one line that names what it is about: the file, the setting, the option, or what to do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.ending import WRONG, Stop

ROOT = Path(__file__).parents[2]
REFUSALS = frozenset({"StoreError", "CannotRun", "Stop", "Superseded", "TokenRefused", "Unusable"})
NAMED = ("{", "VIGIE_", "--", "vigie")  # a file or a value, a setting, an option, a command or an extra


def _written(node: ast.expr) -> str:
    """The words of a literal, with {} for each value in it."""
    match node:
        case ast.Constant(value=str(said)):
            return said
        case ast.JoinedStr(values=parts):
            return "".join(each.value if isinstance(each, ast.Constant) else "{}" for each in parts)  # type: ignore[misc] # a constant part is a str
        case ast.BinOp(left=left, right=right):
            return _written(left) + _written(right)
    return "{}"


def _refusals() -> Iterator[tuple[str, str]]:
    for package in ("bot", "storage", "matchers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in REFUSALS
                    and node.args
                ):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", " ".join(map(_written, node.args))


def test_every_refusal_in_the_code_is_one_line_that_names_something() -> None:
    found = dict(_refusals())
    assert len(found) > 150, "what refuses bears another name now: this test reads it by its name"
    assert [(place, said) for place, said in found.items() if "\n" in said] == []
    assert [(place, said) for place, said in found.items() if not any(mark in said for mark in NAMED)] == []


def test_a_refusal_is_one_line_whatever_name_it_was_given() -> None:
    assert str(Stop(WRONG, "« a\nb\x1b[31m\u202e\u2028 »\u00a0: illisible")) == "« a?b?[31m?? »\u00a0: illisible"
    assert str(Stop(WRONG, "fichier refusé", "  ligne 1\r", "  ligne 2")) == "fichier refusé\n  ligne 1?\n  ligne 2"


@pytest.mark.parametrize("command", [["restore"], ["explain"], ["brief", "--from", "hier", "--out"]])
def test_a_file_whose_name_breaks_a_line_is_told_in_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE", str(tmp_path / "vigie.sqlite"))
    assert main([*command, str(tmp_path / "nul\nle part\x1b[2K" / "x")]) != 0
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "\x1b" not in told
