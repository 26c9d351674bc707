"""`vigie brief`, called well and badly."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from bot.briefs.forms import FORMS, BriefForm
from bot.ending import Stop
from bot.tools import register
from bot.tools.brief import BriefFile, make
from bot.tools.changes import SpanAsked
from matchers.model import Watchlist
from storage.articles.model import RegisterHead
from tests.bot.briefs.builders import of_docx
from tests.bot.digest.builders import WATCHLISTS
from tests.grouping.world import ENGINE, World, opened
from tests.storage.builders import NOW

LATER = NOW + timedelta(days=2)
LISTS: dict[str, Watchlist] = dict(ENGINE.watchlists)


@pytest.fixture
def world(tmp_path: Path) -> World:
    with opened(tmp_path) as made:
        made.article(1, "SecNumCloud : un hébergeur qualifié", "SecNumCloud " * 40, host="presse.example")
        made.article(2, "Le Cloud Act devant la Cour", "Cloud Act " * 40, host="cnil.fr")
        made.article(3, "SecNumCloud : un hébergeur qualifié", "SecNumCloud " * 40, host="copie.example")
    return made


def written(world: World, form: BriefForm, of: str | None = None) -> bytes:
    target = world.store.database.path.with_name(f"brief.{form}")
    wanted = BriefFile(SpanAsked("lundi", "", of), form, None, str(target))
    assert make(world.store.database.path, wanted, LISTS, LATER, io.StringIO()) == 0
    return target.read_bytes()


def test_each_line_is_found_again_by_verify(world: World) -> None:
    text = "\n".join(of_docx(written(world, "docx")))
    assert "2 sujets, dont 1 dit par une autorité" in text
    witnesses = [word.strip() for line in text.splitlines() if "registre " in line
                 for word in [line.partition("registre ")[2].split(" · ")[0].split(".")[0]]]  # fmt: skip
    assert len(witnesses) == 3, "two lines, and the head"
    heads: list[RegisterHead] = [register.witness_of(each) for each in witnesses]
    out = io.StringIO()
    assert register.verify(world.store.database.path, None, heads, out) == 0, out.getvalue()
    assert register.verify(world.store.database.path, None, [RegisterHead(1, "0" * 12)], out) == 1


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_written(world: World, form: BriefForm) -> None:
    assert b"SecNumCloud" in written(world, form) or form in ("docx", "odt", "csv", "eml")


def test_a_list_or_a_dossier_has_its_own(world: World) -> None:
    assert "Cloud Act" not in "\n".join(of_docx(written(world, "docx", "essai")))
    assert "Cloud Act" in "\n".join(of_docx(written(world, "docx", "2")))


def test_what_can_not_be_written_is_one_line(world: World, tmp_path: Path) -> None:
    for asked, out, why in (
        (SpanAsked("demain", ""), None, "pas encore venu"),
        (SpanAsked("hier", "lundi"), None, "vient après la fin"),
        (SpanAsked("hier", "", "hdss"), None, "ni veille ni dossier"),
        (SpanAsked("hier", ""), None, "aucun sujet retenu du"),
        (SpanAsked("lundi", ""), str(tmp_path / "absent/brief.docx"), "impossible d’écrire"),
    ):
        with pytest.raises(Stop, match=why):
            make(world.store.database.path, BriefFile(asked, "docx", None, out), WATCHLISTS, LATER, io.StringIO())
