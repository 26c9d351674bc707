"""Names that mean several things, on labelled texts, and every spelling of a term: floors that only rise."""

from collections import Counter

from benchmarks.names import NAMES, gazetteer, lines, mistakes, unfound

LABELLED = lines(NAMES.read_text(encoding="utf-8"))


def test_names_that_mean_several_things_are_told_apart() -> None:
    right, false, missed = mistakes(LABELLED, gazetteer())
    assert right / (right + len(false)) >= 0.99, false
    assert right / (right + len(missed)) >= 0.97, missed


def test_every_name_has_texts_of_both_kinds() -> None:
    kinds = Counter((line.entity, line.meant) for line in LABELLED)
    assert len(LABELLED) >= 200
    assert len(kinds) == 2 * len({line.entity for line in LABELLED})
    assert min(kinds.values()) >= 6


def test_every_usual_spelling_of_a_term_is_found() -> None:
    count, missed = unfound()
    assert count > 200
    assert missed == []
