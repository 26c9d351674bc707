"""Where the store is: a file, or a PostgreSQL server whose password nothing shows."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_DRIVERS = frozenset({"postgresql", "postgres"})
# What nobody calls a file: a scheme with a sign too few, the words that libpq reads, a login before its host
_NO_FILE = re.compile(
    r"\s*['\"]?(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?(?::|//)|(?:.*\s)?(?:host|dbname|password)\s*=|[^/@]*:[^@]*@",
    re.IGNORECASE | re.DOTALL,
)
_HIDDEN = {"#": "%23", "?": "%3F", "/": "%2F"}  # a sign that ends the login, though it is of its password


@dataclass(frozen=True, slots=True)
class Server:
    """A base on a PostgreSQL server. `address` is libpq's own form of it, the password included where it was given
    (else libpq finds it: PGPASSFILE, PGPASSWORD); `shown` is what may be read by anybody."""

    address: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown

    def exists(self) -> bool:
        """As of a path: who asks a server need not look whether it is there."""
        return True

    def apart(self) -> tuple[str, str | None]:
        """The address without the password, and that: what a command line may show, and what it may not."""
        parts = urlsplit(self.address)
        asked = parse_qsl(parts.query, keep_blank_values=True)
        inside = next((value for name, value in reversed(asked) if name == "password"), None)
        who, sign, hosts = parts.netloc.rpartition("@")
        name, _, own = who.partition(":")
        rest = urlencode([(name, value) for name, value in asked if name != "password"])
        bare = parts._replace(netloc=f"{name}{sign}{hosts}", query=rest).geturl()
        return bare, inside if inside is not None else unquote(own) or None

    def opened_by(self, password: str) -> "Server":
        """The same, with this password."""
        sign = "&" if "?" in self.address else "?"
        return Server(f"{self.address}{sign}password={quote(password, safe='')}", self.shown)


Place = Path | Server


def place(written: str) -> Place:
    """What VIGIE_DATABASE names. ValueError, with a clause in French, where it is an address that leads nowhere."""
    scheme, sign, rest = written.partition("://")
    if not sign and _NO_FILE.match(written):
        raise ValueError("une adresse s’écrit postgresql://nom@hôte/base, et un fichier par son chemin")
    if not sign and (unread := unread_in_path(written)):
        raise ValueError(unread)
    if not sign:
        return from_home(written)
    if scheme.casefold() not in _DRIVERS:
        raise ValueError("un chemin de fichier, ou une adresse postgresql://hôte/base, est attendu")
    address = f"postgresql://{rest}"
    try:
        parts = urlsplit(address)
        password = parts.password
    except ValueError as wrong:
        raise ValueError("cette adresse se lit mal : postgresql://nom@hôte:5432/base est attendu") from wrong
    if slip := _slip(address, parts):
        raise ValueError(slip)
    return Server(address, _shown(parts.username, password, parts.netloc, parts.path))


def from_home(written: str) -> Path:
    """A path as a person writes it: « ~ » is the home of who runs us. That of a user who is none stays as it is."""
    try:
        return Path(written).expanduser()
    except RuntimeError:
        return Path(written)


def unread_in_path(written: str) -> str | None:
    """What only a shell would have put in the place of a sign of this path; None where there is nothing."""
    if re.search(r"\$\{?[A-Za-z_]", written):
        return "un « $ » n’est pas remplacé ici : écrivez le chemin entier"
    if written.startswith("~") and str(from_home(written)).startswith("~"):
        return "« ~ » n’a pas de dossier ici : écrivez le chemin entier"
    return None


def _slip(address: str, parts: SplitResult) -> str:
    """What is wrong with it, "" where nothing is."""
    if "@" not in parts.netloc and (hiding := _hiding(address)):
        return hiding
    if not all(map(_is_port, _ports(parts.netloc))):
        return "le port est un nombre, de 1 à 65535 : postgresql://nom@hôte:5432/base"
    if len(parts.path) < 2 and "dbname" not in dict(parse_qsl(parts.query)):
        return "il y manque le nom de la base : postgresql://nom@hôte/base"
    if any(each in unquote(address) for each in "\0\n\r"):
        return "cette adresse tient sur une ligne : postgresql://nom@hôte/base"
    if not address.isprintable() or " " in address:
        return "cette adresse tient d’un trait, sans blanc ni signe invisible (un blanc s’y écrit %20)"
    return (
        "" if "/" not in parts.path[1:] else "la base est ce qui suit l’hôte, sans autre « / » : postgresql://hôte/base"
    )


def _hiding(address: str) -> str:
    """What to write instead of the sign that ended the login too early; "" where none did."""
    login = address.partition("://")[2].rpartition("@")[0]
    sign = next((each for each in login if each in _HIDDEN), "")
    if not sign or ":" not in login.partition(sign)[0]:  # an option may hold an « @ »
        return ""
    return f"un « {sign} » du mot de passe s’y écrit {_HIDDEN[sign]} : postgresql://nom:mot-de-passe@hôte/base"


def _ports(netloc: str) -> list[str]:
    """Those that are written, of each of its hosts: libpq takes several, an address of IPv6 in brackets."""
    hosts = netloc.rpartition("@")[2].split(",")
    return [port for host in hosts if (port := host.rpartition("]")[2].partition(":")[2])]


def _is_port(written: str) -> bool:
    return written.isascii() and written.isdecimal() and 0 < int(written[:6]) < 1 << 16


def holds_password(written: str) -> bool:
    """Whether what VIGIE_DATABASE names is an address with a password in it."""
    try:
        found = place(written)
    except ValueError:
        return False
    return isinstance(found, Server) and found.apart()[1] is not None


def _shown(user: str | None, password: str | None, netloc: str, path: str) -> str:
    """Who, where and which base: no password, and no parameter, among which there may be one."""
    hosts = netloc.rpartition("@")[2]
    who = "" if user is None else f"{user}@"
    return f"postgresql://{who}{hosts}{path}"
