"""What is needed to install and run Vigie elsewhere: the wheel, the unit, the container, the hook."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePath

import pytest
import yaml

from bot.config.environment import VARIABLES
from bot.config.settings import Settings, settings
from bot.ending import CannotRun
from bot.tools.check import init
from bot.tools.unit import unit, write_unit
from tests.emulator import TOKEN
from tests.whole.daemon import VIGIE

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
BUILD = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d")


def test_a_wheel_carries_the_starter_configuration_and_all_that_is_read(tmp_path: Path) -> None:
    subprocess.run([*BUILD, str(tmp_path)], cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    installed = {path.relative_to(tmp_path / "installed") for path in (tmp_path / "installed").rglob("*")}
    sources = {
        path.relative_to(ROOT)
        for package in ("bot", "storage", "matchers")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources <= installed, "nothing that the program reads is left behind"

    # As installed: the wheel's own files, and the libraries of this environment
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
    env = clean | {"PYTHONPATH": str(tmp_path / "installed"), "PYTHONSAFEPATH": "1"}
    for call in (["init", "lists"], ["check", "--config", "lists"], ["check"]):
        done = subprocess.run([*VIGIE, *call], cwd=tmp_path, env=env, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    units = tmp_path / "units"
    (tmp_path / "bin").mkdir()
    shutil.copy(sys.executable, tmp_path / "bin/vigie")
    wrote = "from bot.tools.unit import write_unit; from pathlib import Path; import sys; "
    wrote += "sys.exit(write_unit(Path('lists'), Path('units'), sys.stdout, Path('bin/vigie').absolute()))"
    done = subprocess.run(
        [sys.executable, "-c", wrote], cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    (documentation,) = re.findall("(?m)^Documentation=file://(.+)$", (units / "vigie.service").read_text("utf-8"))
    assert Path(documentation).read_bytes() == (ROOT / "docs/operations.md").read_bytes(), "it leads somewhere"
    (shared,) = (tmp_path / "installed").glob("*.data/data/share/vigie/operations.md")
    (documentation,) = re.findall("(?m)^Documentation=file://(.+)$", (DEPLOY / "vigie.service").read_text("utf-8"))
    assert documentation == f"/opt/vigie/share/vigie/{shared.name}", "and so does that of who copies the unit"
    several = ("compose.several.yaml", "vigie-several.conf", "vigie-polls.conf")
    for name in ("Containerfile", "compose.yaml", *several, "grafana.json", "pre-commit"):
        assert (tmp_path / "installed/bot/starter/deploy" / name).read_bytes() == (DEPLOY / name).read_bytes()
    for name in ("feeds.yaml", "entities.yaml"):
        assert (tmp_path / "lists" / name).read_bytes() == (ROOT / name).read_bytes()
    assert {path.name for path in (tmp_path / "lists/watchlists").iterdir()} == {
        path.name for path in (ROOT / "watchlists").glob("*.yaml")
    }


@pytest.mark.parametrize(
    "name",
    [
        "vigie.service",
        "Containerfile",
        "compose.yaml",
        "compose.several.yaml",
        "vigie-several.conf",
        "vigie-polls.conf",
    ],
)
def test_only_settings_that_exist_are_set(name: str) -> None:
    used = set(re.findall(r"VIGIE_[A-Z_]+", (DEPLOY / name).read_text("utf-8")))
    assert used
    assert used <= set(VARIABLES)


def test_the_unit_waits_for_what_the_daemon_tells() -> None:
    unit = (DEPLOY / "vigie.service").read_text("utf-8")
    for line in ("Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "DynamicUser=yes", "ProtectSystem=strict"):
        assert f"\n{line}\n" in unit
    assert int(re.findall(r"WatchdogSec=(\d+)", unit)[0]) >= 60


def test_the_unit_of_an_installation_runs_that_one_and_nothing_else_changes() -> None:
    shipped = (DEPLOY / "vigie.service").read_text("utf-8")
    made = unit(shipped, Path("/srv/vigie/bin/vigie"), Path("/srv/listes"), Path("/srv/vigie/100%/operations.md"))
    changed = [(one, two) for one, two in zip(shipped.splitlines(), made.splitlines(), strict=True) if one != two]
    assert [two for _, two in changed] == [
        "Documentation=file:///srv/vigie/100%%25/operations.md",
        "ExecStart=/srv/vigie/bin/vigie run",
        "Environment=VIGIE_CONFIG=/srv/listes",
    ]


@pytest.mark.parametrize("path", ["/srv/mes listes", "/srv/100%", "/srv/'x'", "/srv/a\nb", '/srv/"', "/srv/$HOME"])
def test_a_path_that_a_unit_can_not_bear_is_refused_in_a_line(path: str) -> None:
    with pytest.raises(CannotRun, match="sans espace"):
        unit("", Path("/opt/vigie/bin/vigie"), Path(path), Path("/x"))


def test_a_unit_that_stands_is_kept_and_a_hidden_folder_is_told(tmp_path: Path) -> None:
    program, out = tmp_path / "vigie", io.StringIO()
    with pytest.raises(CannotRun, match="installez Vigie"):
        write_unit(Path("/etc/vigie"), tmp_path, out, program)
    program.touch()
    assert write_unit(Path("/home/ana/vigie"), tmp_path / "units", out, program) == 0
    assert "/home/ana/vigie est caché à l’unité" in out.getvalue()
    (tmp_path / "units/vigie.service").write_text("à moi")
    assert write_unit(Path("/etc/vigie"), tmp_path / "units", out, program) == 0
    assert "gardé tel quel" in out.getvalue()
    assert (tmp_path / "units/vigie.service").read_text() == "à moi"
    assert write_unit(Path("/etc/vigie"), program, out, program) == 1
    assert "écriture impossible" in out.getvalue()


def test_the_unit_lets_the_reader_build_its_wall_and_leaves_no_core() -> None:
    unit = (DEPLOY / "vigie.service").read_text("utf-8")
    allowed = {name for line in re.findall(r"^SystemCallFilter=(.+)$", unit, re.MULTILINE) for name in line.split()}
    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"} <= allowed
    assert "\nLimitCORE=0\n" in unit


def test_the_container_has_no_right_that_it_does_not_need() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["vigie"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert not service["user"].startswith("0")
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "\nUSER 10001" in image
    assert "healthz" in image


def test_several_containers_differ_by_their_name_alone_and_have_the_rights_of_one() -> None:
    alone = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["vigie"]
    services = yaml.safe_load((DEPLOY / "compose.several.yaml").read_text("utf-8"))["services"]
    assert services["base"]["healthcheck"]
    names = [name for name in services if name != "base"]
    assert len(names) == 2
    assert [services[name].pop("hostname") for name in names] == names, "the name that operators read"
    one, two = ({key: value for key, value in services[name].items() if key != "ports"} for name in names)
    assert one == two
    assert one["depends_on"] == {"base": {"condition": "service_healthy"}}
    its_own = {"depends_on", "environment", "secrets", "volumes"}
    wall = {key: value for key, value in alone.items() if key not in its_own | {"ports", "hostname"}}
    assert wall == {key: value for key, value in one.items() if key not in its_own}
    assert "requirements-postgres.txt\n" in (DEPLOY / "Containerfile").read_text("utf-8").replace(" \\", "")


@pytest.mark.parametrize(("name", "says"), [("vigie-several.conf", "postgresql://"), ("vigie-polls.conf", "polls")])
def test_what_stands_beside_the_unit_only_adds_settings(name: str, says: str) -> None:
    lines = [line for line in (DEPLOY / name).read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert lines[0] == "[Service]"
    assert {line.partition("=")[0] for line in lines[1:]} <= {"Environment", "LoadCredential", "IPAddressAllow"}
    assert any(says in line for line in lines)


def test_several_containers_are_told_only_what_settings_understand(tmp_path: Path) -> None:
    whole = yaml.safe_load((DEPLOY / "compose.several.yaml").read_text("utf-8"))
    for name, service in whole["services"].items():
        assert set(service["secrets"]) <= set(whole["secrets"]), name
        mounted = {each.partition(":")[0] for each in service["volumes"] if each[:1] not in "./"}
        assert mounted <= set(whole["volumes"]), name
        if name != "base":
            given = {key: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for key, value in service["environment"].items()}
            assert isinstance(settings(_on_this_machine(given, "/run/secrets/", tmp_path)), Settings)


def test_the_units_are_told_only_what_settings_understand(tmp_path: Path) -> None:
    given: dict[str, str] = {}
    credentials: set[str] = set()
    for name in ("vigie.service", "vigie-several.conf", "vigie-polls.conf"):  # in the order in which systemd reads them
        text = (DEPLOY / name).read_text("utf-8")
        given |= dict(each.split("=", 1) for each in re.findall(r"(?m)^Environment=(.+)$", text))
        credentials |= set(re.findall(r"(?m)^LoadCredential=(\w+):", text))
        understood = settings(_on_this_machine(given, "%d/", tmp_path))
        assert isinstance(understood, Settings), understood
        assert {value[3:] for value in given.values() if value.startswith("%d/")} <= credentials
    assert understood.roles == {"polls"}


def _on_this_machine(given: dict[str, str], secrets: str, folder: Path) -> dict[str, str]:
    """The same, with secrets that can be read here."""
    for name, text in (("token", TOKEN), ("base", "motdepasse")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return {name: value.replace(secrets, f"{folder}/") for name, value in given.items()}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is missing")
def test_systemd_understands_the_unit_and_what_stands_beside_it(tmp_path: Path) -> None:
    shipped = (DEPLOY / "vigie.service").read_text("utf-8")
    unit_file = tmp_path / "vigie.service"
    unit_file.write_text(
        shipped.replace("/opt/vigie/bin/vigie", "/bin/true").replace(" file:///opt/vigie", " file:///")
    )
    beside = tmp_path / "vigie.service.d"
    beside.mkdir()
    for name in ("several", "polls"):
        shutil.copy(DEPLOY / f"vigie-{name}.conf", beside / f"{name}.conf")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit_file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, []), done


def test_the_image_and_the_unit_run_commands_that_exist() -> None:
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    entry, command = (json.loads(re.findall(rf"(?m)^{each} (.+)$", image)[0]) for each in ("ENTRYPOINT", "CMD"))
    started = re.findall(r"(?m)^ExecStart=\S+/vigie (.+)$", (DEPLOY / "vigie.service").read_text("utf-8"))
    assert entry == ["vigie"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert "vigie" in scripts
    for each in (command, *(line.split() for line in started)):
        done = subprocess.run([*VIGIE, *each, "--help"], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("git") is None, reason="git is missing")
def test_the_hook_refuses_a_commit_that_vigie_would_refuse(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    assert init(lists, sys.stderr) == 0
    hook = tmp_path / "bin"
    hook.mkdir()
    script = f'#!/bin/sh\nexec {VIGIE[0]} -c "{VIGIE[2]}" "$@"\n'
    (hook / "vigie").write_text(script, encoding="utf-8")
    (hook / "vigie").chmod(0o755)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "GIT_"))}
    env["PATH"] = f"{hook}:{env['PATH']}"

    def git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        named = ("-c", "user.name=Test", "-c", "user.email=test@exemple.fr", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", *named, *arguments], cwd=lists, env=env, capture_output=True, timeout=60, check=False
        )

    assert git("init", "-q").returncode == 0
    shutil.copy(DEPLOY / "pre-commit", lists / ".git/hooks/pre-commit")
    git("add", ".")
    done = git("commit", "-qm", "Bonnes listes")
    assert done.returncode == 0, done.stderr
    (lists / "watchlists/hds.yaml").write_text("name: HDS\nany: [HDS\n", encoding="utf-8")
    git("add", ".")
    done = git("commit", "-qm", "Liste cassée")
    assert done.returncode != 0
    assert "watchlists/hds.yaml:" in (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    "secret", ["jeton.txt", "deploy/token", ".env", "vigie.sqlite", "vigie.sqlite.avant-2026", "a.token"]
)
def test_a_secret_left_in_the_folder_goes_neither_into_git_nor_into_an_image(secret: str) -> None:
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        asked = subprocess.run([git, "check-ignore", "-q", secret], cwd=ROOT, check=False, timeout=30)
        assert asked.returncode == 0
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    taken = {name for line in copied for name in line.split()}
    assert taken, "the image build names what it takes"
    assert not any(secret == name or secret.startswith(f"{name}/") or name == "." for name in taken)
    assert all((ROOT / name).exists() for name in taken)


def test_the_image_is_given_what_the_wheel_is_made_of() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["force-include"], *wheel["shared-data"]}
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert needed <= {name for line in copied for name in line.split()}
    left = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    hidden = {name for name in needed if any(PurePath(name).match(each) for each in left if each[:1] not in "!#")}
    assert {f"!{name}" for name in hidden} <= set(left)


# --- papers --------------------------------------------------------------------------------------------------------
PAPERS = (sys.executable, str(DEPLOY / "papers.py"), "--check")
PINS = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)


def test_the_papers_tell_what_is_pinned() -> None:
    done = subprocess.run(PAPERS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("paper", ["sbom.cdx.json", "NOTICES.txt"])
@pytest.mark.parametrize("pin", ["httpx==0.28.1 ", "new-package==1.0 "])
def test_papers_that_lag_behind_are_told(tmp_path: Path, paper: str, pin: str) -> None:
    (tmp_path / "deploy").mkdir()
    for path in (DEPLOY / "papers.py", DEPLOY / "sbom.cdx.json", DEPLOY / "NOTICES.txt"):
        shutil.copy(path, tmp_path / "deploy")
    shutil.copy(ROOT / "requirements-postgres.txt", tmp_path)
    text = (ROOT / "requirements.txt").read_text("utf-8")
    (tmp_path / "requirements.txt").write_text(text + f"{pin}\\\n    --hash=sha256:{'0' * 64}\n", "utf-8")
    name = pin.partition("==")[0]
    if f"\n{pin}" in text:
        (tmp_path / "requirements.txt").write_text(text.replace(f"\n{pin}", f"\n{name}==99 "), "utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "deploy/papers.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert paper in done.stdout


def test_what_builds_vigie_is_not_what_runs_it() -> None:
    names = ("requirements.txt", "requirements-build.txt")
    run, build = (set(PINS.findall((ROOT / name).read_text("utf-8"))) for name in names)
    assert "hatchling" in build
    assert not run & build


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.yaml")), ids=lambda path: path.name)
def test_an_action_is_named_by_its_digest(path: Path) -> None:
    for used in re.findall(r"uses: *(\S+)", path.read_text("utf-8")):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", used), used


@pytest.mark.parametrize(
    ("file", "find", "put"),
    [
        ("requirements.txt", "# This file", "--index-url https://ailleurs.example/\n# This file"),
        ("requirements.txt", "# This file", "autre @ https://ailleurs.example/a.whl\n# This file"),
        ("requirements.txt", "# This file", "Autre==1.0\n# This file"),
        ("requirements-postgres.txt", "# This file", "autre==1.0\n# This file"),
        ("deploy/sbom.cdx.json", '"purl": "pkg:pypi/', '"purl": "pkg:pypi/x'),
        ("deploy/sbom.cdx.json", '"alg": "SHA-256"', '"alg": "MD5"'),
        ("deploy/sbom.cdx.json", "{", "["),
    ],
)
def test_what_would_be_installed_or_told_otherwise_is_found(tmp_path: Path, file: str, find: str, put: str) -> None:
    (tmp_path / "deploy").mkdir()
    names = ("deploy/papers.py", "deploy/sbom.cdx.json", "deploy/NOTICES.txt", "pyproject.toml")
    for name in (*names, "requirements.txt", "requirements-postgres.txt"):
        (tmp_path / name).write_bytes((DEPLOY.parent / name).read_bytes())
    check = [sys.executable, str(tmp_path / "deploy/papers.py"), "--check"]
    assert subprocess.run(check, check=False).returncode == 0
    text = (tmp_path / file).read_text("utf-8")
    (tmp_path / file).write_text(text.replace(find, put, 1), "utf-8")
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make lock" in done.stdout
    assert done.stderr == ""
