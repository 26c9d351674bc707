"""An operator edits a watchlist and sees, before it goes live, what it would have kept and dropped."""

import io
import json
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.config.configuration import Rules
from bot.config.folder import load_rules, written
from bot.config.settings import starter
from bot.ending import CannotRun, Stop
from bot.trials.backtest import BacktestAsked, run
from storage import open_store
from tests.file import an_empty_file
from tests.storage.builders import NOW, a_feed, an_entry, poll

LISTS = sorted(path.stem for path in (starter() / "watchlists").iterdir())

TITLES = (
    "Cloud souverain : les élus veulent un calendrier",
    "Cloud souverain : une formation en ligne",
    "Grêle : les vignes touchées",
    "Le marché aux fleurs déménage",
)


@pytest.fixture
def asked(tmp_path: Path) -> BacktestAsked:
    """A base of four articles, the starter's watchlists in force, and a copy of them to edit."""
    folder, database = tmp_path / "veille", tmp_path / "vigie.db"
    shutil.copytree(starter() / "watchlists", folder / "watchlists")
    shutil.copy(starter() / "entities.yaml", folder)
    rules = load_rules(folder)
    assert isinstance(rules, Rules)
    with closing(open_store(an_empty_file(database))) as store:
        store.feeds.sync([a_feed()], NOW, written(rules))
        entries = [an_entry(str(n), urls=(f"u{n}",), title=title, text="") for n, title in enumerate(TITLES)]
        poll(store, *entries, now=NOW - timedelta(days=3))
    return BacktestAsked(folder, database)


def edit(folder: Path, before: str, after: str, name: str = "cloud-souverain") -> None:
    path = folder / "watchlists" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def told(asked: BacktestAsked) -> str:
    out = io.StringIO()
    assert run(asked, NOW, out) == 0
    return out.getvalue()


def test_nothing_edited_is_nothing_changed(asked: BacktestAsked) -> None:
    said = told(asked)
    assert "celles en vigueur depuis le 24/11/2026" in said
    assert f"Sans changement : {', '.join(LISTS)}" in said
    assert "→" not in said


def test_articles_gained_and_lost_are_named_with_their_reason_per_list_and_per_term(asked: BacktestAsked) -> None:
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    edit(asked.folder, "none: [", 'none: ["title:formation", ')
    said = told(asked)
    assert "cloud-souverain  2 → 2 articles · 500,0 → 500,0 pour 1\u202f000 · exemples" in said
    assert "+ [3] Grêle : les vignes touchées   +3 grêle, titre, «\u00a0Grêle\u00a0»" in said
    assert "− [2] Cloud souverain : une formation en ligne   none, exclu par\u00a0: title:formation, titre" in said
    assert "par terme : + grêle 1" in said
    assert "par terme : − none, exclu par\u00a0: title:formation, titre 1" in said
    assert f"Sans changement : {', '.join(name for name in LISTS if name != 'cloud-souverain')}" in said


def test_a_short_history_is_told(asked: BacktestAsked) -> None:
    assert "4 articles relus, du 21/11/2026 au 24/11/2026, archive plus courte que les 30 jours demandés" in told(asked)
    assert "plus courte" not in told(replace(asked, days=3))
    assert "0 article relu\n" in told(replace(asked, days=2))


def test_a_watchlist_may_come_or_go(asked: BacktestAsked) -> None:
    (asked.folder / "watchlists/cloud-souverain.yaml").rename(asked.folder / "watchlists/nuage.yaml")
    said = told(asked)
    assert "cloud-souverain  2 → 0 article · veille supprimée" in said
    assert "− [1] Cloud souverain : les élus veulent un calendrier   veille supprimée" in said
    assert "nuage  0 → 2 articles" in said


def test_two_folders_and_a_file_of_articles_may_be_compared(asked: BacktestAsked, tmp_path: Path) -> None:
    stream = tmp_path / "articles.jsonl"
    stream.write_text('{"title": "Grêle en avril"}\n\n{"title": "Le Cloud Act inquiète"}\n', encoding="utf-8")
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    said = told(BacktestAsked(asked.folder, tmp_path / "nulle-part", against=starter(), stream=stream))
    assert f"2 articles relus de {stream}" in said
    assert "cloud-souverain  1 → 2 articles · 500,0 → 1000,0 pour" in said
    assert "cloud-souverain  2 articles · 1000,0 pour" in told(
        BacktestAsked(asked.folder, tmp_path / "nulle-part", "cloud-souverain", stream=stream)
    )


def test_a_long_list_of_changes_is_cut_unless_all_is_asked(asked: BacktestAsked, tmp_path: Path) -> None:
    stream = tmp_path / "articles.jsonl"
    stream.write_text('{"title": "Grêle en avril"}\n' * 40, encoding="utf-8")
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    said = told(replace(asked, stream=stream))
    assert said.count("Grêle en avril") == 30
    assert "+ et 10 de plus (--all les montre)" in said
    assert told(replace(asked, stream=stream, everything=True)).count("Grêle en avril") == 40


def test_what_would_ring_or_be_a_mention_is_named_in_words_and_in_json(asked: BacktestAsked) -> None:
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    edit(asked.folder, "news:\n", "news:\n  words: [élus, vignes]\n")
    said = told(asked)
    assert "   sonnerait : 2 articles\n" in said
    assert "     [1] Cloud souverain : les élus veulent un calendrier   sonne\u00a0: «\u00a0élus\u00a0»" in said
    assert "     [3] Grêle : les vignes touchées   sonne\u00a0: «\u00a0vignes\u00a0»" in said
    found = json.loads(told(replace(asked, as_json=True)))
    assert found["articles"] == 4
    mine = found["watchlists"]["cloud-souverain"]
    assert (mine["before"], mine["after"]) == (2, 3)
    assert [change["article"] for change in mine["changes"]] == ["3"]
    assert {(turn["article"], turn["kind"]) for turn in mine["turns"]} == {("1", "rings"), ("3", "rings")}
    assert found["unchanged"] == [name for name in LISTS if name != "cloud-souverain"]


def test_the_bar_fills_and_goes(asked: BacktestAsked) -> None:
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    bar = io.StringIO()
    run(asked, NOW, io.StringIO(), bar)
    assert "█" * 30 + " 4/4" in bar.getvalue()
    assert bar.getvalue().endswith("\r\033[K")


def test_several_processes_say_what_one_says(asked: BacktestAsked, tmp_path: Path) -> None:
    stream = tmp_path / "articles.jsonl"
    lines = [f'{{"id": {n}, "title": "Grêle n° {n}"}}\n' if n % 7 == 0 else f'{{"id": {n}}}\n' for n in range(450)]
    stream.write_text("".join(lines), encoding="utf-8")
    edit(asked.folder, "any:\n", "any:\n  - grêle\n")
    alone = told(replace(asked, stream=stream, everything=True))
    script = (
        "import sys; from pathlib import Path; from bot.trials import backtest; "
        "from bot.trials.backtest import BacktestAsked, judge_all; "
        "from functools import partial; from tests.storage.builders import NOW; "
        "backtest.judge_all = partial(judge_all, processes=2); folder, base, stream = map(Path, sys.argv[1:]); "
        "backtest.run(BacktestAsked(folder, base, stream=stream, everything=True), NOW, sys.stdout)"
    )
    call = [sys.executable, "-c", script, str(asked.folder), str(asked.database), str(stream)]
    several = subprocess.run(call, capture_output=True, check=True, text=True, encoding="utf-8", env=UTF8)
    assert several.stdout == alone
    assert alone.count("Grêle n°") == 65


UTF8 = {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path(__file__).parents[3])}


def test_what_cannot_be_done_is_one_line(asked: BacktestAsked, tmp_path: Path) -> None:
    for wrong, why in (
        (BacktestAsked(asked.folder, tmp_path / "nulle-part"), "aucune veille en vigueur"),
        (replace(asked, stream=tmp_path / "nulle-part.jsonl"), "fichier illisible"),
        (replace(asked, stream=asked.folder / "entities.yaml"), "entities.yaml:1 : ce n'est pas du texte en JSON"),
    ):
        with pytest.raises(CannotRun, match=why):
            told(wrong)
    with pytest.raises(Stop, match="vouliez-vous «\u00a0secnumcloud\u00a0»"):
        told(replace(asked, watchlist="secnumclod"))
    with closing(open_store(asked.database)) as store:
        other = {"entities.yaml": "{}", "watchlists/x.yaml": '{"name": "X", "any": "une autre version"}'}
        store.feeds.sync([a_feed()], NOW, other)
    with pytest.raises(CannotRun, match="une autre version"):
        told(asked)


def test_a_base_that_is_not_there_is_told_and_not_made(asked: BacktestAsked, tmp_path: Path) -> None:
    """Else a wrong VIGIE_DATABASE reads as « sans changement »."""
    absent = tmp_path / "absente.db"
    with pytest.raises(CannotRun, match="n’existe pas : rien à relire"):
        told(BacktestAsked(asked.folder, absent, against=starter()))
    assert not absent.exists()


def test_a_folder_to_compare_with_that_is_not_there_is_told_by_its_option(asked: BacktestAsked, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="dossier introuvable ; --against"):
        told(replace(asked, against=tmp_path / "ailleurs"))


def test_an_edit_that_breaks_an_example_is_refused(
    asked: BacktestAsked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(asked.folder, "none: [", 'none: ["title:souverain", ')
    monkeypatch.setenv("VIGIE_DATABASE", str(asked.database))
    assert cli.main(["backtest", "--config", str(asked.folder)]) == 2
    said = capsys.readouterr().err
    assert "watchlists/cloud-souverain.yaml:" in said
    assert "» devrait alerter" in said


@pytest.mark.parametrize("days", ["0", "-3", "4000", "99999999", "un"])
def test_a_span_that_makes_no_sense_is_a_wrong_call(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["backtest", "--days", days]) == 2
    assert "de 1 à 3650" in capsys.readouterr().err
