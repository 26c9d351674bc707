from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.clock import now
from bot.config.settings import Settings, settings
from bot.daemon.lock import sole_sender
from storage import open_store
from storage.operators.model import Presence
from tests.file import an_empty_file


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a chat that left two months ago."""
    path = tmp_path / "vigie.sqlite"
    monkeypatch.setenv("VIGIE_DATABASE", str(path))
    store = open_store(an_empty_file(path))
    store.chats.arrive(5, "private", "fr", now())
    store.chats.leave(5, now() - timedelta(days=60))
    store.close()
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert cli.main([str(each) for each in arguments]) == code
    printed = capsys.readouterr()
    return printed.out or printed.err


def test_a_round_trip_by_the_commands(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 chat," in told(capsys, "backup", tmp_path / "copie")
    assert "1 chat parti effacé " in told(capsys, "prune")
    assert "0 chat parti" in told(capsys, "prune")
    restored = told(capsys, "restore", tmp_path / "copie")
    assert "1 chat," in restored
    assert "vigie.sqlite.avant-" in restored


def test_keeping_chats_longer_is_a_setting(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIGIE_KEEP_CHATS", "90")
    assert "0 chat parti effacé (plus de 90 jours)" in told(capsys, "prune")


def test_nothing_is_restored_under_a_running_vigie(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "backup", tmp_path / "copie")
    with sole_sender(base):
        assert "arrêtez-la" in told(capsys, "restore", tmp_path / "copie", code=1)


def test_what_can_not_be_done_is_one_line(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "abîmée" in told(capsys, "restore", broken(tmp_path), code=1)
    assert "n’existe pas" in told(capsys, "restore", tmp_path / "absente", code=1)
    base.unlink()
    assert "rien à oublier" in told(capsys, "prune", code=1)
    assert "rien à sauvegarder" in told(capsys, "backup", tmp_path / "copie", code=1)


def broken(folder: Path) -> Path:
    (folder / "abimee").write_bytes((folder / "vigie.sqlite").read_bytes()[:12_288])
    return folder / "abimee"


@pytest.mark.parametrize("value", ["-1", "dix", "3651", "1.5"])
def test_a_time_that_makes_no_sense_is_refused(value: str) -> None:
    read = settings({"VIGIE_KEEP_TEXTS": value})
    assert not isinstance(read, Settings)
    assert "VIGIE_KEEP_TEXTS" in str(read[0])


@pytest.mark.parametrize(
    ("value", "read"),
    [("9877", ("127.0.0.1", 9877)), ("0.0.0.0:80", ("0.0.0.0", 80)), ("[::1]:9877", ("::1", 9877)), ("", None)],
)
def test_a_port_may_name_where_it_listens(value: str, read: tuple[str, int] | None) -> None:
    chosen = settings({"VIGIE_METRICS": value})
    assert isinstance(chosen, Settings)
    assert chosen.metrics == read


@pytest.mark.parametrize("value", ["http://127.0.0.1:9877", "localhost", "99999", ":", "1:2:3", "0", "127.0.0.1:0"])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    assert not isinstance(settings({"VIGIE_METRICS": value}), Settings)


def test_a_base_goes_to_a_server_and_comes_back_by_the_command(
    server: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.server import a_base

    (tmp_path / "secret").write_text("motdepasse-9f3a\n")
    (tmp_path / "secret").chmod(0o600)
    monkeypatch.setenv("VIGIE_DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    with a_base(server, "vigie_moved") as there:
        went = told(capsys, "move", there.address)
        assert "lignes de 1 table, vérifiées" in went or "ligne de 1 table, vérifiées" in went
        assert f"VIGIE_DATABASE={there}" in went
        assert "contient déjà des lignes" in told(capsys, "move", there.address, code=1)
        monkeypatch.setenv("VIGIE_DATABASE", there.address)
        assert "1 parti" in told(capsys, "status")
        with closing(open_store(there)) as store:
            store.offices.present(Presence("paris/1", "polls"), now(), timedelta(minutes=5))
            assert "(paris) : arrêtez" in told(capsys, "move", tmp_path / "retour.sqlite", code=1)
            store.offices.resign("paris/1")
        came = told(capsys, "move", tmp_path / "retour.sqlite")
        assert "vérifiées" in came
        assert "motdepasse" not in went + came
    monkeypatch.delenv("VIGIE_DATABASE_PASSWORD_FILE")
    monkeypatch.setenv("VIGIE_DATABASE", str(tmp_path / "retour.sqlite"))
    assert "1 parti" in told(capsys, "status")
    assert "postgresql://" in told(capsys, "move", "mysql://ailleurs/base", code=2)
