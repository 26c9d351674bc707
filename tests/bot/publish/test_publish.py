import html
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

import pytest

from bot import cli
from bot.messages import markup
from bot.publish.feed import ATOM, ENTRIES, atom, matches
from bot.publish.page import page
from bot.publish.publish import write
from bot.publish.review import Lexicon, Review, excerpt, review
from storage.articles.model import PressItem, PressReview, PressShare, PressStory, Sorted, Sorting
from storage.ids import ArticleId
from storage.schema import grouped
from storage.store import open_store
from tests.bot.digest.builders import NOW, WATCHLISTS
from tests.bot.publish.builders import press
from tests.file import an_empty_file
from tests.storage.builders import A, a_feed, a_match, an_entry, poll

AXE = Path(sys.prefix, "axe/node_modules/axe-core/axe.min.js")
SINCE = NOW - timedelta(days=90)
WORDS = Lexicon(WATCHLISTS, {})
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def made(held: PressReview) -> Review:
    return review(held, WORDS, "Revue de presse", SINCE, NOW)


def only(**changes: object) -> PressReview:
    """A review of one article, changed."""
    (story,) = press(1).stories
    item = story.items[0]
    altered = PressItem(replace(item.article, **changes), item.matches)  # type: ignore[arg-type]
    return PressReview((PressStory((altered,)),), 0, 1, ())


class Outline(HTMLParser):
    """Whether every tag that opens closes, and what the page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "srcset", "data")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(text: str) -> Outline:
    read = Outline()
    read.feed(text)
    read.close()
    return read


def test_a_page_needs_nothing_else_and_weighs_less_than_a_megabyte() -> None:
    text = page(made(press(1000)))
    read = outline(text)
    assert read.open == read.loads == read.handlers == []
    assert len(text.encode()) < 1_000_000
    assert text.count('<li class="story">') == 1000


def test_a_story_of_one_list_stands_once_in_its_section() -> None:
    shown = made(press(30))
    assert [section.id for section in shown.sections] == ["secnumcloud", "hds", "eucs"]
    assert sum(len(section.stories) for section in shown.sections) == 30
    assert all(printed.match.watchlist == section.id for section in shown.sections for printed in section.stories)


def test_a_story_of_several_articles_has_a_timeline() -> None:
    text = page(made(press(1)))
    assert "<summary>3 articles</summary>" in text
    assert text.index("Le Fil du nuage") < text.index("Gazette hospitalière") < text.index("Nuage &amp; Droit")


def test_a_list_that_is_no_more_keeps_its_articles_under_its_id() -> None:
    shown = review(press(3), Lexicon({}), "Revue", SINCE, NOW)
    assert sorted(section.name for section in shown.sections) == ["eucs", "hds", "secnumcloud"]


def test_a_source_that_allows_only_its_title_shows_only_that() -> None:
    held = only(policy="summary")
    assert "<blockquote>" not in page(made(held))
    assert "Selon nos informations" not in page(made(held)) + atom(made(held), None) + matches(made(held))
    assert "<blockquote>" in page(made(only(policy="page")))


def test_no_excerpt_is_longer_than_two_hundred_characters() -> None:
    for story in press(100).stories:
        for item in story.items:
            inside = markup.visible(excerpt(item)).removeprefix("«\u00a0").removesuffix("\u00a0»")
            assert len(inside) <= 200


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt; \x00\x0b ]]>", ""]
)
def test_a_hostile_title_is_only_a_title(title: str) -> None:
    shown = made(only(title=title, url="javascript:alert(1)", source_name=title))
    read = outline(page(shown))
    assert read.open == read.loads == read.handlers == []
    assert "javascript:" not in page(shown)
    assert page(shown).count("<script>") == 1
    ET.fromstring(atom(shown, None))


def test_the_script_is_the_one_that_the_policy_allows() -> None:
    text = page(made(press(1)))
    assert "default-src 'none'" in html.unescape(text)
    assert text.count("sha256-") == 1


def test_french_spacing_is_kept() -> None:
    shown = html.unescape(re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", "", page(made(press(3))), flags=re.DOTALL))
    assert not re.findall(r"(?<![\u00a0\u202f])[:;?!](?!//)(?= )", shown.replace("3.2", ""))
    assert "« " not in shown


def test_the_feed_holds_the_newest_stories() -> None:
    root = ET.fromstring(atom(made(press(150)), "https://veille.example/"))
    entries = root.findall(f"{{{ATOM}}}entry")
    assert len(entries) == ENTRIES
    identities = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert len(set(identities)) == ENTRIES
    updated = [entry.findtext(f"{{{ATOM}}}updated") or "" for entry in entries]
    assert updated == sorted(updated, reverse=True)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{{{ATOM}}}link")}
    assert links == {"alternate": "https://veille.example/", "self": "https://veille.example/atom.xml"}
    again = ET.fromstring(atom(made(press(150)), "https://veille.example/"))
    assert identities == [entry.findtext(f"{{{ATOM}}}id") for entry in again.findall(f"{{{ATOM}}}entry")]


def test_programs_read_every_match() -> None:
    read = json.loads(matches(made(press(30))))
    assert len(read["stories"]) == 30
    first = read["stories"][0]["articles"][0]
    assert first["matches"][0]["version"] == "3f9a12"
    assert first["matches"][0]["terms"] == ["SecNumCloud", "qualification"]


def test_nothing_kept_is_a_page_too(tmp_path: Path) -> None:
    write(made(PressReview((), 0, 12, ())), tmp_path / "revue", None, WORDS)
    assert "rien à signaler" in (tmp_path / "revue/index.html").read_text("utf-8")
    assert sorted(path.name for path in (tmp_path / "revue").iterdir()) == [
        "atom.xml", "index.html", "matches.json", "veille-eucs.xml", "veille-hds.xml", "veille-secnumcloud.xml",
    ]  # fmt: skip


# --- from the store ------------------------------------------------------------------------------------------------
@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "vigie.sqlite"
    monkeypatch.setenv("VIGIE_DATABASE", str(path))
    store = open_store(an_empty_file(path))
    store.feeds.sync([a_feed(A)], NOW)
    for number in range(4):
        kept = [a_match()] if number else []
        poll(store, an_entry(str(number), urls=(str(number),), title=f"Titre {number}", matches=kept), now=NOW)
    store.close()
    return path


def test_the_store_gives_what_was_kept_the_newest_first(base: Path) -> None:
    store = open_store(base)
    held = store.press_review(SINCE, 2, SINCE)
    assert [story.items[-1].article.title for story in held.stories] == ["Titre 3", "Titre 2"]
    assert (held.left, held.read, len(held.seen)) == (1, 4, 3)
    assert held.shares == (PressShare("hds", "source", "A", 3),)
    later = NOW + timedelta(hours=1)
    assert store.press_review(later, 2, later) == PressReview((), 0, 0, ())
    store.close()


def test_the_entities_of_a_copy_are_those_of_its_original(base: Path) -> None:
    store = open_store(base)
    row = {"host": "", "aggregator": False, "at": NOW, "title": "", "words": 0, "content": "", "sketch": b""}
    told = json.dumps({"title": ["@nebulis", "hopital"], "lead": ["@anssi"]})
    with store.database.write() as connection:
        for number, topic in ((2, told), (3, None), (4, None)):
            first = {"copy_of": 2 if number == 3 else number, "story_id": 2}
            connection.execute(grouped.insert().values(article_id=number, topic=topic, **first, **row))
    held = store.press_review(SINCE, 9, SINCE)
    store.close()
    assert [item.entities for item in held.stories[0].items] == [("anssi", "nebulis"), ("anssi", "nebulis"), ()]
    assert (held.stories[0].number, held.stories[0].key) == (2, "https://site.example/1")
    named = {(each.name, each.articles) for each in held.shares if each.kind == "entity"}
    assert named == {("anssi", 2), ("nebulis", 2)}


def test_an_entity_that_nobody_names_any_more_keeps_its_feed(tmp_path: Path) -> None:
    (tmp_path / "acteur-nebulis.xml").write_text("ancien")
    write(made(press(1)), tmp_path, None, Lexicon(WATCHLISTS, {"nebulis": "Nébulis", "anssi": "ANSSI"}))
    assert ET.parse(tmp_path / "acteur-nebulis.xml").getroot().findtext(f"{{{ATOM}}}title", "").endswith("Nébulis")
    assert not (tmp_path / "acteur-anssi.xml").exists()


@pytest.mark.parametrize(("more", "shown"), [((), False), (("--team",), True)])
def test_names_and_notes_of_the_triage_are_for_the_team(
    base: Path, tmp_path: Path, more: tuple[str, ...], shown: bool
) -> None:
    store = open_store(base)
    store.triage.note(ArticleId(2), Sorting("applies", "Claire", "à revoir"), "h", NOW)
    store.close()
    assert cli.main(["publish", "--out", str(tmp_path / "revue"), "--days", "3650", *more]) == 0
    everything = "".join(path.read_text("utf-8") for path in (tmp_path / "revue").iterdir())
    assert "Tri\u00a0: applicable" in everything
    assert ("Claire" in everything, "à revoir" in everything) == (shown, shown)


def test_the_command_writes_its_files(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["publish", "--out", str(tmp_path / "revue"), "--days", "3650"]) == 0
    assert "3 sujets" in capsys.readouterr().out
    assert "Titre 3" in (tmp_path / "revue/index.html").read_text("utf-8")
    (tmp_path / "fichier").touch()
    assert cli.main(["publish", "--out", str(tmp_path / "fichier")]) == 1
    assert cli.main(["publish", "--out", str(tmp_path), "--days", "0"]) == 2
    base.unlink()
    assert cli.main(["publish", "--out", str(tmp_path)]) == 1


# --- in a browser --------------------------------------------------------------------------------------------------
def browsed(folder: Path, where: str, *more: str) -> str:
    """The page as a real browser holds it once it has run."""
    assert CHROMIUM is not None
    flags = (
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr",
        f"--user-data-dir={folder / 'profile'}", *more,
    )  # fmt: skip
    done = subprocess.run([CHROMIUM, *flags, "--dump-dom", where], capture_output=True, timeout=120, check=True)
    assert "CONSOLE" not in done.stderr.decode(), "no error, and nothing that the policy refuses"
    return done.stdout.decode()


in_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium n'est pas installé (`make browser`)")


@in_browser
def test_a_real_browser_opens_a_thousand_stories_and_searches_them(tmp_path: Path) -> None:
    write(made(press(1000)), tmp_path, None, WORDS)
    address = (tmp_path / "index.html").as_uri()
    found = browsed(tmp_path, f"{address}#q=L%27HOPITAL%20de%20vannes%20obtient")
    stories = re.findall(r'<li class="story"( hidden="")?><h3><a [^>]*>([^<]*)', found)
    shown = [title for hidden, title in stories if not hidden]
    assert len(stories) == 1000
    assert shown
    assert all(title.startswith("L’hôpital de Vannes") for title in shown)
    assert f'<output class="soft">{len(shown)} / 1000</output>' in found
    assert "<search>" in found, "the box shows where it works"


KINDS: tuple[Literal["source", "entity"], ...] = ("source", "entity")
WAITING = ("--virtual-time-budget=30000", "--hide-scrollbars")
CHECK = """<script>addEventListener('load', async () => {
for (const each of document.querySelectorAll('details')) each.open = true;
const found = await axe.run(document, {resultTypes: ['violations']});
const wrong = found.violations.map(each => [each.id, each.nodes.map(node => node.html)]);
const overflow = Math.max(0, document.documentElement.scrollWidth - innerWidth);
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
parent.postMessage(JSON.stringify({wrong, overflow, width: innerWidth, dark}), '*');
})</script>"""
# A window is never so narrow as a phone
FRAME = """<!doctype html><title>-</title><iframe src="page.html" style="width:{width}px;height:900px;border:0">
</iframe><script>addEventListener('message', said => document.title = 'FOUND' + said.data)</script>"""


@in_browser
@pytest.mark.skipif(not AXE.exists(), reason="axe-core n'est pas installé (`make browser`)")
@pytest.mark.parametrize(
    ("width", "dark", "printed"),
    [(360, False, False), (360, True, False), (1280, False, False), (1280, True, False), (700, False, True)],
)
def test_axe_finds_nothing_wrong_with_the_page(tmp_path: Path, width: int, dark: bool, printed: bool) -> None:
    held = press(12)
    (first, *others) = held.stories
    stands = Sorted(1, NOW, first.items[0].article.id, "", "", "applies", "Claire", "à revoir")
    shares = tuple(PressShare(name, kind, "Le Fil du nuage", 4) for name in WATCHLISTS for kind in KINDS)
    told = replace(first, triage=stands, beside=others[-1].items[0].article)
    text = page(made(replace(held, stories=(told, *others), shares=shares)))
    text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)  # it would keep axe out
    text = text.replace("@media print", "@media screen") if printed else text
    axe = AXE.read_text("utf-8")
    (tmp_path / "page.html").write_text(text.replace("</body>", f"<script>{axe}</script>{CHECK}</body>"), "utf-8")
    (tmp_path / "frame.html").write_text(FRAME.format(width=width), "utf-8")
    scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    answer = browsed(tmp_path, (tmp_path / "frame.html").as_uri(), *scheme, *WAITING)
    found = re.search("<title>FOUND(.*?)</title>", answer)
    assert found is not None
    assert json.loads(html.unescape(found[1])) == {"wrong": [], "overflow": 0, "width": width, "dark": dark}


MEASURE = """<script>addEventListener('load', () => {
const size = each => parseFloat(getComputedStyle(document.querySelector(each)).fontSize);
const opens = document.querySelector('li.story details').getBoundingClientRect().height;
document.title = 'FOUND' + [size('#nouveau li a') > size('#nouveau li .soft'), opens > 60];
})</script>"""


@in_browser
def test_on_paper_a_title_is_larger_than_what_stands_under_it_and_all_sources_are_told(tmp_path: Path) -> None:
    text = page(made(press(12))).replace("@media print", "@media screen")
    text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    (tmp_path / "page.html").write_text(text.replace("</body>", f"{MEASURE}</body>"), "utf-8")
    assert "<title>FOUNDtrue,true</title>" in browsed(tmp_path, (tmp_path / "page.html").as_uri(), *WAITING)
