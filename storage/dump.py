"""A copy of a base on a server, made by PostgreSQL's own tool."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import func, select

from storage import files
from storage.backup import refuse_another
from storage.database import Database
from storage.failure import StoreError
from storage.operators.model import Backup
from storage.place import Server
from storage.schema import article, chat
from storage.system import said


def dump(server: Server, target: Path) -> Backup:
    """Write the base to `target` as `pg_dump -Fc` does, 0600, read again before it is named so. Raises StoreError."""
    tool, reader = shutil.which("pg_dump"), shutil.which("pg_restore")
    if tool is None or reader is None:
        raise StoreError(
            f"pg_dump n’est pas installé ici (Debian : apt install postgresql-client). Sur le serveur : pg_dump -Fc "
            f"-f {target} {server}"
        )
    if target.is_dir():
        raise StoreError(f"« {target} » : donnez le nom d’un nouveau fichier.")
    refuse_another(target)
    held = _held(server)
    try:
        with files.draft(target) as copy:
            address, password = server.apart()
            secret = {} if password is None else {"PGPASSWORD": password}
            _run(server, [tool, "-Fc", "--no-owner", "-f", str(copy), "-d", address], secret)
            _run(server, [reader, "--list", str(copy)], {})
            files.take(copy, target)
    except OSError as problem:
        raise StoreError(f"Impossible d’écrire « {target} » ({said(problem)}).") from problem
    return Backup(target.stat().st_size, *held)


def _held(server: Server) -> tuple[int, int, int]:
    database = Database(server)
    try:
        with database.read() as connection:
            articles = connection.execute(select(func.count()).select_from(article)).scalar_one()
            chats = connection.execute(select(func.count()).where(chat.c.kind != "console")).scalar_one()
            return database.version(), articles, chats
    finally:
        database.close()


def _run(server: Server, command: list[str], secret: dict[str, str]) -> None:
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        told = " ".join(done.stderr.decode("utf-8", "replace").split())[:300] or f"{command[0]}, code {done.returncode}"
        raise StoreError(f"La copie de « {server} » a échoué : {told}. Rien n’a été remplacé.")
