"""destinations.yaml: the places that are not chats of Telegram, what each gets, and how."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.config.document import CheckedFile, is_refused, near, open_document
from bot.config.secret import Secret
from bot.config.webhook_address import bad_webhook, in_clear, leave_of
from bot.config.yamlfile import ConfigProblem, Spot
from bot.web.network import is_loopback
from matchers import sites
from matchers.model import Level
from storage.place import from_home

NAME = "destinations.yaml"
SECRETS = ("password", "secret", "address", "url")
PORTS = {"tls": 465, "starttls": 587, "none": 25}
_OF_PORT = {465: "tls", 587: "starttls"}
LONGEST_SECRET = 1 << 12  # characters
NO_APPRISE = "une adresse comme mmosts://mattermost.exemple.fr/jeton est attendue"

Security = Literal["tls", "starttls", "none"]


# --- values --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where letters go, and by which server. `password` is None where the server asks for none."""

    server: str
    port: int
    security: Security
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events are posted. `secret` signs them; `private`: that host may stand on a network of one's own."""

    url: Secret
    secret: Secret
    private: bool = False


@dataclass(frozen=True, slots=True)
class AppriseAddress:
    """An address as Apprise writes them."""

    address: Secret


@dataclass(frozen=True, slots=True)
class Outside:
    """A place of equal rights with chats. `lists` None: every watchlist; `level` None: that of each list;
    `digest_at`: minutes after midnight in Paris."""

    name: str
    way: Mailbox | Webhook | AppriseAddress
    lists: tuple[str, ...] | None = None
    level: Level | None = None
    digest_at: int = 8 * 60
    language: Literal["fr", "en"] = "fr"


def secrets(places: Iterable[Outside]) -> tuple[Secret, ...]:
    """All that a log must never show."""
    ways = [each.way for each in places]
    held = [getattr(way, name, None) for way in ways for name in SECRETS]
    return tuple(each for each in held if isinstance(each, Secret))


# --- as it is written ----------------------------------------------------------------------------------------------
def _hour(value: str) -> str:
    if not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError('une heure entre guillemets est attendue, comme "7:30"')
    return value


def _mail(value: str) -> str:
    # ASCII only: what has no accents needs no extension of the server
    if not re.fullmatch(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", value
    ) or not _dotted(value):
        raise ValueError("une adresse de courriel seule est attendue, comme direction@exemple.fr")
    return value


def _dotted(address: str) -> bool:
    """Whether no part between points is missing, on either side (RFC 5321)."""
    local, _, domain = address.partition("@")
    return all(local.split(".")) and bool(sites.spelt(domain)) and not domain.endswith(".")


def _server(value: str) -> str:
    found = re.fullmatch(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?", value)
    if found is None or not 0 < int(found[1] or 1) < 1 << 16 or not sites.spelt(_host_port(value, 0)[0]):
        raise ValueError("un serveur est attendu, avec son port s’il n’est pas l’habituel : smtp.exemple.fr:587")
    return value


class SecretSource(BaseModel):
    """Where a secret stands."""

    model_config = ConfigDict(extra="forbid", strict=True)

    file: Annotated[str, Field(min_length=1, max_length=400)] | None = Field(default=None, description="un fichier")
    variable: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")] | None = Field(
        default=None, description="une variable d'environnement"
    )


Hour = Annotated[str, AfterValidator(_hour)]
MailAddress = Annotated[str, AfterValidator(_mail)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    lists: Annotated[list[str], Field(min_length=1)] | None = Field(default=None, description="toutes, sans cette clé")
    level: Level | None = Field(default=None, description="celui de chaque veille, sans cette clé")
    hour: Hour = Field(default="8:00", description="heure du digest, à Paris")
    language: Literal["fr", "en"] = "fr"


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class EmailItem(_Given):
    """Letters."""

    kind: Literal["email"]
    server: Annotated[str, AfterValidator(_server)]
    sender: MailAddress
    to: Annotated[list[MailAddress], Field(min_length=1, max_length=50), BeforeValidator(_several)]
    security: Security = "starttls"
    user: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    password: SecretSource | None = None


class WebhookItem(_Given):
    """Signed events."""

    kind: Literal["webhook"]
    url: SecretSource | str
    secret: SecretSource
    network: Literal["private"] | None = Field(default=None, description="une machine de votre réseau")


class AppriseItem(_Given):
    """A service that Apprise knows."""

    kind: Literal["apprise"]
    address: SecretSource


class DestinationFile(BaseModel):
    """destinations.yaml: where else alerts and digests go."""

    model_config = ConfigDict(extra="forbid", strict=True, title=NAME)

    destinations: dict[str, EmailItem | WebhookItem | AppriseItem]


_KINDS: dict[str, type[_Given]] = {"email": EmailItem, "webhook": WebhookItem, "apprise": AppriseItem}


# --- reading -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Reader:
    """The file being checked. `lists` are the watchlists there are, None where they could not be read."""

    file: CheckedFile
    folder: Path
    lists: Iterable[str] | None
    env: Mapping[str, str]

    def place(self, name: str, data: Any) -> Outside | None:
        """One destination; None once the file says why not."""
        spot: Spot = ("destinations", name)
        if not re.fullmatch(r"[a-z0-9-]{1,48}", name):
            self.file.add(spot, f"nom « {name[:60]} » refusé : a-z, 0-9 et « - », 48 signes au plus")
        if not isinstance(data, dict):
            self.file.add(spot, "des lignes « clé: valeur » sont attendues, dont « kind »")
            return None
        kind = _KINDS.get(str(data.get("kind")))
        if kind is None:
            self._no_kind(spot, data)
            return None
        before = len(self.file.problems)
        item = self.file.validate(kind, self._unspoken(kind, spot, data), spot)
        if item is None:
            return None
        self._unknown_lists(spot, item)
        way = self._way(spot, item)
        wrong = is_refused(self.file.problems[before:])
        return None if way is None or wrong else _outside(name, item, way)

    def _no_kind(self, spot: Spot, data: Mapping[str, Any]) -> None:
        if "kind" not in data:
            self.file.add(spot, f"il manque « kind » : {', '.join(_KINDS)}")
            return
        kind = str(data["kind"])
        self.file.add((*spot, "kind"), f"« {kind[:40]} » inconnu : {', '.join(_KINDS)}{near(kind, _KINDS)}")

    def _unspoken(self, kind: type[_Given], spot: Spot, data: Mapping[str, Any]) -> dict[str, Any]:
        """The same without the secrets that are written out: a complaint about one would show it."""
        held = [name for name in SECRETS[:3] if name in data and name in kind.model_fields]
        plain = [name for name in held if not isinstance(data[name], dict)]
        for name in plain:
            message = f"un secret ne s’écrit pas ici : « {name}: {{file: …}} » ou « {name}: {{variable: …}} »"
            self.file.add((*spot, name), message)
        return {**data, **{name: {"variable": "_"} for name in plain}}

    def _unknown_lists(self, spot: Spot, item: _Given) -> None:
        known = None if self.lists is None else tuple(self.lists)
        for place, name in enumerate(item.lists or ()):
            if known is not None and name not in known:
                self.file.add((*spot, "lists", place), f"pas de veille « {name[:60]} »{near(name, known)}")

    def _way(self, spot: Spot, item: _Given) -> Mailbox | Webhook | AppriseAddress | None:
        match item:
            case EmailItem():
                return self._mailbox(spot, item)
            case WebhookItem():
                return self._webhook(spot, item)
            case AppriseItem():
                return self._apprise(spot, item)
        raise AssertionError(item)

    def _mailbox(self, spot: Spot, item: EmailItem) -> Mailbox | None:
        host, port = _host_port(item.server, PORTS[item.security])
        password = None if item.password is None else self.secret((*spot, "password"), item.password)
        if (item.user is None) != (item.password is None):
            self.file.add((*spot, "user"), "« user » et « password » vont ensemble : donnez les deux, ou aucun")
        if item.password is not None and item.security == "none" and not is_loopback(host):
            self.file.add((*spot, "security"), "le mot de passe partirait en clair : « starttls » ou « tls »")
        if (meant := _OF_PORT.get(port)) is not None and meant != item.security and not is_loopback(host):
            message = (
                f"le port {port} parle d’ordinaire « {meant} », et non « {item.security} » : changez l’un des deux"
            )
            self.file.warn((*spot, "server"), message)
        return Mailbox(host, port, item.security, item.sender, tuple(item.to), item.user or "", password)

    def _webhook(self, spot: Spot, item: WebhookItem) -> Webhook | None:
        url = Secret(item.url) if isinstance(item.url, str) else self.secret((*spot, "url"), item.url)
        secret = self.secret((*spot, "secret"), item.secret)
        private, leave = item.network == "private", leave_of(self.env)
        if url is not None and (reason := bad_webhook(url.reveal(), leave, private=private)):
            self.file.add((*spot, "url"), reason)
        elif url is not None and in_clear(url.reveal(), leave, private=private):
            self._in_clear((*spot, "url"), secret=not isinstance(item.url, str))
        return None if url is None or secret is None else Webhook(url, secret, private)

    def _in_clear(self, spot: Spot, *, secret: bool) -> None:
        """What is signed may be read by all; an address that is kept as a secret would be one no more."""
        if secret:
            self.file.add(spot, "cette adresse, gardée comme un secret, partirait en clair : donnez-la en https://")
            return
        self.file.warn(spot, "http:// : les événements partiront en clair, lisibles en chemin ; écrivez https://")

    def _apprise(self, spot: Spot, item: AppriseItem) -> AppriseAddress | None:
        address = self.secret((*spot, "address"), item.address)
        if address is not None and not re.match(r"[a-z][a-z0-9+.-]*://", address.reveal(), re.IGNORECASE):
            self.file.add((*spot, "address"), NO_APPRISE)
        return None if address is None else AppriseAddress(address)

    def secret(self, spot: Spot, source: SecretSource) -> Secret | None:
        """What a file or a variable holds, in one line; None once the file says what is missing."""
        if (source.file is None) == (source.variable is None):
            self.file.add(spot, "« file » ou « variable » est attendu, l’un des deux")
            return None
        if source.variable == "_":
            return None
        value = self._from_file(spot, source.file) if source.file else self.env.get(source.variable or "", "").strip()
        if value and value.isprintable() and len(value) <= LONGEST_SECRET:
            return Secret(value)
        if value is not None:
            held = f"le fichier {source.file}" if source.file else f"la variable {source.variable}"
            self.file.add(spot, f"{held} {'ne tient pas en une ligne' if value else 'est vide ou absente'}")
        return None

    def _from_file(self, spot: Spot, path: str) -> str | None:
        try:
            with (self.folder / from_home(path)).open(encoding="utf-8") as file:
                return file.read(LONGEST_SECRET + 1).strip()
        except (OSError, UnicodeDecodeError) as problem:
            lost = isinstance(problem, FileNotFoundError)
            self.file.add(spot, f"fichier {'introuvable' if lost else 'illisible'} : {path}")
        return None


def _outside(name: str, item: _Given, way: Mailbox | Webhook | AppriseAddress) -> Outside:
    hours, minutes = item.hour.split(":")
    lists = None if item.lists is None else tuple(dict.fromkeys(item.lists))
    return Outside(name, way, lists, item.level, int(hours) * 60 + int(minutes), item.language)


def _host_port(server: str, usual: int) -> tuple[str, int]:
    found = re.fullmatch(r"(.+?)(?::([0-9]+))?", server) if not server.startswith("[") else None
    if found is None:
        host, _, port = server[1:].partition("]")
        return host, int(port[1:] or usual)
    return found[1], int(found[2] or usual)


def refused_address(folder: Path, name: str, reason: str) -> ConfigProblem:
    """An address of a destination that is well written, and that its service does not know."""
    file = open_document(folder / NAME, NAME, [])
    line, column = file.loaded.line_of(("destinations", name, "address")) if file else (0, 0)
    return ConfigProblem(NAME, reason, line, column)


def read_destinations(
    folder: Path, lists: Iterable[str] | None, env: Mapping[str, str]
) -> tuple[tuple[Outside, ...], list[ConfigProblem]]:
    """The destinations of a folder, none without that file, and what is wrong with them; an error makes them
    worthless. `lists`: the watchlists there are, None where nobody knows."""
    if not (folder / NAME).exists():
        return (), []
    problems: list[ConfigProblem] = []
    file = open_document(folder / NAME, NAME, problems)
    if file is None:
        return (), problems
    data = file.loaded.data
    given = data.get("destinations") if isinstance(data, dict) else None
    for key in data if isinstance(data, dict) else ():
        if key != "destinations":
            file.add((key,), f"clé « {key} » inconnue{near(key, ('destinations',))}")
    if not isinstance(given, dict):
        file.add(("destinations",), "« destinations: » est attendu, puis un nom par destination")
        return (), file.problems
    reader = _Reader(file, folder, lists, env)
    places = tuple(place for name, each in given.items() if (place := reader.place(name, each)) is not None)
    return places, file.problems
