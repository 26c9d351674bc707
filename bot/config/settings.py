"""What the operator wishes, from the environment: valid values, or every problem at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from bot.config.document import near
from bot.config.environment import ROLES, VARIABLES, Environment
from bot.config.secret import Secret
from bot.config.yamlfile import ConfigProblem
from bot.messages.markup import flat
from bot.systemd import NOBODY, Supervisor, supervisor
from bot.web.network import DIRECT, Network
from bot.web.reach import NOWHERE, Reach
from storage.operators.retention import KEPT, Retention
from storage.place import Place


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


def settings(env: Mapping[str, str], here: Path | None = None) -> Settings | tuple[ConfigProblem, ...]:
    """Settings from environment variables (an empty one counts as unset); `here` stands for the current folder."""
    reader = Environment({name: value.strip() for name, value in env.items() if value.strip()})
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
