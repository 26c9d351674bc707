"""What a parser that was taken over would try: each function says what it got, or raises what the kernel said."""

import ctypes
import errno
import fcntl
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bot.sandbox import landlock, seccomp
from bot.sandbox.codec import packed
from bot.sandbox.process import MARK


def loaded() -> None:
    """Whoever names it loads this module, before the wall."""


def without_landlock() -> None:
    """The same on a kernel that has none."""
    landlock.restrict = _missing


def without_seccomp() -> None:
    seccomp.restrict = _missing


def _missing(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def environment() -> str:
    return repr(dict(os.environ))


def read(path: str) -> str:
    return Path(path).read_bytes()[:200].decode("latin-1")


def listed(path: str) -> str:
    return repr(list(Path(path).iterdir()))


def write(path: str) -> str:
    Path(path).write_text("pris")
    return "écrit"


def append(path: str) -> str:
    with Path(path).open("a") as file:
        file.write("pris")
    return "écrit"


def truncate(path: str) -> str:
    os.truncate(path, 0)
    return "vidé"


def unlink(path: str) -> str:
    Path(path).unlink()
    return "effacé"


def rename(path: str) -> str:
    Path(path).rename(f"{path}.pris")
    return "renommé"


def make_folder(path: str) -> str:
    Path(f"{path}.d").mkdir()
    return "créé"


def make_link(path: str) -> str:
    Path(f"{path}.l").symlink_to(path)
    return "créé"


def change_mode(path: str) -> str:
    Path(path).chmod(0o777)
    return "changé"


def connect(port: int) -> str:
    with socket.socket() as client:
        client.settimeout(2)
        client.connect(("127.0.0.1", port))
        return "connecté"


def listen(_: int) -> str:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        return "à l'écoute"


def send_datagram(port: int) -> str:
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.sendto(b"pris", ("127.0.0.1", port))
        return "envoyé"


def open_local(_: int) -> str:
    with socket.socket(socket.AF_UNIX):
        return "ouverte"


def open_raw(_: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return "ouverte"


def open_netlink(_: int) -> str:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW):
        return "ouverte"


def make_pair(_: int) -> str:
    one, other = socket.socketpair()
    one.close()
    other.close()
    return "créée"


def resolve(_: int) -> str:
    return repr(socket.getaddrinfo("exemple.test", 80))


def fork() -> str:
    if os.fork() == 0:
        os._exit(0)
    return "dédoublé"


def spawn() -> str:
    return str(os.posix_spawn("/bin/true", ["true"], {}))


def shell() -> str:
    return subprocess.run(["/bin/echo", "pris"], capture_output=True, text=True, check=True).stdout


def execute() -> str:
    os.execv("/bin/true", ["true"])


def kill(process: int) -> str:
    os.kill(process, signal.SIGCONT)
    return "signalé"


def kill_group(_: int) -> str:
    os.kill(0, signal.SIGCONT)
    return "signalé"


def change_limits(process: int) -> str:
    resource.prlimit(process, resource.RLIMIT_NOFILE, (8, 8))
    return "changées"


def more_memory(_: int) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))
    return "relevée"


def call(number: int, first: int) -> str:
    """A bare system call (x86_64)."""
    library = ctypes.CDLL(None, use_errno=True)
    answer = library.syscall(ctypes.c_long(number), ctypes.c_long(first), *(ctypes.c_long(0),) * 4)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return str(answer)


def open_files() -> tuple[int, ...]:
    """Those that were handed to this process."""

    def is_open(file: int) -> bool:
        try:
            fcntl.fcntl(file, fcntl.F_GETFD)
        except OSError:
            return False
        return True

    return tuple(file for file in range(1024) if is_open(file))


def speak() -> str:
    os.write(2, b"FORGED LINE\n")
    os.write(1, b"FORGED LINE\n")
    return "dit"


def core_limit() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CORE)


def mark() -> bytes:
    """What our parent asks the answer to bear: it is in the memory of this process."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and "request" not in frame.f_locals:
        frame = frame.f_back
    while frame is not None and frame.f_code.co_name != "serve":
        frame = frame.f_back
    assert frame is not None
    return bytes(frame.f_locals["request"][:MARK])


def send(message: bytes) -> None:
    os.write(max(open_files()), len(message).to_bytes(8) + message)


def say(message: bytes, then_leave: bool) -> int:
    """Write to the parent without asking anybody, as code of its own would."""
    os.write(max(open_files()), message)
    return leave(then_leave)


def answer(body: bytes, then_leave: bool) -> int:
    """Answer what was asked, with what no function of ours would."""
    send(mark() + body)
    return leave(then_leave)


def leave(now: bool) -> int:
    if now:
        os._exit(0)
    while True:
        pass


def answer_twice(at_once: bool, foreign: bool) -> int:
    """With the mark of this task, or with one of chance; the second before or after the first."""
    spare = (bytes(MARK) if foreign else mark()) + packed(5)
    if at_once:
        send(mark() + packed(4))
        send(spare)
        time.sleep(5)
    send(spare)
    return 4


def double(number: int) -> int:
    return 2 * number


def unstorable() -> str:
    return "a\0b\ud800c"


def exists(path: str) -> str:
    return str(Path(path).stat().st_size)


def linked(path: str) -> str:
    return str(Path(path).readlink())


def accessible(path: str) -> str:
    """`access` raises nothing: what the kernel said is asked of it."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.access(os.fsencode(path), 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "là"


def where() -> str:
    return str(Path.cwd())


def late_import() -> str:
    import colorsys

    return colorsys.__name__


def run_what_is_written(way: str) -> str:
    """A page of memory that is written, then run: code that came with a page of the web."""
    if way == "at once":
        mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
        return "écrite et exécutable"
    page = mmap.mmap(-1, mmap.PAGESIZE)
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    library = ctypes.CDLL(None, use_errno=True)
    if library.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(mmap.PAGESIZE), mmap.PROT_READ | mmap.PROT_EXEC) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "exécutable"


def start_thread() -> str:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    return "lancé"
