"""Files that others give a command: read, or refused in a line, and what they say writes nothing of its own."""

import contextlib
import gzip
import io
import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from bot import given
from bot.config.configuration import Configuration
from bot.config.folder import load
from bot.ending import CannotRun, Stop
from bot.tools import acts, feedlist, group, match
from bot.trials.labels import read_labelled
from matchers.engine.engine import Engine, compile_engine
from matchers.watchlists.watchlist import WatchlistFile
from tests.whole.daemon import folder

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
OWN = "feeds:\n  - {id: cnil, url: 'https://cnil.example/rss'}\n"
NAMES = (
    "x\n  - url: https://autre.example/rss", "'\": [*a, &b, !!python/object x # y", "}, {url: https://autre.example/",
    "\u009b31m\u202eb", "a\u2028b\u0085c", "yes", "~", "- a: b", "x" * 50_000, "%TAG ! a", "--- x", "...",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("where", ["name", "category"])
def test_a_name_in_a_list_of_feeds_adds_nothing_but_its_feed(tmp_path: Path, name: str, where: str) -> None:
    config = folder(tmp_path / "config", OWN)
    own = f"<outline text='{escape(name)}' xmlUrl='https://neuf.example/rss'/>"
    inside = own if where == "name" else f"<outline text='{escape(name)}'>{own}</outline>"
    (tmp_path / "a.opml").write_text(f"<opml version='2.0'><body>{inside}</body></opml>", "utf-8")
    with contextlib.suppress(CannotRun):
        feedlist.bring(tmp_path / "a.opml", config, io.StringIO(), allow_private=False, write=True)
    loaded = load(config)
    assert isinstance(loaded, Configuration)
    assert {feed.url for feed in loaded.feeds} <= {"https://cnil.example/rss", "https://neuf.example/rss"}


LABELS = {
    "a number without end": b'{"id":"a","title":"t","label":' + b"9" * 6000 + b"}\n",
    "no number": b'{"id":"a","title":"t","label":NaN}\n',
    "levels without end": b'{"id":"a","title":"t","label":' + b"[" * 90_000 + b"\n",
    "lists that are no text": b'{"id":"a","title":"t","label":1,"lists":[{}]}\n',
    "another charset": b'{"id":"\xe9","title":"t","label":1}\n',
    "nothing, often": b"{}\n" * 3000,
}


@pytest.mark.parametrize("name", [each for each in LABELS if each != "nothing, often"])
def test_a_label_that_is_none_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(LABELS[name])
    with pytest.raises(Stop, match=r"a\.jsonl:1 "):
        read_labelled(tmp_path / "a.jsonl")


@pytest.mark.parametrize("cut", [0, 9])
def test_a_line_that_unfolds_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    packed = gzip.compress(b" " * 40_000_000, 1)
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) - cut])
    asked: list[int] = []
    whole = given.lines

    def watched(file: given.Readable) -> object:
        for line in whole(file, 1_000_000):
            asked.append(len(line))
            yield line

    monkeypatch.setattr(given, "lines", watched)
    with contextlib.suppress(Stop):  # blank lines are none, and what is cut is refused
        read_labelled(tmp_path / "a.jsonl.gz")
    assert max(asked) <= 1_000_000


@pytest.fixture
def engine() -> Engine:
    sheet = {"name": "Feu", "any": ["incendie"], "level": "flash", "threshold": 1}
    return compile_engine({"fire": WatchlistFile.model_validate(sheet)}, {})


LINES = {
    "a number without end": b'{"id":' + b"9" * 6000 + b"}\n",
    "levels without end": b'{"id":"a","text":' + b"[" * 90_000 + b"\n",
    "a nul": b'{"id":"a\\u0000","text":"incendie\\u0000"}\n',
    "half a letter": b'{"id":"a","text":"\\ud800"}\n',
    "a day that is none": b'{"id":"a","published":"0000-00-00","title":"incendie"}\n',
    "the last of days": b'{"id":"a","published":"9999-12-31T23:59:59-14:00","title":"incendie"}\n',
    "an address that is none": b'{"id":"a","url":"http://[::1","title":"incendie"}\n',
    "infinity": b'{"id":"a","published":Infinity,"title":"incendie"}\n',
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("tool", ["match", "acts", "group"])
def test_a_hostile_line_keeps_no_answer_from_the_next(engine: Engine, name: str, tool: str) -> None:
    lines, out = [LINES[name], b'{"id":"fin","title":"incendie"}\n'], io.BytesIO()
    if tool == "match":
        match.run(engine, lines, out)
    elif tool == "acts":
        acts.run(lines, out)
    else:
        group.run(engine, lines, out, io.StringIO(), NOW, None)
    assert json.loads(out.getvalue().splitlines()[-1])["id"] == "fin"
