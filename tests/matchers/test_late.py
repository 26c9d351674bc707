"""Expressions that are compiled when first asked."""

import re

import pytest

from matchers import late


def test_an_expression_is_compiled_once_and_when_it_is_first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(late, "re", type("Counted", (), {"compile": lambda w, f: made.append(w) or re.compile(w, f)}))
    found = late.late("o+", re.IGNORECASE)
    assert made == []
    assert [found.sub("-", word) for word in ("foo", "FOO")] == ["f-", "F-"]
    assert made == ["o+"]


def test_an_expression_that_cannot_be_read_is_told_when_asked() -> None:
    found = late.late("(")
    with pytest.raises(re.error):
        found.search("x")
