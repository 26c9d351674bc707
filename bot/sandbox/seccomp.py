"""seccomp: the system calls that a process needs, a list of its own for each architecture; every other is refused."""

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Iterator
from typing import Literal

from bot.sandbox.kernel import PR_SET_SECCOMP, prctl

_FILTER = 2
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_UNKNOWN = 0x00050000 | errno.ENOSYS  # glibc then takes the older call
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; both architectures are little-endian
_X32 = 0x40000000

# name: (x86_64, aarch64); -1 where it is not known there
_CALLS = {
    "brk": (12, 214), "clock_getres": (229, 114), "clock_gettime": (228, 113), "clock_nanosleep": (230, 115),
    "close": (3, 57), "dup": (32, 23), "exit": (60, 93), "exit_group": (231, 94), "fstat": (5, 80), "futex": (202, 98),
    "getegid": (108, 177), "geteuid": (107, 175), "getgid": (104, 176), "getpid": (39, 172), "getppid": (110, 173),
    "getrandom": (318, 278), "getrlimit": (97, 163), "getrusage": (98, 165), "gettid": (186, 178),
    "gettimeofday": (96, 169), "getuid": (102, 174), "lseek": (8, 62), "madvise": (28, 233), "membarrier": (324, 283),
    "mincore": (27, 232), "mremap": (25, 216), "munmap": (11, 215), "nanosleep": (35, 101), "poll": (7, -1),
    "ppoll": (271, 73), "pread64": (17, 67), "pselect6": (270, 72), "read": (0, 63), "readv": (19, 65),
    "restart_syscall": (219, 128), "rseq": (334, 293), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sched_getaffinity": (204, 123), "sched_yield": (24, 124), "select": (23, -1),
    "set_robust_list": (273, 99), "sigaltstack": (131, 132), "sysinfo": (99, 179), "time": (201, -1),
    "times": (100, 153), "uname": (63, 160), "write": (1, 64), "writev": (20, 66),
}  # fmt: skip
_PATHS = {  # whoever computes has read all it needs before: no path at all is named to the kernel
    "access": (21, -1), "faccessat": (269, 48), "faccessat2": (439, 439), "getcwd": (79, 17), "getdents64": (217, 61),
    "lstat": (6, -1), "newfstatat": (262, 79), "readlink": (89, -1), "readlinkat": (267, 78), "stat": (4, -1),
    "statx": (332, 291),
}  # fmt: skip
_MESSAGES = {
    "accept4": (288, 242), "bind": (49, 200), "connect": (42, 203), "epoll_create1": (291, 20), "epoll_ctl": (233, 21),
    "epoll_pwait": (281, 22), "epoll_wait": (232, -1), "eventfd2": (290, 19), "getpeername": (52, 205),
    "getsockname": (51, 204), "getsockopt": (55, 209), "listen": (50, 201), "pipe2": (293, 59), "recvfrom": (45, 207),
    "recvmmsg": (299, 243), "recvmsg": (47, 212), "sendmmsg": (307, 269), "sendmsg": (46, 211), "sendto": (44, 206),
    "setsockopt": (54, 208), "shutdown": (48, 210), "socketpair": (53, 199),
}  # fmt: skip
# name: its numbers, the argument that decides, the bits of it that count (None: all), and what they may be
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_WRITE, _RUN = 2, 4  # PROT_WRITE, PROT_EXEC
_THREAD = 0x00010000  # CLONE_THREAD
_GUARDED: "Guarded" = {
    "mmap": ((9, 222), 2, _WRITE | _RUN, (0, _WRITE, _RUN)),  # what is written never runs: code comes from files alone
    "mprotect": ((10, 226), 2, _RUN, (0,)),
    "fcntl": ((72, 25), 1, None, (0, 1, 2, 3, 1030)),  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC: no signal
    "prlimit64": ((302, 261), 0, None, (0,)),
}
_CALLING: "Guarded" = {
    "open": ((2, -1), 1, _WRITING, (0,)),
    "openat": ((257, 56), 2, _WRITING, (0,)),
    "socket": ((41, 198), 0, None, (1, 2, 10)),  # AF_UNIX (names, the local log), AF_INET, AF_INET6
    "ioctl": ((16, 29), 1, None, (0x541B, 0x5421)),  # FIONREAD, FIONBIO
    "clone": ((56, 220), 0, _THREAD, (_THREAD,)),
}
_TGKILL, _CLONE3 = (234, 131), (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

Need = Literal["computing", "network"]
Guarded = dict[str, tuple[tuple[int, int], int, int | None, tuple[int, ...]]]
Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def restrict(need: Need) -> str:
    """From now on this thread, and what it starts, does only this. Tells for which machine. Raises OSError."""
    machine = platform.machine()
    if machine not in _MACHINES or sys.maxsize < 1 << 32:  # a program of 32 bits has other numbers
        raise OSError(errno.ENOSYS, f"pas de liste pour {machine}, {sys.maxsize.bit_length() + 1} bits")
    code = b"".join(_bytes(*instruction) for instruction in program(*_MACHINES[machine], os.getpid(), need))
    wanted = _Program(len(code) // 8, code)
    prctl(PR_SET_SECCOMP, _FILTER, ctypes.byref(wanted))
    return machine


def program(column: int, architecture: int, process: int, need: Need) -> Iterator[Instruction]:
    """The filter for the calls of one column of the table; `process` is the only one that it may signal."""
    yield from ((_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL))
    yield from ((_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE))
    for numbers in (_CALLS if need == "computing" else _CALLS | _PATHS | _MESSAGES).values():
        if numbers[column] >= 0:
            yield from ((_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _ALLOW))
    for numbers, argument, mask, values in (_GUARDED if need == "computing" else _GUARDED | _CALLING).values():
        if numbers[column] >= 0:
            yield from _where(numbers[column], argument, mask, values)
    yield from _where(_TGKILL[column], 0, None, (process,))
    yield from ((_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN))
    yield (_RETURN, 0, 0, _REFUSE)


def _where(number: int, argument: int, mask: int | None, values: tuple[int, ...]) -> Iterator[Instruction]:
    """This call is allowed where one of its arguments, as an int, has one of these values."""
    masked = [] if mask is None else [(_AND, 0, 0, mask)]
    accepted = [step for value in values for step in ((_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW))]
    body = [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument), *masked, *accepted, (_RETURN, 0, 0, _REFUSE)]
    yield (_EQUAL, 0, len(body), number)
    yield from body


def _bytes(code: int, true: int, false: int, operand: int) -> bytes:
    return code.to_bytes(2, "little") + bytes((true, false)) + operand.to_bytes(4, "little")
