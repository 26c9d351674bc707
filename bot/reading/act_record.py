"""What an article has to do with official acts: the ids it names and what it is to them, and the days that it sets."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from bot import grouping
from bot.model import ActItem, ItemDeadline
from matchers.acts import deadlines
from matchers.acts.act_roles import roles
from matchers.acts.publics import audience
from matchers.engine.engine import Scan
from matchers.model import ActRole, Article, DeadlineKind
from matchers.official import is_official, may_be_official
from matchers.sites import host
from storage.acts.model import ActFields, ActRecord, DeadlineFact

_PARIS = ZoneInfo("Europe/Paris")
_READ = 60_000  # characters of an official text in which days are looked for


def act_record(scan: Scan, item: ActItem | None, published: datetime | None, now: datetime) -> ActRecord:
    """Of an article that was scanned. `item`: what the fields of its source say, None where it has none."""
    article = scan.page.article
    if item is None and not scan.acts and not article.official and not may_be_official(article.url):
        return _NOTHING  # nearly all of the press
    places = grouping.act_places(scan)
    told = roles(article, places, (published or now).year)
    if item is not None:
        told = {**dict.fromkeys(item.names, _IS), **{name: _CITES for name in told if name not in item.names}}
    own = tuple(name for name, role in told.items() if role == "is")
    act = _fields(article, own, item, published) if any("@" not in name for name in own) else None
    return ActRecord(tuple(told.items()), act, tuple(_days(article, act, item, published or now)))


_NOTHING = ActRecord()
_IS: ActRole = "is"
_CITES: ActRole = "cites"


def _fields(article: Article, own: tuple[str, ...], item: ActItem | None, published: datetime | None) -> ActFields:
    day = None if published is None else published.astimezone(_PARIS).date()
    if item is None:
        return ActFields(own, article.title, published=day, link=article.url)
    return ActFields(
        item.names,
        article.title,
        item.body,
        _day(item.decided),
        _day(item.published) or day,
        item.link or article.url,
        item.concerned,
        item.in_force,
        audience(item.concerned),
    )


def _days(article: Article, act: ActFields | None, item: ActItem | None, published: datetime) -> Iterator[DeadlineFact]:
    """Those of its fields; those of its prose where an authority speaks, and no field says the same kind."""
    fields = [fact for each in (item.deadlines if item else ()) if (fact := _fact(each)) is not None]
    yield from fields
    site = host(article.url)
    if not is_official(site, article.official) and not deadlines.sets_deadlines(site):
        return
    known = {fact.kind for fact in fields}
    name = next((each for each in (act.names if act else ()) if "@" not in each), "")
    today = published.astimezone(_PARIS).date()
    told = ". ".join(filter(None, (article.title, article.summary, article.text[:_READ])))
    for each in deadlines.deadlines(told, today, official=True, act_published=act.published if act else None):
        if each.kind not in known:
            known.add(each.kind)
            yield DeadlineFact(each.kind, each.day, each.text, name, each.time)


def _fact(given: ItemDeadline) -> DeadlineFact | None:
    day, kind = _day(given.day), _kind(given.kind)
    ends: Literal["", "done", "cancelled"] = "done" if given.ends == "done" else "cancelled" if given.ends else ""
    if kind is None or (day is None and not (ends and given.act)):
        return None
    return DeadlineFact(kind, day, given.sentence, given.act, given.time, sure=True, ends=ends)


def _kind(written: str) -> DeadlineKind | None:
    return next((kind for kind in get_args(DeadlineKind) if kind == written), None)


def _day(written: str) -> date | None:
    """A day of a field; None for none, and for what is none."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
