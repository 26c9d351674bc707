"""Where the store is: a file, or a PostgreSQL server whose password nothing shows."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

_DRIVERS = frozenset({"postgresql", "postgres"})


@dataclass(frozen=True, slots=True)
class Server:
    """A base on a PostgreSQL server. `address` is libpq's own form of it, the password included where it was given
    (else libpq finds it: PGPASSFILE, PGPASSWORD); `shown` is what may be read by anybody."""

    address: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


Place = Path | Server


def place(written: str) -> Place:
    """What VIGIE_DATABASE names. ValueError, with a clause in French, where it is an address that leads nowhere."""
    scheme, sign, _ = written.partition("://")
    if not sign:
        return Path(written).expanduser()
    if scheme.casefold() not in _DRIVERS:
        raise ValueError("un chemin de fichier, ou une adresse postgresql://hôte/base, est attendu")
    address = f"postgresql://{written.partition('://')[2]}"
    try:
        parts = urlsplit(address)
        password = parts.password
    except ValueError as wrong:
        raise ValueError("cette adresse se lit mal : postgresql://nom@hôte:5432/base est attendu") from wrong
    if len(parts.path) < 2 and "dbname" not in dict(parse_qsl(parts.query)):
        raise ValueError("il y manque le nom de la base : postgresql://nom@hôte/base")
    if any(each in unquote(address) for each in "\0\n\r"):
        raise ValueError("cette adresse tient sur une ligne : postgresql://nom@hôte/base")
    return Server(address, _shown(parts.username, password, parts.netloc, parts.path))


def _shown(user: str | None, password: str | None, netloc: str, path: str) -> str:
    """Who, where and which base: no password, and no parameter, among which there may be one."""
    hosts = netloc.rpartition("@")[2]
    who = "" if user is None else f"{user}@"
    return f"postgresql://{who}{hosts}{path}"
