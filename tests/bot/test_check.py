"""Rules of check, schema and init."""

import io
from pathlib import Path

import pytest

from bot.check import KINDS, check, init, schema

WATCHLIST = "name: Essai\nany: [Azure]\nexamples: {match: [Azure], ignore: [Rien]}\n"


def small(at: Path, feeds: str) -> Path:
    (at / "watchlists").mkdir()
    (at / "watchlists" / "essai.yaml").write_text(WATCHLIST)
    (at / "entities.yaml").write_text("hdh: {name: Health Data Hub}\n")
    (at / "feeds.yaml").write_text(feeds)
    return at


def test_init_writes_a_configuration_that_check_accepts(tmp_path: Path) -> None:
    assert init(tmp_path / "c", io.StringIO()) == 0
    out = io.StringIO()
    assert check(tmp_path / "c", out) == 0
    assert "6 veilles" in out.getvalue()


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("à moi")
    out = io.StringIO()
    assert init(tmp_path, out) == 0
    assert (tmp_path / "feeds.yaml").read_text() == "à moi"
    assert "gardé tel quel" in out.getvalue()


def test_init_says_in_one_line_that_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    out = io.StringIO()
    assert init(tmp_path / "file", out) == 1
    assert out.getvalue().count("\n") == 1


def test_check_prints_every_error_and_refuses(tmp_path: Path) -> None:
    small(tmp_path, "feeds:\n  - ulr: x\n  - url: ftp://x\n")
    out = io.StringIO()
    assert check(tmp_path, out) == 2
    assert "feeds.yaml:2:5" in out.getvalue()
    assert "feeds.yaml:3:5" in out.getvalue()
    assert "2 erreurs" in out.getvalue()


def test_a_warning_is_printed_and_accepted(tmp_path: Path) -> None:
    small(tmp_path, "feeds:\n  - {url: 'https://a.fr/', every: 2s}\n")
    out = io.StringIO()
    assert check(tmp_path, out) == 0
    assert "attention" in out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_has_a_json_schema(kind: str) -> None:
    made = schema(kind)  # type: ignore[arg-type]  # one of KINDS
    assert made["$schema"].startswith("https://json-schema.org/")
    assert made["type"] == "object"
