"""The file beside feeds.yaml that opens a paid feed: `basic name:password`, `bearer token` or `header Name: value`."""

import base64
import re
from pathlib import Path

LONGEST = 1 << 12  # bytes
_FORMS = "« basic nom:motdepasse », « bearer jeton » ou « header Nom: valeur »"
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):\s*(\S.*)")
# What says how a request travels is ours
_OURS = frozenset(
    ("host", "connection", "content-length", "transfer-encoding", "accept", "accept-encoding", "user-agent", "te",
     "upgrade", "expect", "trailer", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since",
     "if-range", "range", "a-im", "keep-alive", "proxy-authorization")
)  # fmt: skip


class BadLogin(Exception):
    """The file opens nothing; the text says why, in French and without what it holds."""


def read_login(path: Path) -> tuple[str, str]:
    """The header that the file stands for, and its value. Raises BadLogin."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise BadLogin("ce n’est pas un fichier")
        with path.open(encoding="utf-8-sig") as file:
            written = file.read(LONGEST + 1)
    except FileNotFoundError:
        raise BadLogin("fichier introuvable") from None
    except (OSError, UnicodeDecodeError):
        raise BadLogin("fichier illisible") from None
    line = written.strip()
    if not line or len(written) > LONGEST or not line.isprintable():
        raise BadLogin(f"une ligne est attendue : {_FORMS}")
    return _header(line)


def others_may_read(path: Path) -> bool:
    """Whether the file is open to more than its owner."""
    return bool(path.stat().st_mode & 0o077)


def _header(line: str) -> tuple[str, str]:
    kind, _, rest = line.partition(" ")
    rest = rest.strip()
    match kind.lower():
        case "basic" if ":" in rest.lstrip(":"):  # a key may be a name without a password
            return "Authorization", f"Basic {base64.b64encode(rest.encode()).decode('ascii')}"
        case "bearer" if rest and rest.isascii() and " " not in rest:
            return "Authorization", f"Bearer {rest}"
        case "header" if (found := _HEADER.fullmatch(rest)) and rest.isascii():
            if found[1].lower() in _OURS:
                raise BadLogin(f"l’en-tête « {found[1]} » est celui de Vigie")
            return found[1], found[2]
        case _:
            raise BadLogin(f"{_FORMS} est attendu")
