"""Whom an act concerns, by its own words: each role in the words of notices, and who is not one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from matchers.acts.publics import audience


def _cases() -> Iterator[tuple[str, set[str]]]:
    for line in Path(__file__).with_name("publics.txt").read_text("utf-8").splitlines():
        words, _, roles = line.partition(" |")
        yield words, set(roles.split())


@pytest.mark.parametrize(("words", "roles"), list(_cases()))
def test_these_words_mean_these_roles(words: str, roles: set[str]) -> None:
    assert set(audience(words)) == roles | ({"journaliste"} if roles else set())


def test_no_words_mean_everybody() -> None:
    assert audience("") == ()
