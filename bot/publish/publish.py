"""`vigie publish`: the press review written to a folder."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot.ending import CannotRun
from bot.french import counted, size
from bot.publish.feed import atom, matches
from bot.publish.page import page
from bot.publish.review import Review, review
from matchers.model import Watchlist
from storage import open_store
from storage.files import PUBLIC
from storage.files import write as write_file
from storage.system import said

STORIES = 1000


def publish(
    database: Path,
    watchlists: Mapping[str, Watchlist],
    folder: Path,
    now: datetime,
    days: int,
    title: str,
    address: str | None,
    out: TextIO,
) -> int:
    """Write index.html, atom.xml and matches.json; other files there stay. Raises StoreError, CannotRun."""
    if not database.exists():
        raise CannotRun(f"{database} n’existe pas : rien à publier (VIGIE_DATABASE)")
    since = now - timedelta(days=days)
    store = open_store(database)
    try:
        made = review(store.press_review(since, STORIES), watchlists, title, since, now)
    finally:
        store.close()
    written = write(made, folder, address)
    print(f"{folder} : {counted(len(made.stories), 'sujet', 'sujets')}, page de {size(written)}", file=out)
    return 0


def write(made: Review, folder: Path, address: str | None) -> int:
    """Each file takes its name once it is whole: a reader never gets half of one. The size of the page, in bytes."""
    files = {"index.html": page(made), "atom.xml": atom(made, address), "matches.json": matches(made)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_file(folder / name, text, PUBLIC)  # for a web server
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire dans {folder} ({said(problem)})") from problem
    return len(files["index.html"].encode())
