"""`vigie search`: what was read, by its words."""

from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot import search
from bot.conversation import texts
from bot.ending import FAILED, FINE, WRONG, Stop
from storage import open_store
from storage.model import Finding
from storage.search import MARKS

PARIS = "Europe/Paris"


def show(database: Path, query: str, limit: int, now: datetime, out: TextIO) -> int:
    """Print what is found, best first; 1 where nothing is. Raises Stop for a query that can't be read."""
    wanted = search.parse(query, now)
    if isinstance(wanted, search.Confusing):
        said = f"je ne comprends pas la date « {wanted.when} »" if wanted.when else "il faut au moins un mot"
        raise Stop(WRONG, f"{said} (par exemple : vigie search hébergement -emploi depuis:30d)")
    store = open_store(database)
    try:
        found = store.search.find(wanted, 0, limit)
    finally:
        store.close()
    print(f"{found.count} article{'s' if found.count > 1 else ''} pour « {query} »", file=out)
    marks = ("\033[1m", "\033[0m") if out.isatty() else ("[", "]")
    for number, finding in enumerate(found.findings, start=1):
        print("\n".join(("", *_lines(number, finding, marks))), file=out)
    return FINE if found.count else FAILED


def _lines(number: int, finding: Finding, marks: tuple[str, str]) -> tuple[str, ...]:
    article = finding.article
    when = texts.moment("fr", article.published or article.first_seen, PARIS, year=True)
    lines = (f"{number}. {article.title}", f"   {article.source_name} · {when} · {article.url}")
    if article.policy == "summary" or not finding.passage:
        return lines
    passage = finding.passage.replace(MARKS[0], marks[0]).replace(MARKS[1], marks[1])
    return (*lines, "   " + " ".join(passage.split()))
