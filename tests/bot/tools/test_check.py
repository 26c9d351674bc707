"""Rules of check, schema and init."""

import io
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.tools.check import KINDS, check, init, schema
from storage import open_store
from tests.storage.builders import NOW, a_feed, an_entry, poll

WATCHLIST = "name: Essai\nany: [Azure]\nexamples: {match: [Azure], ignore: [Rien]}\n"


def small(at: Path, feeds: str) -> Path:
    (at / "watchlists").mkdir()
    (at / "watchlists" / "essai.yaml").write_text(WATCHLIST)
    (at / "entities.yaml").write_text("hdh: {name: Health Data Hub}\n")
    (at / "feeds.yaml").write_text(feeds)
    return at


def checked(folder: Path, out: io.StringIO, database: Path = Path("/nowhere"), now: datetime = NOW) -> int:
    return check(folder, database, now, out)


def test_init_writes_a_configuration_that_check_accepts(tmp_path: Path) -> None:
    assert init(tmp_path / "c", io.StringIO()) == 0
    out = io.StringIO()
    assert checked(tmp_path / "c", out) == 0
    assert "9 veilles" in out.getvalue()


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("à moi")
    out = io.StringIO()
    assert init(tmp_path, out) == 0
    assert (tmp_path / "feeds.yaml").read_text() == "à moi"
    assert "gardé tel quel" in out.getvalue()


def test_init_says_in_one_line_that_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    out = io.StringIO()
    assert init(tmp_path / "file", out) == 1
    assert out.getvalue().count("\n") == 1


def test_check_prints_every_error_and_refuses(tmp_path: Path) -> None:
    small(tmp_path, "feeds:\n  - ulr: x\n  - url: ftp://x\n")
    out = io.StringIO()
    assert checked(tmp_path, out) == 2
    assert "feeds.yaml:2:5" in out.getvalue()
    assert "feeds.yaml:3:5" in out.getvalue()
    assert "2 erreurs" in out.getvalue()


def test_a_warning_is_printed_and_accepted(tmp_path: Path) -> None:
    small(tmp_path, "feeds:\n  - {url: 'https://a.fr/', every: 2s}\n")
    out = io.StringIO()
    assert checked(tmp_path, out) == 0
    assert "attention" in out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_has_a_json_schema(kind: str) -> None:
    made = schema(kind)  # type: ignore[arg-type]  # one of KINDS
    assert made["$schema"].startswith("https://json-schema.org/")
    assert made["type"] == "object"


def test_a_review_that_is_overdue_is_told_at_its_line(tmp_path: Path) -> None:
    folder = small(tmp_path, "feeds: [{url: 'https://a.example/rss'}]\n")
    (folder / "watchlists/essai.yaml").write_text(WATCHLIST + "review: 2026-01-31\n", encoding="utf-8")
    out = io.StringIO()
    assert checked(folder, out) == 0
    assert "watchlists/essai.yaml:4:1\u00a0: attention, à relire depuis le 31/01/2026" in out.getvalue()


def test_what_is_doubtful_is_told_at_its_line(tmp_path: Path) -> None:
    folder = small(tmp_path, "feeds: [{url: 'https://a.example/rss'}]\n")
    (folder / "watchlists/essai.yaml").write_text("name: Essai\nany:\n  - CNIL!\nthreshold: 1\n", encoding="utf-8")
    out = io.StringIO()
    assert checked(folder, out) == 0
    assert "watchlists/essai.yaml:3:5\u00a0: attention, la presse écrit aussi" in out.getvalue(), out.getvalue()
    assert "aucun exemple «\u00a0match\u00a0»" in out.getvalue()


def test_a_term_too_common_in_the_archive_is_told(tmp_path: Path) -> None:
    folder = small(tmp_path, "feeds: [{url: 'https://a.example/rss'}]\n")
    database = tmp_path / "vigie.sqlite"
    with closing(open_store(database)) as store:
        store.feeds.sync([a_feed()], NOW)
        titles = ["Azure" if number % 10 == 0 else "Rien" for number in range(500)]
        poll(store, *(an_entry(str(n), urls=[f"u{n}"], title=title) for n, title in enumerate(titles)))
    out = io.StringIO()
    assert checked(folder, out, database, NOW + timedelta(days=1)) == 0
    assert "watchlists/essai.yaml:2:7\u00a0: attention, «\u00a0Azure\u00a0» suffit ici" in out.getvalue()
    assert "10\u00a0% des articles" in out.getvalue()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("bidule://x/y", 2), ("htps://hooks.slack.com/services/a/b/c", 2), ("https://", 2), ("tgram://", 2),
        ("mmosts://mattermost.exemple.fr/3ccdd113474722377935511fc85d3dd4", 0),
    ],
)  # fmt: skip
def test_an_address_that_apprise_itself_does_not_know_is_refused_at_its_line(
    tmp_path: Path, address: str, code: int
) -> None:
    small(tmp_path, "feeds:\n  - url: https://exemple.fr/rss\n")
    (tmp_path / "jeton").write_text(address)
    (tmp_path / "destinations.yaml").write_text(
        "destinations:\n  equipe:\n    kind: apprise\n    address: {file: jeton}\n"
    )
    out = io.StringIO()
    assert checked(tmp_path, out) == code
    lines = [line for line in out.getvalue().splitlines() if line.startswith("destinations.yaml:")]
    assert len(lines) == (code == 2)
    assert address not in out.getvalue()
    if lines:
        assert lines[0].startswith("destinations.yaml:4:")
        assert "« equipe »" in lines[0]
        assert "1 erreur" in out.getvalue()
