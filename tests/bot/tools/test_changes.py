"""`vigie changes`, called well and badly."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ending import Stop
from bot.tools.changes import SpanAsked, show
from storage.store import Store
from tests.bot.digest.builders import WATCHLISTS
from tests.grouping.world import World, opened
from tests.storage.builders import NOW

LATER = NOW + timedelta(days=2)


def told(store: Store, start: str, end: str = "", of: str | None = None) -> str:
    out = io.StringIO()
    show(store.database.path, SpanAsked(start, end, of), WATCHLISTS, LATER, out)
    return out.getvalue()


@pytest.fixture
def world(tmp_path: Path) -> World:
    with opened(tmp_path) as made:
        made.article(1, "SecNumCloud : un hébergeur qualifié", "SecNumCloud " * 40, host="presse.example")
        made.article(2, "Le Cloud Act devant la Cour", "Cloud Act " * 40, host="cnil.fr")
    return made


def test_events_are_told_with_their_address_official_ones_first(world: World) -> None:
    first, second = [line for line in told(world.store, "lundi").splitlines() if "—" in line]
    assert first.startswith("🏛 Le Cloud Act devant la Cour — Source f2, mar. 24 nov. 2026")
    assert second.startswith("• SecNumCloud : un hébergeur qualifié — Source f1, ")
    assert "  https://cnil.fr/" in told(world.store, "lundi")


def test_nothing_in_a_span_is_said_to_be_calm(world: World) -> None:
    assert told(world.store, "hier", "hier").endswith("ni source ni veille n’a changé\u00a0: c’est du calme.\n")


def test_a_dossier_has_its_own(world: World) -> None:
    assert told(world.store, "lundi", of="1").count("https://") == 1


@pytest.mark.parametrize(
    ("start", "end", "of", "line"),
    [
        ("demain", "", None, "pas encore venu"),
        ("hier", "lundi", None, "vient après la fin"),
        ("un matin", "", None, "Par exemple.: hier, lundi"),
        ("hier", "", "hdss", "ni veille ni dossier « hdss »"),
        ("hier", "", "999", "pas de dossier n° 999"),
    ],
)
def test_what_can_not_be_answered_is_one_line(world: World, start: str, end: str, of: str | None, line: str) -> None:
    with pytest.raises(Stop, match=line) as refused:
        told(world.store, start, end, of)
    assert "\n" not in str(refused.value)


def test_where_there_is_no_store_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="n’existe pas"):
        show(tmp_path / "none.db", SpanAsked("hier", ""), WATCHLISTS, LATER, io.StringIO())
