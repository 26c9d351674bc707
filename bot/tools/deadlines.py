"""`vigie deadlines`: the days that official texts set, the soonest first."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.digest import due
from bot.messages import markup, texts
from bot.opening import opened
from storage.acts.model import StoredDeadline
from storage.place import Place

PARIS = ZoneInfo("Europe/Paris")


def show(database: Place, days: int, now: datetime, out: TextIO, *, as_json: bool) -> int:
    """Print those of the next days, moved ones with their old day. Exit code 0. Raises CannotRun, StoreError."""
    today = now.astimezone(PARIS).date()
    with closing(opened(database, "aucune échéance n’est connue")) as store:
        found = store.deadlines.between(today, today + timedelta(days=days))
    if as_json:
        value = [asdict(each) for each in found]
        print(json.dumps(value, ensure_ascii=False, indent=2, default=str), file=out)
        return 0
    for line in _lines(found, today) if found else ("aucune échéance dans ces jours",):
        print(markup.flat(line), file=out)
    return 0


def _lines(found: tuple[StoredDeadline, ...], today: date) -> Iterator[str]:
    for each in found:
        at = f" {each.time}" if each.time else ""
        act = f" · {each.act}" if each.act else ""
        kind = texts.text("fr", f"due.{each.kind}")
        yield f"{each.day.isoformat()}{at}  {due.left(each.day, 'fr', today):<12}  {kind} : {each.title}{act}"
        moved = f" ; d’abord le {each.old_day.isoformat()}" if each.old_day else ""
        yield f"    {each.source_name}{moved} · {each.url}"
        if each.sentence and not each.sure:
            yield f"    « {each.sentence} »"
