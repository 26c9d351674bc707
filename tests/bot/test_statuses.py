"""Who stood where, on any day: what happened since is undone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot import statuses
from bot.polling import list_items
from bot.publish.statuses import with_statuses
from matchers.lists import KnownList, ListEvent, ListHold, ListMoved, ListReading, ListRow, ListSpec, ListUnread, diff
from storage.ids import FeedId
from storage.lists.model import KeptListEvent, ListProof, ListView, StoredList

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SPEC = ListSpec(("Nom", "Service"), status="Statut", until="Fin", tracker="secnumcloud")


def row(name: str, status: str = "J1", until: str = "") -> ListRow:
    return ListRow((name, f"{name} IaaS"), status, until)


ROWS = tuple(row(name) for name in ("Nébulis", "Cirrova", "Altocumul", "Stratonet", "Cumulor", "Brumaire"))


def lived(*days: Sequence[ListRow] | None, name: str = "Catalogue") -> ListView:
    """A list read every ten days; None: a bad reading."""
    known: KnownList | None = None
    events: list[KeptListEvent] = []
    for place, rows in enumerate(days):
        at = START + place * 10 * DAY
        reading = ListUnread("réponse vide") if rows is None else ListReading(tuple(rows), "Statut", "Fin")
        match diff(known, reading, at):
            case ListMoved(told, after):
                proof = ListProof("ab" * 32, at)
                for each in told:
                    kept = KeptListEvent(len(events), FeedId(name), at, each, "https://l.example/", proof, proof)
                    events.append(kept)
                known = after
            case ListHold(known=held):
                known = held
    return ListView(FeedId(name), name, "https://l.example/", SPEC, StoredList(FeedId(name), known), tuple(events))


def shown(view: ListView, day: int) -> dict[str, str]:
    (tracker,) = statuses.trackers([view], START + 200 * DAY, START + day * DAY)
    return {each.row.key[0]: each.row.status for each in tracker.standings}


def test_each_day_has_what_was_listed_then() -> None:
    steps = [
        ROWS,
        (*ROWS[:5], row("Brumaire", "Qualifié")),
        (*ROWS[:4], row("Brumaire", "Qualifié"), row("Neige", "J0")),
        (*ROWS[:4], row("Brumaire", "Qualifié"), row("Neige", "J0")),
        (*ROWS[1:4], row("Brumaire", "Qualifié"), row("Neige", "J0"), ListRow(("Nébulis SAS", "Nébulis IaaS"), "J1")),
        (*ROWS[1:4], row("Brumaire", "Qualifié"), row("Neige", "J0"), ListRow(("Nébulis SAS", "Nébulis IaaS"), "J1")),
    ]
    view = lived(*steps)
    told = [{each.key[0]: each.status for each in rows} for rows in steps]
    told[4] = told[3]  # a rename bears the day of the first absence once it is sure
    assert shown(view, 5) == told[0]
    assert shown(view, 15) == told[1]
    assert shown(view, 35) == told[2]
    assert shown(view, 60) == told[5]
    (tracker,) = statuses.trackers([view], START + 60 * DAY)
    (best,) = (each for each in tracker.standings if each.row.status == "Qualifié")
    assert tracker.standings[0] == best
    assert best.since == START + 10 * DAY


def test_a_moment_of_the_night_is_told_by_its_day_in_paris() -> None:
    """As `--at` asks for it, and as the calendar of whoever reads says it."""
    assert statuses.day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == "1er déc. 2026"
    assert statuses.day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1er juil. 2026"
    assert statuses.day(date(2026, 11, 30)) == "30 nov. 2026"
    event = ListEvent("added", row("Nébulis"), datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert "(Liste, 1er déc. 2026)" in list_items.title(event, "Liste")


def test_the_higher_status_wins_and_the_page_that_lags_is_named() -> None:
    qualified, candidates = lived([row("Nébulis", "Qualifié")]), lived(ROWS, name="Candidats")
    (tracker,) = statuses.trackers([candidates, qualified], START)
    first = tracker.standings[0]
    assert (first.row.key[0], first.row.status, first.lagging) == ("Nébulis", "Qualifié", ("Candidats",))


def test_a_name_is_found_in_any_typography_with_its_history() -> None:
    view = lived(ROWS, (*ROWS[:5], row("Brumaire", "Qualifié")))
    found = statuses.trackers([view], START)
    assert [each.row.key[0] for each in statuses.named(found, "BRUMAIRE iaas")] == ["Brumaire"]
    ((_, kept),) = statuses.events_named(found, "brumaire")
    assert statuses.what(kept.event) == "J1 → Qualifié"


def test_a_list_that_is_held_for_a_fortnight_is_said_to_be_stale() -> None:
    (tracker,) = statuses.trackers([lived(ROWS, None, None, None)], START + 30 * DAY)
    assert tracker.stale == (("Catalogue", START),)
    (tracker,) = statuses.trackers([lived(ROWS, None, None, ROWS)], START + 30 * DAY)
    assert tracker.stale == ()


def test_the_published_page_has_a_table_and_escapes_what_lists_say() -> None:
    view = lived(
        (*ROWS, row("<b>Neige</b>")), (*ROWS[:5], row("<b>Neige</b>"), row("Brumaire", "Qualifié", "31/07/2029"))
    )
    page = with_statuses("<main>\n</main>", [view], START)
    assert "<td>Brumaire, Brumaire IaaS</td><td>Qualifié</td><td>11 juin 2026</td><td>31/07/2029</td>" in page
    assert "&lt;b&gt;Neige&lt;/b&gt;" in page
    assert "11 juin 2026 · Brumaire, Brumaire IaaS : J1 → Qualifié" in page
    assert page.endswith("</main>")
    assert with_statuses("<main>\n</main>", [], START) == "<main>\n</main>"


def test_an_end_that_moves_is_told_with_its_column_and_the_first_of_a_month_as_it_is_written() -> None:
    view = lived(ROWS, (*ROWS[:5], row("Brumaire", "J1", "31/07/2029")))
    ((_, kept),) = statuses.events_named(statuses.trackers([view], START), "brumaire")
    assert statuses.what(kept.event) == "Fin\u00a0: (vide) → 31/07/2029"
    assert (statuses.day(date(2027, 2, 1)), statuses.day(date(2027, 2, 3))) == ("1er févr. 2027", "3 févr. 2027")
