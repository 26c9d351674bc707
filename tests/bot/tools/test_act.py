"""`vigie act` and `/acte`: an act by any of its names, out of the store alone."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.conversation import act_view
from bot.conversation.model import View
from bot.ending import FAILED, FINE, CannotRun, Stop
from bot.messages import markup
from bot.tools import act, finding
from bot.trials.trial import try_term
from matchers.acts.acts import meant
from storage import open_store
from storage.acts.acts import keep_acts
from storage.acts.deadlines import keep_deadlines
from storage.acts.model import ActFields, ActRecord, DeadlineFact
from storage.ids import ArticleId
from tests.file import an_empty_file
from tests.storage.builders import NOW, a_feed, an_entry, poll

DECREE = ActFields(
    ("decret:2026-272", "nor:TSSD2603214D"),
    "Décret n° 2026-272 relatif à l’hébergement",
    "Ministère de la santé",
    published=date(2026, 11, 24),
    link="https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000051234567",
    concerned="hébergeurs",
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A base that knows one decree and its day."""
    path = tmp_path / "vigie.db"
    store = open_store(an_empty_file(path))
    store.feeds.sync([a_feed()], NOW)
    poll(store, an_entry(title="Le décret est paru"))
    fact = DeadlineFact("in_force", date(2027, 1, 1), "le 1er janvier 2027", "decret:2026-272")
    record = ActRecord((("decret:2026-272", "is"), ("nor:TSSD2603214D", "is")), DECREE, (fact,))
    with store.database.write() as connection:
        keep_acts(connection, ArticleId(1), record)
        keep_deadlines(connection, ArticleId(1), record, NOW)
    store.close()
    return path


@pytest.mark.parametrize("asked", ["décret n° 2026-272", "2026-272", "NOR : TSSD2603214D", "decret:2026-272"])
def test_an_act_is_told_by_any_of_its_names(database: Path, asked: str) -> None:
    out = io.StringIO()
    assert act.show(database, asked, 10, out) == FINE
    told = out.getvalue()
    assert "🏛 Décret n° 2026-272 relatif à l’hébergement" in told
    assert "Concerne\u00a0: hébergeurs" in told
    assert "📅 Entre en vigueur le vendredi 1er janvier 2027" in told
    assert "🏛 Le décret est paru" in told


def test_an_act_that_nobody_names_and_what_is_none_are_said(database: Path) -> None:
    out = io.StringIO()
    assert act.show(database, "SAN-2024-013", 10, out) == FAILED
    assert out.getvalue() == "aucun article ne nomme « SAN-2024-013 »\n"
    with pytest.raises(Stop):
        act.show(database, "bonjour", 10, out)


def test_what_is_asked_may_be_a_citation_or_a_bare_number() -> None:
    assert meant("règlement (UE) 2016/679") == ("celex:32016R0679",)
    assert meant("2016/679")[0] == "celex:32016R0679"
    assert meant("26-104512")[0] == "boamp:26-104512"
    assert meant("SAN‑2024‑013") == ("cnil:SAN-2024-013",)
    assert meant("bonjour") == ()


def test_an_act_that_has_not_come_is_said_in_both_languages() -> None:
    for language in ("fr", "en"):
        told = markup.visible(act_view.told(View(language, {}), "loi:2024-449", None, (), ()))
        assert told.startswith("🏛 loi:2024-449\n")


def test_a_look_creates_no_store(tmp_path: Path) -> None:
    nowhere, out = tmp_path / "vigie.sqlite", io.StringIO()
    looks: tuple[Callable[[], object], ...] = (
        lambda: act.show(nowhere, "2018-137", 10, out),
        lambda: finding.show(nowhere, "nébulis", 10, NOW, out),
        lambda: try_term("nébulis", nowhere, NOW, lambda *_: None),
    )
    for look in looks:
        with pytest.raises(CannotRun, match="n’existe pas"):
            look()
    assert not nowhere.exists()
