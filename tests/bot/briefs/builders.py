"""Briefs for the tests, and what each form says once it is read back."""

import html
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from xml.etree import ElementTree as ET

from bot.briefs.text import BriefMaterial
from storage.articles.model import RegisterHead
from storage.changes.model import BriefNote, BriefStory, Span
from storage.ids import ArticleId, StoryId
from tests.bot.digest.builders import WATCHLISTS, article, match

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HEAD = RegisterHead(1204, "9f3ac2b1d0e4" + "0" * 52)
SPAN = Span(NOW - timedelta(days=7), NOW)
HOSTILE = (
    "=HYPERLINK(\"http://mal.example\")", "@SUM(1+1)", "{ HYPERLINK \"http://mal.example\" }", "]]><w:instrText>x",
    "</w:t></w:r><w:fldSimple w:instr=\"DDEAUTO\"/>", "<img src=http://mal.example/x.png onerror=alert(1)>",
    "<text:a xlink:href='file:///etc/passwd'>", "&#x0; &xxe; %00", "\x00\x1b\ufffe\ud800titre", "a\u202egpj.exe",
    "{{7*7}} ${x} <script>alert(1)</script>", "\n\n=1+1", "", " ", "é" * 5_000,
)  # fmt: skip
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def a_story(number: int = 1, title: str = "Un hébergeur qualifié", **changes: Any) -> BriefStory:
    watchlist = changes.pop("watchlist", tuple(WATCHLISTS)[number % 3])
    others, official, line = changes.pop("others", ()), changes.pop("official", False), changes.pop("line", HEAD)
    about = {"id": ArticleId(number), "title": title, "url": f"https://fil.example/{number}", **changes}
    story = article(**about)
    at = NOW - timedelta(hours=number)
    return BriefStory(StoryId(number), at, story, (match(story, watchlist, score=5),), others, line, official)


def a_brief(*stories: BriefStory, **changes: Any) -> BriefMaterial:
    base: dict[str, Any] = {"span": SPAN, "stories": stories, "notes": {}, "head": HEAD}
    return BriefMaterial(**{**base, **changes})


def commented(*notes: tuple[int, BriefNote]) -> dict[ArticleId, BriefNote]:
    return {ArticleId(number): note for number, note in notes}


# --- read back -----------------------------------------------------------------------------------------------------
def parts(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name).decode() for name in opened.namelist()}


def of_docx(made: bytes) -> list[str]:
    body = ET.fromstring(parts(made)["word/document.xml"])
    return ["".join(text.text or "" for text in each.iter(f"{W}t")) for each in body.iter(f"{W}p")]


def of_odt(made: bytes) -> list[str]:
    body = ET.fromstring(parts(made)["content.xml"])
    return [_spaced(each) for each in body.iter() if each.tag in (f"{T}p", f"{T}h")]


def _spaced(each: ET.Element) -> str:
    said = " " if each.tag == f"{T}s" else each.text or ""
    return said + "".join(_spaced(child) + (child.tail or "") for child in each)


def of_html(made: str) -> list[str]:
    body = made[made.index("<body") :]
    return [html.unescape(re.sub(r"<[^>]*>", "", line)) for line in re.findall(r"<(?:h\d|p|blockquote)[ >].*", body)]


def of_letter(made: bytes) -> tuple[list[str], list[str]]:
    letter = message_from_bytes(made, policy=default)
    assert isinstance(letter, EmailMessage)
    plain, shown = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert shown is not None
    return plain.get_content().splitlines(), of_html(shown.get_content().replace("\r\n", "\n"))
