"""What a chat takes away with it: all that is kept as JSON, its alerts as a table. Pure."""

import csv
import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.cells import harmless
from storage.chats.model import Alert


def table(alerts: Iterable[Alert], timezone: str) -> bytes:
    """CSV for a French spreadsheet: UTF-8 with its mark, semicolons, times in the reader's zone."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(("date", "titre", "adresse"))
    zone = ZoneInfo(timezone)
    rows.writerows((each.at.astimezone(zone).isoformat(), harmless(each.title), harmless(each.url)) for each in alerts)
    return out.getvalue().encode("utf-8-sig")
