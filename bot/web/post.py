"""Posts to the addresses that the operator gave, behind the guard; no redirect is followed."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from bot.web.fetch import Guarded
from bot.web.guard import AddressRefused, Guard, Unresolved
from bot.web.headers import retry_after
from bot.web.network import Network
from bot.web.reach import asked_for

PATIENCE = 30.0  # seconds for one post
LONGEST = 16 << 20  # bytes of an answer: a hundred updates of the longest messages are 2 MB
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Replied:
    """The status of the answer; nothing else of it is read. `after` is its Retry-After, None without one."""

    status: int
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """Certainly not sent."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Perhaps sent."""

    detail: str


@dataclass(frozen=True, slots=True)
class Barred:
    """Not sent: the guard refuses the address."""

    detail: str


Posted = Replied | Unreached | Unconfirmed | Barred


async def only_short(response: httpx.Response) -> None:
    """Let an answer be read if it comes as it is and stays below LONGEST: one could unfold to any size in memory."""
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise httpx.DecodingError("réponse compressée sans qu’on le demande", request=response.request)
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = _ShortStream(response.stream)


class _ShortStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LONGEST
        async for part in self._stream:
            left -= len(part)
            if left < 0:
                raise httpx.ReadError(f"réponse de plus de {LONGEST} octets")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class Poster:
    """An async closer of what it opened. `patience`: seconds."""

    def __init__(self, guard: Guard, network: Network, agent: str, *, patience: float = PATIENCE) -> None:
        self._guard = guard
        self._transport = Guarded(guard, network)
        self._agent = agent
        self._patience = patience

    def open_to(self, private: Iterable[str]) -> None:
        """From now on, these addresses may be asked though their hosts are private; no others."""
        self._guard.reach = self._guard.reach.for_sources(private)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Never raises for what the outside does."""
        sent = {"User-Agent": self._agent, "Connection": "close", "Content-Length": str(len(body)), **headers}
        times = dict.fromkeys(("connect", "read", "write"), self._patience)
        try:
            request = httpx.Request("POST", url, headers=sent, content=body, extensions={"timeout": times})
            async with asyncio.timeout(self._patience):
                with asked_for(url):
                    response = await self._transport.handle_async_request(request)
                await response.aclose()
        except AddressRefused as refusal:
            return Barred(f"adresse refusée : {refusal}")
        except (Unresolved, *_NOT_SENT):
            return Unreached()
        except (httpx.TransportError, httpx.InvalidURL, OSError, ValueError) as error:  # TimeoutError is an OSError
            return Unconfirmed(f"pas de réponse entière ({type(error).__name__})")
        return Replied(response.status_code, retry_after(response.headers, datetime.now(UTC)))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._transport.aclose()
