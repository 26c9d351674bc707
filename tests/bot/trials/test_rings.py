"""Before an edited list rings anybody, each reader's flashes are replayed under both."""

import io
import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config.configuration import Rules
from bot.config.folder import ENTITIES_YAML, load_rules, written
from bot.ending import CannotRun, Stop
from bot.trials.backtest import BacktestAsked
from bot.trials.rings import run
from storage import open_store
from storage.chats.model import Choices
from tests.file import an_empty_file
from tests.storage.builders import NOW, a_chat, a_feed, an_entry, poll

TITLES = ("Grêle sur les vignes", "Orage de grêle", "Le marché déménage", "Grêle encore", "Un orage passe")
LIST = """name: Ciel
question: Que tombe-t-il ?
level: flash
threshold: 1
any: [{terms}]
examples: {{match: [{example}], ignore: [Le marché]}}
"""


def _write(folder: Path, *terms: str) -> None:
    (folder / "watchlists").mkdir(parents=True, exist_ok=True)
    words = LIST.format(terms=", ".join(terms), example=f"Alerte {terms[0]}")
    (folder / "watchlists" / "ciel.yaml").write_text(words, encoding="utf-8")
    (folder / ENTITIES_YAML).write_text("{}\n", encoding="utf-8")


@pytest.fixture
def asked(tmp_path: Path) -> BacktestAsked:
    """Five articles on five days, « grêle » in force, « orage » in the edited list, and two readers of it."""
    folder, database = tmp_path / "veille", tmp_path / "v.db"
    _write(folder, "grêle")
    rules = load_rules(folder)
    assert isinstance(rules, Rules), rules
    with closing(open_store(an_empty_file(database))) as store:
        store.feeds.sync([a_feed()], NOW - timedelta(days=9), written(rules))
        for day, title in enumerate(TITLES):
            entry = an_entry(str(day), urls=(f"u{day}",), title=title, text="")
            poll(store, entry, now=NOW - timedelta(days=6 - day))
        for telegram_id in (5, 6):
            store.chats.follow(a_chat(store, telegram_id).key, "ciel", None, NOW)
        store.chats.settings(a_chat(store, 6).key, Choices(per_week=2))
        store.chats.follow(a_chat(store, 7).key, "ciel", "daily", NOW)
    _write(folder, "orage")
    return BacktestAsked(folder, database)


def _told(asked: BacktestAsked) -> str:
    out = io.StringIO()
    assert run(asked, NOW, out) == 0
    return out.getvalue()


def test_each_reader_is_told_what_would_have_rung_and_what_would_not(asked: BacktestAsked) -> None:
    said = _told(asked)
    assert "5 articles relus, 30 jours" in said
    assert (
        "chat 5 : 3 → 2 flashes\n   + [5] Un orage passe\n   − [1] Grêle sur les vignes\n   − [4] Grêle encore" in said
    )
    assert "chat 7" not in said
    assert said.endswith("Sans changement : 1 lecteur\n")


def test_the_budget_of_a_reader_holds_on_both_sides(asked: BacktestAsked) -> None:
    (six,) = (each for each in json.loads(_told(replace(asked, as_json=True)))["readers"] if each["chat"] == 6)
    assert six == {"chat": 6, "thread": 0, "before": 2, "after": 2, "gained": [5], "lost": [1]}


def test_without_an_edit_nobody_gains_or_loses(asked: BacktestAsked) -> None:
    _write(asked.folder, "grêle")
    assert _told(asked).endswith("Sans changement : 3 lecteurs\n")


@pytest.mark.parametrize("more", [{"watchlist": "ciel"}, {"stream": Path("x.jsonl")}])
def test_one_list_or_a_file_of_articles_is_refused(asked: BacktestAsked, more: dict[str, Any]) -> None:
    with pytest.raises(Stop, match="--rings relit toute l’archive"):
        run(replace(asked, **more), NOW, io.StringIO())


def test_a_base_that_has_nothing_in_force_says_so(asked: BacktestAsked, tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "other.db")):
        pass
    with pytest.raises(CannotRun, match="aucune veille en vigueur"):
        run(replace(asked, database=tmp_path / "other.db"), NOW, io.StringIO())
