"""No file is written through a link, and none is open to more than was meant."""

import ast
import os
import stat
from pathlib import Path

import pytest

from storage import files

pytestmark = pytest.mark.file


ROOT = Path(__file__).parents[2]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A file of somebody else, which links of ours must not reach."""
    path = tmp_path / "elsewhere" / "foreign"
    path.parent.mkdir()
    path.write_text("à un autre")
    path.chmod(0o640)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def planted(kind: str, name: Path, foreign: Path) -> None:
    match kind:
        case "link":
            name.symlink_to(foreign)
        case "hard link":
            name.hardlink_to(foreign)
        case "link to nowhere":
            name.symlink_to(foreign.with_name("absent"))
        case "link to a link":
            (name.parent / "between").symlink_to(foreign)
            name.symlink_to("between")
        case "pipe":
            os.mkfifo(name)
        case "link to itself":
            name.symlink_to(name.name)


KINDS = ("link", "hard link", "link to nowhere", "link to a link", "pipe", "link to itself")


def untouched(foreign: Path) -> bool:
    alone = {path.name for path in foreign.parent.iterdir()} == {"foreign"}
    return alone and foreign.read_text() == "à un autre" and stat.S_IMODE(foreign.stat().st_mode) == 0o640


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_takes_the_place_of_a_planted_name(home: Path, foreign: Path, kind: str) -> None:
    planted(kind, home / "out", foreign)
    files.write(home / "out", "à nous", files.PUBLIC)
    assert untouched(foreign)
    assert not (home / "out").is_symlink()
    assert (home / "out").read_text() == "à nous"


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_file_is_made_where_nothing_is(home: Path, foreign: Path, kind: str) -> None:
    planted(kind, home / "out", foreign)
    assert not files.create(home / "out", b"our own")
    assert untouched(foreign)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_held_is_no_planted_one(home: Path, foreign: Path, kind: str) -> None:
    planted(kind, home / "lock", foreign)
    with pytest.raises(OSError, match=r"lien|symbolic|Too many"):
        files.held(home / "lock")
    assert untouched(foreign)


@pytest.mark.parametrize("kind", KINDS)
def test_closing_a_file_to_others_closes_no_foreign_one(home: Path, foreign: Path, kind: str) -> None:
    planted(kind, home / "vigie.sqlite-wal", foreign)
    files.close_to_others(home / "vigie.sqlite-wal")
    assert untouched(foreign) or kind == "hard link"


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_what_leads_to_a_device_or_a_pipe_is_no_file_to_write(home: Path, kind: str) -> None:
    out = home / "sortie"
    os.mkfifo(home / "tube")
    out.symlink_to("/dev/null" if kind == "device" else home / "tube")
    with pytest.raises(OSError, match="n’est pas un fichier"):
        files.write(out, "texte")
    assert out.is_symlink()
    assert sorted(each.name for each in home.iterdir() if each.name.startswith(".")) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_the_mode_is_what_was_meant_whatever_the_mask(home: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        files.write(home / "ours", "x")
        files.write(home / "public", "x", files.PUBLIC)
        files.create(home / "new", b"x")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert modes == {"ours": 0o600, "public": 0o644, "new": 0o644}


def test_a_draft_that_is_not_taken_leaves_nothing_and_the_target_as_it_was(home: Path) -> None:
    (home / "out").write_text("avant")
    with files.draft(home / "out") as path:
        files.fill(path, "moitié")
    assert (home / "out").read_text() == "avant"
    assert [path.name for path in home.iterdir()] == ["out"]


def test_a_name_of_a_draft_cannot_be_guessed(home: Path) -> None:
    with files.draft(home / "out") as one, files.draft(home / "out") as other:
        assert one != other
        assert str(os.getpid()) not in one.name.split(".")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_draft_may_keep_owner_and_group(home: Path) -> None:
    (home / "base").write_text("")
    os.chown(home / "base", 12345, 54321)
    with files.draft(home / "base", like=(home / "base").stat()) as path:
        files.take(path, home / "base")
    assert ((home / "base").stat().st_uid, (home / "base").stat().st_gid) == (12345, 54321)


def test_a_file_is_emptied_into_another_and_never_through_a_link(home: Path) -> None:
    (home / "log").write_text("ligne")
    (home / "else").write_text("autre")
    (home / "kept").symlink_to(home / "else")
    files.empty_into(home / "log", home / "kept")
    assert [(home / name).read_text() for name in ("log", "kept", "else")] == ["", "ligne", "autre"]
    assert (home / "kept").stat().st_mode & 0o777 == files.OURS


def test_what_can_not_be_kept_is_not_emptied(home: Path) -> None:
    (home / "log").write_text("ligne")
    with pytest.raises(OSError):
        files.empty_into(home / "log", home / "nowhere" / "kept")
    assert (home / "log").read_text() == "ligne"


# What is written elsewhere than in storage/files.py: one line a place, with why it is no file of that kind
ELSEWHERE = {
    "bot/cli.py": {"os.open"},  # /dev/null
    "bot/daemon/lock.py": {"os.open"},  # reads, and follows no link
    "storage/sqlite_watch.py": {"os.open"},  # reads the head of the base
    "bot/sandbox/landlock.py": {"os.open"},  # folders, to name them
    "bot/sandbox/process.py": {"os.open"},  # /dev/null
    "bot/demo/show.py": {"write_text", "copy", "copytree"},  # a folder of its own, made 0700 a moment before
}
OWNERS = {"shutil", "tempfile", "", "path", "target", "made", "file"}
WRITES = {"write_text", "write_bytes", "copy", "copyfile", "copytree", "mkstemp", "touch", "symlink_to", "move"}


def written(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if (owner, node.func.attr) == ("os", "open"):
                found.add("os.open")
            elif node.func.attr in WRITES and owner in OWNERS:
                found.add(node.func.attr)
            elif node.func.attr == "open" and any(_writing(each) for each in node.args):
                found.add("open")
    return found


def _writing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).strip("bt+") in ("w", "a", "x")


def test_every_file_is_written_by_one_module() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for package in ("bot", "storage", "matchers")
        for path in (ROOT / package).rglob("*.py")
        if (names := written(path)) and path != ROOT / "storage/files.py"
    }
    assert found == ELSEWHERE


# --- what an output may not replace --------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["base.sqlite", "base.sqlite-wal", "base.sqlite-shm", "sources.yaml", "neuf.YML"])
def test_an_output_named_as_a_base_or_as_settings_is_refused(home: Path, name: str) -> None:
    (home / "base.sqlite").write_bytes(b"SQLite format 3\0 et la suite")
    (home / "base.sqlite-wal").write_bytes(b"\x37\x7f\x06\x82 son journal")
    (home / "base.sqlite-shm").write_bytes(bytes(9))
    (home / "sources.yaml").write_text("feeds: []")
    before = {each.name: each.read_bytes() for each in home.iterdir() if each.is_file()}
    with pytest.raises(OSError, match="donnez-en un autre"):
        files.write(home / name, "un registre")
    assert {each.name: each.read_bytes() for each in home.iterdir() if each.is_file()} == before


def test_an_output_replaces_an_older_one_and_a_link_to_a_base(home: Path) -> None:
    (home / "base.sqlite").write_bytes(b"SQLite format 3\0")
    (home / "registre.csv").write_text("ancien")
    (home / "lien.csv").symlink_to("base.sqlite")
    for name in ("registre.csv", "lien.csv"):
        files.write(home / name, "neuf")
        assert (home / name).read_text() == "neuf"
    assert files.is_base(home / "base.sqlite")
