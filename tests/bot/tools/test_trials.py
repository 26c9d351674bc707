"""What is tried before it is in force: the files, a term, an exclusion."""

import io
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.ending import Stop
from bot.trials import trial
from bot.trials.backtest import BacktestAsked
from bot.trials.findings import Misread, Trial, Weighed
from bot.trials.trial import report, try_files, try_term, try_without
from storage import open_store
from tests.bot.trials.test_backtest import TITLES, asked, edit  # noqa: F401 - `asked` is a fixture
from tests.storage.builders import NOW, an_entry, poll


def silent(_: int, __: int) -> None:
    """Hears no progress."""


def weighed(database: Path, term: str, days: int = 30) -> Weighed:
    found = try_term(term, database, NOW, silent, days)
    assert isinstance(found, Weighed)
    return found


def test_the_files_name_what_each_list_gains_and_loses_and_since_when(asked: BacktestAsked) -> None:  # noqa: F811
    assert try_files(asked.folder, asked.database, NOW, silent) == Trial({}, 4, 30, NOW - timedelta(days=3))
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    edit(asked.folder, "none: [", 'none: ["title:formation", ')
    found = try_files(asked.folder, asked.database, NOW, silent, days=3)
    assert isinstance(found, Trial)
    assert (found.read, found.days, found.oldest) == (4, 3, None)
    told = {name: [(each.title, each.gained) for each in changes] for name, changes in found.changes.items()}
    assert told == {"cloud-souverain": [(TITLES[1], False), (TITLES[2], True)]}


def test_files_with_errors_are_not_tried(asked: BacktestAsked) -> None:  # noqa: F811
    edit(asked.folder, "any:\n", "anny:\n")
    refused = try_files(asked.folder, asked.database, NOW, silent)
    assert isinstance(refused, tuple)
    assert {problem.file.endswith("cloud-souverain.yaml") for problem in refused} == {True}


def test_an_exclusion_names_what_a_list_in_force_would_lose(asked: BacktestAsked) -> None:  # noqa: F811
    found = try_without("cloud-souverain", "formation", asked.database, NOW, silent)
    assert found is not None
    assert [(each.title, each.gained) for each in found.changes["cloud-souverain"]] == [(TITLES[1], False)]
    assert try_without("cloud-souverain", "girafe", asked.database, NOW, silent) == Trial(
        {}, 4, 30, NOW - timedelta(days=3)
    )
    assert try_without("inconnue", "formation", asked.database, NOW, silent) is None


def test_a_term_is_weighed_as_a_watchlist_would_read_it(asked: BacktestAsked) -> None:  # noqa: F811
    found = weighed(asked.database, "cloud souverain")
    assert (found.hits, found.read, found.kept, found.rate) == (2, 4, 4, 500.0)
    assert [each.title for each in found.examples] == [TITLES[1], TITLES[0]], "the newest first"
    assert (found.oldest, found.purged) == (NOW - timedelta(days=3), 0)
    assert weighed(asked.database, "vigne").hits == 1, "the plural is found too"
    assert weighed(asked.database, "=vigne").hits == 0
    assert weighed(asked.database, "title:grêle").hits == 1
    assert weighed(asked.database, "cloud souverain", days=1).oldest is None
    assert isinstance(try_term("@hdh", asked.database, NOW, silent), Weighed), "an entity in force"


@pytest.mark.parametrize("term", ["@inconnue", "*", " ", "regex:(", "a" * 201])
def test_a_term_that_cannot_be_read_says_why(asked: BacktestAsked, term: str) -> None:  # noqa: F811
    found = try_term(term, asked.database, NOW, silent)
    assert isinstance(found, Misread)
    assert all(found.reasons)
    with pytest.raises(Stop, match="ne se lit pas"):
        report(found, NOW, io.StringIO())


def test_what_is_not_read_is_said(asked: BacktestAsked, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(trial, "LARGEST", 3)
    with closing(open_store(asked.database)) as store:
        poll(store, an_entry("9", urls=("u9",), title="Un autre", text="Cloud souverain"), now=NOW - timedelta(days=2))
    with closing(open_store(asked.database)) as store, store.database.write() as connection:
        connection.exec_driver_sql("UPDATE article SET text = '', source = 'page'")
    found = weighed(asked.database, "cloud souverain")
    assert (found.read, found.kept, found.hits, found.purged) == (3, 5, 0, 3)
    out = io.StringIO()
    assert report(found, NOW, out) == 0
    assert "les plus récents de 5" in out.getvalue()
    assert "3 articles jugés sans leur texte, qui n’est plus gardé" in out.getvalue()


def test_it_tells_how_far_it_is(asked: BacktestAsked, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(trial, "STEP", 2)
    heard: list[tuple[int, int]] = []
    try_term("cloud", asked.database, NOW, lambda done, size: heard.append((done, size)))
    assert heard == [(0, 4), (2, 4)]


def test_the_command_weighs_a_term(
    asked: BacktestAsked,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("VIGIE_CONFIG", str(asked.folder))
    monkeypatch.setenv("VIGIE_DATABASE", str(asked.database))
    assert cli.main(["backtest", "--term", "cloud souverain", "--days", "3650"]) == 0
    out = capsys.readouterr().out
    assert "cloud souverain  2 articles · 500,0 pour 1\u202f000" in out
    assert f"   + [2] {TITLES[1]}   https://" in out
