"""What a chat takes away with it: all that is kept as JSON, its alerts as a table. Pure."""

import csv
import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from storage.chats.model import Alert

_FORMULA = ("=", "+", "-", "@")  # a spreadsheet would run a title that begins so, after blanks too
_BLANK = ("\t", "\r", "\n")


def table(alerts: Iterable[Alert], timezone: str) -> bytes:
    """CSV for a spreadsheet: UTF-8 with its mark, times in the reader's zone."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("date", "titre", "adresse"))
    zone = ZoneInfo(timezone)
    rows.writerows((each.at.astimezone(zone).isoformat(), _inert(each.title), _inert(each.url)) for each in alerts)
    return out.getvalue().encode("utf-8-sig")


def _inert(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_BLANK) else text
