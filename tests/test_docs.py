"""The documentation says what the program does: nothing is missing from it, and what it shows works."""

import argparse
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.config.configuration import Configuration
from bot.config.environment import VARIABLES
from bot.config.folder import load
from bot.config.yamlfile import Loaded, parse
from bot.config.yamlfile import load as load_yaml
from bot.conversation.commands import NAMES
from bot.ending import Stop
from bot.tools.check import schema
from bot.trials.labels import Label
from matchers.engine.engine import compile_engine
from matchers.engine.tree import NEAR_POINTS, SUMMARY_POINTS, TEXT_HITS, TITLE_POINTS
from matchers.model import Article
from matchers.trials.lint import build
from matchers.watchlists.watchlist import EntitiesFile, WatchlistFile
from tests.grouping.world import opened

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GUIDE = (ROOT / "docs/watchlists.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
USERS = README + GUIDE + OPERATIONS
MINE = re.compile(r"^ *(?:\$ )?(?:\.venv/bin/|/opt/vigie/bin/)?vigie (.*?)(?: +#.*)?$", re.MULTILINE)


def commands(parser: argparse.ArgumentParser, before: str = "vigie") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its parser, groups' own included."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield f"{before} {name}", each
                yield from commands(each, f"{before} {name}")


def keys(kind: Any) -> set[str]:
    """Every key of a JSON Schema that people write."""
    found: set[str] = set()
    waiting = [schema(kind)]
    while waiting:
        part = waiting.pop()
        found |= set(part.get("properties", {}))
        waiting += [value for value in part.values() if isinstance(value, dict)]
        waiting += [
            each for value in part.values() if isinstance(value, list) for each in value if isinstance(each, dict)
        ]
    return found


COMMANDS = dict(commands(cli.parser()))


def test_the_changes_are_told_in_a_few_pages_each_once() -> None:
    """Two branches that each write it anew are easily merged into both: the long one came back twice so."""
    told = re.findall(r"^- .+", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert len(told) < 100
    assert len(set(told)) == len(told)


def test_the_index_of_the_decisions_names_every_one_in_its_place() -> None:
    head, *themes = (ROOT / "docs/decisions.md").read_text("utf-8").split("\n## ")
    listed = re.findall(r"^- \[(.+?)\]\(#.+?\): (.+)$", re.sub(r"\n  ", " ", head), re.MULTILINE)
    told = [(each.partition("\n")[0], re.findall(r"^### (.+)$", each, re.MULTILINE)) for each in themes]
    assert [(theme, names.split(" · ")) for theme, names in listed] == told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    assert re.search(rf"`{re.escape(name)}\b", USERS), f"{name} is nowhere"
    for action in COMMANDS[name]._actions:
        for option in action.option_strings:
            assert option in ("-h", "--help") or option in USERS, f"{name} {option} is nowhere"


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_variable_is_documented(variable: str) -> None:
    assert f"`{variable}`" in README


@pytest.mark.parametrize("kind", ["feeds", "entities", "watchlist", "destinations"])
def test_every_key_is_documented(kind: str) -> None:
    told = OPERATIONS if kind == "destinations" else GUIDE
    missing = {key for key in keys(kind) if not re.search(rf"`{re.escape(key)}`", told)}
    assert not missing


@pytest.mark.parametrize("name", sorted(set(NAMES.values())))
def test_every_command_of_the_bot_is_documented(name: str) -> None:
    assert f"/{name}" in USERS


def shell(text: str) -> Iterator[str]:
    """The lines of every shell block."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield from MINE.findall(block)


@pytest.mark.parametrize("line", sorted(set(shell(USERS))))
def test_every_call_that_is_shown_is_understood(line: str) -> None:
    words = re.split(r" (?:\||>|<|&&|;) ?", line)[0]
    try:
        cli.parser().parse_args(shlex.split(words))
    except Stop as refused:
        pytest.fail(f"vigie {line}: {refused}")


def test_the_five_minutes_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line for line in shell(README) if line.startswith(("init", "check"))]
    assert len(lines) >= 2
    for line in lines:
        assert cli.main(shlex.split(line)) == 0, capsys.readouterr()


def test_what_is_shown_of_a_store_runs_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands that tell what a store holds, as the guide writes them, on a store of one morning."""
    with opened(tmp_path) as world:
        world.article(1, "SecNumCloud : un hébergeur qualifié", "SecNumCloud " * 40, host="presse.example")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_CONFIG", str(ROOT))
    monkeypatch.setenv("VIGIE_DATABASE", str(tmp_path / "vigie.db"))
    shown = [line for line in shell(OPERATIONS) if line.startswith(("brief", "changes", "pack", "verify octobre"))]
    assert len(shown) >= 6
    for line in shown:
        assert cli.main(shlex.split(line)) == 0, capsys.readouterr()


# --- the guide -----------------------------------------------------------------------------------------------------
def starter_entities() -> Any:
    loaded = load_yaml(ROOT / "entities.yaml")
    assert isinstance(loaded, Loaded)
    return EntitiesFile.model_validate(loaded.data).root


ENTITIES = starter_entities()
YAML = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
WATCHLISTS = [block for block in YAML if not block.startswith("#")]


def read(text: str) -> Any:
    loaded = parse(text, "guide")
    assert isinstance(loaded, Loaded), loaded
    return loaded.data


@pytest.mark.parametrize("block", WATCHLISTS, ids=lambda block: block.splitlines()[0])
def test_every_watchlist_of_the_guide_is_right_and_passes_its_examples(block: str) -> None:
    watchlist = WatchlistFile.model_validate(read(block))
    assert watchlist.examples.match
    assert watchlist.examples.ignore
    problems = build({"essai": watchlist}, ENTITIES).problems
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_the_points_are_those_that_are_counted() -> None:
    assert f"{TITLE_POINTS} points dans le titre, {SUMMARY_POINTS} dans le chapô" in GUIDE
    assert f"({TEXT_HITS} au plus) ; des termes proches rapportent {NEAR_POINTS} points" in GUIDE


def test_the_judged_articles_of_the_guide_are_measured_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (rows,) = re.findall(r"^```json\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (tmp_path / "articles-jugés.jsonl").write_text(rows, encoding="utf-8")
    shown = [line for line in shell(GUIDE) if line.startswith("evaluate articles-jugés.jsonl")]
    assert len(shown) == 3
    for line in shown:
        assert cli.main([*shlex.split(line), "--config", str(ROOT)]) == 0, capsys.readouterr()
    table, as_json = capsys.readouterr().out.split("\n{\n")
    as_json, by_source = as_json.split("\n}\n")
    assert "par « source »\npresse, 2 articles\n" in by_source
    assert table.startswith("3 articles jugés, 2 à retenir dont 1 au cœur du sujet")
    assert "[a1]" not in table
    assert '"articles": 3' in as_json


def test_the_keys_of_a_judged_article_are_documented() -> None:
    told = GUIDE.partition("## Mesurer une veille")[2].partition("## Vivre")[0]
    assert all(f"`{field.name}`" in told for field in fields(Label))


def test_there_are_ten_recipes() -> None:
    assert re.findall(r"^### (\d+)\. ", GUIDE, re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_the_entities_and_sources_of_the_guide_are_right(tmp_path: Path) -> None:
    (entities,) = (block for block in YAML if block.startswith("# entities.yaml"))
    feeds = [block for block in YAML if block.startswith("# feeds.yaml")]
    assert len(feeds) == 2
    EntitiesFile.model_validate(read(entities))
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "entities.yaml").write_text(entities, encoding="utf-8")
    (tmp_path / "watchlists/essai.yaml").write_text(WATCHLISTS[0], encoding="utf-8")
    for each in feeds:
        (tmp_path / "feeds.yaml").write_text(each, encoding="utf-8")
        loaded = load(tmp_path)
        assert isinstance(loaded, Configuration), loaded


ROWS = re.findall(
    r"^\| `([^`]+)` \| (.*?) ?\| (.*?) ?\|$",
    GUIDE.partition("## Les marques d'un terme")[2].partition("## Dix")[0],
    re.MULTILINE,
)


@pytest.mark.parametrize(("term", "found", "left"), ROWS, ids=[row[0] for row in ROWS])
def test_every_mark_finds_what_the_guide_says(term: str, found: str, left: str) -> None:
    if term.startswith("source:"):
        watchlist = WatchlistFile.model_validate({"name": "essai", "all": [term, "article"], "threshold": 1})
        engine = compile_engine({"essai": watchlist}, ENTITIES)
        assert engine.match(Article(title="Un article", source="CNIL"))
        assert not engine.match(Article(title="Un article", source="Autre"))
        return
    watchlist = WatchlistFile.model_validate({"name": "essai", "any": [term], "threshold": 1})
    engine = compile_engine({"essai": watchlist}, ENTITIES)
    if found:
        assert engine.match(Article(title=found)), found
    if left:
        assert not engine.match(Article(title=left)), left


def test_every_kind_of_term_has_its_row() -> None:
    terms = [row[0] for row in ROWS]
    for mark in ("!", "*"):
        assert any(term.endswith(mark) for term in terms)
    for mark in ("=", "~", "@", "title:", "lead:", "source:", "regex:"):
        assert any(term.startswith(mark) for term in terms)
