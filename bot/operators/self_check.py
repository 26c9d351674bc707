"""What ails this machine or this bot now."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from storage.operators.model import NoticeKind
from storage.place import Place

ROOM = 200_000_000  # bytes free on the disk below which operators are warned


def ailing(
    database: Place, refused: Callable[[], str | None], unborn: Callable[[], str | None], *, room: int = ROOM
) -> Mapping[NoticeKind, str]:
    """`refused` tells what Telegram said when it stopped knowing our token, `unborn` why no reader of pages can be
    born; a disk is told with its free megabytes."""
    found: dict[NoticeKind, str] = {}
    if detail := refused():
        found["token"] = detail
    if detail := unborn():
        found["reader"] = detail
    if isinstance(database, Path) and (free := shutil.disk_usage(database.absolute().parent).free) < room:
        found["disk"] = str(free // 1_000_000)
    return found
