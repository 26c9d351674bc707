"""The operator's wishes, from the environment and the configuration folder: valid values, or every problem at once."""

import gc
import hashlib
import ipaddress
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.config.configuration import Configuration, ProvenFile, Rules
from bot.config.document import YES, CheckedFile, is_refused, near
from bot.config.feedfile import FeedFile, bad_url, read_feeds, slug
from bot.config.secret import Secret
from bot.config.webhook_address import leave_of, never_asked
from bot.config.yamlfile import ConfigProblem, Loaded, parse, read
from bot.config.yamlfile import load as load_yaml
from bot.messages.markup import flat
from bot.model import SERVICE_ACCOUNTS
from bot.systemd import NOBODY, Supervisor, supervisor
from bot.web import guard
from bot.web import reach as ways
from bot.web.network import DIRECT, Network, Unusable, network
from bot.web.reach import NOWHERE, IpNetwork, Reach
from matchers import retry
from matchers.engine import Former
from matchers.lint import build
from matchers.model import Problem
from matchers.watchlist import EntitiesFile, WatchlistFile
from storage.files import OURS, create
from storage.operators.model import KEPT, Retention
from storage.place import Place, from_home, place, unread_in_path

__all__ = [
    "ConfigProblem",
    "Configuration",
    "FeedFile",
    "Rules",
    "Secret",
    "Settings",
    "load",
    "load_rules",
    "settings",
    "starter",
]


ROLES = frozenset({"polls", "messages", "talk"})
"""What a daemon may do: ask sources, send messages (and keep the desk), answer what people say."""


# --- environment ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. `folder` is that of feeds.yaml; `token` is None without Telegram.

    `api_url` has no trailing slash and no `/bot`. `metrics` is where /metrics and /healthz answer, None: nowhere;
    `publish`: so does the press review. `network`: the proxy and the certificates of every request.
    `elsewhere`: chats that are not on Telegram, as (name, Apprise address).
    `warnings`: variables that nobody reads. `roles`: what `vigie run` does here, all of it unless narrowed.
    """

    database: Place
    folder: Path
    allow_private_networks: bool = False
    reach: Reach = NOWHERE
    admins: frozenset[int] = frozenset()
    access: Literal["open", "closed"] = "open"
    token: Secret | None = None
    api_url: str = "https://api.telegram.org"
    contact: str = ""
    controller: str = ""
    log: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    metrics: tuple[str, int] | None = None
    publish: bool = False
    probe: bool = True
    supervisor: Supervisor = NOBODY
    keep: Retention = KEPT
    elsewhere: tuple[tuple[str, Secret], ...] = ()
    network: Network = DIRECT
    warnings: tuple[ConfigProblem, ...] = ()
    roles: frozenset[str] = ROLES


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


def settings(env: Mapping[str, str], here: Path | None = None) -> Settings | tuple[ConfigProblem, ...]:
    """Settings from environment variables (an empty one counts as unset); `here` stands for the current folder."""
    reader = _Environment({name: value.strip() for name, value in env.items() if value.strip()})
    reader.refuse_what_a_shell_would_read()
    made = Settings(
        database=reader.place(),
        folder=reader.path("VIGIE_CONFIG") or _default_folder(here or Path()),
        allow_private_networks=reader.flag("VIGIE_ALLOW_PRIVATE_NETWORKS"),
        reach=reader.reach("VIGIE_ALLOW_PRIVATE", "VIGIE_DENY_NETWORKS"),
        admins=reader.ids("VIGIE_ADMINS"),
        access="closed" if reader.choice("VIGIE_ACCESS", ("open", "closed"), "open") == "closed" else "open",
        token=reader.token(),
        api_url=reader.address("VIGIE_TELEGRAM_API_URL", "https://api.telegram.org"),
        contact=reader.line("VIGIE_CONTACT"),
        controller=reader.name("VIGIE_CONTROLLER"),
        log=reader.level("VIGIE_LOG"),
        log_format="json" if reader.choice("VIGIE_LOG_FORMAT", ("console", "json"), "console") == "json" else "console",
        metrics=reader.endpoint("VIGIE_METRICS"),
        publish=reader.choice("VIGIE_PUBLISH", ("on", "off"), "off") == "on",
        probe=reader.choice("VIGIE_PROBE", ("on", "off"), "on") == "on",
        roles=reader.roles("VIGIE_ROLES"),
        supervisor=supervisor(env),
        network=reader.network(),
        elsewhere=reader.elsewhere(),
        keep=Retention(
            texts=reader.days("VIGIE_KEEP_TEXTS", KEPT.texts, least=0),
            messages=reader.days("VIGIE_KEEP_MESSAGES", KEPT.messages),
            chats=reader.days("VIGIE_KEEP_CHATS", KEPT.chats),
        ),
        warnings=_unread(env)
        + _closed_to_all(env)
        + _published_nowhere(env)
        + reader.open_to_all("VIGIE_METRICS")
        + reader.open_to_every_source("VIGIE_ALLOW_PRIVATE_NETWORKS"),
    )
    return tuple(reader.problems) or made


def starter() -> Path:
    """The configuration that ships with Vigie: inside an installed wheel, else at the root of the checkout."""
    bundled = Path(__file__).parents[1] / "starter"
    return bundled if bundled.is_dir() else Path(__file__).parents[2]


def _default_folder(here: Path) -> Path:
    return here if (here / "feeds.yaml").is_file() else starter()


def _unread(env: Mapping[str, str]) -> tuple[ConfigProblem, ...]:
    """What looks like a setting of ours: in small letters, with another sign for « _ », or with a letter too few."""
    spelt = {name: re.sub(r"[^A-Z0-9]+", "_", name.upper().removeprefix("EXPORT ").strip()) for name in env}
    return tuple(
        ConfigProblem(flat(name), f"variable inconnue, ignorée{near(plain, VARIABLES)}", severity="warning")
        for name, plain in sorted(spelt.items())
        if name not in VARIABLES
        and (plain.startswith("VIGIE_") or get_close_matches(plain, VARIABLES, n=1, cutoff=_SLIP))
    )


_SLIP = 0.92  # a letter too few or too many in a name of twelve


def _closed_to_all(env: Mapping[str, str]) -> tuple[ConfigProblem, ...]:
    if env.get("VIGIE_ACCESS", "").strip().lower() != "closed" or env.get("VIGIE_ADMINS", "").strip():
        return ()
    message = "fermé à tous : donnez aussi VIGIE_ADMINS, ou personne ne pourra admettre personne"
    return (ConfigProblem("VIGIE_ACCESS", message, severity="warning"),)


def _published_nowhere(env: Mapping[str, str]) -> tuple[ConfigProblem, ...]:
    if env.get("VIGIE_PUBLISH", "").strip().lower() != "on" or env.get("VIGIE_METRICS", "").strip():
        return ()
    message = "la revue n’est servie nulle part : donnez aussi VIGIE_METRICS, le port local"
    return (ConfigProblem("VIGIE_PUBLISH", message, severity="warning"),)


def _loopback(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»", "‘": "’"}
_SEVERAL = frozenset({"VIGIE_ADMINS", "VIGIE_ROLES", "VIGIE_APPRISE", "VIGIE_ALLOW_PRIVATE", "VIGIE_DENY_NETWORKS"})
_FREE = frozenset({"VIGIE_APPRISE", "VIGIE_CONTROLLER"})  # a remark has its place, or a « # » is of the name


@dataclass(frozen=True, slots=True)
class _Environment:
    """Reads one variable at a time and gathers what is wrong; a wrong value reads as the default."""

    env: dict[str, str]
    problems: list[ConfigProblem] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        self.problems.append(ConfigProblem(name, message))

    def text(self, name: str) -> str:
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
        value = self.text(name)
        if value.isprintable() and value.isascii():
            return value
        self.refuse(name, "une seule ligne, sans accent, est attendue : une adresse de page ou de courriel")
        return ""

    def name(self, name: str) -> str:
        value = self.text(name)
        if value.isprintable() and len(value) <= 200:
            return value
        self.refuse(name, "une seule ligne de 200 signes au plus est attendue : le nom de votre établissement")
        return ""

    def choice(self, name: str, known: tuple[str, ...], default: str) -> str:
        value = self.text(name).lower()
        if not value or value in known:
            return value or default
        self.refuse(name, f"« {value} » inconnu : {' ou '.join(known)}{near(value, known)}")
        return default

    def flag(self, name: str) -> bool:
        return self.choice(name, (*YES, "0", "false", "no", "non"), "0") in YES

    def level(self, name: str) -> Literal["DEBUG", "INFO", "WARNING", "ERROR"]:
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
        for part in (*within, *(ways.alone(host) for host, _ in pairs)):
            if part is not None and not guard.openable(part):
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
        if not host or _loopback(host):
            return ()
        message = f"{host} répond à tout un réseau, sans mot de passe : 127.0.0.1 si possible, sinon un pare-feu devant"
        return (ConfigProblem(name, message, severity="warning"),)

    def address(self, name: str, default: str) -> str:
        value = (self.text(name) or default).rstrip("/")
        if not bad_url(value) and (urlsplit(value).query or urlsplit(value).fragment):
            self.refuse(name, "« ? » et « # » ne sont pas d’un serveur : https://bot.exemple.fr est attendu")
            return default
        if reason := bad_url(value):
            self.refuse(name, f"{reason} : une adresse comme http://127.0.0.1:8081 est attendue")
            return default
        if urlsplit(value).scheme == "http" and not _loopback(urlsplit(value).hostname or ""):
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
    speaks_for = SERVICE_ACCOUNTS.get(number)
    return (
        f"c’est un compte de service, qui parle pour {speaks_for} ; donnez le numéro de chacun" if speaks_for else None
    )


# --- the folder ----------------------------------------------------------------------------------------------------
def written(rules: Rules) -> dict[str, str]:
    """The files of the rules as texts that keep for `Rules.sheets`: a JSON each, by file name."""
    return {
        name: sheet.model.model_dump_json(by_alias=True, exclude_unset=True) for name, sheet in rules.sheets.items()
    }


def rules_of(contents: Mapping[str, str], before: Rules | None = None) -> Rules | tuple[ConfigProblem, ...]:
    """The rules that stand in these files, as `written` keeps them; the problems where this version can't read them."""
    with TemporaryDirectory(prefix="vigie-") as made:
        folder = Path(made)
        (folder / "watchlists").mkdir()
        for name, content in contents.items():
            if name != ENTITIES_YAML and Path(name).parts != ("watchlists", Path(name).name):
                return (ConfigProblem(name, "n’est pas un fichier de veille"),)
            create(folder / name, content.encode(), OURS)  # what is JSON is YAML
        return load_rules(folder, before)


def load(
    folder: Path, before: Configuration | None = None, env: Mapping[str, str] = os.environ
) -> Configuration | tuple[ConfigProblem, ...]:
    """Everything the folder says, or every problem of every file. What stands as it did `before` is not tried again.
    `env` holds the secrets that destinations.yaml names."""
    if problem := _no_folder(folder):
        return (problem,)
    leave = leave_of(env)
    from bot.config.destinations import read_destinations  # costly, and not asked by who only matches

    feeds, doubts = read_feeds(folder / "feeds.yaml", lambda url, private: never_asked(url, leave, private=private))
    rules_read = load_rules(folder, before.rules if before else None)
    lists = rules_read.engine.watchlists if isinstance(rules_read, Rules) else None
    places, more = read_destinations(folder, lists, env)
    doubts += more
    match rules_read:
        case Rules() as rules if not is_refused(doubts):
            return Configuration(folder, feeds, rules, (*doubts, *rules.problems), places)
        case Rules() as rules:
            return (*doubts, *rules.problems, *placed(folder, rules, rules.warnings))
        case problems:
            return (*doubts, *problems)


def load_rules(folder: Path, before: Rules | None = None) -> Rules | tuple[ConfigProblem, ...]:
    """Entities and watchlists alone: matching needs no feeds."""
    with _uncollected():
        return _load_rules(folder, before)


def _load_rules(folder: Path, before: Rules | None) -> Rules | tuple[ConfigProblem, ...]:
    if problem := _no_folder(folder):
        return (problem,)
    kept = before.sheets if before else {}
    problems: list[ConfigProblem] = []
    gazetteer = _read(folder, ENTITIES_YAML, EntitiesFile, kept, problems)
    files = sorted([*folder.glob("watchlists/*.yaml"), *folder.glob("watchlists/*.yml")])
    if not files:
        problems.append(
            ConfigProblem("watchlists", "aucun fichier .yaml dans ce dossier : écrivez-en un, ou lancez « vigie init »")
        )
    read = {path: _read_watchlist(folder, path, kept, problems) for path in files}
    sheets = {path: sheet for path, sheet in read.items() if sheet is not None}
    models = {path.stem: sheet.model for path, sheet in sheets.items()}
    if gazetteer is None or not models:  # without entities, every `@name` would read as a mistake
        return tuple(problems)
    named = {} if before is None else before.sheets[ENTITIES_YAML].model.root
    others = retry.changed(named, gazetteer.model.root)
    same = {path.stem for path, sheet in sheets.items()
            if before is not None and _says_the_same(kept.get(_name(path)), sheet)}  # fmt: skip
    proven = {name for name in same if before is not None and not retry.names_any(before.engine, name, others)}
    held = {ENTITIES_YAML: gazetteer} | {_name(path): sheet for path, sheet in sheets.items()}
    if (
        before is not None
        and not others
        and len(proven) == len(models)
        and held.keys() == kept.keys()
        and not is_refused(problems)
    ):
        return replace(before, problems=tuple(problems), sheets=held)
    stand = {name: models[name] for name in proven}
    again = retry.concerned(stand, named, gazetteer.model.root) if others else frozenset()
    warned = _by_file(proven, before.warnings if before else ())
    stands = before is not None and same == models.keys() == before.engine.plans.keys()
    former = Former(before.engine, others) if before is not None and stands else None
    built = build(models, gazetteer.model.root, warned, again, former)
    if built.engine is None or is_refused(problems):
        return (*problems, *_placed(folder, built.problems, {path.stem: _name(path) for path in sheets}))
    examples = sum(len(model.examples.match) + len(model.examples.ignore) for model in models.values())
    return Rules(built.engine, len(gazetteer.model.root), examples, tuple(problems), built.problems, held)


ENTITIES_YAML = "entities.yaml"


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is built is kept: looking through it for cycles finds nothing, and takes half the time for 1,000 lists."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _says_the_same(before: ProvenFile | None, after: ProvenFile) -> bool:
    """Though a remark may have changed."""
    return before is after or (before is not None and before.model == after.model)


def _by_file(names: Iterable[str], found: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    by_file: dict[str, list[Problem]] = {name: [] for name in names}
    for problem in found:
        if problem.file in by_file:
            by_file[problem.file].append(problem)
    return {name: tuple(problems) for name, problems in by_file.items()}


def _name(path: Path) -> str:
    return f"watchlists/{path.name}"


def _no_folder(folder: Path) -> ConfigProblem | None:
    if folder.is_dir():
        return None
    return ConfigProblem(
        str(folder), "dossier introuvable : vérifiez VIGIE_CONFIG ou --config, ou lancez « vigie init »"
    )


def _read(
    folder: Path, name: str, kind: type[BaseModel], kept: Mapping[str, ProvenFile], problems: list[ConfigProblem]
) -> ProvenFile | None:
    """One file against its model; None once `problems` says why not. The very sheet of before if it reads the same."""
    text = read(folder / name, name)
    if isinstance(text, ConfigProblem):
        problems.append(text)
        return None
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    if (before := kept.get(name)) is not None and before.digest == digest:
        problems += before.doubts
        return before
    loaded = parse(text, name)
    if not isinstance(loaded, Loaded):
        problems += loaded
        return None
    file = CheckedFile(name, loaded)
    model = file.validate(kind, loaded.data)
    file.remarks()
    problems += file.problems
    return ProvenFile(digest, model, tuple(file.problems)) if model is not None else None


def _read_watchlist(
    folder: Path, path: Path, kept: Mapping[str, ProvenFile], problems: list[ConfigProblem]
) -> ProvenFile | None:
    if not re.fullmatch(r"[a-z0-9-]{1,48}", path.stem):
        problems.append(
            ConfigProblem(
                _name(path),
                f"nom de fichier refusé (a-z, 0-9 et « - », 48 au plus) : renommez-le {slug(path.stem)[:48]}.yaml",
            )
        )
    return _read(folder, _name(path), WatchlistFile, kept, problems)


def placed(folder: Path, rules: Rules, found: Iterable[Problem]) -> tuple[ConfigProblem, ...]:
    """Where problems of watchlists stand in the files."""
    return tuple(_placed(folder, found, {Path(name).stem: name for name in rules.sheets if name != ENTITIES_YAML}))


def _placed(folder: Path, found: Iterable[Problem], names: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """Where each problem stands in its file, which is read again for that: most files have none."""
    opened: dict[str, Loaded | None] = {}
    for problem in found:
        name = names.get(problem.file, ENTITIES_YAML)
        if name not in opened:
            again = load_yaml(folder / name, name)
            opened[name] = again if isinstance(again, Loaded) else None
        loaded = opened[name]
        place = loaded.line_of(problem.path) if loaded else (0, 0)
        yield ConfigProblem(name, problem.message, *place, severity=problem.severity)
