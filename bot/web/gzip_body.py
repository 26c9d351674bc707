"""Undoes one Content-Encoding while it arrives, within limits: no chunk ever grows past them."""

import re
import zlib

MEMBERS = 1000  # gzip members in one body: each costs a copy of what follows it
RATIO = 100  # times the compressed size, above RATIO_FROM: text rarely passes 20
RATIO_FROM = 1 << 20


class TooBig(Exception):
    """The decoded body passes the limit; the text says so, in French."""


class FirstBytes(int):
    """A limit at which a body is cut, and not refused: what follows is left unread."""


class BadEncoding(Exception):
    """The body cannot be decoded, or was cut; the text says so, in French."""


class Body:
    """Takes raw chunks, gives the decoded whole. `limit` is in decoded bytes; `encoding` a Content-Encoding header."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._limit = limit
        self._raw = 0
        self._out = bytearray()
        self._members = 1
        gzip, self._strange = _is_gzip(encoding)
        self._engine = zlib.decompressobj(31) if gzip else None
        self._begun = False  # the current member has given something
        self._ended = False  # nothing more is read

    @property
    def ended(self) -> bool:
        """Whether nothing more is wanted."""
        return self._ended

    def feed(self, data: bytes) -> None:
        if self._raw == 0 and _TEXT.match(data):  # it never was packed, whatever its label says
            self._engine = None
        self._raw += len(data)
        if self._engine is None:
            self._keep(data)
            return
        while data and not self._ended:
            data = self._step(data)

    def whole(self) -> bytes:
        """The decoded body; raises BadEncoding if it was cut."""
        if self._engine is not None and self._raw and not self._ended and not self._engine.eof:
            raise BadEncoding("réponse gzip coupée avant la fin")
        packed = self._strange in _NOT_OURS
        if self._strange and not ((_MARKUP if packed else _TEXT).match(self._out) or self._out.startswith(_GZIP)):
            raise BadEncoding(f"encodage {'refusé' if packed else 'inconnu'} : {self._strange}")
        return bytes(self._out)

    def _step(self, data: bytes) -> bytes:
        engine = self._engine
        assert engine is not None
        if engine.eof:
            return self._next_member(data)
        try:
            self._keep(engine.decompress(data, self._limit + 1 - len(self._out)))
        except zlib.error as error:
            if self._members > 1 and not self._begun:  # what follows the last member is no gzip: padding, a banner
                self._ended = True
                return b""
            raise BadEncoding("réponse annoncée en gzip, mais illisible") from error
        self._begun = True
        return engine.unused_data or engine.unconsumed_tail

    def _next_member(self, data: bytes) -> bytes:
        data = data.lstrip(b"\0")
        if not data:
            return b""
        if data[:1] != b"\x1f":
            self._ended = True
            return b""
        self._members += 1
        if self._members > MEMBERS:
            raise BadEncoding("réponse gzip en trop de morceaux")
        self._engine = zlib.decompressobj(31)
        self._begun = False
        return data

    def _keep(self, data: bytes) -> None:
        self._out += data
        size = len(self._out)
        if size > self._limit and isinstance(self._limit, FirstBytes):
            del self._out[self._limit :]
            self._ended = True
        elif size > self._limit:
            raise TooBig(f"réponse de plus de {megabytes(self._limit)} (aucun réglage ne l’ouvre)")
        if self._engine is not None and size > RATIO_FROM and size > RATIO * self._raw:
            raise TooBig(f"réponse compressée plus de {RATIO} fois : une bombe ? (aucun réglage ne l’ouvre)")


def unpacked(body: bytes, limit: int) -> bytes:
    """A body that is gzip though nothing said so, like a file `.gz`, or one that was packed twice; any other as it
    is. Raises as `Body` does."""
    for _ in range(_LAYERS):
        if not body.startswith(_GZIP):
            break
        packed = Body("gzip", limit)
        packed.feed(body)
        body = packed.whole()
    return body


def megabytes(size: int) -> str:
    return f"{size / (1 << 20):.3g} Mo".replace(".", ",")


_LAYERS = 2  # a file `.gz` that its server packs again
_GZIPS = ("gzip", "x-gzip")
_NOT_OURS = frozenset({"br", "deflate", "zstd", "compress", "x-compress"})  # we asked for gzip
_GZIP = b"\x1f\x8b\x08"
_TEXT = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff\0?)?\s*[<{\[]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!A-Za-z]{2}|[{\[]\s*[\"{\[])")  # hardly how what is packed begins


def _is_gzip(encoding: str) -> tuple[bool, str]:
    """Whether it is, and the name of a coding that nobody knows or that we did not ask for, which often is none:
    `utf-8`, `none`, `br` before a text in clear."""
    names = [name for name in (part.strip().lower() for part in encoding.split(",")) if name not in ("", "identity")]
    packings = [name for name in names if name in _GZIPS or name in _NOT_OURS]
    if len(packings) > 1:
        raise BadEncoding(f"plusieurs encodages empilés : {encoding[:60]}")
    name = next(iter(packings or names), "")
    return name in _GZIPS, "" if name in _GZIPS else name[:60]
