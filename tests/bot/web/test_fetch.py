"""Whatever a site answers becomes a value, and no site is bothered."""

import asyncio
import gzip
import ssl
import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from bot.model import Failed, Fetched, Gone, NotModified, Throttled, Why
from bot.web.fetch import Fetcher, Limits
from bot.web.guard import Guard
from bot.web.politeness import Courtesy
from storage.feeds.model import HostTurn
from tests.bot.web.site import http, serve

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel></channel></rss>"
QUICK = Limits(connect=5, read=0.3, whole=0.6)
PATIENT = Limits(connect=5, read=10, whole=30)


def door(answers=None, **given):
    """A door whose site answers from memory: path -> httpx.Response or an exception."""

    def site(request):
        answer = answers[request.url.path]
        answer = answer(request) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    courtesy = Courtesy(timedelta(), given.pop("ledger", None))
    transport = httpx.MockTransport(site)
    return Fetcher("Vigie/0", transport=transport, courtesy=courtesy, **{"clock": lambda: NOW, **given})


async def ask(answers, path="/feed", **options):
    async with door(answers) as opened:
        return await opened.get(f"https://site.example{path}", **options)


def local(site, limits=QUICK):
    return Fetcher("Vigie/0", Guard(allow=site.pairs, patience=limits.connect), limits=limits)


# --- what is asked -------------------------------------------------------------------------------------------------
async def test_validators_go_out_as_they_came_in_and_nothing_else_does():
    answer = (
        b'HTTP/1.1 200 X\r\nETag: W/"a-gzip\xe9"\r\nLast-Modified: Mardi, \xc3\xa0 midi\r\nContent-Length: 0\r\n\r\n'
    )
    async with serve({"/feed": answer}) as site, local(site) as opened:
        first = await opened.get(site.url("/feed"))
        await opened.get(site.url("/feed"), etag=first.etag, last_modified=first.last_modified)
    lines = site.requests[1].strip().splitlines()[1:]
    assert 'If-None-Match: W/"a-gzip\xe9"' in lines
    assert "If-Modified-Since: Mardi, \xc3\xa0 midi" in lines
    assert {line.split(":")[0].lower() for line in lines} == {
        "host", "user-agent", "accept", "accept-encoding", "connection", "if-none-match", "if-modified-since", "a-im",
    }  # fmt: skip


async def test_a_first_request_is_unconditional_and_no_cookie_ever_comes_back():
    answer = http(200, FEED, set_cookie="a=b")
    async with serve({"/feed": answer}) as site, local(site) as opened:
        await opened.get(site.url("/feed"))
        await opened.get(site.url("/feed"))
    assert all("cookie" not in request.lower() and "if-" not in request.lower() for request in site.requests)


# --- good answers --------------------------------------------------------------------------------------------------
async def test_a_200_gives_the_body_its_validators_and_how_long_it_stays_fresh():
    headers = {"etag": '"x"', "last-modified": "hier", "cache-control": "max-age=60", "content-type": "text/xml"}
    outcome = await ask({"/feed": httpx.Response(200, content=FEED, headers=headers)})
    url = "https://site.example/feed"
    assert outcome == Fetched(FEED, url, "text/xml", '"x"', "hier", timedelta(minutes=1))


async def test_a_gzip_body_is_undone():
    answer = http(200, gzip.compress(FEED), content_encoding="gzip")
    async with serve({"/feed": answer}) as site, local(site) as opened:
        assert (await opened.get(site.url("/feed"))).body == FEED


async def test_a_304_keeps_what_it_says():
    outcome = await ask(
        {"/feed": httpx.Response(304, headers={"etag": '"y"', "cache-control": "max-age=9"})}, etag='"x"'
    )
    assert outcome == NotModified(etag='"y"', max_age=timedelta(seconds=9))


async def test_a_304_nobody_asked_for_is_a_failure():
    assert (await ask({"/feed": httpx.Response(304)})).why == Why.HTTP


# --- redirects -----------------------------------------------------------------------------------------------------
def to(location, status=301):
    return httpx.Response(status, headers={"location": location})


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_followed_and_told(status):
    outcome = await ask({"/feed": to("/new", status), "/new": httpx.Response(200, content=FEED)})
    assert (outcome.url, outcome.moved_to) == ("https://site.example/new", "https://site.example/new")


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_passing_redirect_is_followed_and_not_told(status):
    outcome = await ask({"/feed": to("/new", status), "/new": httpx.Response(200, content=FEED)})
    assert (outcome.url, outcome.moved_to) == ("https://site.example/new", None)


async def test_a_chain_is_permanent_only_where_each_of_its_steps_is():
    mixed = {"/feed": to("/a"), "/a": to("/b", 302), "/b": httpx.Response(200, content=FEED)}
    whole = {"/feed": to("/a"), "/a": to("/b", 308), "/b": httpx.Response(200, content=FEED)}
    assert (await ask(mixed)).moved_to is None
    assert (await ask(whole)).moved_to == "https://site.example/b"


async def test_a_304_behind_a_permanent_redirect_tells_the_move():
    target = "https://site.example/new"
    outcome = await ask({"/feed": to("/new"), "/new": httpx.Response(304)}, etag='"x"', valid_for=target)
    assert outcome == NotModified(moved_to=target)


async def test_validators_go_to_the_address_they_came_from_and_to_no_other():
    asked = {}

    def heard(answer):
        def site(request):
            asked[request.url.path] = request.headers.get("if-none-match"), request.headers.get("a-im")
            return answer

        return site

    chain = {"/feed": heard(to("/other", 302)), "/other": heard(httpx.Response(200, content=FEED))}
    await ask(chain, etag='"x"')
    assert asked == {"/feed": ('"x"', "feed"), "/other": (None, None)}
    await ask(chain, etag='"x"', valid_for="https://site.example/other")
    assert asked == {"/feed": (None, None), "/other": ('"x"', "feed")}


async def test_a_226_is_a_part_of_the_feed():
    outcome = await ask({"/feed": httpx.Response(226, content=FEED, headers={"im": "feed"})}, etag='"x"')
    assert (outcome.body, outcome.additive) == (FEED, True)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"/feed": to("/feed")}, "boucle"),
        ({"/feed": to("/a"), "/a": to("/feed")}, "boucle"),
        ({"/feed": to("http://site.example/feed")}, "https vers http"),
        ({"/feed": to("ftp://site.example/feed")}, "refusée"),
        ({"/feed": to("file:///etc/passwd")}, "refusée"),
        ({"/feed": to("https://a:b@site.example/")}, "refusée"),
        ({"/feed": to("https://site.example:x/")}, "illisible"),
        ({"/feed": to("/" + "a" * 3000)}, "refusée"),
        ({"/feed": httpx.Response(301)}, "sans adresse"),
        ({"/feed": lambda request: to("/1")} | {f"/{n}": to(f"/{n + 1}") for n in range(1, 9)}, "plus de 5"),
    ],
)
async def test_a_redirect_that_cannot_be_followed_is_a_failure(answers, words):
    outcome = await ask(answers)
    assert outcome.why == Why.REDIRECT
    assert words in outcome.detail


async def test_five_redirects_are_followed():
    answers = {"/feed": to("/1")} | {f"/{n}": to(f"/{n + 1}") for n in range(1, 5)}
    assert isinstance(await ask(answers | {"/5": httpx.Response(200, content=FEED)}), Fetched)


async def test_a_redirect_into_the_private_network_is_refused():
    answers = {
        "/feed": http(302, location="http://127.0.0.2:80/"),
        "/meta": http(301, location="http://169.254.169.254/"),
    }
    async with serve(answers) as site, local(site) as opened:
        assert (await opened.get(site.url("/feed"))).why == Why.GUARD
        assert (await opened.get(site.url("/meta"))).why == Why.GUARD


# --- bad answers ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (400, {}, Why.HTTP), (401, {}, Why.HTTP), (402, {}, Why.HTTP), (404, {}, Why.HTTP), (405, {}, Why.HTTP),
        (406, {}, Why.HTTP), (408, {}, Why.HTTP), (414, {}, Why.HTTP), (418, {}, Why.HTTP), (425, {}, Why.HTTP),
        (204, {}, Why.HTTP), (206, {}, Why.HTTP), (300, {}, Why.HTTP), (500, {}, Why.HTTP), (502, {}, Why.HTTP),
        (503, {}, Why.HTTP), (503, {"retry-after": "soon"}, Why.HTTP), (504, {}, Why.HTTP), (599, {}, Why.HTTP),
        (403, {}, Why.BLOCKED), (451, {}, Why.BLOCKED), (503, {"cf-mitigated": "challenge"}, Why.BLOCKED),
        (429, {"cf-mitigated": "challenge"}, Why.BLOCKED), (200, {"cf-mitigated": "challenge"}, Why.BLOCKED),
    ],
)  # fmt: skip
async def test_each_status_has_its_reason_and_a_line_for_the_operator(status, headers, expected):
    outcome = await ask({"/feed": httpx.Response(status, headers=headers)})
    assert (outcome.why, outcome.status) == (expected, status)
    assert outcome.detail
    assert "\n" not in outcome.detail


async def test_a_robot_check_in_a_200_is_a_refusal():
    page = b"<html><head><title>Just a moment...</title></head></html>"
    assert (await ask({"/feed": httpx.Response(200, content=page)})).why == Why.BLOCKED


async def test_a_410_is_gone():
    assert await ask({"/feed": httpx.Response(410)}) == Gone()


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {}, None),
        (429, {"retry-after": "30"}, timedelta(seconds=30)),
        (503, {"retry-after": "Tue, 24 Nov 2026 09:00:00 GMT"}, timedelta(hours=1)),
    ],
)
async def test_a_server_that_asks_to_wait_is_understood(status, headers, wait):
    assert await ask({"/feed": httpx.Response(status, headers=headers)}) == Throttled(status, wait)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (httpx.ConnectTimeout(""), Why.NETWORK),
        (httpx.ReadTimeout(""), Why.NETWORK),
        (httpx.ConnectError(""), Why.NETWORK),
        (httpx.ReadError(""), Why.NETWORK),
        (httpx.RemoteProtocolError(""), Why.NETWORK),
        (httpx.LocalProtocolError("x\ny"), Why.NETWORK),
        (OSError("x"), Why.NETWORK),
        (UnicodeError("x"), Why.GUARD),
    ],
)
async def test_each_fault_of_the_network_is_one_line(error, why):
    outcome = await ask({"/feed": error})
    assert outcome.why == why
    assert outcome.detail
    assert "\n" not in outcome.detail


async def test_a_bad_certificate_is_told_apart():
    error = httpx.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError("certificate has expired")
    assert (await ask({"/feed": error})).why == Why.TLS


async def test_a_server_without_tls_behind_https_is_a_tls_failure():
    async with serve({}) as site, local(site) as opened:
        assert (await opened.get(f"https://127.0.0.1:{site.port}/")).why == Why.TLS


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "site.example/feed", "ftp://site.example/", "file:///etc/passwd", "javascript:alert(1)", "http://",
        "https:///feed", "http://a:b@site.example/", "http://user@site.example/", "http://site.example:99999/",
        "http://site.example:0/", "http://[::1", "http://exa mple.fr:x/", "http://a\x00b/", "http://\ud800/",
        "data:text/xml,<rss/>", "gopher://site.example/", "unix:/run/x.sock", "//site.example/",
        "http://site.example/" + "a" * 2000, "http://xn--/", "http://a..b/", "http://.../",
        "http://" + "a" * 300 + ".fr/",
        "http://*/", "http://%00/", "http://site.example\\@127.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127.1/",
        "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://2130706433/", "http://localhost/", "http://localhost./",
        "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://0/", "http://127.0.0.1:22/", "http://[::]/",
    ],
)  # fmt: skip
async def test_no_address_makes_the_door_raise_or_reach_a_private_host(url):
    async with Fetcher("Vigie/0", Guard(resolver=lambda host, port: ["127.0.0.1"]), limits=Limits(2, 2, 3)) as opened:
        outcome = await opened.get(url)
    assert isinstance(outcome, Failed)
    assert outcome.why in (Why.GUARD, Why.NETWORK)
    assert outcome.detail.isprintable() or " " in outcome.detail


# --- hostile bodies ------------------------------------------------------------------------------------------------
async def drip(writer):
    writer.write(b"HTTP/1.1 200 X\r\n\r\n<rss>")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def hang(writer):
    await writer.drain()
    await asyncio.sleep(1)


async def flood(writer):
    writer.write(b"HTTP/1.1 200 X\r\n\r\n")
    for _ in range(800):
        writer.write(bytes(1 << 16))
        await writer.drain()


async def endless_headers(writer):
    writer.write(b"HTTP/1.1 200 X\r\n" + b"a: " + b"b" * 300_000)
    await writer.drain()


def stacked():
    return http(200, gzip.compress(gzip.compress(FEED)), content_encoding="gzip, gzip")


def bomb():
    packer = zlib.compressobj(9, wbits=31)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(50)) + packer.flush()
    return http(200, data, content_encoding="gzip")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (drip, Why.NETWORK),
        (hang, Why.NETWORK),
        (flood, Why.TOO_BIG),
        (http(200, b"", content_length="52428800"), Why.TOO_BIG),
        (bomb(), Why.TOO_BIG),
        (stacked(), Why.ENCODING),
        (http(200, b"\x0b\x02\x80abc\x03", content_encoding="br"), Why.ENCODING),
        (http(200, b"\x1f\x8b\x08" + FEED, content_encoding="gzip"), Why.ENCODING),
        (http(200, gzip.compress(FEED * 9)[:-20], content_encoding="gzip"), Why.ENCODING),
        (http(200, FEED, content_length="5000"), Why.ENCODING),
        (http(200, b"zz\r\nx", content_length="", transfer_encoding="chunked"), Why.ENCODING),
        (http(200, FEED, content_length="many"), Why.NETWORK),
        (b"", Why.NETWORK),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Why.NETWORK),
        (b"HTTP/1.1 abc\r\n\r\n", Why.NETWORK),
        (endless_headers, Why.NETWORK),
    ],
)
async def test_a_hostile_body_costs_one_line(answer, why):
    limits = PATIENT if why == Why.TOO_BIG else QUICK  # megabytes take their time on a busy machine
    async with serve({"/feed": answer, "/good": http(200, FEED)}) as site, local(site, limits) as opened:
        outcome = await opened.get(site.url("/feed"))
        assert (await opened.get(site.url("/good"))).body == FEED
    assert outcome.why == why
    assert outcome.detail


async def test_the_limit_is_the_callers():
    async with serve({"/page": http(200, b"x" * 2000)}) as site, local(site) as opened:
        assert (await opened.get(site.url("/page"), limit=1000)).why == Why.TOO_BIG
        assert isinstance(await opened.get(site.url("/page"), limit=2000), Fetched)


# --- courtesy ------------------------------------------------------------------------------------------------------
async def test_a_host_gets_one_request_at_a_time_and_time_to_breathe():
    times, running = [], []

    async def slow(request):
        running.append(request)
        assert len(running) == 1
        await asyncio.sleep(0.01)
        running.pop()
        times.append(asyncio.get_running_loop().time())
        return httpx.Response(200, content=FEED)

    gap = timedelta(seconds=0.05)
    async with Fetcher("Vigie/0", courtesy=Courtesy(gap), transport=httpx.MockTransport(slow)) as opened:
        hosts = ("site.example", "www.site.example", "SITE.example")
        await asyncio.gather(*(opened.get(f"https://{host}/") for host in hosts))
    assert all(later - sooner >= gap.total_seconds() for sooner, later in pairwise(times))


async def test_two_hosts_do_not_wait_for_each_other():
    meet = asyncio.Barrier(2)

    async def both(request):
        await meet.wait()
        return httpx.Response(200, content=FEED)

    async with Fetcher("Vigie/0", transport=httpx.MockTransport(both)) as opened:
        outcomes = await asyncio.gather(opened.get("https://a.example/"), opened.get("https://b.example/"))
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)


async def test_a_throttled_host_is_left_alone_whatever_the_feed():
    asked = []

    def throttle(request):
        asked.append(request.url.path)
        return httpx.Response(429, headers={"retry-after": "60"})

    async with door({"/a": throttle, "/b": throttle}) as opened:
        await opened.get("https://site.example/a")
        second = await opened.get("https://www.site.example/b")
    assert asked == ["/a"]
    assert isinstance(second, Throttled)
    assert timedelta(seconds=50) < second.retry_after <= timedelta(seconds=60)


async def test_a_host_that_says_no_more_than_429_is_left_alone_for_an_hour():
    async with door({"/a": httpx.Response(429)}) as opened:
        await opened.get("https://site.example/a")
        second = await opened.get("https://site.example/a")
    assert timedelta(minutes=59) < second.retry_after <= timedelta(hours=1)


async def test_feeds_on_loopback_do_not_wait_for_each_other():
    async with serve({"/hang": hang, "/busy": http(429), "/good": http(200, FEED)}) as site, local(site) as opened:
        await opened.get(site.url("/busy"))
        stuck = asyncio.create_task(opened.get(site.url("/hang")))
        await asyncio.sleep(0)
        assert isinstance(await opened.get(site.url("/good")), Fetched)
        assert not stuck.done()
        await stuck


# --- turns that outlive us -----------------------------------------------------------------------------------------
class Kept:
    """A ledger that grants after some questions, and remembers what it is told."""

    def __init__(self, *slots):
        self.slots, self.told = list(slots), []

    async def reserve(self, name):
        self.told.append(("reserve", name))
        return self.slots.pop(0) if self.slots else HostTurn(granted=True, number=7)

    async def finish(self, name, number, *, fine):
        self.told.append(("finish", name, number, fine))

    async def block(self, name, number, wait):
        self.told.append(("block", name, number, wait))


async def test_a_turn_is_asked_for_and_given_back():
    ledger = Kept(HostTurn(granted=False, wait=timedelta()))
    async with door({"/feed": httpx.Response(200, content=FEED)}, ledger=ledger) as opened:
        await opened.get("https://www.site.example/feed")
    name = "site.example"
    assert ledger.told == [("reserve", name), ("reserve", name), ("finish", name, 7, True)]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(429), ("block", "site.example", 7, None)),
        (httpx.Response(503, headers={"retry-after": "60"}), ("block", "site.example", 7, timedelta(minutes=1))),
        (httpx.Response(500), ("finish", "site.example", 7, False)),
        (httpx.ReadError("cut"), ("finish", "site.example", 7, False)),
        (httpx.Response(410), ("finish", "site.example", 7, True)),
    ],
)
async def test_what_a_host_said_is_kept(answer, said):
    ledger = Kept()
    async with door({"/feed": answer}, ledger=ledger) as opened:
        await opened.get("https://site.example/feed")
    assert ledger.told[-1] == said


async def test_a_host_that_wants_peace_is_not_asked():
    async with door({}, ledger=Kept(HostTurn(granted=False, blocked=timedelta(hours=3)))) as opened:
        assert await opened.get("https://site.example/feed") == Throttled(429, timedelta(hours=3))
