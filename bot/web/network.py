"""How this machine reaches the web: through which proxy, whom without one, and whose certificates it trusts."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from matchers import sites
from storage.place import from_home

NO_PROXY_AT_ALL = frozenset({"aucun", "none", "direct", "off"})
_NO_ADDRESS = frozenset({"auto", "automatic", "system", "pac", "wpad", "true", "yes", "on", "1", "0", "false"})
SYSTEM = frozenset({"systeme", "système", "system"})


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy, spoken to in clear or over TLS. `login` is a name and a password, never shown."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    login: tuple[str, str] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{name}:{self.port}"

    @property
    def url(self) -> str:
        """With the login: not to be shown."""
        if self.login is None:
            return str(self)
        name, password = (quote(part, safe="") for part in self.login)
        return str(self).replace("://", f"://{name}:{password}@", 1)


@dataclass(frozen=True, slots=True)
class Network:
    """The proxies for http and https addresses, None for a direct way; `direct` are the rules of NO_PROXY.

    `authorities`: files or folders of certificates in PEM, trusted beside the public ones; `system`: those of the
    system instead of the list that comes with us.
    """

    plain: Proxy | None = None
    secure: Proxy | None = None
    direct: tuple[str, ...] = ()
    authorities: tuple[Path, ...] = ()
    system: bool = False

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy that an address is asked through; None for none. This machine is never asked through one."""
        proxy = self.secure if urlsplit(url).scheme == "https" else self.plain
        host, port = sites.host_port(url)
        if proxy is None or is_this_machine(host) or any(_covers(rule, host, port) for rule in self.direct):
            return None
        return proxy

    @property
    def passwords(self) -> tuple[str, ...]:
        """Those of the proxies: never to be shown."""
        return tuple(proxy.login[1] for proxy in (self.plain, self.secure) if proxy and proxy.login and proxy.login[1])

    def __str__(self) -> str:
        proxies = dict.fromkeys(str(proxy) for proxy in (self.secure, self.plain) if proxy)
        return " et ".join(proxies)


DIRECT = Network()


def is_this_machine(host: str) -> bool:
    """True for `localhost`, its names, and a literal loopback address."""
    return host.endswith(".localhost") or is_loopback(host)


def is_loopback(host: str) -> bool:
    """True for `localhost` and a literal loopback address: whatever a resolver says, it leads nowhere else."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _covers(rule: str, host: str, port: int) -> bool:
    """Whether NO_PROXY's `rule` is about this host: `*`, a name with all that end so, an address, a network (`10.*` or
    `<local>` as Windows writes it); each with a port or not."""
    found = re.fullmatch(r"(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})", rule)
    if found:
        if int(found[2]) != port:
            return False
        rule = found[1]
    if rule == "<local>":  # Windows' word for a name without a dot
        return "." not in host and ":" not in host
    if rule == "*" or (_MASKED.fullmatch(rule) and _NUMBERS.fullmatch(host) and host.startswith(rule[:-1])):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(re.sub(r"[\[\]]", "", rule), strict=False)
    except ValueError:  # one of them is a name
        name = sites.spelt(rule.removeprefix("*").removeprefix("."))
        return bool(name) and (host == name or host.endswith(f".{name}"))


_NUMBERS = re.compile(r"[\d.]+")
_MASKED = re.compile(r"(?:\d{1,3}\.){1,3}\*")


# --- as it is written ----------------------------------------------------------------------------------------------
class Unusable(ValueError):
    """A setting that cannot be used: its name, and why, in French and without any password."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


def network(env: Mapping[str, str]) -> Network:
    """From VIGIE_PROXY and VIGIE_CA, else from the variables that every tool reads, in capitals or not.

    NO_PROXY counts beside both. Raises Unusable.
    """
    plain, secure = _proxies(env)
    authorities, system = _authorities(env)
    return Network(plain, secure, _rules(_usual(env, "NO_PROXY")[1]), authorities, system)


def _rules(written: str) -> tuple[str, ...]:
    """As curl parts them, or Windows; a site may be written as its address."""
    parts = re.split(r"[\s,;]+", written.lower())
    return tuple(rule for part in parts if (rule := re.sub(r"^https?://", "", part).rstrip("/")))


def _proxies(env: Mapping[str, str]) -> tuple[Proxy | None, Proxy | None]:
    ours = env.get("VIGIE_PROXY", "").strip()
    if ours.lower() in NO_PROXY_AT_ALL:
        return None, None
    if ours:
        proxy = _proxy("VIGIE_PROXY", ours)
        return proxy, proxy
    both = [_usual(env, name, "ALL_PROXY") for name in ("HTTP_PROXY", "HTTPS_PROXY")]
    plain, secure = (
        _proxy(name, value) if value.lower() not in ("", *NO_PROXY_AT_ALL) else None for name, value in both
    )
    return plain, secure


def _usual(env: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first of these variables that says something, and what; small letters go first, as in curl."""
    spelt = [spelling for name in names for spelling in (name.lower(), name)]
    return next(((name, env[name].strip()) for name in spelt if env.get(name, "").strip()), (names[0], ""))


def _proxy(name: str, written: str) -> Proxy:
    try:
        parts = urlsplit(written if "://" in written else f"http://{written}")
        host, port = parts.hostname, parts.port
        if port == 0 or re.search(r"\s", host or "") or written.lower() in _NO_ADDRESS:
            host = None
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme.startswith("socks"):
        raise Unusable(name, "un proxy SOCKS n’est pas pris en charge : donnez un proxy HTTP, ou VIGIE_PROXY=aucun")
    if parts.scheme not in ("http", "https") or not host or parts.path not in ("", "/") or parts.query:
        raise Unusable(name, "ceci n’est pas l’adresse d’un proxy : http://proxy.exemple:3128 est attendu")
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy("https" if parts.scheme == "https" else "http", host, port or _DEFAULT_PORT[parts.scheme], login)


_DEFAULT_PORT = {"http": 80, "https": 443}


def _authorities(env: Mapping[str, str]) -> tuple[tuple[Path, ...], bool]:
    ours = env.get("VIGIE_CA", "").strip()
    if ours.lower() in SYSTEM:
        return (), True
    written = {"VIGIE_CA": ours} if ours else {name: env.get(name, "").strip() for name in _USUAL_CA}
    paths = [(name, from_home(one.strip()))
             for name, value in written.items() for one in _listed(name, value) if one.strip()]  # fmt: skip
    for name, path in paths:
        _tried(name, path)
    return tuple(path for _, path in paths), False


_USUAL_CA = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def _listed(name: str, value: str) -> list[str]:
    return value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]  # a list of folders, to OpenSSL


def _tried(name: str, path: Path) -> None:
    from bot.web.certificates import holds_some  # costly, and none are named on most machines

    try:
        held = holds_some(path)
    except FileNotFoundError:
        raise Unusable(name, f"fichier introuvable : {path}") from None
    except (OSError, ValueError):
        raise Unusable(name, f"fichier illisible : {path}") from None
    if not held:
        raise Unusable(name, f"aucun certificat (PEM ou DER) dans {path}")
