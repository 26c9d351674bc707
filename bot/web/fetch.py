"""The only door to the web: every address that came from outside goes through it. No other module imports httpx."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Self

import httpcore
import httpx

from bot.clock import Clock
from bot.model import Failed, Fetched, Gone, NotModified, Outcome, Throttled, Why
from bot.web.certificates import trust
from bot.web.guard import NEVER, AddressRefused, Guard, Unresolved
from bot.web.gzip_body import BadEncoding, Body, FirstBytes, TooBig, megabytes
from bot.web.headers import fresh_for, is_challenge, retry_after
from bot.web.login import Logins
from bot.web.network import DIRECT, Network, Proxy
from bot.web.politeness import Courtesy
from bot.web.reach import redirected
from matchers import sites

FEED_LIMIT = 8 << 20  # bytes, decoded
HOPS = 5
LONGEST_URL = 2000
ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"

_HOST = re.compile(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")  # a name, or an address: no zone, nothing escaped
_PERMANENT = frozenset({301, 308})
_TEMPORARY = frozenset({302, 303, 307})
_WHOLE = frozenset({200, 203, 226})


Permit = Callable[[str], Awaitable[Failed | None]]
"""Whether an address may be asked for: why not, or None."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. `whole` is for one `get`, redirects included, time spent waiting for a host's turn apart."""

    connect: float = 10.0
    read: float = 20.0
    whole: float = 45.0


@dataclass(frozen=True, slots=True)
class _Hop:
    """Where a chain of redirects stands. `permanent`: every redirect so far was. `spent` is in seconds."""

    url: httpx.URL
    seen: tuple[str, ...] = ()
    permanent: bool = True
    spent: float = 0.0


class Fetcher:
    """Asks for addresses, and answers with values, whatever the outside does. An async context manager.

    `guard` says which addresses may be asked, `courtesy` when, `network` is the way out. `transport` replaces the
    guarded one in tests.
    """

    def __init__(
        self,
        user_agent: str,
        guard: Guard | None = None,
        *,
        courtesy: Courtesy | None = None,
        network: Network = DIRECT,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits = Limits(),
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._network = network
        self._logins: Logins = {}
        self._agent = user_agent
        self._guard = guard or Guard(patience=limits.connect)
        self._courtesy = courtesy or Courtesy()
        self._given = transport
        self._transport: httpx.AsyncBaseTransport | None = None
        self._limits = limits
        self._clock = clock

    async def __aenter__(self) -> Self:
        self._transport = self._given or Guarded(self._guard, self._network)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        valid_for: str | None = None,
        accept: str = ACCEPT_FEED,
        limit: int = FEED_LIMIT,
        permit: Permit | None = None,
        login_of: str | None = None,
    ) -> Outcome:
        """Ask for `url`, follow up to 5 redirects. `limit` is in decoded bytes: more is refused, or
        left unread beyond `FirstBytes`.

        Validators are sent as given, and to the address they came from only: `valid_for`, or `url` without one.
        `permit` is asked about every address that a redirect leads to, before it is followed. `login_of`: the feed
        whose login is shown, to that feed's own site only, wherever redirects lead.
        Never raises for what the outside does, an invalid address included.
        """
        target = _target(url)
        if isinstance(target, Failed):
            return target
        plain = _headers(self._agent, accept, None, None)
        conditional = _headers(self._agent, accept, etag, last_modified)
        login = self._logins.get(login_of or "")
        hop: _Hop | Outcome = _Hop(target)
        while isinstance(hop, _Hop):
            if hop.seen and permit is not None and (refusal := await permit(str(hop.url))) is not None:
                return refusal
            headers = conditional if str(hop.url) == (valid_for or str(target)) else plain
            if login is not None and login.opens(str(hop.url)):
                headers = httpx.Headers([*headers.raw, (login.header.encode(), login.value.encode("latin-1"))])
            with redirected(hop.seen):
                hop = await self._one(hop, headers, limit)
        return hop

    def open_to(self, private: Iterable[str]) -> None:
        """From now on, each source at one of these addresses may be asked though its host is private; no other."""
        self._guard.reach = self._guard.reach.for_sources(private)

    def log_in(self, logins: Logins) -> None:
        """From now on, these feeds are asked for with their logins, and no other is."""
        self._logins = logins

    async def _one(self, hop: _Hop, headers: httpx.Headers, limit: int) -> _Hop | Outcome:
        host = self._host(hop.url)
        async with self._courtesy.turn(host) as blocked:
            if blocked is not None:
                return Throttled(429, blocked)
            try:
                answer = await self._timed(hop, headers, limit)
            except asyncio.CancelledError:
                await self._courtesy.answered(host, fine=False)
                raise
            if isinstance(answer, Throttled):
                await self._courtesy.throttled(host, answer.retry_after)
            else:
                await self._courtesy.answered(host, fine=not isinstance(answer, Failed))
        return answer

    async def _timed(self, hop: _Hop, headers: httpx.Headers, limit: int) -> _Hop | Outcome:
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout(self._limits.whole - hop.spent):
                answer = await self._caught(hop, headers, limit)
        except TimeoutError:
            return Failed(Why.NETWORK, f"pas de réponse entière en {self._limits.whole:g} s")
        if isinstance(answer, _Hop):
            return replace(answer, spent=hop.spent + loop.time() - start)
        return answer

    async def _caught(self, hop: _Hop, headers: httpx.Headers, limit: int) -> _Hop | Outcome:
        answer = await self._tried(hop, headers, limit)
        proxy = self._network.proxy_for(str(hop.url))
        return _through(proxy, answer) if proxy is not None and isinstance(answer, Failed) else answer

    async def _tried(self, hop: _Hop, headers: httpx.Headers, limit: int) -> _Hop | Outcome:
        try:
            async with self._asked(hop.url, headers) as response:
                return await self._read(hop, response, headers, limit)
        except AddressRefused as refusal:
            return Failed(Why.GUARD, f"adresse refusée : {refusal}")
        except Unresolved as problem:
            return Failed(Why.NETWORK, str(problem))
        except (TooBig, BadEncoding) as problem:
            return Failed(Why.TOO_BIG if isinstance(problem, TooBig) else Why.ENCODING, str(problem))
        except (httpx.TransportError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
            return _network_failure(error, self._limits)

    @asynccontextmanager
    async def _asked(self, url: httpx.URL, headers: httpx.Headers) -> AsyncIterator[httpx.Response]:
        assert self._transport is not None, "the door is closed"
        # Straight to the transport: no cookies, no proxy variables, no netrc, no redirects, no automatic decoding.
        times = {"connect": self._limits.connect, "read": self._limits.read, "write": self._limits.read, "pool": None}
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": times})
        response = await self._transport.handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(self, hop: _Hop, response: httpx.Response, headers: httpx.Headers, limit: int) -> _Hop | Outcome:
        status = response.status_code
        if status in _PERMANENT or status in _TEMPORARY:
            return _next_hop(hop, response)
        now = self._clock()
        if status in _WHOLE:
            return await _fetched(hop, response, limit, now)
        if status == 304 and ("if-none-match" in headers or "if-modified-since" in headers):
            return NotModified(
                etag=_validator(response.headers, b"etag"),
                last_modified=_validator(response.headers, b"last-modified"),
                max_age=fresh_for(response.headers, now),
                moved_to=_moved_to(hop),
            )
        return _refused(status, response.headers, now)

    def _host(self, url: httpx.URL) -> str | None:
        """The name under which a host is spared; None for a local one, which needs no courtesy."""
        host = url.raw_host.decode("ascii").lower()
        return None if self._guard.is_exempt(host, _port(url)) else sites.spared(str(url))


# --- the request ---------------------------------------------------------------------------------------------------
def _headers(agent: str, accept: str, etag: str | None, last_modified: str | None) -> httpx.Headers:
    asked = {"User-Agent": agent, "Accept": accept, "Accept-Encoding": "gzip", "Connection": "close"}
    if etag:
        asked["If-None-Match"] = etag
        if accept == ACCEPT_FEED:
            asked["A-IM"] = "feed"  # RFC 3229: the server may send only what is new
    if last_modified:
        asked["If-Modified-Since"] = last_modified
    return httpx.Headers([(name.encode(), value.encode("latin-1", "ignore")) for name, value in asked.items()])


def _validator(headers: httpx.Headers, name: bytes) -> str | None:
    """Byte for byte: Latin-1 in both directions changes nothing, where httpx guesses."""
    return next((value.decode("latin-1") for key, value in headers.raw if key.lower() == name), None)


@lru_cache(1024)  # a source is asked at one address for years
def _target(url: str) -> httpx.URL | Failed:
    if len(url) > LONGEST_URL:
        return _refusal(f"adresse de plus de {LONGEST_URL} caractères ({NEVER})")
    try:
        target = httpx.URL(sites.respelt(url.strip()))
        port = target.port
    except (httpx.InvalidURL, ValueError, TypeError):
        return _refusal(f"adresse illisible : {_line(url)}")
    if target.scheme not in ("http", "https"):
        return _refusal(f"seuls http et https sont permis ({NEVER}) : {_line(url)}")
    if not _HOST.fullmatch(target.raw_host) or (port is not None and not 0 < port < 65536):
        return _refusal(f"adresse illisible : {_line(url)}")
    if target.userinfo:
        return _refusal(
            "adresse refusée : elle porte un nom d'utilisateur ou un mot de passe ; « login_file » les donne"
        )
    return target.copy_with(fragment=None)


def _refusal(detail: str) -> Failed:
    return Failed(Why.GUARD, detail)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


# --- the answer ----------------------------------------------------------------------------------------------------
def _next_hop(hop: _Hop, response: httpx.Response) -> _Hop | Failed:
    status = response.status_code
    location = response.headers.get("location", "").strip()
    if not location:
        return Failed(Why.REDIRECT, "redirection sans adresse", status)
    seen = (*hop.seen, str(hop.url))
    if len(seen) > HOPS:
        return Failed(Why.REDIRECT, f"plus de {HOPS} redirections ({NEVER})", status)
    try:
        joined = str(hop.url.join(location))
    except (httpx.InvalidURL, ValueError):
        return Failed(Why.REDIRECT, f"redirection vers une adresse illisible : {_line(location)}", status)
    target = _target(joined)
    if isinstance(target, Failed):
        return Failed(Why.REDIRECT, f"redirection refusée : {target.detail}", status)
    if hop.url.scheme == "https" and target.scheme == "http":
        return Failed(Why.REDIRECT, f"redirection de https vers http refusée ({NEVER}) : {_line(joined)}", status)
    if str(target) in seen:
        return Failed(Why.REDIRECT, "redirections en boucle", status)
    return _Hop(target, seen, hop.permanent and status in _PERMANENT, hop.spent)


def _moved_to(hop: _Hop) -> str | None:
    return str(hop.url) if hop.seen and hop.permanent else None


async def _fetched(hop: _Hop, response: httpx.Response, limit: int, now: datetime) -> Outcome:
    headers = response.headers
    body = await _body(response, limit)
    if is_challenge(headers, body):
        return _blocked(response.status_code)
    return Fetched(
        body=body,
        url=str(hop.url),
        content_type=headers.get("content-type", ""),
        etag=_validator(headers, b"etag"),
        last_modified=_validator(headers, b"last-modified"),
        max_age=fresh_for(headers, now),
        moved_to=_moved_to(hop),
        additive=response.status_code == 226,
        reservation=headers.get("tdm-reservation", "").strip(),
        robots_tags=tuple(headers.get_list("x-robots-tag")),
    )


async def _body(response: httpx.Response, limit: int) -> bytes:
    length = response.headers.get("content-length", "").strip()
    refused = not isinstance(limit, FirstBytes) and length.isascii() and length.isdigit()
    if refused and int(length[:18]) > limit:
        raise TooBig(f"réponse de plus de {megabytes(limit)} ({NEVER})")
    body = Body(response.headers.get("content-encoding", ""), limit)
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        async for chunk in response.stream:
            body.feed(chunk)
            if body.ended and isinstance(limit, FirstBytes):
                break
    except httpx.RemoteProtocolError as error:
        raise BadEncoding("réponse coupée avant la fin") from error
    return body.whole()


def _refused(status: int, headers: Mapping[str, str], now: datetime) -> Outcome:
    if status in (403, 451) or is_challenge(headers, b""):
        return _blocked(status)
    if status == 410:
        return Gone()
    wait = retry_after(headers, now)
    if status == 429 or (status == 503 and wait is not None):
        return Throttled(status, wait)
    usual = f"panne du serveur ({status})" if 500 <= status < 600 else f"le serveur répond {status}"
    return Failed(Why.HTTP, _STATUS.get(status, usual), status)


_STATUS = {
    204: "réponse vide (204)",
    304: "le serveur répond « inchangé » (304) sans qu'on le lui ait demandé",
    400: "le serveur juge la demande mauvaise (400)",
    401: "accès réservé : le serveur demande un mot de passe (401) ; pour un flux payant, « login_file »",
    402: "accès payant (402)",
    404: "adresse introuvable (404)",
    407: "un proxy demande un nom et un mot de passe (407) : VIGIE_PROXY=http://nom:motdepasse@proxy:3128",
    406: "le serveur ne veut pas servir ce format (406)",
    503: "serveur indisponible (503)",
}


def _blocked(status: int) -> Failed:
    if status == 403:
        return Failed(Why.BLOCKED, "le site refuse les robots (403)", status)
    if status == 451:
        return Failed(Why.BLOCKED, "contenu bloqué pour raison légale (451)", status)
    return Failed(Why.BLOCKED, f"le site demande de prouver que l'on est humain ({status})", status)


def _through(proxy: Proxy, failure: Failed) -> Failed:
    """The failure with the proxy that it may be about: only what stands before the site is."""
    if failure.why not in (Why.NETWORK, Why.TLS) and failure.status not in (407, 502, 503, 504):
        return failure
    hint = "" if failure.why != Why.TLS else "\u00a0; s'il déchiffre, donnez son autorité par VIGIE_CA"
    return replace(failure, detail=f"{failure.detail} (par le proxy {proxy}{hint})")


def _network_failure(error: Exception, limits: Limits) -> Failed:
    tls = _tls_problem(error)
    if tls is not None:
        return Failed(Why.TLS, f"certificat ou chiffrement refusé : {tls}")
    match error:
        case httpx.ProxyError():
            return Failed(Why.NETWORK, _proxy_refusal(str(error)))
        case httpx.ConnectTimeout():
            return Failed(Why.NETWORK, f"pas de connexion en {limits.connect:g} s")
        case httpx.TimeoutException():
            return Failed(Why.NETWORK, f"le serveur se tait depuis {limits.read:g} s")
        case httpx.ConnectError():
            return Failed(Why.NETWORK, "connexion refusée")
        case httpx.RemoteProtocolError():
            return Failed(Why.NETWORK, "la réponse n'est pas du HTTP lisible")
        case httpx.ReadError():
            return Failed(Why.NETWORK, "connexion coupée par le serveur")
        case httpx.TransportError() | OSError():
            return Failed(Why.NETWORK, f"échec du réseau : {_line(str(error)) or type(error).__name__}")
        case _:
            return Failed(Why.GUARD, f"adresse ou demande illisible : {_line(str(error))}")


def _proxy_refusal(said: str) -> str:
    """`said` is the status with which a proxy would not open a way."""
    if said.startswith("407"):
        return _STATUS[407]
    return f"le proxy n'ouvre pas de passage vers ce site : {_line(said)}"


def _tls_problem(error: BaseException | None) -> str | None:
    """What OpenSSL says, from anywhere in the chain of causes."""
    for _ in range(10):
        if error is None:
            return None
        if isinstance(error, ssl.SSLCertVerificationError):
            return _line(getattr(error, "verify_message", "") or str(error))
        if isinstance(error, ssl.SSLError):
            return _line(error.reason or str(error))
        error = error.__cause__ or error.__context__
    return None


def _line(text: str) -> str:
    """One printable line of at most 200 characters: it may have come from anywhere."""
    return "".join(char if char.isprintable() else "?" for char in text[:200])


def tls(network: Network) -> ssl.SSLContext:
    """Whom we believe: the public authorities that come with us, or the system's, and those that the operator adds."""
    context = ssl.create_default_context() if network.system else httpx.create_ssl_context(trust_env=False)
    return trust(context, network.authorities)


# --- the guarded transport -----------------------------------------------------------------------------------------
class Guarded(httpx.AsyncBaseTransport):
    """httpcore with our network backend and our way out, through public seams only."""

    def __init__(self, guard: Guard, network: Network = DIRECT) -> None:
        self._guard = guard
        self._network = network
        self._pools: dict[tuple[str, Proxy | None], httpcore.AsyncConnectionPool] = {}
        self._trusted: ssl.SSLContext | None = None

    @property
    def _tls(self) -> ssl.SSLContext:
        if self._trusted is None:  # on first use: reading the certificates takes a tenth of a second
            self._trusted = tls(self._network)
        return self._trusted

    async def _pool_for(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        proxy = self._network.proxy_for(str(url))
        if proxy is not None:
            await self._guard.admit(url.raw_host.decode("ascii"), _port(url))
        key = (url.scheme, proxy)
        if key not in self._pools:
            self._pools[key] = self._pool(proxy, self._tls if url.scheme == "https" else None)
        return self._pools[key]

    def _pool(self, proxy: Proxy | None, secure: ssl.SSLContext | None) -> httpcore.AsyncConnectionPool:
        # Courtesy bounds the connections, and no feed is asked again before long.
        if proxy is None:
            return httpcore.AsyncConnectionPool(
                ssl_context=secure, max_connections=None, max_keepalive_connections=0, network_backend=self._guard
            )
        return httpcore.AsyncHTTPProxy(
            proxy_url=str(proxy),
            proxy_auth=proxy.login and (proxy.login[0].encode(), proxy.login[1].encode()),
            ssl_context=secure,
            proxy_ssl_context=self._tls if proxy.scheme == "https" else None,
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=self._guard.opened_to(proxy.host, proxy.port),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.content,
            extensions=request.extensions,
        )
        with _as_httpx():
            pool = await self._pool_for(url)
            answer = await pool.handle_async_request(asked)
        assert isinstance(answer.stream, AsyncIterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer.stream))

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for chunk in self._stream:
                yield chunk

    async def aclose(self) -> None:
        close = getattr(self._stream, "aclose", None)
        if close is not None:
            await close()


_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except tuple(_ERRORS) as error:
        raise _ERRORS[type(error)](str(error)) from error
