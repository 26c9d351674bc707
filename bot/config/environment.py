"""Reads the environment, a variable at a time, and gathers all that is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.config.document import YES, near
from bot.config.http_address import bad_url
from bot.config.secret import Secret
from bot.config.yamlfile import ConfigProblem
from bot.web import reach as ways
from bot.web.network import DIRECT, Network, Unusable, is_loopback, network
from bot.web.reach import IpNetwork, Reach
from storage.place import Place, from_home, place, unread_in_path

ROLES = frozenset({"polls", "messages", "talk"})
"""What a daemon may do: ask sources, send messages (and keep the desk), answer what people say."""


VARIABLES = (
    "VIGIE_DATABASE",
    "VIGIE_DATABASE_PASSWORD_FILE",
    "VIGIE_CONFIG",
    "VIGIE_ALLOW_PRIVATE_NETWORKS",
    "VIGIE_ALLOW_PRIVATE",
    "VIGIE_DENY_NETWORKS",
    "VIGIE_ADMINS",
    "VIGIE_ACCESS",
    "VIGIE_TELEGRAM_TOKEN",
    "VIGIE_TELEGRAM_TOKEN_FILE",
    "VIGIE_TELEGRAM_API_URL",
    "VIGIE_CONTACT",
    "VIGIE_CONTROLLER",
    "VIGIE_LOG",
    "VIGIE_LOG_FORMAT",
    "VIGIE_METRICS",
    "VIGIE_PUBLISH",
    "VIGIE_ROLES",
    "VIGIE_APPRISE",
    "VIGIE_APPRISE_FILE",
    "VIGIE_PROBE",
    "VIGIE_PROXY",
    "VIGIE_CA",
    "VIGIE_KEEP_TEXTS",
    "VIGIE_KEEP_MESSAGES",
    "VIGIE_KEEP_CHATS",
)


_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»", "‘": "’"}


_SEVERAL = frozenset({"VIGIE_ADMINS", "VIGIE_ROLES", "VIGIE_APPRISE", "VIGIE_ALLOW_PRIVATE", "VIGIE_DENY_NETWORKS"})


_FREE = frozenset({"VIGIE_APPRISE", "VIGIE_CONTROLLER"})  # a remark has its place, or a « # » is of the name


@dataclass(frozen=True, slots=True)
class Environment:
    """Reads one variable at a time and gathers what is wrong; a wrong value reads as the default."""

    env: dict[str, str]
    problems: list[ConfigProblem] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        """Note what is wrong with a variable, and what to do."""
        self.problems.append(ConfigProblem(name, message))

    def text(self, name: str) -> str:
        """The value as written; "" where it is not given."""
        value = self.env.get(name, "")
        if "\x00" not in value:
            return value
        self.refuse(name, "caractère nul : retirez-le")
        return ""

    def refuse_what_a_shell_would_read(self) -> None:
        """Quotes, a remark behind the value: systemd, podman and docker leave some of them in it. One line each, and
        the value then counts as none."""
        for name in VARIABLES:
            value = self.env.get(name, "")
            if len(value) > 1 and value[0] in _QUOTES and value[-1] == _QUOTES[value[0]]:
                self.refuse(name, "les guillemets font partie de la valeur : ôtez-les")
            elif name not in _FREE and re.search(r"\s#(?:\s|$)", value):
                self.refuse(name, "ce qui suit « # » fait partie de la valeur : mettez la remarque sur une autre ligne")
            elif name not in _SEVERAL and any(unicodedata.category(sign) == "Cc" for sign in value if sign != "\0"):
                self.refuse(name, "une seule ligne est attendue, sans signe invisible")
            else:
                continue
            self.env.pop(name)

    def path(self, name: str) -> Path | None:
        """None where it is not given."""
        value = self.text(name)
        if unread := value and unread_in_path(value):
            self.refuse(name, unread)
        return from_home(value) if value else None

    def line(self, name: str) -> str:
        """Printable ASCII in one line: it goes into a header."""
        value = self.text(name)
        if value.isprintable() and value.isascii():
            return value
        self.refuse(name, "une seule ligne, sans accent, est attendue : une adresse de page ou de courriel")
        return ""

    def name(self, name: str) -> str:
        """A name that people read, of 200 characters at most."""
        value = self.text(name)
        if value.isprintable() and len(value) <= 200:
            return value
        self.refuse(name, "une seule ligne de 200 signes au plus est attendue : le nom de votre établissement")
        return ""

    def choice(self, name: str, known: tuple[str, ...], default: str) -> str:
        """One of `known`, in capitals or not."""
        value = self.text(name).lower()
        if not value or value in known:
            return value or default
        self.refuse(name, f"« {value} » inconnu : {' ou '.join(known)}{near(value, known)}")
        return default

    def flag(self, name: str) -> bool:
        """Yes or no, no where it is not given."""
        return self.choice(name, (*YES, "0", "false", "no", "non"), "0") in YES

    def level(self, name: str) -> Literal["DEBUG", "INFO", "WARNING", "ERROR"]:
        """From which level on lines are logged."""
        match self.choice(name, ("debug", "info", "warning", "error"), "info"):
            case "debug":
                return "DEBUG"
            case "warning":
                return "WARNING"
            case "error":
                return "ERROR"
            case _:
                return "INFO"

    def ids(self, name: str) -> frozenset[int]:
        """The Telegram ids of people; each that is nobody's is refused with its reason."""
        written = [part for part in re.split(r"[,;\s]+", self.text(name)) if part]
        refused = {part: why for part in written if (why := _not_a_person(part))}
        for part, why in refused.items():
            self.refuse(name, f"« {part} » n’est pas l’identifiant Telegram d’une personne : {why}")
        return frozenset() if refused else frozenset(map(int, written))

    def roles(self, name: str) -> frozenset[str]:
        """All of them where none is named."""
        written = {part for part in re.split(r"[,;\s]+", self.text(name).lower()) if part}
        for part in sorted(written - ROLES):
            known = "polls, messages, talk"
            self.refuse(name, f"« {part} » inconnu : {known}, séparés par des virgules{near(part, ROLES)}")
        if "talk" in written and "messages" not in written:
            self.refuse(name, "talk demande messages : réponses et messages d’un bot partagent une seule cadence")
        return frozenset(written & ROLES) or ROLES

    def place(self) -> Place:
        """A file, or a server, with its password where that is in a file of its own."""
        file = self.text("VIGIE_DATABASE_PASSWORD_FILE")
        try:
            found = place(self.text("VIGIE_DATABASE") or "vigie.sqlite")
        except ValueError as wrong:
            self.refuse("VIGIE_DATABASE", str(wrong))  # never the address itself: it may hold a password
            return Path("vigie.sqlite")
        if not file:
            return found
        if isinstance(found, Path):
            self.refuse(
                "VIGIE_DATABASE_PASSWORD_FILE",
                "VIGIE_DATABASE n’est pas un serveur : un fichier n’a pas de mot de passe",
            )
            return found
        return found.opened_by(self._secret_file("VIGIE_DATABASE_PASSWORD_FILE", file) or "")

    def token(self) -> Secret | None:
        """The token of the bot, given or in a file; None without one."""
        direct, file = self.text("VIGIE_TELEGRAM_TOKEN"), self.text("VIGIE_TELEGRAM_TOKEN_FILE")
        if direct and file:
            self.refuse("VIGIE_TELEGRAM_TOKEN_FILE", "VIGIE_TELEGRAM_TOKEN est aussi donné : gardez l’un des deux")
            return None
        name = "VIGIE_TELEGRAM_TOKEN_FILE" if file else "VIGIE_TELEGRAM_TOKEN"
        value = self._secret_file("VIGIE_TELEGRAM_TOKEN_FILE", file) if file else direct
        if value is None or not (value or file):
            return None
        # Shorter than Telegram gives out: a server of one's own may, and what is cut is refused at the start anyway
        if re.fullmatch(r"[0-9]{4,}:[A-Za-z0-9_-]{4,}", value):
            return Secret(value)
        self.refuse(name, "ceci n’est pas un jeton de bot (123456789, « : », 35 signes) : recopiez celui de @BotFather")
        return None

    def elsewhere(self) -> tuple[tuple[str, Secret], ...]:
        """`name=address` as many times as wanted, separated by spaces or line breaks."""
        direct, file = self.text("VIGIE_APPRISE"), self.text("VIGIE_APPRISE_FILE")
        if direct and file:
            self.refuse("VIGIE_APPRISE_FILE", "VIGIE_APPRISE est aussi donné : gardez l’un des deux")
            return ()
        name = "VIGIE_APPRISE_FILE" if file else "VIGIE_APPRISE"
        written = (self._secret_file(name, file) if file else direct) or ""
        lines = [line for line in written.splitlines() if not line.lstrip().startswith("#")]
        found: dict[str, Secret] = {}
        for part in " ".join(lines).split():
            read = re.fullmatch(r"([a-z0-9-]{1,48})=([a-z0-9]+://.+)", part)
            if read is None or read[1] in found:
                # never the address itself: it holds passwords
                self.refuse(name, "« nom=adresse » est attendu, chaque nom une fois, comme equipe=mailtos://…")
                return ()
            found[read[1]] = Secret(read[2])
        return tuple(found.items())

    def _secret_file(self, name: str, path: str) -> str | None:
        try:
            with from_home(path).open(encoding="utf-8") as file:
                return file.read(1 << 16).strip()
        except FileNotFoundError:
            self.refuse(name, f"fichier introuvable : {path}")
        except (OSError, UnicodeDecodeError):
            self.refuse(name, f"fichier illisible : {path}")
        return None

    def network(self) -> Network:
        """The way out: proxy and certificates."""
        try:
            return network(self.env)
        except Unusable as problem:
            self.refuse(problem.name, str(problem))
            return DIRECT

    def days(self, name: str, default: timedelta, least: int = 1) -> timedelta:
        """A whole number of days, up to 3650."""
        value = self.text(name)
        if not value:
            return default
        if re.fullmatch(r"[0-9]{1,4}", value) and least <= int(value) <= 3650:
            return timedelta(days=int(value))
        self.refuse(name, f"« {value} » : un nombre de jours, de {least} à 3650, est attendu")
        return default

    def endpoint(self, name: str) -> tuple[str, int] | None:
        """`9877`, `0.0.0.0:9877` or `[::1]:9877`; a port alone is on this machine only."""
        value = self.text(name)
        if not value:
            return None
        found = re.fullmatch(r"(?:(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):)?([0-9]{1,5})", value)
        if found and 0 < int(found[3]) < 1 << 16:
            return found[1] or found[2] or "127.0.0.1", int(found[3])
        self.refuse(name, f"« {value} » n’est pas un port : 9877, ou 127.0.0.1:9877, est attendu")
        return None

    def reach(self, opened: str, closed: str) -> Reach:
        """What is opened beside the public web, and what is closed within it."""
        pairs: frozenset[tuple[str, int]] = frozenset()
        within: tuple[IpNetwork, ...] = ()
        denied: tuple[IpNetwork, ...] = ()
        try:
            pairs, within = ways.places(self.text(opened))
        except ValueError as wrong:
            self.refuse(opened, f"« {wrong} » : hôte:port ou réseau attendu (intranet.exemple:8080, 10.2.0.0/16)")
        opening = [part for part in (*within, *(ways.alone(host) for host, _ in pairs)) if part is not None]
        if opening:
            from bot.web import guard  # costly, and asked by who opens a private network
        for part in opening:
            if not guard.openable(part):
                shown = part.network_address if part.num_addresses == 1 else part
                self.refuse(opened, f"« {shown} » n’est pas un réseau privé que l’on ouvre : {guard.NEVER}")
        try:
            denied = ways.networks(self.text(closed))
        except ValueError as wrong:
            self.refuse(closed, f"« {wrong} » n’est pas un réseau : 203.0.113.0/24 ou 2a01:db8::/32 est attendu")
        return Reach(places=pairs, networks=within, denied=denied)

    def open_to_every_source(self, name: str) -> tuple[ConfigProblem, ...]:
        """A doubt, where one source could make us visit a whole network."""
        if not self.flag(name):
            return ()
        message = "ouvre tout le réseau privé à toute source : « network: private » sur la vôtre suffit"
        return (ConfigProblem(name, message, severity="warning"),)

    def open_to_all(self, name: str) -> tuple[ConfigProblem, ...]:
        """A doubt, where what listens there answers more than this machine."""
        value = self.env.get(name, "")
        host = value.rpartition(":")[0].strip("[]")
        if not host or is_loopback(host):
            return ()
        message = f"{host} répond à tout un réseau, sans mot de passe : 127.0.0.1 si possible, sinon un pare-feu devant"
        return (ConfigProblem(name, message, severity="warning"),)

    def address(self, name: str, default: str) -> str:
        """The address of a server, without its last slash; https, or http to this machine."""
        value = (self.text(name) or default).rstrip("/")
        if not bad_url(value) and (urlsplit(value).query or urlsplit(value).fragment):
            self.refuse(name, "« ? » et « # » ne sont pas d’un serveur : https://bot.exemple.fr est attendu")
            return default
        if reason := bad_url(value):
            self.refuse(name, f"{reason} : une adresse comme http://127.0.0.1:8081 est attendue")
            return default
        if urlsplit(value).scheme == "http" and not is_loopback(urlsplit(value).hostname or ""):
            self.refuse(name, "http porterait le jeton en clair : https, ou http vers cette machine (127.0.0.1)")
            return default
        return value.removesuffix("/bot")


def _not_a_person(written: str) -> str | None:
    """Why this is not the Telegram id of a person, and what to write instead; None if it is one."""
    if not re.fullmatch(r"-?[0-9]{1,19}", written):
        return (
            "le numéro d’un compte, pas son @nom" if written.startswith("@") else "des numéros séparés par des virgules"
        )
    if (number := int(written)) == 0:
        return "0 n’est personne ; donnez le numéro de votre compte, ou retirez-le"
    if number >= 1 << 52:
        return "un numéro de compte a seize chiffres au plus"
    if number < 0:
        return "un numéro négatif est celui d’un groupe ou d’un canal ; donnez ceux de ses administrateurs"
    from bot.model import SERVICE_ACCOUNTS

    speaks_for = SERVICE_ACCOUNTS.get(number)
    return (
        f"c’est un compte de service, qui parle pour {speaks_for} ; donnez le numéro de chacun" if speaks_for else None
    )
