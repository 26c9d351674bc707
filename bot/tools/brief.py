"""`vigie brief`: the stories of a span as a file to forward."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot.briefs.forms import BriefForm, written
from bot.briefs.text import BriefMaterial
from bot.days import end_told
from bot.ending import FINE, CannotRun
from bot.french import counted
from bot.opening import opened
from bot.tools.changes import SpanAsked, scope_of, span_of
from bot.tools.pack_contents import PARIS
from matchers.model import Watchlist
from storage.files import write
from storage.place import Place, from_home
from storage.system import said


@dataclass(frozen=True, slots=True)
class BriefFile:
    """What the call says: `recipients` None leaves that column to be filled; `out` None: a name made of the days."""

    asked: SpanAsked
    form: BriefForm
    recipients: int | None = None
    out: str | None = None


def make(database: Place, wanted: BriefFile, watchlists: Mapping[str, Watchlist], now: datetime, out: TextIO) -> int:
    """Write the brief. What a chat chose and commented stays there. Raises StoreError, CannotRun, Stop."""
    span = span_of(wanted.asked.start, wanted.asked.end, now)
    with closing(opened(database)) as store:
        scope = scope_of(store, wanted.asked.of, watchlists)
        material = BriefMaterial(span, store.briefs.stories(span, scope), {}, store.register.head())
    days = [each.astimezone(PARIS).date().isoformat() for each in (span.start, end_told(span.end, str(PARIS)))]
    if not material.stories and wanted.form != "csv":  # a declaration of use may well declare none
        raise CannotRun(f"aucun sujet retenu du {days[0]} au {days[1]} : pas de brief. Élargissez --from et --to")
    target = from_home(wanted.out or f"brief-{'-'.join(days)}.{wanted.form}")
    content = written(wanted.form, material, watchlists, wanted.recipients)
    try:
        write(target, content)
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire {target} ({said(problem)})") from problem
    print(f"{target} : {counted(len(material.stories), 'sujet', 'sujets')}", file=out)
    return FINE
