"""Connects to public addresses only: the check is made on the very address that is connected to."""

import asyncio
import ipaddress
import re
import socket
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from itertools import chain, zip_longest

import httpcore

from bot.web.reach import NOWHERE, Address, IpNetwork, Reach, unwrapped

Resolver = Callable[[str, int], list[str]]
"""Blocking: the literal addresses of a name, or OSError."""

PORTS = frozenset({80, 443})
NEVER = "aucun réglage ne l’ouvre"
RESOLUTIONS = 16  # names resolved at once: each takes a thread, for as long as the system waits for a server
NO_ADDRESS = "::"  # where a proxy resolves: in no network that anybody opens
GLANCE = 1.0  # seconds to learn where a name leads, when it is a proxy that will resolve it
STAGGER = 0.25  # seconds before the next address is tried beside the first (RFC 8305)

# Lists of our own: in Python 3.11 `is_global` is True for 224.0.0.1, 192.88.99.1, 192.0.0.8, 2002:7f00:1:: and others.
_REFUSED_4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's platform address, formally public
    )
]  # fmt: skip
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = [ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
_LOCAL_4 = [ipaddress.IPv4Network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")]
_LOCAL_6 = [ipaddress.IPv6Network(network) for network in ("fc00::/7", "::1/128")]
# The services of clouds (metadata, credentials of a role) that answer on unique local addresses: AWS, Google.
_METADATA_6 = [ipaddress.IPv6Network(network) for network in ("fd00:ec2::/32", "fd20:ce::254/128")]


# Names of networks of one's own: reserved (RFC 6761, 6762, 7686, 8375, 9476, ICANN's .internal), or in use everywhere.
_PRIVATE_NAMES = (
    *(".localhost", ".local", ".internal", ".home.arpa", ".intranet", ".intra", ".lan", ".home", ".corp", ".private"),
    *(".localdomain", ".test", ".invalid", ".alt", ".onion", ".arpa", ".priv", ".domain", ".workgroup"),
)
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)  # 127.1, 0x7f000001: some read an address in it


class AddressRefused(Exception):
    """The guard will not connect; the text says why, in French."""


class Unresolved(Exception):
    """The name has no address, or none came in time; the text says so, in French."""


def public(address: str, *, allow_private: bool = False) -> bool:
    """True where `address` (a literal) may be connected to.

    `allow_private` opens RFC 1918, unique local and loopback addresses; link-local, multicast and metadata
    addresses stay closed. Addresses that wrap an IPv4 (mapped, NAT64) are judged by the one inside.
    """
    try:
        ip = unwrapped(ipaddress.ip_address(address))
    except ValueError:
        return False
    return (allow_private and _local(ip)) or (ip.is_global and not ip.is_multicast and not _listed(ip))


def local(address: str) -> bool:
    """True for a literal RFC 1918, unique local or loopback address."""
    try:
        return _local(unwrapped(ipaddress.ip_address(address)))
    except ValueError:
        return False


def openable(network: IpNetwork) -> bool:
    """Whether an operator may open some of it: RFC 1918, unique local addresses, this machine."""
    if isinstance(network, ipaddress.IPv4Network):
        return any(network.overlaps(known) for known in _LOCAL_4)
    closed = any(network.subnet_of(cloud) for cloud in _METADATA_6)
    return not closed and any(network.overlaps(known) for known in _LOCAL_6)


def named_private(host: str) -> bool:
    """Whether a name in small letters tells that it is of a network of one's own."""
    return "." not in host or f".{host}".endswith(_PRIVATE_NAMES)


def reads_as_number(host: str) -> bool:
    """Whether some read an address in what is no literal one: 127.1, 0x7f000001."""
    return _NUMBER.fullmatch(host) is not None


def _local(ip: Address) -> bool:
    if isinstance(ip, ipaddress.IPv4Address):
        return any(ip in network for network in _LOCAL_4)
    if ip.scope_id is not None or any(ip in network for network in _METADATA_6):
        return False
    return any(ip in network for network in _LOCAL_6)


def _listed(ip: Address) -> bool:
    if isinstance(ip, ipaddress.IPv4Address):
        return any(ip in network for network in _REFUSED_4)
    if ip.scope_id is not None or ip not in _GLOBAL_6 or (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return True
    return any(ip in network for network in _REFUSED_6)


def system_resolver(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


class Guard(httpcore.AsyncNetworkBackend):
    """A network backend that resolves, checks every answer, and connects to a checked address.

    `allow` names exact (host, port) pairs that are not checked: the demonstration's site, and tests.
    `patience` is the time limit of a resolution, in seconds. `network` connects, once an address is found good.
    `reach` is what the operator opened and closed.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        allow: frozenset[tuple[str, int]] = frozenset(),
        resolver: Resolver = system_resolver,
        patience: float = 10.0,
        network: httpcore.AsyncNetworkBackend | None = None,
        reach: Reach = NOWHERE,
    ) -> None:
        self.reach = reach
        self._places = asyncio.Semaphore(RESOLUTIONS)
        self._allow_private = allow_private
        self._allow = allow
        self._resolver = resolver
        self._patience = patience
        self._network = network or httpcore.AnyIOBackend()

    def is_exempt(self, host: str, port: int) -> bool:
        """Whether it is not checked at all."""
        return (host, port) in self._allow

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port, self._patience)
        if not self.is_exempt(host, port):
            self._check(host, port, addresses)

        async def connect(address: str) -> httpcore.AsyncNetworkStream:
            stream = await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            if not self.is_exempt(host, port) and public(address) and _ends_here(stream):
                await stream.aclose()
                raise AddressRefused(f"{host} mène à cette machine même ({address}) : {NEVER}")
            return stream

        return await _race(connect, _interleaved(addresses))

    def opened_to(self, host: str, port: int) -> "Guard":
        """The same, for a proxy of the operator's own, wherever it stands: it connects nowhere else."""
        return Guard(
            allow=frozenset({(host, port)}), resolver=self._resolver, patience=self._patience, network=self._network
        )

    async def admit(self, host: str, port: int) -> None:
        """Whether a proxy may be asked for this host. Raises AddressRefused.

        The proxy resolves the name, and what it finds is its affair; but no address of a network of one's own is asked
        for, neither a literal one, nor by a name that tells it, nor by one that our own DNS knows to be there.
        """
        if self.is_exempt(host, port):
            return
        if literal(host):
            self._check(host, port, [host])
            return
        name = host.lower().rstrip(".")
        opened = self._allow_private or self.reach.opens(host, port, NO_ADDRESS)
        if not opened and named_private(name):
            raise AddressRefused(f"{host} est un nom de réseau privé ({self.reach.advice(host, port)})")
        if reads_as_number(name):
            raise AddressRefused(f"{host} n'est pas un nom de site : écrivez ses quatre nombres, ou un nom")
        try:
            addresses = await self._addresses(host, port, min(GLANCE, self._patience))
        except Unresolved:
            addresses = []  # unknown here: the proxy's affair
        self._check(host, port, addresses)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused(f"les sockets locales sont refusées ({NEVER})")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def _check(self, host: str, port: int, addresses: list[str]) -> None:
        # All of them: a name that answers with one public and one private address is a trap, not a site.
        for address in addresses:
            if self.reach.denies(address):
                raise AddressRefused(f"{host} mène à {address}, que VIGIE_DENY_NETWORKS ferme")
            opened = local(address) and self.reach.opens(host, port, address)
            if not opened and not public(address, allow_private=self._allow_private):
                hint = self.reach.advice(host, port) if local(address) else NEVER
                raise AddressRefused(f"{host} mène à l'adresse non publique {address} ({hint})")
        if port not in PORTS and not (addresses and all(local(address) for address in addresses)):
            raise AddressRefused(f"port {port} refusé : vers le public, 80 et 443 seulement ({NEVER})")

    async def _addresses(self, host: str, port: int, patience: float) -> list[str]:
        with suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        try:
            answer = await asyncio.wait_for(self._in_turn(host, port), patience)
        except TimeoutError:
            raise Unresolved(f"le nom {host} n'a pas été résolu en {patience:g} s") from None
        if isinstance(answer, Exception) or not answer:
            raise Unresolved(f"le nom {host} n'existe pas, ou son DNS ne répond pas")
        return answer

    async def _in_turn(self, host: str, port: int) -> list[str] | Exception:
        """A place is taken for as long as the thread lives, not for as long as somebody waits for it: a server that
        never answers fills the places, and no more threads than these."""
        await self._places.acquire()
        try:
            return await self._resolved(host, port)
        except RuntimeError as error:  # can't start new thread
            self._places.release()
            return error

    def _resolved(self, host: str, port: int) -> "asyncio.Future[list[str] | Exception]":
        # A thread of its own, and a daemon: getaddrinfo cannot be cancelled, so that a few dead names would fill any
        # pool, and a pool's threads are waited for when the process ends.
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[str] | Exception] = loop.create_future()

        def settle(answer: list[str] | Exception) -> None:
            self._places.release()
            if not future.done():
                future.set_result(answer)

        def work() -> None:
            try:
                answer: list[str] | Exception = self._resolver(host, port)
            except Exception as error:
                answer = error
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, answer)

        threading.Thread(target=work, name=f"resolve {host}"[:60], daemon=True).start()
        return future


def _ends_here(stream: httpcore.AsyncNetworkStream) -> bool:
    """Whether both ends of a connection are the same address: then it is this machine, whatever its name is outside."""
    ours, theirs = stream.get_extra_info("client_addr"), stream.get_extra_info("server_addr")
    return bool(ours and theirs) and ours[0] == theirs[0]


def literal(host: str) -> bool:
    """Whether a host is an address and no name."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _interleaved(addresses: list[str]) -> list[str]:
    six = [address for address in addresses if ":" in address]
    four = [address for address in addresses if ":" not in address]
    return [address for address in chain.from_iterable(zip_longest(six, four)) if address]


async def _race(
    connect: Callable[[str], Awaitable[httpcore.AsyncNetworkStream]], addresses: list[str]
) -> httpcore.AsyncNetworkStream:
    """The first address that answers, each started a little after the other; the last error if none does."""
    if len(addresses) == 1:
        return await connect(addresses[0])
    waiting = deque(addresses)
    running: set[asyncio.Future[httpcore.AsyncNetworkStream]] = set()
    failure: BaseException | None = None
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(connect(waiting.popleft())))
            done, running = await asyncio.wait(
                running, timeout=STAGGER if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            failure = next((task.exception() for task in done if task.exception()), failure)
            won = [task for task in done if task.exception() is None]
            if won:
                running.update(won[1:])
                return won[0].result()
    finally:
        await _dismissed(running)
    raise failure or httpcore.ConnectError("no address")


async def _dismissed(tasks: "set[asyncio.Future[httpcore.AsyncNetworkStream]]") -> None:
    for task in tasks:
        task.cancel()
    for late in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(late, httpcore.AsyncNetworkStream):
            await late.aclose()
