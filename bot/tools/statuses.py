"""`vigie statuses`: who stands where on the official lists, and what happened to them, in French or as JSON."""

import json
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import Any, TextIO

from bot import statuses
from bot.config.document import near
from bot.ending import FINE, WRONG, Stop
from bot.french import counted
from bot.messages import markup
from bot.opening import opened
from bot.statuses import PARIS, ListStanding, Tracker, day, what
from matchers.lists import ListEvent, ListRow
from storage.lists.model import KeptListEvent, ListProof, ListView
from storage.place import Place

MOST_EVENTS = 50


def show(database: Place, asked: str | None, on: date | None, now: datetime, out: TextIO, *, as_json: bool) -> int:
    """A tracker, the rows of a name, or all trackers in short; `on`: as they stood at the end of that day in Paris.
    Raises Stop where nothing is so called, CannotRun without a store."""
    with closing(opened(database)) as store:
        views = store.lists.views()
    at = None if on is None else datetime.combine(on + timedelta(days=1), time(), PARIS) - timedelta(microseconds=1)
    found = statuses.trackers(views, now, at)
    chosen = [each for each in found if asked is None or each.name == asked]
    if as_json:
        return _json(found, chosen, asked, out)
    if not found:
        print("aucune liste suivie : « kind: list » dans feeds.yaml", file=out)
    elif asked is None:
        for tracker in chosen:
            _print_short(tracker, now, out)
    elif chosen:
        _print_tracker(chosen[0], at or now, out)
    else:
        _print_name(found, asked, now, out)
    return FINE


def _print_short(tracker: Tracker, now: datetime, out: TextIO) -> None:
    counts = ", ".join(f"{status or 'sans statut'}\u00a0: {number}" for status, number in tracker.counts().items())
    print(f"{tracker.name} : {counts or 'pas encore lu'}", file=out)
    _print_lists(tracker, now, out)


def _print_lists(tracker: Tracker, now: datetime, out: TextIO) -> None:
    for view in tracker.views:
        known = view.stored.known
        read = f"lue le {day(known.read_at)}" if known else "jamais lue"
        held = f" ; relevé mis de côté : {view.stored.why}" if view.stored.why else ""
        print("  " + markup.flat(f"{view.name} ({read}{held})"), file=out)
    for name, read_at in tracker.stale:
        late = f"liste non relue depuis le {day(read_at)}" if read_at else "jamais relue"
        print("  " + markup.flat(f"! {name} : {late}"), file=out)


def _print_tracker(tracker: Tracker, at: datetime, out: TextIO) -> None:
    if tracker.since is not None and at < tracker.since:
        print(f"première lecture le {day(tracker.since)} : rien n’est connu d’avant", file=out)
    for each in tracker.standings:
        print(f"{_line(each, at)}", file=out)
    _print_lists(tracker, at, out)


def _print_name(found: tuple[Tracker, ...], asked: str, now: datetime, out: TextIO) -> None:
    rows, events = statuses.named(found, asked), statuses.events_named(found, asked)
    if not rows and not events:
        known = [tracker.name for tracker in found]
        raise Stop(WRONG, f"ni suivi ni ligne « {asked} »{near(asked, known)} ; il y a : {', '.join(known)}")
    for each in rows:
        print(_line(each, now), file=out)
    for view, kept in events[:MOST_EVENTS]:
        told = f"{day(kept.event.at)} · {view.name} · {_named(kept.event.row)} : {what(kept.event)}"
        print("  " + markup.flat(told), file=out)


def _line(each: ListStanding, at: datetime) -> str:
    days = (at - each.since).days
    parts = [
        each.row.status or "inscrit",
        f"depuis {counted(days, 'jour', 'jours')}" if days > 0 else "depuis aujourd’hui",
    ]
    parts += [f"jusqu’au {each.row.until}"] if each.row.until else []
    parts += [f"en retard : {', '.join(each.lagging)}"] if each.lagging else []
    return f"{_named(each.row)} : {', '.join(parts)}"


def _named(row: ListRow) -> str:
    return ", ".join(filter(None, row.key))


# --- JSON ----------------------------------------------------------------------------------------------------------
def _json(found: tuple[Tracker, ...], chosen: list[Tracker], asked: str | None, out: TextIO) -> int:
    rows = [each for tracker in chosen for each in tracker.standings]
    events = [pair for tracker in chosen for pair in tracker.events]
    if asked is not None and not chosen:
        rows, events = list(statuses.named(found, asked)), statuses.events_named(found, asked)
        if not rows and not events:
            raise Stop(WRONG, f"ni suivi ni ligne « {asked} »")
    lists = [view for tracker in (chosen or found) for view in tracker.views]
    answer = {
        "lists": [_list(view) for view in lists],
        "rows": [_row(each) for each in rows],
        "events": [_event(view, kept) for view, kept in events],
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2), file=out)
    return FINE


def _list(view: ListView) -> dict[str, Any]:
    known = view.stored.known
    return {
        "id": view.feed,
        "name": view.name,
        "url": view.url,
        "tracker": view.spec.tracker or view.feed,
        "read_at": known.read_at.isoformat() if known else None,
        "held_since": known.held_since.isoformat() if known and known.held_since else None,
        "why": view.stored.why,
    }


def _row(each: ListStanding) -> dict[str, Any]:
    return {
        "key": each.row.name,
        "status": each.row.status,
        "since": each.since.isoformat(),
        "until": each.row.until,
        "list": each.list_name,
        "lagging": list(each.lagging),
        "cells": dict(each.row.cells),
    }


def _event(view: ListView, kept: KeptListEvent) -> dict[str, Any]:
    event: ListEvent = kept.event
    told = {"event": event.kind, "key": event.row.name, "field": event.field, "from": event.before, "to": event.after}
    return told | {
        "at": event.at.isoformat(),
        "list": view.feed,
        "url": kept.url,
        "before": _proof(kept.before),
        "after": _proof(kept.after),
    }


def _proof(proof: ListProof | None) -> dict[str, str] | None:
    return None if proof is None else {"sha256": proof.sha256, "read_at": proof.at.isoformat()}
