"""Every source and flag of a reading has words for people."""

import re
from pathlib import Path
from typing import get_args

from bot.reading import page, read
from bot.reading.words import FLAGS, SOURCES, told


def test_a_reading_is_told_in_a_line():
    assert (
        told("page", 3_120, ("paywalled",))
        == "texte de la page, 3\u202f120 signes, 🔒 texte partiel, réservé aux abonnés"
    )
    assert told("none", 0, ()) == "rien, 0 signe"


def test_every_problem_and_reason_has_its_words():
    assert {*get_args(page.PageProblem), *get_args(read.Unasked)} <= FLAGS.keys()
    source = Path(read.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'"([a-z_]+)"', source)) & (FLAGS.keys() | SOURCES.keys())
    assert len(written) > 15
    assert all(FLAGS.get(word) or SOURCES.get(word) for word in written)
