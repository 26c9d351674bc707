"""Nothing but public addresses is ever connected to."""

import asyncio

import httpcore
import pytest

from bot.web.guard import AddressRefused, Guard, Unresolved, public
from tests.bot.web.site import serve

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1",
    "127.1.2.3", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.254", "198.18.0.1",
    "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:20::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254",
    "fd00:ec2::23", "fd20:ce::254", "fd00::1%eth0", "fd00:ec3::1", "64:ff9b::a9fe:aa17", "::ffff:224.0.0.1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:7f00:1",
    "4000::1", "", "localhost", "1.2.3", "0x7f000001", "2130706433", "127.0.0.1 ",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "91.212.26.1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2a00:1450:4007::1", "2001:4860:4860::8888"]
LOCAL = {
    "10.0.0.1", "10.255.255.255", "127.0.0.1", "127.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.255.254", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "fc00::1", "fd00::1",
    "fd00:ec3::1",
}  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address):
    assert not public(address, allow_private=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address):
    assert public(address, allow_private=False)


@pytest.mark.parametrize("address", REFUSED)
def test_the_switch_opens_private_and_loopback_addresses_only(address):
    assert public(address, allow_private=True) is (address in LOCAL)


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["::1", "8.8.8.8"], ["169.254.169.254"]],
)
async def test_every_answer_of_a_name_must_be_public(answers):
    guard = Guard(resolver=lambda host, port: answers)
    with pytest.raises(AddressRefused):
        await guard.connect_tcp("site.example", 443)


async def test_a_name_that_changes_its_answer_is_judged_by_the_answer_that_is_used():
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return next(answers)

    guard = Guard(resolver=rebinding, allow_private=False)
    next(answers)  # whoever looked before was told a public address
    with pytest.raises(AddressRefused):
        await guard.connect_tcp("site.example", 80)
    assert asked == ["site.example"]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 8443])
async def test_other_ports_than_those_of_the_web_are_refused(port):
    guard = Guard(resolver=lambda host, port: ["8.8.8.8"], allow_private=True)
    with pytest.raises(AddressRefused):
        await guard.connect_tcp("site.example", port)


async def test_an_allowed_pair_is_exact():
    async with serve({}) as site:
        guard = Guard(allow=site.pairs)
        stream = await guard.connect_tcp("127.0.0.1", site.port)
        await stream.aclose()
        with pytest.raises(AddressRefused):
            await guard.connect_tcp("127.0.0.2", site.port)


async def test_the_switch_does_not_open_a_name_that_leads_beside_a_private_address_to_a_closed_one():
    for closed in ("169.254.169.254", "fe80::1%eth0", "224.0.0.1", "fd00:ec2::23", "100.64.0.1"):
        guard = Guard(allow_private=True, resolver=lambda host, port, closed=closed: ["10.0.0.1", closed])
        with pytest.raises(AddressRefused, match="non publique"):
            await guard.connect_tcp("site.example", 80)


@pytest.mark.parametrize(
    ("address", "port", "said"),
    [
        ("10.1.2.3", 80, "network: private"),
        ("fd12::1", 443, "network: private"),
        ("127.0.0.1", 9877, "network: private"),
        ("169.254.169.254", 80, "aucun réglage ne l’ouvre"),
        ("100.64.0.1", 80, "aucun réglage ne l’ouvre"),
        ("fd00:ec2::254", 80, "aucun réglage ne l’ouvre"),
        ("93.184.216.34", 8443, "aucun réglage ne l’ouvre"),
    ],
)
async def test_a_refusal_names_the_setting_that_would_open_it_or_says_that_none_does(address, port, said):
    with pytest.raises(AddressRefused, match=said):
        await Guard(resolver=lambda _host, _port: [address]).connect_tcp("site.example", port)


async def test_the_switch_opens_any_port_of_a_local_address():
    async with serve({}) as site:
        stream = await Guard(allow_private=True).connect_tcp("127.0.0.1", site.port)
        await stream.aclose()


async def test_the_next_address_is_tried_where_one_does_not_answer():
    async with serve({}) as site:
        guard = Guard(allow_private=True, resolver=lambda host, port: ["::1", "127.0.0.1"])
        stream = await guard.connect_tcp("site.local", site.port)
        await stream.aclose()


async def test_when_no_address_answers_the_error_is_a_connection_error():
    async with serve({}) as site:
        port = site.port
    with pytest.raises(httpcore.ConnectError):
        await Guard(allow_private=True).connect_tcp("127.0.0.1", port)


async def test_a_name_that_does_not_exist_is_told_apart():
    def nowhere(host, port):
        raise OSError("unknown")

    with pytest.raises(Unresolved):
        await Guard(resolver=nowhere).connect_tcp("site.example", 80)


async def test_a_resolver_that_never_answers_is_left_behind():
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stuck(host, port):
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result(5)
        return []

    with pytest.raises(Unresolved, match="pas été résolu"):
        await Guard(resolver=stuck, patience=0.01).connect_tcp("site.example", 80)
    released.set()


async def test_a_unix_socket_is_refused():
    with pytest.raises(AddressRefused):
        await Guard().connect_unix_socket("/run/x.sock")
