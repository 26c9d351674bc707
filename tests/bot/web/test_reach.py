"""A private host is asked for its own source, and for nobody else; what the operator closed is asked for nobody."""

import asyncio
import threading

import httpcore
import pytest

from bot.model import Failed, Fetched
from bot.web import reach
from bot.web.fetch import Fetcher, Guarded
from bot.web.guard import NEVER, RESOLUTIONS, AddressRefused, Guard, Unresolved
from bot.web.reach import Reach, asked_for, host_port, places, redirected

NAMES = {
    "public.example": "8.8.8.8", "other.example": "9.9.9.9", "intranet.example": "10.2.3.4", "wiki.example": "10.2.9.9",
    "cloud.example": "169.254.169.254", "here.example": "8.8.4.4", "inside.example": "203.0.114.7",
}  # fmt: skip
INTRANET = "http://intranet.example:8080/feed"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def leads_to(url: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


class Ends(httpcore.AsyncMockStream):
    def __init__(self, said: bytes, ours: str, theirs: str) -> None:
        super().__init__([said])
        self._ends = {"client_addr": (ours, 50_000), "server_addr": (theirs, 80)}

    def get_extra_info(self, info: str) -> object:
        return self._ends.get(info)


class Wires(httpcore.AsyncNetworkBackend):
    """What each address says, and who was connected to."""

    def __init__(self, **said: bytes) -> None:
        self.said = {NAMES[name.replace("_", ".")]: answer for name, answer in said.items()}
        self.asked: list[str] = []

    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # noqa: ASYNC109
        self.asked.append(f"{host}:{port}")
        return Ends(self.said.get(host, PAGE), "8.8.4.4", host)


async def got(wires: Wires, url: str, opened: Reach, source: str = "") -> Fetched | Failed:
    guard = Guard(resolver=lambda host, port: [NAMES[host]], network=wires, reach=opened)
    async with Fetcher("Vigie/test", transport=Guarded(guard)) as door:
        with asked_for(source or url):
            return await door.get(url)


OWN = Reach().for_sources([INTRANET])


async def test_a_private_source_is_asked_for_itself() -> None:
    assert isinstance(await got(Wires(), INTRANET, OWN), Fetched)


@pytest.mark.parametrize(
    "url",
    [
        "http://intranet.example/feed",
        "http://intranet.example:8081/feed",
        "http://wiki.example:8080/",
        "http://10.2.3.4:8080/feed",
    ],
)
async def test_its_network_is_not_open_with_it(url: str) -> None:
    wires = Wires()
    answer = await got(wires, url, OWN, INTRANET)
    assert isinstance(answer, Failed)
    assert "network: private" in answer.detail
    assert not wires.asked


async def test_no_other_source_may_ask_it() -> None:
    wires = Wires()
    assert isinstance(await got(wires, INTRANET, OWN, "https://public.example/rss"), Failed)
    assert not wires.asked


@pytest.mark.parametrize(
    "opened",
    [OWN, Reach(places=frozenset({("intranet.example", 8080)})), Reach(networks=places("10.2.0.0/16")[1])],
    ids=["source", "place", "network"],
)
async def test_a_public_site_leads_to_no_private_one(opened: Reach) -> None:
    wires = Wires(public_example=leads_to(INTRANET))
    answer = await got(wires, "http://public.example/rss", opened)
    assert isinstance(answer, Failed)
    assert wires.asked == ["8.8.8.8:80"]


async def test_nor_by_two_steps_nor_for_its_own_source() -> None:
    wires = Wires(public_example=leads_to("http://other.example/"), other_example=leads_to(INTRANET))
    assert isinstance(await got(wires, "http://public.example/rss", OWN, INTRANET), Failed)
    assert wires.asked == ["8.8.8.8:80", "9.9.9.9:80"]


async def test_what_the_operator_opens_is_open_to_all() -> None:
    opened = Reach(places=frozenset({("intranet.example", 8080)}), networks=places("10.2.9.0/24")[1])
    for url in (INTRANET, "http://wiki.example:3000/"):
        assert isinstance(await got(Wires(), url, opened, "https://public.example/rss"), Fetched)


@pytest.mark.parametrize(
    ("start", "target", "followed"),
    [
        ("http://10.2.3.4:8080/old", "http://10.2.3.4:8080/new", True),
        ("http://10.2.3.4:8080/old", "http://10.2.9.9/", True),
        ("http://[::ffff:10.2.3.4]/old", "http://10.2.9.9/", True),
        ("http://10.2.3.4:8080/old", INTRANET, True),
        ("http://10.2.3.4:8080/old", "http://10.3.0.1/", False),
        ("http://10.3.0.1/old", "http://10.2.3.4:8080/new", False),
        ("http://8.8.8.8/old", "http://10.2.3.4:8080/new", False),
        ("http://public.example/old", "http://10.2.3.4:8080/new", False),
        ("http://wiki.example:3000/old", "http://wiki.example:3000/new", False),
    ],
)
def test_an_open_network_redirects_within_itself_where_it_is_named_by_address(
    start: str, target: str, followed: bool
) -> None:
    opened, (host, port) = Reach(networks=places("10.2.0.0/16")[1]), host_port(target)
    with asked_for(start), redirected([start]):
        assert opened.opens(host, port, NAMES.get(host, host)) is followed


@pytest.mark.parametrize("opened", [OWN, Reach(networks=places("0.0.0.0/0 169.254.0.0/16")[1])])
async def test_metadata_stay_closed(opened: Reach) -> None:
    wires = Wires()
    assert isinstance(await got(wires, "http://cloud.example/latest", opened), Failed)
    assert not wires.asked


async def test_a_public_range_used_inside_may_be_closed() -> None:
    wires, closed = Wires(), Reach(denied=reach.networks("203.0.114.0/24"), networks=places("203.0.114.0/24")[1])
    answer = await got(wires, "http://inside.example/", closed)
    assert isinstance(answer, Failed)
    assert "VIGIE_DENY_NETWORKS" in answer.detail
    assert not wires.asked


async def test_this_machine_is_not_asked_by_its_public_address() -> None:
    answer = await got(Wires(), "http://here.example/", Reach())
    assert isinstance(answer, Failed)
    assert "cette machine même" in answer.detail
    assert NEVER in answer.detail


async def test_a_way_ends_with_who_asked() -> None:
    with asked_for(INTRANET):
        assert OWN.opens("intranet.example", 8080, "10.2.3.4")
        with asked_for("https://public.example/"):
            assert not OWN.opens("intranet.example", 8080, "10.2.3.4")
        assert OWN.opens("INTRANET.example.", 8080, "10.2.3.4")
    assert not OWN.opens("intranet.example", 8080, "10.2.3.4")


@pytest.mark.parametrize(
    ("url", "pair"),
    [
        ("http://A.example/x", ("a.example", 80)), ("https://a.example", ("a.example", 443)),
        ("http://[::1]:81/", ("::1", 81)),
        ("http://a.example.:8080", ("a.example", 8080)), ("nothing", ("", 0)), ("http://a:b:c", ("", 0)),
    ],
)  # fmt: skip
def test_an_address_has_a_host_and_a_port(url: str, pair: tuple[str, int]) -> None:
    assert host_port(url) == pair


@pytest.mark.parametrize("written", ["intranet.example", "a:99999", "10.0.0.0/33", "http://a:80", "a:b", "*:80"])
def test_a_place_that_cannot_be_read_is_named(written: str) -> None:
    with pytest.raises(ValueError, match=written.replace("*", r"\*")):
        places(f"a.example:80, {written}")


# --- names ---------------------------------------------------------------------------------------------------------
async def test_a_dns_server_that_never_answers_takes_sixteen_threads_and_no_more() -> None:
    answered, before = threading.Event(), threading.active_count()

    def silent(host: str, port: int) -> list[str]:
        answered.wait(30)
        return ["8.8.8.8"]

    guard = Guard(resolver=silent, patience=0.2, network=Wires())
    try:
        asked = (guard.connect_tcp(f"site{number}.example", 80) for number in range(100))
        verdicts = await asyncio.gather(*asked, return_exceptions=True)
        assert threading.active_count() - before <= RESOLUTIONS
        assert {type(verdict) for verdict in verdicts} == {Unresolved}
        assert len({str(verdict).partition(" n'a")[2] for verdict in verdicts}) == 1, "one verdict for all"
    finally:
        answered.set()


async def test_once_it_answers_every_name_has_its_turn() -> None:
    guard = Guard(resolver=lambda host, port: ["8.8.8.8"], network=Wires())
    await asyncio.gather(*(guard.connect_tcp(f"site{number}.example", 80) for number in range(100)))


async def test_a_machine_without_threads_left_is_a_name_that_is_not_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def scarce(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    guard = Guard(resolver=lambda host, port: ["8.8.8.8"], network=Wires())
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", scarce)
        for _ in range(2 * RESOLUTIONS):
            with pytest.raises(Unresolved):
                await guard.connect_tcp("site.example", 80)
    await guard.connect_tcp("site.example", 80)


async def test_a_name_that_leads_to_both_is_a_trap_even_for_its_own_source() -> None:
    guard = Guard(resolver=lambda host, port: ["10.2.3.4", "169.254.169.254"], network=Wires(), reach=OWN)
    with asked_for(INTRANET), pytest.raises(AddressRefused):
        await guard.connect_tcp("intranet.example", 8080)


@pytest.mark.parametrize("address", ["203.0.114.7", "::ffff:203.0.114.7", "64:ff9b::cb00:7207"])
@pytest.mark.parametrize("written", ["203.0.114.0/24", "::ffff:203.0.114.0/120", "203.0.114.7", "64:ff9b::cb00:7207"])
def test_a_closed_network_is_closed_however_its_addresses_are_wrapped(written: str, address: str) -> None:
    assert Reach(denied=reach.networks(written)).denies(address)


async def test_a_resolver_that_breaks_is_a_name_without_an_address() -> None:
    def broken(host: str, port: int) -> list[str]:
        raise MemoryError

    guard = Guard(resolver=broken, network=Wires())
    for _ in range(RESOLUTIONS + 1):  # none keeps its place
        with pytest.raises(Unresolved):
            await guard.connect_tcp("public.example", 80)


async def test_a_page_of_another_host_is_told_the_setting_that_opens_it() -> None:
    answer = await got(Wires(), "http://wiki.example:3000/", OWN, INTRANET)
    assert isinstance(answer, Failed)
    assert "VIGIE_ALLOW_PRIVATE=wiki.example:3000" in answer.detail


def test_who_comes_from_a_public_site_is_not_sent_to_a_setting_that_opens_nothing() -> None:
    with asked_for("https://public.example/rss"), redirected(["https://public.example/rss"]):
        assert "VIGIE_ALLOW_PRIVATE" not in OWN.advice("intranet.example", 8080)
