"""Rules of the YAML door."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.yamlfile import ConfigProblem, Loaded, load, parse


def refusals(text: str) -> list[str]:
    result = parse(text, "f.yaml")
    assert isinstance(result, tuple), result
    return [str(problem).replace("\u00a0", " ") for problem in result]


def values(text: str) -> Loaded:
    result = parse(text, "f.yaml")
    assert isinstance(result, Loaded), result
    return result


def test_values_keep_their_line_and_column() -> None:
    loaded = values("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert loaded.data == {"a": 1, "b": ["x", {"c": "y"}]}
    assert loaded.line_of(("b", 1, "c")) == (4, 6)
    assert loaded.line_of(("b", 0)) == (3, 5)


def test_a_place_that_is_missing_is_that_of_what_holds_it() -> None:
    assert values("a: 1\nb:\n  c: 2\n").line_of(("b", "missing", 0)) == (2, 1)


def test_keys_are_always_text() -> None:
    assert values("no: 1\n2024: 2\n").data == {"no": 1, "2024": 2}


def test_what_yaml_reads_as_something_else_keeps_what_was_written() -> None:
    loaded = values("x: [no, 3.2, 12:30, ~, plain]\n")
    assert loaded.data == {"x": [False, 3.2, 750, None, "plain"]}
    assert loaded.unquoted == {("x", 0): "no", ("x", 1): "3.2", ("x", 2): "12:30", ("x", 3): "~"}


def test_aliases_are_followed() -> None:
    assert values("a: &one [1, 2]\nb: *one\n").data == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a:\n\tb: 1\n", "f.yaml:2:1 : tabulation"),
        ("a: @hdh\n", 'f.yaml:1:4 : « @ » ne peut pas commencer une valeur : mettez des guillemets, "@hdh"'),
        ("a: b: c\n", "f.yaml:1:5 : « : » inattendu"),
        ("name:X\nany: [a]\n", "f.yaml:1:5 : il manque une espace après « : »"),
        ("a: 1\nname:X\n", "f.yaml:2:5 : il manque une espace après « : »"),
        ("url:https://a.fr\nany: [a]\n", "f.yaml:1:4 : il manque une espace après « : »"),
        ("https://a.fr\nany: [a]\n", "f.yaml:2:4 : « : » inattendu"),
        ("name: X\n\tany: [a]\n", "f.yaml:2:1 : tabulation"),
        ("a: [1, 2\n", "f.yaml:1:4 : il manque « , » ou « ] » pour fermer cette liste"),
        ("a: {b: c\n", "f.yaml:1:4 : il manque « , » ou « } » pour fermer cette accolade"),
        ("a: 'x\n", "f.yaml:1:4 : il manque le guillemet"),
        ("a: [1, 2\nb: 3\n", "f.yaml:1:4 : il manque « , » ou « ] » pour fermer cette liste"),
        ("a: [1,\n    2\n    3, 'c' 'd']\n", "f.yaml:3:12 : il manque « , » ou « ] » pour fermer cette liste"),
        ("a:\n  b:[x]\n  c: d\n", "f.yaml:2:4 : il manque une espace après « : »"),
        ("a: 1\nb…\n  c: 2\n", "f.yaml:2:1 : il manque « : » après la clé"),
        ("- *hdh\n", "f.yaml:1:3 : « *hdh » est lu comme un renvoi YAML inconnu"),
        ("- !hdh x\n", "f.yaml:1:3 : « !hdh » est lu comme une étiquette YAML"),
        ("- !!python/object:os.system x\n", "f.yaml:1:3 : « !!python/object:os.system »"),
        ("- =\n", "f.yaml:1:3 : « = » seul"),
        ("- 2027-02-31\n", "f.yaml:1:3 : « 2027-02-31 » ressemble"),
        ("a: - b\n", "f.yaml:1:4 : « - » inattendu"),
        ('a: "\\q"\n', "f.yaml:1:5 : « \\ » inconnu"),
        ("{{ x }}: 1\n", "f.yaml:1:1 : une clé doit être"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1 : un second document"),
        ("a: &a [*a]\n", "f.yaml:1:8 : « *a »"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "f.yaml:3:3 : « << »"),
        ("a: \x00\n", "f.yaml:1:4 : caractère de contrôle U+0000"),
        ("", "f.yaml:1:1 : fichier vide"),
        ("# rien\n", "f.yaml:1:1 : fichier vide"),
        ("[" * 500, "f.yaml:1:41 : trop de niveaux"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(text: str, start: str) -> None:
    (message,) = refusals(text)
    assert message.startswith(start)
    assert "\n" not in message


def test_every_duplicate_key_is_told_with_both_lines() -> None:
    assert refusals("a: 1\nb: 2\na: 3\nc: {d: 1, d: 2}\n") == [
        "f.yaml:3:1 : clé « a » en double, déjà ligne 1 : gardez-en une seule",
        "f.yaml:4:11 : clé « d » en double, déjà ligne 4 : gardez-en une seule",
    ]


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for previous, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{', '.join(['*' + previous] * 9)}]\n"
    (message,) = refusals(bomb)
    assert "200000 valeurs" in message


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path / "none.yaml")
    assert "introuvable" in problem.message


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feeds.yaml")
    (tmp_path / "watchlist.yaml").symlink_to("/dev/zero")
    for name in ("feeds.yaml", "watchlist.yaml"):
        (problem,) = refused(tmp_path / name)
        assert "n’est pas un fichier" in problem.message


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path)
    assert "dossier" in problem.message


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: été\nb: ".encode() + "santé".encode("latin-1"))
    (problem,) = refused(path)
    assert (problem.line, problem.column) == (2, 8)
    assert "UTF-8" in problem.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1".encode("utf-16"), "UTF-16"),
        ("a: 1".encode("utf-16-le"), "UTF-16"),
        ("a: 1".encode("utf-16-be"), "UTF-16"),
        (b"PK\x03\x04\x14\x00", "un document ou une archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "un document ou une archive"),
        (b"{\\rtf1\\ansi a: 1}", "un document RTF"),
        (b"\r\n<!doctype html><p>a: 1", "une page HTML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "une page HTML ou XML"),
    ],
)
def test_what_is_no_text_of_yaml_is_told_by_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    (problem,) = refused(path)
    assert said in problem.message


def test_a_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("a: 1", encoding="utf-8-sig")
    loaded = load(path)
    assert isinstance(loaded, Loaded)
    assert loaded.data == {"a": 1}


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"# x\n" * 4_200_000)
    (problem,) = refused(path)
    assert "16 Mio" in problem.message


def test_brackets_without_end_are_refused_at_once() -> None:
    (problem,) = parse("feeds: " + "[" * 50_000, "f.yaml")  # type: ignore[misc] # nothing of it holds
    assert "imbriqués" in problem.message


def refused(path: Path) -> tuple[ConfigProblem, ...]:
    result = load(path)
    assert isinstance(result, tuple)
    return result


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!'\"\n \t#|>,@%=~09é"), max_size=40))
def test_any_text_is_values_or_problems(text: str) -> None:
    match parse(text, "f.yaml"):
        case Loaded() as loaded:
            assert loaded.line_of(()) >= (1, 1)
        case problems:
            assert problems
            assert all(problem.line >= 1 for problem in problems)


def test_brackets_without_end_are_one_line_wherever_libyaml_stops() -> None:
    (message,) = refusals("[" * 5000)
    assert "trop de niveaux" in message


@pytest.mark.parametrize(
    ("written", "character", "place"),
    [
        ("query: été AND (x", 9, (1, 17)),
        ("query: 'l''été AND (x'", 11, (1, 21)),
        ('query: "a \\"é\\" AND (x"', 10, (1, 21)),
        ("query: >-\n  (a OR b)\n  AND (x", 13, (3, 7)),
        ("query: |\n  (a OR b)\n  AND (x", 13, (3, 7)),
        ("query: (a OR b)\n  AND (x", 13, (2, 7)),
        ("query: a AND", 5, (1, 13)),
    ],
)
def test_a_character_of_a_text_has_its_place_whatever_the_style(
    written: str, character: int, place: tuple[int, int]
) -> None:
    loaded = parse(written, "x.yaml")
    assert isinstance(loaded, Loaded)
    assert loaded.line_of(("query", character)) == place
