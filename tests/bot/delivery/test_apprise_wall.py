"""Whoever answers Apprise finds a wall: the network, the program, the files that its address names; nothing else."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.delivery import apprise_chats
from bot.delivery.apprise_chats import AppriseTarget, notify
from bot.delivery.chat import Sent, Unsure
from bot.model import Message
from bot.sandbox.wall import LAYERS
from bot.tools.doctor import apprise_wall, walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall is made of what Linux offers")

NOTHING: Mapping[str, str] = MappingProxyType({})

# In the place of apprise: a plugin that a server has taken over. It has sent its message if the door was open.
TAKEN_OVER = """
import enum
from tests.bot.sandbox import doors

class AppriseAsset:
    def __init__(self, **given): pass

class OverflowMode(enum.Enum):
    SPLIT = 1

class Plugin:
    def __init__(self, door, given): self.door, self.given = door, given
    def notify(self, **message):
        try:
            getattr(doors, self.door)(*self.given)
        except Exception:
            return False
        return True

class Apprise:
    @staticmethod
    def instantiate(address, **options):
        door, _, given = address.removeprefix("door://").partition("?")
        value = given.removeprefix("keyfile=")
        return Plugin(door, () if not value else (int(value) if value.isdigit() else value,))
"""


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise, replaced in the processes to come; `name`s of doors are its addresses."""
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "apprise.py").write_text(TAKEN_OVER, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "fake"))


async def tried(address: str) -> bool:
    """Whether this door was open."""
    answer = await notify(AppriseTarget("essai", address, "text"), Message("a"), NOTHING, plain=True)
    assert isinstance(answer, Sent | Unsure)
    return isinstance(answer, Sent)


@pytest.mark.usefixtures("taken_over")
@pytest.mark.parametrize(
    "door",
    ["fork", "shell", "execute", "kill?keyfile=1", "kill_group?keyfile=1", "open_netlink?keyfile=1",
     "write?keyfile=/tmp/x", "listed?keyfile=/etc",
     "listed?keyfile=/home", "listed?keyfile=/proc", "run_what_is_written?keyfile=x"],
)  # fmt: skip
async def test_a_plugin_that_was_taken_over_starts_signals_and_changes_nothing(door: str) -> None:
    assert not await tried(f"door://{door}")


@pytest.mark.usefixtures("taken_over")
async def test_it_reads_the_file_that_its_address_names_and_no_other(tmp_path: Path) -> None:
    key, token = tmp_path / "key.pem", tmp_path / "token"
    key.write_text("une clé")
    token.write_text("à nous")
    assert await tried(f"door://read?keyfile={key}")
    (tmp_path / "fake" / "apprise.py").write_text(
        TAKEN_OVER.replace("= given.", f"= given and {str(token)!r} or given.")
    )
    assert not await tried(f"door://read?keyfile={key}")


@pytest.mark.usefixtures("taken_over")
@pytest.mark.parametrize("door", ["start_thread", "open_local?keyfile=1", "listen?keyfile=1", "environment"])
async def test_what_a_plugin_needs_is_open(door: str) -> None:
    assert await tried(f"door://{door}")


async def test_its_layers_are_told() -> None:
    assert [layer.name for layer in await apprise_chats.wall()] == list(LAYERS)


async def test_doctor_names_the_layers_around_apprise() -> None:
    check = await apprise_wall()
    assert check == walled("processus d’Apprise", await apprise_chats.wall(), None)
    assert check.name == "Mur autour du processus d’Apprise"
