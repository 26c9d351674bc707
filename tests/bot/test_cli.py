import argparse
import gc
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import cli
from storage import open_store

VIGIE = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())")


def one_line(text: bytes) -> str:
    lines = text.decode().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("arguments", [(), ("ecoute",), ("match", "--config"), ("once", "--tout"), ("extract",)])
def test_a_wrong_call_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert one_line(capsys.readouterr().err.encode()).startswith("vigie : ")


def test_a_match_that_is_refused_leaves_the_process_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "nulle-part"))
    assert cli.main(["match"]) == 2
    assert gc.isenabled()


@pytest.mark.parametrize("zone", ["UTC+25", "UTC-25"])
def test_a_zone_that_is_none_is_one_line(
    zone: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", zone)
        time.tzset()
        assert cli.main(["status"]) == 2
    time.tzset()
    assert "Europe/Paris" in one_line(capsys.readouterr().err.encode())


def test_an_unknown_watchlist_is_named_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    for call in (["match", "--watchlist", "secnumclod"], ["why", "page.html", "secnumclod"]):
        assert cli.main(call) == 2
        said = one_line(capsys.readouterr().err.encode())
        assert "secnumclod" in said
        assert "vouliez-vous «\u00a0secnumcloud\u00a0»" in said


def test_a_missing_folder_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--config", str(tmp_path / "nulle-part")]) == 2
    assert "nulle-part" in capsys.readouterr().out


def leaves(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    groups = [each for each in of._actions if isinstance(each, argparse._SubParsersAction)]
    for each in (each for group in groups for each in group.choices.values()):
        yield each
        yield from leaves(each)


def test_every_command_that_reads_the_settings_takes_their_folder() -> None:
    """`--config` stands for VIGIE_CONFIG with each of them, as the guide says."""
    for each in leaves(cli.parser()):
        run = each.get_default("run")
        reads = bool({"_settings", "_prepared"} & set(run.__code__.co_names))
        takes = any("--config" in action.option_strings for action in each._actions)
        assert reads == takes, each.prog


@pytest.mark.parametrize(
    "command", [["status"], ["register"], ["verify"], ["prune"], ["backup", "copie"], ["deadlines"]]
)
def test_a_command_of_the_base_takes_a_folder_too(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE", str(tmp_path / "base"))
    cli.main([*command, "--config", str(tmp_path)])
    told = capsys.readouterr()
    assert f"{tmp_path / 'base'}" in told.out + told.err
    assert not (tmp_path / "base").exists()


def test_a_broken_configuration_stops_every_command_that_needs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["init", str(tmp_path / "ma-veille")]) == 0
    (tmp_path / "ma-veille/watchlists/hds.yaml").write_text("name: HDS\nany: [HDS]\nseuil: 3\n", encoding="utf-8")
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "ma-veille"))
    monkeypatch.setenv("VIGIE_DATABASE", str(tmp_path / "base"))
    for command in (["once"], ["match"], ["feeds"], ["explain", "page.html"]):
        assert cli.main(command) == 2, command
        assert "watchlists/hds.yaml:3" in capsys.readouterr().err
    assert not (tmp_path / "base").exists()


def test_who_asks_nobody_reads_no_certificate(tmp_path: Path) -> None:
    env = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "absent.pem")}
    codes = [subprocess.run([*VIGIE, command], env=env, input=b"", capture_output=True).returncode
             for command in ("match", "feeds")]  # fmt: skip
    assert codes == [0, 2]


@pytest.mark.parametrize("command", ["match", "acts", "group"])
def test_articles_are_read_from_a_file(command: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_bytes(b'{"id": "un", "title": "Cirrova obtient SecNumCloud"}\n{"id": "deux"}\n')
    assert cli.main([command, str(articles)]) == 0
    assert [json.loads(line)["id"] for line in capfdbinary.readouterr().out.splitlines()] == ["un", "deux"]
    assert cli.main([command, str(tmp_path)]) == 1
    assert "c’est un dossier" in one_line(capfdbinary.readouterr().err)


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n\0\n", b"%PDF-1.7\n1 0 obj\n<<\n", b"<html>\n<body>\n"]
)
def test_what_holds_no_lines_is_told_once(
    body: bytes, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "autre").write_bytes(body)
    assert cli.main(["acts", str(tmp_path / "autre")]) == 1
    assert "un objet JSON par ligne est attendu" in one_line(capfdbinary.readouterr().out)


def test_a_closed_pipe_is_a_quiet_end() -> None:
    lines = b'{"id": 1}\n' * 20_000
    match = subprocess.Popen([*VIGIE, "match"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert match.stdin
    assert match.stdout
    assert match.stderr
    match.stdin.write(lines[:100])
    match.stdin.flush()
    match.stdout.readline()
    match.stdout.close()
    with match.stdin, match.stderr:
        try:
            match.stdin.write(lines)
            match.stdin.close()
        except BrokenPipeError:
            pass
        assert match.stderr.read() == b""
    assert match.wait(60) == 0


def test_help_loads_nothing_heavy() -> None:
    heavy = {"sqlalchemy", "httpx", "pydantic", "telegram", "trafilatura", "feedparser", "asyncio", "apscheduler"}
    code = "import sys; from bot.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    loaded = set(done.stdout.decode().splitlines()[-1].split())
    assert not heavy & loaded


def test_a_newer_database_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "vigie.sqlite"
    open_store(base).close()
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("PRAGMA user_version = 999")
    monkeypatch.setenv("VIGIE_DATABASE", str(base))
    assert cli.main(["feeds"]) == 1
    assert "version" in one_line(capsys.readouterr().err.encode())


@pytest.mark.parametrize(
    "call",
    [
        ["feeds", "discover", "https://ana:motdepasse@exemple.fr/"],
        ["explain", "https://ana:motdepasse@exemple.fr/"],
        ["https://ana:motdepasse@exemple.fr/"],
        ["publish", "--out", "x", "--days", "https://exemple.fr/?token=motdepasse"],
        ["lists", "try", "tgram://motdepasse/12"],
        ["act", "https://ana:motdepasse@exemple.fr/"],
    ],
)
def test_a_password_that_was_typed_is_not_said_again(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE", str(tmp_path / "vigie.sqlite"))
    try:
        code = cli.main(call)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert code in (1, 2)
    assert "<secret>" in said.err
    assert "motdepasse" not in said.err + said.out
