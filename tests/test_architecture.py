"""What docs/architecture.md says of the house, and that one word stands for one thing."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
TOLD = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PACKAGES = ("bot", "storage", "matchers")


def section(start: str, end: str) -> str:
    return TOLD[TOLD.index(start) : TOLD.index(end, TOLD.index(start))]


@pytest.mark.parametrize("package", ["bot", "storage"])
def test_every_folder_has_its_line(package: str) -> None:
    folders = {each.parent.name for each in (ROOT / package).glob("*/__init__.py")}
    table = section(f"| folder of `{package}/` |", "\n\n")
    assert set(re.findall(r"^\| `(\w+)/` \|", table, re.MULTILINE)) == folders


def test_the_doors_are_those_of_the_contracts() -> None:
    held = {
        library: {importer.replace(".", "/") for importer in each["allowed_importers"]}
        for each in CONTRACTS
        if each["type"] == "protected"
        for library in each["protected_modules"]
    }
    rows = re.findall(r"^\| (\w+) \| (.*) \|$", section("| library | door |", "\n\n"), re.MULTILINE)
    told = {
        name: {path.removesuffix(".py").rstrip("/") for path in re.findall(r"`([^`]+)`", door)} for name, door in rows
    }
    assert {name: doors for name, doors in told.items() if name != "library"} == held


def test_every_module_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:bot|storage|matchers)/[\w/]+\.py)`", TOLD)
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_no_class_name_stands_for_two_things() -> None:  # one word for one thing
    classes = Counter(
        node.name
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in classes.items() if count > 1] == []


def test_the_way_to_the_store_is_typed() -> None:
    """Work is handed to the store through `Offload`, which keeps its types."""
    untyped = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*.py")
        if re.search(r"offload: (?:Callable\[\.\.\., |Any\b)", path.read_text(encoding="utf-8"))
    ]
    assert untyped == []


def test_the_way_down_is_short() -> None:
    """The longest chain of imports, each module the next one's: what has to be known to read the topmost."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)

    @cache
    def below(module: str) -> int:
        return 1 + max(map(below, graph.find_modules_directly_imported_by(module)), default=0)

    assert max(map(below, graph.modules)) <= 18
