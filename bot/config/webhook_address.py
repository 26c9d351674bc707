"""What keeps an address from ever being asked or posted to, as far as it can be said without asking anybody."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.config.document import YES
from bot.config.http_address import bad_url
from bot.web import guard
from bot.web.reach import HostPort, IpNetwork, Reach, networks, places
from matchers import sites

OWN = "ajoutez « network: private » à cette {what}, ou son hôte et son port à VIGIE_ALLOW_PRIVATE"


@dataclass(frozen=True, slots=True)
class Leave:
    """What the operator opened beside the public web; `everywhere`: every private network."""

    reach: Reach
    everywhere: bool = False

    def opens(self, host: str, port: int) -> bool:
        """Whether this very host may stand on a private network."""
        return self.everywhere or (host, port) in self.reach.places


def leave_of(env: Mapping[str, str]) -> Leave:
    """What the settings open and close; one that can't be read opens nothing, and is told where settings are."""
    pairs: frozenset[HostPort] = frozenset()
    opened: tuple[IpNetwork, ...] = ()
    denied: tuple[IpNetwork, ...] = ()
    with suppress(ValueError):
        pairs, opened = places(env.get("VIGIE_ALLOW_PRIVATE", ""))
    with suppress(ValueError):
        denied = networks(env.get("VIGIE_DENY_NETWORKS", ""))
    everywhere = env.get("VIGIE_ALLOW_PRIVATE_NETWORKS", "").strip().lower() in YES
    return Leave(Reach(places=pairs, networks=opened, denied=denied), everywhere)


def bad_webhook(url: str, leave: Leave, *, private: bool) -> str | None:
    """Why nothing would ever be posted there, None where it might. Quotes none of it: it may be a secret."""
    if _names_somebody(url):
        return "l’adresse porte un nom ou un mot de passe, qui ne partiraient pas : retirez-les, « secret » signe tout"
    if reason := bad_url(url):
        return reason
    host, port = sites.host_port(url)
    if not host or not port:
        return "l’adresse n’a pas de nom de site lisible"
    return _barred(host, port, leave, private, OWN.format(what="destination"))


def never_asked(url: str, leave: Leave, *, private: bool) -> str | None:
    """Why a source at this address would never be read, None where it might."""
    host, port = sites.host_port(url)
    return _barred(host, port, leave, private, OWN.format(what="source")) if host and port else None


def _barred(host: str, port: int, leave: Leave, private: bool, own: str) -> str | None:
    own = "" if private or leave.opens(host, port) else own
    return _bad_address(host, port, leave, own) if guard.literal(host) else _bad_name(host, port, leave, own)


def in_clear(url: str, leave: Leave, *, private: bool) -> bool:
    """Whether all on the way could read what is posted there."""
    host, port = sites.host_port(url)
    own = private or guard.local(host) or leave.opens(host, port)
    return urlsplit(url).scheme == "http" and not own


def _names_somebody(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.username is not None or parts.password is not None


def _bad_address(host: str, port: int, leave: Leave, own: str) -> str | None:
    """`own`: what would open it, "" where it is open."""
    if leave.reach.denies(host):
        return "VIGIE_DENY_NETWORKS ferme cette adresse"
    if guard.local(host):
        return f"c’est une adresse de réseau privé : {own}" if own and not leave.reach.holds(host) else None
    if not guard.public(host):
        return f"ce n’est pas une adresse publique, et {guard.NEVER}"
    return _bad_port(port, own)


def _bad_name(host: str, port: int, leave: Leave, own: str) -> str | None:
    if guard.reads_as_number(host):
        return "ce n’est pas un nom de site : une adresse s’écrit par ses quatre nombres, ou donnez le nom"
    if not own or leave.reach.networks:  # where a name leads is not known here
        return None
    if guard.named_private(host):
        return f"c’est un nom de réseau privé : {own}"
    return _bad_port(port, own)


def _bad_port(port: int, own: str) -> str | None:
    if port in guard.PORTS:
        return None
    opened = own or guard.NEVER
    return f"port {port} refusé vers le public (80 et 443 seulement) ; si c’est une machine de votre réseau, {opened}"
