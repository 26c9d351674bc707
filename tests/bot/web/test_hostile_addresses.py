"""Addresses made to lead into the operator's network: nothing that is not public is ever connected to."""

from collections.abc import Iterator
from itertools import cycle

import httpcore
import pytest

from bot.model import Failed, Why
from bot.web.fetch import Fetcher, Guarded
from bot.web.guard import Guard, public

PUBLIC, INSIDE, CLOUD = "93.184.216.34", "127.0.0.1", "169.254.169.254"

NAMES: dict[str, list[str]] = {
    "localhost": [INSIDE], "localhost.": [INSIDE], "a.localhost": [INSIDE], "LOCALHOST": [INSIDE],
    "ip6-localhost": ["::1"],
    "intranet": ["10.0.0.8"], "router.lan": ["192.168.1.1"], "metadata.google.internal": [CLOUD], "metadata": [CLOUD],
    "host.docker.internal": ["172.17.0.1"], "kubernetes.default.svc": ["10.96.0.1"], "127.0.0.1.nip.example": [INSIDE],
    "six.example": ["::1"], "mapped.example": ["::ffff:127.0.0.1"], "nat64.example": ["64:ff9b::7f00:1"],
    "6to4.example": ["2002:7f00:1::"], "teredo.example": ["2001:0:7f00:1::"], "link.example": ["fe80::1"],
    "ula.example": ["fd12::1"], "shared.example": ["100.64.0.1"], "multicast.example": ["224.0.0.1"],
    "zero.example": ["0.0.0.0"], "azure.example": ["168.63.129.16"], "aws6.example": ["fd00:ec2::254"],
    "mixed.example": [PUBLIC, INSIDE], "mixed6.example": [PUBLIC, "::1"], "late.example": [PUBLIC] * 9 + ["10.0.0.1"],
    "2130706433": [INSIDE], "0x7f000001": [INSIDE], "0177.0.0.1": [INSIDE], "127.1": [INSIDE], "0": ["0.0.0.0"],
    "0x7f.0.0.1": [INSIDE], "017700000001": [INSIDE], "127.0.0.1.": [INSIDE], "xn--lcalhost-54a.example": [INSIDE],
}  # fmt: skip
LITERALS = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", CLOUD,
    "169.254.170.2", "100.100.100.200", "100.64.0.1", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "168.63.129.16", "192.88.99.1", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[0:0:0:0:0:ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
    "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2a00:1450::5efe:7f00:1]",
)  # fmt: skip
ODD = (
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/",
    "ws://127.0.0.1/",
    "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "//127.0.0.1/", "http:///etc/passwd", "http://user@127.0.0.1/", "http://public.example@127.0.0.1/",
    "http://127.0.0.1\\@public.example/", "http://public.example:22/", "http://public.example:6379/",
    "http://public.example:8080/", "http://public.example:0/", "http://public.example:65536/",
    "http://[::1%25lo]/",
    "http://[::1/", "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.public.example/", "http://public.example/" + "x" * 2000, "http://\t127.0.0.1/",
    "http:// 127.0.0.1/",
)  # fmt: skip
HOSTILE = (
    *(f"http://{name}/" for name in NAMES), *(f"https://{literal}/latest/meta-data/" for literal in LITERALS), *ODD,
)  # fmt: skip


class Stream(httpcore.AsyncNetworkStream):
    """A site that answers everything in the same way."""

    def __init__(self, answer: bytes) -> None:
        self._answer: Iterator[bytes] = iter((answer, b""))

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        return next(self._answer, b"")

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        return None

    async def aclose(self) -> None:
        return None


class Network(httpcore.AsyncNetworkBackend):
    """Connects nowhere, and keeps the addresses it was asked to connect to."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") -> None:
        self.connected: list[str] = []
        self._answer = answer

    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # noqa: ASYNC109
        self.connected.append(host)
        return Stream(self._answer)


def resolve(host, port):
    if host not in NAMES and host.lower() not in NAMES:
        if host.endswith(".example"):
            return [PUBLIC]
        raise OSError(host)
    return NAMES.get(host) or NAMES[host.lower()]


async def ask(url, network, resolver=resolve):
    guard = Guard(resolver=resolver, network=network)
    async with Fetcher("Vigie/0", transport=Guarded(guard)) as door:
        return await door.get(url)


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_address_is_never_connected_to(url):
    network = Network()
    outcome = await ask(url, network)
    assert isinstance(outcome, Failed)
    assert outcome.why in (Why.GUARD, Why.NETWORK)
    assert network.connected == []
    assert "\n" not in outcome.detail


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target",
    [
        f"http://{INSIDE}/",
        f"http://{CLOUD}/latest/",
        "http://mixed.example/",
        "http://[::1]/",
        "//localhost/",
        "http://2130706433/",
        "http://user@127.0.0.1/",
        "file:///etc/passwd",
    ],
)
async def test_no_redirect_leads_inside(status, target):
    network = Network(f"HTTP/1.1 {status} X\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())
    outcome = await ask("http://public.example/", network)
    assert isinstance(outcome, Failed)
    assert network.connected == [PUBLIC]


async def test_a_long_chain_that_ends_inside_does_not():
    network = Network(b"HTTP/1.1 302 X\r\nLocation: http://rebind.example/\r\nContent-Length: 0\r\n\r\n")
    answers = iter([[PUBLIC], [PUBLIC], [INSIDE], [INSIDE]])
    outcome = await ask("http://public.example/", network, lambda host, port: next(answers))
    assert isinstance(outcome, Failed)
    assert all(public(address) for address in network.connected)


@pytest.mark.parametrize(
    "answers", [[[PUBLIC], [INSIDE]], [[INSIDE], [PUBLIC]], [[PUBLIC, CLOUD], [PUBLIC]], [[PUBLIC], ["::1"]]]
)
async def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(answers):
    network, turns = Network(), cycle(answers)
    for _ in range(6):
        await ask("http://rebind.example/", network, lambda host, port: next(turns))
    assert all(public(address) for address in network.connected)


async def test_a_public_address_passes():
    network = Network()
    assert not isinstance(await ask("http://public.example/", network), Failed)
    assert network.connected == [PUBLIC]
