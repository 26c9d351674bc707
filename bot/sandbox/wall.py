"""The wall around this process: nothing to gain, nothing to read, nobody to call but where it must."""

import ctypes
import os
import resource
import sys
import sysconfig
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.sandbox import landlock, seccomp
from bot.sandbox.kernel import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl, syscall

LayerName = Literal["privileges", "landlock", "seccomp"]
LAYERS: tuple[LayerName, ...] = ("privileges", "landlock", "seccomp")

_LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")  # what a module of C of a plugin asks for
# What a program that calls somebody asks: names, certificates, the hour of this machine
_NAMES = ("gai.conf", "host.conf", "hosts", "nsswitch.conf", "protocols", "resolv.conf", "services")
_TRUST = (
    "ssl/certs",
    "ssl/openssl.cnf",
    "ssl/cert.pem",
    "pki/tls/certs",
    "pki/tls/cert.pem",
    "pki/tls/openssl.cnf",
    "pki/ca-trust",
    "ca-certificates",
    "crypto-policies",
)
_FOR_CALLS = (
    *(f"/etc/{name}" for name in (*_NAMES, *_TRUST, "localtime")), "/run/systemd/resolve", "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates", "/usr/share/crypto-policies", "/dev/urandom",
)  # fmt: skip
_FILES = 128  # open at once; a reader has four, a plugin of Apprise a few
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES = 0x20080522  # _LINUX_CAPABILITY_VERSION_3


@dataclass(frozen=True, slots=True)
class WallLayer:
    """One layer of the wall: whether it holds here, and what the system said."""

    name: LayerName
    holds: bool
    said: str


def build() -> tuple[WallLayer, ...]:
    """Put up every layer that this system offers around a process that has loaded all it needs: no file is read later.

    The process must not have started a thread. Never raises.
    """
    return _built("computing", ())


def build_for_calls(files: Iterable[str]) -> tuple[WallLayer, ...]:
    """The same around a process that calls servers: it reads these files besides, those that exist."""
    return _built("network", _readable((*_FOR_CALLS, *files)))


def _built(need: seccomp.Need, readable: Iterable[Path]) -> tuple[WallLayer, ...]:
    if sys.platform != "linux":
        return tuple(WallLayer(name, holds=False, said="Linux seulement") for name in LAYERS)
    _limits()
    return (
        _tried("privileges", _no_privileges),
        _tried("landlock", lambda: f"version {landlock.restrict(readable, calls=need == 'network')}"),
        _tried("seccomp", lambda: seccomp.restrict(need)),
    )


def unreadable() -> None:
    """Keep what this process holds in memory out of cores, and from other processes of the same user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        prctl(PR_SET_DUMPABLE, 0)


def _tried(name: LayerName, raise_: Callable[[], str]) -> WallLayer:
    try:
        return WallLayer(name, holds=True, said=raise_())
    except OSError as problem:
        return WallLayer(name, holds=False, said=problem.strerror or type(problem).__name__)


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))


def _no_privileges() -> str:
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 0)
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    none = (ctypes.c_uint32 * 6)()
    if number := _CAPSET.get(os.uname().machine):
        syscall(number, head, none)
    return ""


def _readable(more: Iterable[str]) -> Iterator[Path]:
    """Python, its libraries, the time zones, and what this process needs more: nothing else that is anybody's."""
    places = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places.update(os.path.join(prefix, "lib") for prefix in (sys.prefix, sys.base_prefix))  # noqa: PTH118
    places.update(more, _LIBRARIES, zoneinfo.TZPATH)
    places.update(each for each in sys.path if Path(each).name in ("site-packages", "dist-packages"))
    return (Path(place) for place in sorted(places) if Path(place).exists())
