"""The declaration of use of a brief, for who pays for rights: outlet, month, articles, recipients. Pure."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.briefs.text import BriefLine
from bot.cells import harmless
from bot.messages import texts
from bot.messages.texts import Language

_HEADS = ("brief.outlet", "brief.month", "brief.articles", "brief.recipients")


def declaration(lines: Iterable[BriefLine], recipients: int | None, language: Language, zone: str) -> str:
    """A table for spreadsheets, a row an outlet and month; `recipients` None: left to be filled."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in lines:
        article = line.story.article
        when = (article.published or article.first_seen).astimezone(ZoneInfo(zone))
        counts[article.source_name, f"{when:%Y-%m}"] += 1
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([texts.text(language, head) for head in _HEADS])
    for (outlet, month), count in sorted(counts.items()):
        table.writerow([harmless(" ".join(outlet.split())), month, count, "" if recipients is None else recipients])
    return "\ufeff" + out.getvalue()
