"""A brief says the same in each of its forms, and nothing in it runs, updates or loads."""

import csv
import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.forms import written
from bot.briefs.text import BriefMaterial, document, first_page, lines_of, told
from storage.changes.model import BriefNote
from tests.bot.briefs.builders import (
    HOSTILE,
    NOW,
    a_brief,
    a_story,
    commented,
    of_docx,
    of_html,
    of_letter,
    of_odt,
    parts,
)  # fmt: skip
from tests.bot.digest.builders import WATCHLISTS

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def said(material: BriefMaterial) -> list[str]:
    return [block.text for block in document(material, WATCHLISTS)]


def made(form: str, material: BriefMaterial, recipients: int | None = None) -> bytes:
    return written(form, material, WATCHLISTS, recipients)  # type: ignore[arg-type] # the tests name the forms


def assert_the_same_everywhere(material: BriefMaterial) -> None:
    expected = said(material)
    assert of_docx(made("docx", material)) == expected
    assert of_odt(made("odt", material)) == expected
    assert of_html(made("html", material).decode()) == expected
    plain, shown = of_letter(made("eml", material))
    assert (plain, shown) == (expected, expected)


def test_a_brief_has_a_page_for_who_decides_and_the_whole_for_the_trades() -> None:
    stories = (
        a_story(1, official=True, watchlist="secnumcloud"),
        a_story(2, "Le référentiel change", others=("Gazette", "Nuage"), watchlist="hds"),
    )
    notes = commented((2, BriefNote("raised", "À lire avant le comité", "Claire")))
    first, rest = "\n".join(said(a_brief(*stories, notes=notes))).split("\nSecNumCloud et qualification\n", 1)
    assert first.splitlines()[0] == "Brief de veille"
    assert "2 sujets, dont 1 dit par une autorité" in first
    assert "• Le référentiel change — " in first
    assert "Un hébergeur qualifié" not in first, "what somebody raised is the first page"
    assert "À lire avant le comité — Claire" in first
    whole = first + rest
    proofs = ("registre 1204:9f3ac2b1d0e4", "https://fil.example/1", "Pourquoi\u00a0: ", "aussi\u00a0: Gazette, Nuage")
    for words in (*proofs, "mar. 24 nov. 2026 09:04"):
        assert words in whole, words


def test_the_first_page_is_one_page_whatever_is_raised_and_said() -> None:
    stories = [a_story(number, "Un titre de deux lignes " * 9) for number in range(1, 41)]
    notes = commented(*((number, BriefNote("raised", "mot " * 300, "Claire")) for number in range(1, 41)))
    blocks = document(a_brief(*stories, notes=notes), WATCHLISTS)
    first = blocks[: next(place for place, block in enumerate(blocks) if block.new_page)]
    assert sum(block.kind == "line" for block in first) == 10
    assert all(len(block.text) <= 170 for block in first if block.kind == "comment")


def test_each_form_says_the_same() -> None:
    notes = commented(
        (1, BriefNote("kept", "<b>gras</b> & « guillemets » =1+1", "Anne <x>")), (3, BriefNote("dropped"))
    )
    assert_the_same_everywhere(a_brief(*(a_story(number) for number in range(1, 9)), notes=notes))


def test_two_hundred_stories_and_none_are_briefs() -> None:
    assert_the_same_everywhere(a_brief(*(a_story(number, f"Titre {number}") for number in range(1, 201))))
    assert_the_same_everywhere(a_brief())
    assert "Aucun sujet dans ce laps de temps." in said(a_brief())


def test_the_same_brief_is_the_same_bytes() -> None:
    for form in ("docx", "odt", "html", "eml", "csv"):
        assert made(form, a_brief(a_story(1))) == made(form, a_brief(a_story(1)))


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_only_text(title: str) -> None:
    notes = commented((1, BriefNote("raised", title, title)))
    story = a_story(1, title, source_name=title, others=(title,), url="javascript:alert(1)")
    material = a_brief(story, notes=notes)
    assert_the_same_everywhere(material)
    for form in ("docx", "odt"):
        for name, content in parts(made(form, material)).items():
            if name != "mimetype":
                elements = {each.tag.rpartition("}")[2] for each in ET.fromstring(content).iter()}
                assert elements.isdisjoint(
                    {"fldSimple", "instrText", "fldChar", "object", "script", "drawing", "image"}
                )
    page = made("html", material).decode()
    tags = re.findall(r"<([a-z]\w*)([^>]*)>", page)
    assert {name for name, _ in tags}.isdisjoint({"img", "script", "iframe", "link", "object", "form"})
    assert not any(re.search(r"javascript:|\son\w+=", attributes) for _, attributes in tags)
    assert "default-src 'none'" in page


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_somebody_writes_it_is_text_in_every_form(title: str, note: str) -> None:
    assert_the_same_everywhere(a_brief(a_story(1, title), notes=commented((1, BriefNote("raised", note, title)))))


def test_a_document_is_called_by_its_span_and_is_in_its_language() -> None:
    material = a_brief(a_story(1))
    called, (docx, odt) = " · ".join(said(material)[:2]), (parts(made(form, material)) for form in ("docx", "odt"))
    dc = "{http://purl.org/dc/elements/1.1/}"
    for properties in (docx["docProps/core.xml"], odt["meta.xml"]):
        root = ET.fromstring(properties)
        assert [each.text for tag in ("title", "language") for each in root.iter(dc + tag)] == [called, "fr"]
    assert 'w:lang w:val="fr-FR"' in docx["word/styles.xml"]
    assert 'fo:language="fr" fo:country="FR"' in odt["content.xml"]
    assert "core-properties" in docx["[Content_Types].xml"]
    assert "core-properties" in docx["_rels/.rels"]
    assert "meta.xml" in odt["META-INF/manifest.xml"]


def test_links_lead_where_the_article_is_and_nothing_is_loaded_from_outside() -> None:
    material = a_brief(a_story(1, url="https://fil.example/?a=1&b='\"<2>"))
    relations = ET.fromstring(parts(made("docx", material))["word/_rels/document.xml.rels"])
    outside = [each.attrib for each in relations if each.get("TargetMode") == "External"]
    assert {each["Type"].rpartition("/")[2] for each in outside} == {"hyperlink"}
    assert {each["Target"] for each in outside} == {"https://fil.example/?a=1&b='\"<2>"}
    assert "https://fil.example/?a=1&amp;b=" in parts(made("odt", material))["content.xml"]


RIGHTS: tuple[tuple[dict[str, object], bool], ...] = (
    ({}, True), ({"policy": "summary"}, False), ({"flags": ("reserved",)}, False), ({"flags": ("robots",)}, False),
    ({"flags": ("nosnippet",)}, False),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "quoted"), RIGHTS)
def test_an_excerpt_is_short_and_none_is_taken_where_the_source_objects(
    changes: dict[str, object], quoted: bool
) -> None:
    blocks = document(a_brief(a_story(1, watchlist="secnumcloud", **changes)), WATCHLISTS)
    quotes = [block.text for block in blocks if block.kind == "quote"]
    assert bool(quotes) == quoted
    assert all(len(quote.strip("«»\u00a0")) <= 200 for quote in quotes)


def test_what_was_dropped_is_nowhere_and_what_was_raised_is_the_first_page() -> None:
    stories = [a_story(number, f"Titre {number}", watchlist="hds") for number in (1, 2, 3)]
    material = a_brief(*stories, notes=commented((1, BriefNote("dropped")), (3, BriefNote("raised"))))
    lines = lines_of(material, WATCHLISTS)
    assert [line.story.article.id for line in told(lines)] == [3, 2], "by the time at which they became known"
    assert [line.story.article.id for line in first_page(lines)] == [3]
    assert not any("Titre 1" in line for line in said(material))


def test_who_was_cited_is_a_table_that_runs_nothing() -> None:
    before = NOW - timedelta(days=40)
    stories = [
        a_story(1, source_name="=CMD()"), a_story(2, source_name="Le Fil"), a_story(3, source_name="Le Fil"),
        a_story(4, source_name="Le Fil", published=before), a_story(5, source_name="Tu"),
    ]  # fmt: skip
    material = a_brief(*stories, notes=commented((5, BriefNote("dropped"))))
    rows = list(csv.reader(io.StringIO(made("csv", material, 25).decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["publication", "mois", "articles", "destinataires"]
    assert ["'=CMD()", "2026-11", "1", "25"] in rows
    assert sum(int(row[2]) for row in rows[1:]) == 4
    assert ["Le Fil", "2026-10", "1", "25"] in rows


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["docx", "odt"])
def test_libreoffice_opens_it_and_reads_the_same(tmp_path: Path, form: str) -> None:
    stories = [a_story(number, title) for number, title in enumerate((*HOSTILE, "Un titre"), start=1)]
    material = a_brief(*stories)
    (tmp_path / f"brief.{form}").write_bytes(made(form, material))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [str(OFFICE), home, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path),
         str(tmp_path / f"brief.{form}")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    read = (tmp_path / "brief.txt").read_text("utf-8-sig").splitlines()
    assert [line.strip() for line in read if line.strip()] == [line.strip() for line in said(material) if line.strip()]
