"""The list of each architecture: its numbers are those of the kernel, and the filter decides by them."""

import ctypes
import errno
import os
from collections.abc import Iterable
from typing import Any

import pytest

from bot.sandbox import seccomp
from bot.sandbox.seccomp import Instruction, Need, program

ARCHITECTURES = seccomp._MACHINES
OURS = 4242  # the process that the filter is made for
ALLOWED, REFUSED, UNKNOWN, KILLED = "allowed", "refused", "unknown", "killed"
VERDICTS = {
    0x7FFF0000: ALLOWED, 0x00050000 | errno.EPERM: REFUSED, 0x00050000 | errno.ENOSYS: UNKNOWN, 0x80000000: KILLED,
}  # fmt: skip


def decided(steps: Iterable[Instruction], architecture: int, number: int, arguments: tuple[int, ...]) -> str:
    """What the kernel would do: the few instructions that a filter of ours is made of, one after the other."""
    data = {0: number, 4: architecture} | {16 + 8 * place: value for place, value in enumerate(arguments)}
    code, at, value = list(steps), 0, 0
    while True:
        what, true, false, operand = code[at]
        at += 1
        if what == 0x20:
            value = data.get(operand, 0)
        elif what == 0x54:
            value &= operand
        elif what == 0x15:
            at += true if value == operand else false
        elif what == 0x35:
            at += true if value >= operand else false
        else:
            return VERDICTS[operand]


@pytest.fixture(scope="module")
def kernel() -> Any:
    """What libseccomp knows of the numbers of every architecture."""
    try:
        return ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name_arch
    except (OSError, AttributeError):
        pytest.skip("libseccomp is not here to compare with")


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_every_call_has_the_number_that_the_kernel_gives_it(kernel: Any, machine: str) -> None:
    column, architecture = ARCHITECTURES[machine]
    guarded = {name: numbers for name, (numbers, *_) in (seccomp._GUARDED | seccomp._CALLING).items()}
    alone = {"tgkill": seccomp._TGKILL, "clone3": seccomp._CLONE3}
    for name, numbers in (seccomp._CALLS | seccomp._PATHS | seccomp._MESSAGES | guarded | alone).items():
        known = kernel(ctypes.c_uint32(architecture), name.encode())
        assert (name, max(known, -1)) == (name, numbers[column])


# What is asked, its numbers on x86_64 and aarch64, its arguments, then what computing and calling servers are answered
ASKED = {
    "read": (0, 63, (), ALLOWED, ALLOWED),
    "open to read": (257, 56, (0, 0, os.O_RDONLY | os.O_CLOEXEC), REFUSED, ALLOWED),
    "whether a path is there": (262, 79, (), REFUSED, ALLOWED),
    "a file that is open": (5, 80, (), ALLOWED, ALLOWED),
    "open to write": (257, 56, (0, 0, os.O_WRONLY), REFUSED, REFUSED),
    "open to read, and empty it": (257, 56, (0, 0, os.O_RDONLY | os.O_TRUNC), REFUSED, REFUSED),
    "open to read, and make it": (257, 56, (0, 0, os.O_RDONLY | os.O_CREAT), REFUSED, REFUSED),
    "memory to write": (9, 222, (0, 0, 3), ALLOWED, ALLOWED),
    "memory of a library": (9, 222, (0, 0, 5), ALLOWED, ALLOWED),
    "memory to write and run": (9, 222, (0, 0, 7), REFUSED, REFUSED),
    "run what was written": (10, 226, (0, 0, 5), REFUSED, REFUSED),
    "write no more": (10, 226, (0, 0, 1), ALLOWED, ALLOWED),
    "a signal by a file": (72, 25, (0, 8), REFUSED, REFUSED),
    "limits of its own": (302, 261, (0,), ALLOWED, ALLOWED),
    "limits of another": (302, 261, (1,), REFUSED, REFUSED),
    "a signal to itself": (234, 131, (OURS,), ALLOWED, ALLOWED),
    "a signal to another": (234, 131, (OURS + 1,), REFUSED, REFUSED),
    "a thread": (56, 220, (0x10F00,), REFUSED, ALLOWED),
    "a process": (56, 220, (17,), REFUSED, REFUSED),
    "a thread or a process, newer": (435, 435, (), UNKNOWN, UNKNOWN),
    "another program": (59, 221, (), REFUSED, REFUSED),
    "an internet socket": (41, 198, (2,), REFUSED, ALLOWED),
    "a raw socket of the link": (41, 198, (17,), REFUSED, REFUSED),
    "a socket of the kernel": (41, 198, (16,), REFUSED, REFUSED),
    "connect": (42, 203, (), REFUSED, ALLOWED),
    "bytes waiting": (16, 29, (0, 0x541B), REFUSED, ALLOWED),
    "typing for another": (16, 29, (0, 0x5412), REFUSED, REFUSED),
    "trace": (101, 117, (), REFUSED, REFUSED),
    "io_uring": (425, 425, (), REFUSED, REFUSED),
    "a call of tomorrow": (999, 999, (), REFUSED, REFUSED),
    "a call of x32": (0x40000000, 0x40000000, (), REFUSED, REFUSED),
}  # fmt: skip


@pytest.mark.parametrize("need", ["computing", "network"])
@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize("asked", ASKED)
def test_a_call_is_answered_as_the_need_says(asked: str, machine: str, need: Need) -> None:
    column, architecture = ARCHITECTURES[machine]
    *numbers, arguments, computing, network = ASKED[asked]
    answer = decided(program(column, architecture, OURS, need), architecture, numbers[column], arguments)
    assert answer == (computing if need == "computing" else network)


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_calls_of_another_architecture_end_the_process(machine: str) -> None:
    column, architecture = ARCHITECTURES[machine]
    assert decided(program(column, architecture, OURS, "computing"), 0x40000003, 20, ()) == KILLED
