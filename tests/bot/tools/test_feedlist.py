"""Importing and exporting lists: seen first, written only when asked, never breaking feeds.yaml."""

import io
from pathlib import Path

import pytest

from bot.config.feedfile import read_feeds
from bot.ending import CannotRun
from bot.tools import feedlist
from tests.bot.tools.test_opml import A, B, listed, outline

OWN = "# mes sources\nfeeds:\n  - id: cnil\n    url: https://cnil.example/rss  # ici\n"


def bring(folder: Path, text: str, *, own: str = OWN, write: bool = False) -> str:
    (folder / "feeds.yaml").write_text(own, "utf-8")
    (folder / "liste.opml").write_text(text, "utf-8")
    out = io.StringIO()
    assert feedlist.bring(folder / "liste.opml", folder, out, allow_private=False, write=write) == 0
    return out.getvalue()


def test_an_import_is_seen_before_anything_is_written(tmp_path: Path) -> None:
    text = listed(outline(A, "Santé"), outline("https://www.cnil.example/rss"), outline("file:///x"))
    said = bring(tmp_path, text)
    assert "refusée : file:///x" in said
    assert f'  - id: sante\n    name: "Santé"\n    url: {A}\n' in said
    assert said.splitlines()[-1].startswith("1 nouvelle à ajouter")
    assert said.endswith("1 déjà suivie, 1 refusée\n")
    assert (tmp_path / "feeds.yaml").read_text("utf-8") == OWN


def test_what_is_written_keeps_the_rest_and_is_right(tmp_path: Path) -> None:
    odd = outline("https://b.example/rss?a=1&amp;b=[x]#c", "B: « n°1 » #yes", category="Presse, cloud")
    bring(tmp_path, listed(outline(A, "cnil"), odd), write=True)
    made = (tmp_path / "feeds.yaml").read_text("utf-8")
    assert made.startswith(OWN)
    feeds, problems = read_feeds(tmp_path / "feeds.yaml")
    assert problems == []
    assert [(feed.id, feed.url) for feed in feeds[:2]] == [("cnil", "https://cnil.example/rss"), ("cnil-2", A)]
    assert (feeds[2].url, feeds[2].name, feeds[2].category) == (
        "https://b.example/rss?a=1&b=[x]#c", "B: « n°1 » #yes", "Presse, cloud",
    )  # fmt: skip


@pytest.mark.parametrize(
    "own",
    [
        "feeds:\n- url: https://cnil.example/rss\n",
        "feeds:\n      - url: https://cnil.example/rss\n\n\ndefaults:\n  every: 2h\n",
        "defaults: {every: 2h}\nfeeds:\n  # rien d'autre\n  - {url: 'https://cnil.example/rss'}\n  # fin\n",
        "feeds:\n- url: https://cnil.example/rss",
    ],
)
def test_every_way_to_write_the_list_is_continued(tmp_path: Path, own: str) -> None:
    bring(tmp_path, listed(outline(A), outline(B)), own=own, write=True)
    feeds, problems = read_feeds(tmp_path / "feeds.yaml")
    assert ([feed.url for feed in feeds], problems) == (["https://cnil.example/rss", A, B], [])


@pytest.mark.parametrize(
    "own", ["feeds: [{url: 'https://cnil.example/rss'}]\n", "feeds:\n  cnil: {url: 'https://cnil.example/'}\n"]
)
def test_where_it_can_not_be_continued_nothing_is_written(tmp_path: Path, own: str) -> None:
    with pytest.raises(CannotRun, match="rien n’a été écrit"):
        bring(tmp_path, listed(outline(A)), own=own, write=True)
    assert (tmp_path / "feeds.yaml").read_text("utf-8") == own
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feeds.yaml", "liste.opml"]


def test_a_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="pas de l’OPML"):
        bring(tmp_path, "<rss/>")
    (tmp_path / "liste.opml").unlink()
    with pytest.raises(CannotRun, match="illisible"):
        feedlist.bring(tmp_path / "liste.opml", tmp_path, io.StringIO(), allow_private=False, write=False)


def test_an_export_says_what_it_leaves_out(tmp_path: Path) -> None:
    more = "  - {url: 'https://p.example/', kind: page, selector: main}\n"
    (tmp_path / "feeds.yaml").write_text(OWN + more, "utf-8")
    out, errors = io.StringIO(), io.StringIO()
    assert feedlist.give(read_feeds(tmp_path / "feeds.yaml")[0], out, errors) == 0
    assert "https://cnil.example/rss" in out.getvalue()
    assert "p.example" not in out.getvalue()
    assert errors.getvalue().startswith("vigie : 1 source")
