"""`vigie init --systemd`: the unit that runs this very installation, written where systemd looks for it."""

import re
import sys
from pathlib import Path
from typing import TextIO

from bot.config.settings import starter
from bot.ending import CannotRun
from storage.files import PUBLIC, create
from storage.system import said

UNITS = Path("/etc/systemd/system")
NAME = "vigie.service"
_PLAIN = re.compile(r"[\w./+@-]+")  # what needs no quotes in a unit, and is no specifier
_HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 # what the unit does not see


def write_unit(folder: Path, where: Path, out: TextIO, program: Path | None = None) -> int:
    """Write the unit for the configuration `folder` into `where`, overwriting nothing. Exit code: 1 if it cannot be
    written. `program` is the command that it starts, None: this installation's. Raises CannotRun."""
    program = program or Path(sys.prefix, "bin", "vigie")
    if not program.is_file():
        raise CannotRun(f"{program} n’existe pas : installez Vigie dans un environnement à elle (docs/operations.md)")
    root, target = starter(), where / NAME
    guide = root / "docs/operations.md"
    text = unit((root / "deploy" / NAME).read_text("utf-8"), program, folder.absolute(), guide)
    try:
        where.mkdir(parents=True, exist_ok=True)
        if not create(target, text.encode(), PUBLIC):
            print(f"gardé tel quel\u00a0: {target}", file=out)
            return 0
    except OSError as problem:
        print(f"{target}\u00a0: écriture impossible ({said(problem)})", file=out)
        return 1
    print(f"{target} écrit. Le jeton va dans /etc/vigie.token, lisible de root seul\u00a0; puis\u00a0:", file=out)
    print(f"systemctl daemon-reload && systemctl enable --now vigie   ({guide})", file=out)
    for path in (program, folder.absolute()):
        if str(path).startswith(_HIDDEN):
            print(
                f"attention\u00a0: {path} est caché à l’unité (ProtectHome, PrivateTmp)\u00a0: préférez /opt et /etc",
                file=out,
            )
    return 0


def unit(text: str, program: Path, folder: Path, guide: Path) -> str:
    """The unit for this program, this configuration and this guide. Raises CannotRun for a path that it can't bear."""
    for path in (program, folder):
        if not _PLAIN.fullmatch(str(path)):
            raise CannotRun(f"« {path} » : une unité de systemd veut un chemin sans espace ni signe")
    lines = {
        "Documentation=": guide.as_uri().replace("%", "%%"),
        "ExecStart=": f"{program} run",
        "Environment=VIGIE_CONFIG=": str(folder),
    }
    written = []
    for line in text.splitlines():
        key = next((key for key in lines if line.startswith(key)), None)
        written.append(line if key is None else key + lines[key])
    return "\n".join(written) + "\n"
