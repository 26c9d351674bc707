"""A daemon whose store is taken away, or another put in its place, says so and stops: it would keep nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.demo.site import DemoSite
from storage import open_store
from tests.whole.daemon import Daemon, folder


def delete(store: Path) -> None:
    for each in store.parent.glob("vigie.sqlite*"):
        each.unlink()


def delete_the_file_alone(store: Path) -> None:
    store.unlink()


def move(store: Path) -> None:
    store.rename(store.with_name("ailleurs.sqlite"))


def replace(store: Path) -> None:
    open_store(store.with_name("autre.sqlite")).close()
    store.with_name("autre.sqlite").replace(store)


def delete_the_log(store: Path) -> None:
    store.with_name(f"{store.name}-wal").unlink()


def move_the_folder(store: Path) -> None:
    store.parent.rename(store.parent.with_name("ailleurs"))


@pytest.mark.enable_socket
@pytest.mark.parametrize("loss", [delete, delete_the_file_alone, move, replace, move_the_folder, delete_the_log])
def test_a_daemon_whose_store_is_gone_says_so_and_stops(tmp_path: Path, loss: Callable[[Path], None]) -> None:
    store = tmp_path / "store" / "vigie.sqlite"
    with DemoSite.empty("essai") as site:
        config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
        with Daemon(config, VIGIE_DATABASE=str(store)) as daemon:
            daemon.wait(lambda: "started" in daemon.log)
            loss(store)
            assert daemon.ended() == 1
            assert "pendant que Vigie travaillait" in daemon.log
            assert "the store takes nothing" in daemon.log
    assert loss in (replace, delete_the_log) or not store.exists()
