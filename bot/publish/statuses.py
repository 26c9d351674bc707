"""The table of statuses of the published page, with what happened to each row. Pure."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.statuses import ListStanding, Tracker, day, trackers, what
from storage.lists.model import KeptListEvent, ListView

MOST_EVENTS = 20  # of one tracker


def with_statuses(page: str, views: Sequence[ListView], now: datetime) -> str:
    """The page with a section a tracker at the end of its main part; as it is where no list was read."""
    sections = "".join(_section(each, now) for each in trackers(views, now) if each.standings)
    before, end, after = page.rpartition("</main>")
    return f"{before}{sections}{end}{after}" if sections else page


def _section(tracker: Tracker, now: datetime) -> str:
    rows = "".join(_row(each) for each in tracker.standings)
    return (
        f'<section class="aside" id="statuts-{escape(tracker.name)}">\n<h2>Statuts : {escape(tracker.name)}</h2>\n'
        f'<p class="soft">{_sources(tracker)}</p>\n'
        "<table>\n<thead><tr><th>Inscrit</th><th>Statut</th><th>Depuis le</th><th>Fin de validité</th></tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n{_history(tracker)}</section>\n"
    )


def _sources(tracker: Tracker) -> str:
    stale = dict(tracker.stale)
    return " · ".join(_source(view, view.name in stale) for view in tracker.views)


def _source(view: ListView, stale: bool) -> str:
    known = view.stored.known
    read = f"{'liste non relue depuis le' if stale else 'lue le'} {day(known.read_at)}" if known else "jamais lue"
    return f'<a href="{escape(view.url)}" rel="noreferrer">{escape(view.name)}</a>, {read}'


def _row(each: ListStanding) -> str:
    lag = f' <span class="soft">(en retard : {escape(", ".join(each.lagging))})</span>' if each.lagging else ""
    cells = (escape(", ".join(filter(None, each.row.key))), f"{escape(each.row.status)}{lag}", day(each.since))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in (*cells, escape(each.row.until))) + "</tr>\n"


def _history(tracker: Tracker) -> str:
    events = tracker.events[:MOST_EVENTS]
    if not events:
        return ""
    return f"<details><summary>Histoire</summary>\n<ul>\n{''.join(map(_event, events))}</ul>\n</details>\n"


def _event(pair: tuple[ListView, KeptListEvent]) -> str:
    view, kept = pair
    name = escape(", ".join(filter(None, kept.event.row.key)))
    proof = f'<span class="soft" title="SHA-256 de la page vue : {kept.after.sha256}">{escape(view.name)}</span>'
    return f"<li>{day(kept.event.at)} · {name} : {escape(what(kept.event))} · {proof}</li>\n"
