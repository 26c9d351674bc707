"""A daemon whose store is taken away, or another put in its place, says so and stops: it would keep nothing."""

import json
import os
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.site import DemoSite
from storage import open_store
from tests.emulator import TOKEN, Emulator
from tests.whole.daemon import Daemon, folder
from tests.whole.test_watchtower import free_port


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


def settle(store: Path) -> None:
    """Put what the log holds into the base: it would mend what is done to it."""
    with closing(sqlite3.connect(store, timeout=30)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write_over(store: Path) -> None:
    settle(store)
    with store.open("r+b") as file:
        file.write(os.urandom(store.stat().st_size))


def change(store: Path) -> None:
    with closing(sqlite3.connect(store, timeout=30)) as other:
        other.execute("CREATE TRIGGER t AFTER INSERT ON article BEGIN DELETE FROM article; END")


def move_the_folder(store: Path) -> None:
    store.parent.rename(store.parent.with_name("ailleurs"))


LOSSES = (delete, delete_the_file_alone, move, replace, move_the_folder, delete_the_log, write_over, change)


@pytest.mark.enable_socket
@pytest.mark.parametrize("loss", LOSSES)
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
    assert loss in (replace, delete_the_log, write_over, change) or not store.exists()


@pytest.mark.enable_socket
def test_a_base_damaged_behind_its_header_is_told_to_operators_and_to_who_watches(tmp_path: Path) -> None:
    store, port, admin = tmp_path / "store" / "vigie.sqlite", free_port(), 4242
    with DemoSite.empty("essai") as site, Emulator() as telegram:
        config = folder(tmp_path / "config", site.feeds_yaml(every="1s"))
        operator = telegram.chat(admin)  # opened once, never told to this base
        more = {"VIGIE_TELEGRAM_API_URL": telegram.url, "VIGIE_ADMINS": str(admin), "VIGIE_METRICS": str(port)}
        with Daemon(config, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_DATABASE=str(store), **more) as daemon:
            daemon.wait(lambda: "started" in daemon.log)
            settle(store)
            with store.open("r+b") as file:
                file.seek(4096)
                file.write(os.urandom(store.stat().st_size - 4096))
            daemon.wait(lambda: "the store takes nothing" in daemon.log)
            daemon.wait(lambda: any("abîmée" in each.text for each in operator.messages))
            with pytest.raises(urllib.error.HTTPError) as answer:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20)
            assert json.load(answer.value)["status"] == "hurt"
