"""A parser that was taken over finds every door shut: it reads nothing of ours, writes, calls and starts nothing."""

import errno
import os
import pickle
import platform
import socket
import sys
import tempfile
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.wall import LAYERS
from bot.workers import Crashed, Killed, Workers
from tests.bot.sandbox import doors

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the wall is made of what Linux offers"),
    pytest.mark.asyncio(loop_scope="module"),
]

SHUT = tuple(f"{kind}({number}, " for kind in ("PermissionError", "OSError") for number in (errno.EPERM, errno.EACCES))


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[doors.loaded, doors.without_landlock])
async def behind(request):
    """Run one function behind the wall, with Landlock and without, once the layer that shuts this door holds here."""
    async with Workers(warm=request.param) as workers:
        layers = {layer.name: layer for layer in await workers.warm()}

        async def run(layer, function, *arguments):
            if not layers[layer].holds:
                pytest.skip(f"{layer}: {layers[layer].said}")
            return await workers.run(function, *arguments, cpu=2.0, wall=2.0)

        yield run


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


def is_shut(answer) -> bool:
    return isinstance(answer, Crashed) and answer.error.startswith(SHUT)


async def test_the_wall_says_which_of_its_layers_hold():
    async with Workers(warm=doors.loaded) as workers:
        assert [layer.name for layer in await workers.warm()] == list(LAYERS)


async def test_it_starts_with_an_empty_environment(monkeypatch, behind):
    monkeypatch.setenv("VIGIE_TELEGRAM_TOKEN", "123456:never-seen")
    async with Workers(warm=doors.loaded) as workers:
        seen = await workers.run(doors.environment)
        memory = await workers.run(doors.read, "/proc/self/environ")
    assert not any(word in seen for word in ("never-seen", "VIGIE", "HOME"))
    assert "never-seen" not in str(memory)


@pytest.mark.parametrize("name", ["token", "vigie.sqlite", "feeds.yaml", ".netrc"])
async def test_it_reads_no_file_of_ours(tmp_path, behind, name):
    (tmp_path / name).write_text("à nous")
    assert is_shut(await behind("seccomp", doors.read, str(tmp_path / name)))
    assert is_shut(await behind("seccomp", doors.listed, str(tmp_path)))


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/etc/hostname", "/proc/self/maps", "/proc/cpuinfo", "/dev/urandom", "/"]
)
async def test_it_reads_no_file_of_the_machine(behind, path):
    function = doors.listed if path == "/" else doors.read
    assert is_shut(await behind("seccomp", function, path))


@pytest.mark.parametrize("name", ["environ", "mem", "maps", "cmdline", "fd/0", "root/etc/passwd", "task"])
async def test_it_reads_nothing_of_its_parent(behind, name):
    function = doors.listed if name == "task" else doors.read
    assert is_shut(await behind("seccomp", function, f"/proc/{os.getpid()}/{name}"))


@pytest.mark.parametrize("door", [doors.exists, doors.accessible, doors.linked, doors.listed, doors.read])
@pytest.mark.parametrize("name", ["file", "link", "nothing"])
async def test_it_learns_of_no_path_whether_it_is_there(tmp_path, behind, door, name):
    (tmp_path / "file").write_text("à nous")
    (tmp_path / "link").symlink_to("file")
    assert is_shut(await behind("seccomp", door, str(tmp_path / name)))


async def test_it_does_not_know_where_it_is(behind):
    assert is_shut(await behind("seccomp", doors.where))


async def test_landlock_alone_lets_it_read_nothing_either(tmp_path):
    (tmp_path / "token").write_text("à nous")
    async with Workers(warm=doors.without_seccomp) as workers:
        if not {layer.name: layer.holds for layer in await workers.warm()}["landlock"]:
            pytest.skip("no Landlock here")
        for path in (tmp_path / "token", Path(os.__file__), Path(f"/proc/{os.getpid()}/environ")):
            assert is_shut(await workers.run(doors.read, str(path)))


@pytest.mark.parametrize("by", ["link", "dots"])
async def test_no_way_round_leads_to_a_file_of_ours(tmp_path, behind, by):
    (tmp_path / "token").write_text("à nous")
    path = tmp_path / "token"
    if by == "link":
        (tmp_path / "other").symlink_to(path)
        path = tmp_path / "other"
    else:
        path = Path(f"{os.__file__}/../../../../../../../../../..{path}").parent / "token"
    answer = await behind("seccomp", doors.read, str(path))
    assert isinstance(answer, Crashed)
    assert "à nous" not in answer.error


@pytest.mark.parametrize(
    "door",
    [
        doors.write, doors.append, doors.truncate, doors.unlink, doors.rename, doors.make_folder, doors.make_link,
        doors.change_mode,
    ],
)  # fmt: skip
@pytest.mark.parametrize("there", [True, False])
async def test_it_changes_no_file(tmp_path, behind, door, there):
    path = tmp_path / "file"
    if there:
        path.write_text("à nous")
        path.chmod(0o666)
    tmp_path.chmod(0o777)
    answer = await behind("seccomp", door, str(path))
    assert isinstance(answer, Crashed | Killed)
    assert [file.name for file in tmp_path.iterdir()] == (["file"] if there else [])
    assert not there or (path.read_text() == "à nous" and path.stat().st_mode & 0o777 == 0o666)


@pytest.mark.parametrize(
    "door",
    [
        doors.connect, doors.listen, doors.send_datagram, doors.open_local, doors.open_raw, doors.open_netlink,
        doors.make_pair,
    ],
)  # fmt: skip
async def test_it_calls_nobody(behind, listener, door):
    assert is_shut(await behind("seccomp", door, listener.getsockname()[1]))
    with pytest.raises(TimeoutError):
        listener.accept()


async def test_it_resolves_no_name(behind):
    assert isinstance(await behind("seccomp", doors.resolve, 0), Crashed)


@pytest.mark.parametrize("door", [doors.fork, doors.spawn, doors.shell, doors.execute])
async def test_it_starts_nothing(behind, door):
    assert is_shut(await behind("seccomp", door))


@pytest.mark.parametrize("door", [doors.kill, doors.kill_group, doors.change_limits, doors.more_memory])
async def test_it_signals_nobody_and_lifts_no_limit(behind, door):
    answer = await behind("seccomp", door, os.getpid())
    assert isinstance(answer, Crashed)
    assert is_shut(answer) or answer.error == "ValueError('not allowed to raise maximum limit')"


# Numbers of x86_64
CALLS = {
    "socket": 41, "connect": 42, "sendto": 44, "recvfrom": 45, "sendmsg": 46, "socketpair": 53, "clone as fork": 56,
    "fork": 57, "vfork": 58, "execve": 59, "kill": 62, "ptrace": 101, "setuid": 105, "capset": 126, "prctl": 157,
    "chroot": 161, "mount": 165, "init_module": 175, "tkill": 200, "tgkill of another": 234, "keyctl": 250,
    "unshare": 272, "splice": 275, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "memfd_create": 319, "bpf": 321, "execveat": 322,
    "userfaultfd": 323, "perf_event_open": 298, "pidfd_send_signal": 424, "io_uring_setup": 425, "open_tree": 428,
    "fsopen": 430, "pidfd_open": 434, "openat2": 437, "pidfd_getfd": 438, "landlock_create_ruleset": 444,
    "shmget": 29, "msgget": 68, "memfd_secret": 447, "socket of x32": 0x40000029, "a call of tomorrow": 999,
}  # fmt: skip


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86_64")
@pytest.mark.parametrize("name", CALLS)
async def test_a_call_that_computing_does_not_need_is_refused(behind, name):
    assert is_shut(await behind("seccomp", doors.call, CALLS[name], 0))


@pytest.mark.parametrize("way", ["at once", "one after the other"])
async def test_what_it_writes_never_runs(behind, way):
    assert is_shut(await behind("seccomp", doors.run_what_is_written, way))


async def test_it_takes_none_of_the_threads_that_the_daemon_may_have(behind):
    answer = await behind("seccomp", doors.start_thread)
    assert answer == Crashed('RuntimeError("can\'t start new thread")')


async def test_it_holds_one_end_of_one_socket_and_three_that_lead_nowhere(behind):
    held = await behind("seccomp", doors.open_files)
    assert held[:3] == (0, 1, 2)
    assert len(held) == 4


async def test_it_writes_no_line_of_the_log(behind, capfd):
    assert await behind("seccomp", doors.speak) == "dit"
    assert "FORGED" not in "".join(capfd.readouterr())


async def test_it_leaves_no_core(behind):
    assert await behind("seccomp", doors.core_limit) == (0, 0)


async def test_what_was_not_loaded_before_the_wall_is_not_loaded_at_all(behind):
    assert await behind("seccomp", doors.late_import) == Crashed("ModuleNotFoundError(\"No module named 'colorsys'\")")


# --- the answer itself ---------------------------------------------------------------------------------------------
LOOTED = Path(tempfile.gettempdir()) / "vigie-was-here"


class Loot:
    def __reduce__(self):
        return os.system, (f"touch {LOOTED}",)


NONSENSE = {
    "code to unpickle": (doors.answer, pickle.dumps(Loot())),
    "nothing in it": (doors.answer, b""),
    "no JSON": (doors.answer, (3).to_bytes(8) + b"{{{"),
    "another type": (doors.answer, (3).to_bytes(8) + b'"4"'),
    "a class nobody declared": (doors.answer, (16).to_bytes(8) + b'{"Settings":[1]}'),
    "too deep": (doors.answer, (200_000).to_bytes(8) + b"[" * 200_000),
    "a number without end": (doors.answer, (6000).to_bytes(8) + b"9" * 6000),
    "no number": (doors.answer, (3).to_bytes(8) + b"NaN"),
    "a length that lies": (doors.answer, (1 << 40).to_bytes(8) + b"4"),
    "too long": (doors.say, (1 << 50).to_bytes(8)),
    "half a message": (doors.say, (1 << 10).to_bytes(8) + b"4"),
    "half a length": (doors.say, b"\0\0\0"),
    "an answer to nobody": (doors.say, (25).to_bytes(8) + bytes(16) + (1).to_bytes(8) + b"4"),
}


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("leaves", [True, False])
async def test_an_answer_is_data_or_it_is_nothing(name, leaves):
    async with Workers(warm=doors.loaded) as workers:
        await workers.warm()
        answer = await workers.run(*NONSENSE[name], leaves, cpu=1.0, wall=1.0)
        assert isinstance(answer, Killed)
        assert await workers.run(doors.core_limit) == (0, 0)
    assert not LOOTED.exists()


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("foreign", [True, False])
async def test_a_process_that_answers_twice_is_told_and_ended_and_no_task_gets_the_spare(caplog, at_once, foreign):
    async with Workers(warm=doors.loaded) as workers:
        await workers.warm()
        await workers.run(doors.answer_twice, at_once, foreign, cpu=1.0, wall=2.0)
        assert [await workers.run(doors.double, number) for number in (1, 2, 3)] == [2, 4, 6]
    assert any(said.startswith(("worker spoke", "worker answered")) for said in caplog.messages)


async def test_what_an_answer_holds_that_no_store_takes_is_replaced():
    async with Workers(warm=doors.loaded) as workers:
        assert await workers.run(doors.unstorable) == "a\ufffdb\ufffdc"
