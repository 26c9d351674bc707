"""Who may be reached beyond the public web, and for whom: what the operator opened, and what is closed whatever."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from matchers.sites import host_port, spelt

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
HostPort = tuple[str, int]
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Reach:
    """`sources`: the private hosts that each source of that very host and port may ask. `places`: those that all may.
    `networks`: the same, by address. `denied`: never asked, though their addresses be public."""

    sources: frozenset[HostPort] = frozenset()
    places: frozenset[HostPort] = frozenset()
    networks: tuple[IpNetwork, ...] = ()
    denied: tuple[IpNetwork, ...] = ()

    def opens(self, host: str, port: int, address: str) -> bool:
        """Whether a private address may be asked, for the source that is being read now."""
        way, pair = _WAY.get(), (spelt(host), port)
        if not all(map(self._private, way.redirects)):
            return False  # a public site never leads to a private one
        own = pair in self.sources and way.source == pair
        return own or pair in self.places or _within(address, self.networks)

    def advice(self, host: str, port: int) -> str:
        """What would open a private host, for the source that is being read now."""
        way, pair = _WAY.get(), (spelt(host), port)
        if not all(map(self._private, way.redirects)):
            return "aucun site public n’y mène par redirection : donnez à la source cette adresse même"
        if way.source in (None, pair):
            return "une machine de chez vous ? « network: private » près de son adresse, ou VIGIE_ALLOW_PRIVATE"
        return (
            f"une machine de chez vous ? VIGIE_ALLOW_PRIVATE={host}:{port}, ou « network: private » s’il est une source"
        )

    def _private(self, hop: HostPort) -> bool:
        """Whether who redirects is surely one of those opened: a name that was given, or an address as it is written.
        Any other name may lead to a public address now, and to a private one a second later."""
        return hop in self.sources | self.places or (alone(hop[0]) is not None and _within(hop[0], self.networks))

    def denies(self, address: str) -> bool:
        return _within(address, self.denied)

    def holds(self, address: str) -> bool:
        """Whether it is within a network that is open to all."""
        return _within(address, self.networks)

    def for_sources(self, urls: Iterable[str]) -> "Reach":
        """The same, with the hosts of these sources in the place of those before."""
        return replace(self, sources=frozenset(map(host_port, urls)))


NOWHERE = Reach()


@dataclass(frozen=True, slots=True)
class _Way:
    """For which source an address is asked, and through which redirects."""

    source: HostPort | None = None
    redirects: frozenset[HostPort] = field(default_factory=frozenset)


_ALONE = _Way()

# Between who knows the source and who opens the connection stand robots.txt, pages and httpcore, which need not know it
_WAY: ContextVar[_Way] = ContextVar("way", default=_ALONE)


@contextmanager
def asked_for(source: str) -> Iterator[None]:
    """What is asked in here is asked for the source at this address."""
    token = _WAY.set(_Way(host_port(source)))
    try:
        yield
    finally:
        _WAY.reset(token)


@contextmanager
def redirected(through: Iterable[str]) -> Iterator[None]:
    """What is asked in here comes of redirects by these addresses; none where it does not."""
    token = _WAY.set(replace(_WAY.get(), redirects=frozenset(map(host_port, through))))
    try:
        yield
    finally:
        _WAY.reset(token)


def _within(address: str, networks: Iterable[IpNetwork]) -> bool:
    inner = unwrapped(ipaddress.ip_address(address))
    return any(inner in network for network in networks)


def unwrapped(ip: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps (mapped, NAT64); any other as it is."""
    if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id is None and (ip in _MAPPED or ip in _NAT64):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


# --- as it is written ----------------------------------------------------------------------------------------------
def places(written: str) -> tuple[frozenset[HostPort], tuple[IpNetwork, ...]]:
    """`intranet.exemple:8080, 10.2.0.0/16`: hosts with port, and networks. Raises ValueError with the wrong part."""
    pairs, found = set(), []
    for part in _parts(written):
        network = _network(part)
        match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})", part.lower())
        if network is not None:
            found.append(network)
        elif match and 0 < int(match[2]) < 1 << 16:
            pairs.add((spelt(match[1]), int(match[2])))
        else:
            raise ValueError(part)
    return frozenset(pairs), tuple(found)


def networks(written: str) -> tuple[IpNetwork, ...]:
    """`203.0.114.0/24, 2a01:db8::/32`. Raises ValueError with the wrong part."""
    found = []
    for part in _parts(written):
        if (network := _network(part)) is None:
            raise ValueError(part)
        found.append(network)
    return tuple(found)


def alone(host: str) -> IpNetwork | None:
    """The network of one address, where a host is one; None for a name."""
    return _network(host) if re.fullmatch(r"[0-9.]+|.*:.*", host) else None


def _parts(written: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", written) if part]


def _network(part: str) -> IpNetwork | None:
    try:
        found = ipaddress.ip_network(part, strict=False)
    except ValueError:
        return None
    if found.version == 6 and any(found.subnet_of(wrapping) for wrapping in (_MAPPED, _NAT64)):
        return ipaddress.IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - 96))
    return found
