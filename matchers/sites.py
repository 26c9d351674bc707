"""The site of an address: how its host is spelt, what stands for it, and whether it is of this network. Pure.

One spelling for all who ask (identity, turns, robots.txt, proxies, private hosts, official sources): that of browsers,
UTS 46 and IDNA 2008. `éco.fr`, `ÉCO.fr.`, its decomposed form and `xn--co-9ia.fr` are one host.
"""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

LONGEST = 253  # characters of a host name (RFC 1035)

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\Z")
_FACES = ("www.", "m.", "mobile.", "amp.")  # the same site for other screens
_USUAL_PORT = {"http": 80, "https": 443}


def spelt(name: str) -> str:
    """A host name or literal address in its one spelling, without brackets or a dot at its end; "" if it is none."""
    name = name.strip("[]").rstrip(".")
    if ":" in name:
        return _ipv6(name)
    name = name.lower() if name.isascii() else _ascii(name)
    return name if len(name) <= LONGEST and _NAME.match(name) and ".." not in name else ""


def host(url: str) -> str:
    """That of an address, without its port; "" where there is none."""
    return spelt(parts_of(url).hostname or "")


def host_port(url: str) -> tuple[str, int]:
    """The same with its port, the usual one of the scheme where none is named; ("", 0) where it cannot be read."""
    parts = parts_of(url)
    name, port = spelt(parts.hostname or ""), _port(parts)
    return (name, _USUAL_PORT.get(parts.scheme, 0) if port is None else port) if name and port != -1 else ("", 0)


def origin(url: str) -> str:
    """`https://host:port`, the port where it is not the usual one (RFC 6454); "" where it cannot be read."""
    name, port = host_port(url)
    if not name:
        return ""
    scheme = parts_of(url).scheme
    name = f"[{name}]" if ":" in name else name
    return f"{scheme}://{name}" + ("" if _USUAL_PORT.get(scheme) == port else f":{port}")


def respelt(url: str) -> str:
    """An address with its host in its one spelling; as it is where that cannot be said, or needs no change."""
    parts = parts_of(url)
    name = spelt(parts.hostname or "")
    written = parts.netloc.rpartition("@")[2]
    if not name or ":" in name or written.lower().split(":")[0] == name:
        return url
    return url.replace(written, name + "".join(written.rpartition(":")[1:] if ":" in written else ""), 1)


@lru_cache(4096)  # of each feed, at each of its polls
def spared(url: str) -> str | None:
    """The name under which a host is spared; None for one of this machine or network, which needs no courtesy."""
    name = host(url)
    # what is in no network at all is never reached: the guard refuses it, in its turn
    return None if not name or (is_local(name) and not _unreachable(name)) else bare(name, ("www.",))


def site(url: str) -> str:
    """The site of an address, the same for all its faces; "" where it has none.

    On a bare number or name, as in a demonstration, every folder at the root is a site of its own.
    """
    name = host(url)
    if name and ("." not in name or _ip(name) is not None):
        return f"{name}/{parts_of(url).path.strip('/').partition('/')[0]}"
    return bare(name)


def owner(name: str) -> str:
    """The part of a spelt host that somebody owns: « chu.fr » of actus.chu.fr, « sante.gouv.fr » of www.sante.gouv.fr.

    An estimate without a list of suffixes: good for telling neighbours from strangers, not for granting anything."""
    labels = name.split(".")
    most = 3 if len(labels) > 2 and labels[-2] in _SHARED_BY_MANY else 2
    return ".".join(labels[-most:])


_SHARED_BY_MANY = frozenset(
    ("gouv", "asso", "co", "com", "org", "ac", "gov", "net", "github", "blogspot", "wordpress", "substack", "medium")
)


def bare(name: str, faces: tuple[str, ...] = _FACES) -> str:
    """A spelt host less the names of its faces, as long as a name with a dot is left."""
    while True:
        rest = next((name.removeprefix(face) for face in faces if name.startswith(face)), name)
        if rest == name or "." not in rest or not _NAME.match(rest):
            return name
        name = rest


def is_local(name: str) -> bool:
    """Whether a spelt host is of this machine or this network, judged by its name alone."""
    if name == "localhost" or name.endswith((".localhost", ".local")):
        return True
    ip = _ip(name)
    return ip is not None and not ip.is_global


def _unreachable(name: str) -> bool:
    ip = _ip(name)
    return ip is not None and (ip.is_link_local or ip.is_unspecified)


def parts_of(url: str) -> SplitResult:
    """As `urlsplit` does; of what it refuses, nothing."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOTHING


_NOTHING = urlsplit("")


def _port(parts: SplitResult) -> int | None:
    """None where it is not named, -1 where it is no port."""
    try:
        return parts.port
    except ValueError:
        return -1


@lru_cache(4096)
def _ascii(name: str) -> str:
    if len(name) > LONGEST:
        return ""
    import idna  # costly, and asked by who meets an address

    try:
        return idna.encode(name, uts46=True).decode().rstrip(".")
    except (idna.IDNAError, UnicodeError):
        return ""


def _ip(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _ipv6(name: str) -> str:
    ip = _ip(name)
    return "" if ip is None else ip.compressed
