"""What changed between two readings of a list: nothing that whole readings do not show, and nothing told in haste."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.lists import (
    KnownList,
    ListHold,
    ListMoved,
    ListReading,
    ListRow,
    ListUnread,
    day_of,
    diff,
    unchanged,
)

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ("Nébulis", "Cirrova", "Altocumul", "Stratonet", "Cumulor", "Brumaire", "Zéphyr", "Ondée", "Givre", "Embrun")


def row(name: str, status: str = "J1", until: str = "", version: str = "3.2") -> ListRow:
    return ListRow((name, f"{name} IaaS"), status, until, (("Référentiel", version),))


ROWS = tuple(row(name) for name in NAMES)


def reading(*rows: ListRow, ended: bool = True, open_ended: bool = False, until: bool = False) -> ListReading:
    return ListReading(rows, "Statut", "Fin" if until else "", ended, open_ended)


def lived(*steps: ListReading | ListUnread, every: timedelta = DAY) -> list[list[str]]:
    """What each reading tells, in one line an event; « held » for one that is not believed."""
    known: KnownList | None = None
    told = []
    for place, step in enumerate(steps):
        answer = diff(known, step, START + place * every)
        known = answer.known
        told.append(
            ["held"] if isinstance(answer, ListHold) else [_said(answer, at) for at in range(len(answer.events))]
        )
    return told


def _said(answer: ListMoved, place: int) -> str:
    event = answer.events[place]
    what = f"{event.field}: {event.before} > {event.after}" if event.kind == "changed" else event.after
    return " ".join(filter(None, (event.kind, event.row.key[0], what)))


def without(*names: str) -> tuple[ListRow, ...]:
    return tuple(each for each in ROWS if each.key[0] not in names)


def test_a_first_reading_tells_nothing() -> None:
    assert lived(reading(*ROWS)) == [[]]


def test_a_status_or_an_end_that_changes_is_told_at_once() -> None:
    before, after = row("Neige", "J3", "31 juil. 2027"), row("Neige", "Qualifié", "31/07/2029")
    told = lived(reading(*ROWS, before, until=True), reading(*ROWS, after, until=True))
    assert told[1] == ["changed Neige Statut: J3 > Qualifié", "changed Neige Fin: 31 juil. 2027 > 31/07/2029"]


def test_another_column_is_told_quietly() -> None:
    known = diff(None, reading(*ROWS), START).known
    answer = diff(known, reading(row("Nébulis", version="3.3"), *ROWS[1:]), START + DAY)
    assert isinstance(answer, ListMoved)
    assert [(each.field, each.quiet) for each in answer.events] == [("Référentiel", True)]


def test_a_column_more_or_less_is_no_news_of_the_rows() -> None:
    bare = tuple(replace(each, cells=(("Ville", "Lyon"),)) for each in ROWS)
    assert lived(reading(*ROWS), reading(*bare), reading(*ROWS)) == [[], [], []]


def test_a_new_row_is_told_at_once() -> None:
    assert lived(reading(*ROWS), reading(*ROWS, row("Neige", "J0")))[1] == ["added Neige J0"]


def test_order_typography_and_doubled_rows_say_nothing() -> None:
    shown = tuple(replace(each, key=(each.key[0].upper() + "\u00a0", each.key[1]), status=" j1") for each in ROWS)
    assert lived(reading(*ROWS), reading(*reversed(shown)), reading(*ROWS, ROWS[3])) == [[], [], []]


def test_two_rows_of_one_key_say_the_same_in_any_order() -> None:
    one, other = row("Neige", "J1"), row("Neige", "Qualifié")
    assert lived(reading(*ROWS, one, other), reading(other, *ROWS, one)) == [[], []]


def test_an_end_written_in_another_way_is_the_same_end() -> None:
    ends = ("31 juil. 2029", "31/07/2029", "2029-07-31", "31 juillet 2029")
    assert lived(*(reading(*ROWS, row("Neige", until=end), until=True) for end in ends)) == [[], [], [], []]


# --- withdrawals ---------------------------------------------------------------------------------------------------
def test_a_withdrawal_is_told_at_the_second_reading_and_dated_by_the_first() -> None:
    known = diff(None, reading(*ROWS), START).known
    known = diff(known, reading(*without("Givre")), START + DAY).known
    answer = diff(known, reading(*without("Givre")), START + 2 * DAY)
    assert isinstance(answer, ListMoved)
    assert [(each.kind, each.row.key[0], each.at) for each in answer.events] == [("removed", "Givre", START + DAY)]
    back = lived(reading(*ROWS), *[reading(*without("Givre"))] * 3, *[reading(*ROWS)] * 2)
    assert back[3:] == [[], [], ["added Givre J1"]]  # a copy of before has it too, for once


def test_a_second_look_too_soon_confirms_nothing() -> None:
    gone = reading(*without("Givre"))
    told = lived(reading(*ROWS), gone, gone, gone, gone, every=timedelta(hours=2))
    assert told == [[], [], [], [], ["removed Givre"]]


def test_a_row_that_comes_back_was_never_away() -> None:
    assert lived(reading(*ROWS), reading(*without("Givre")), reading(*ROWS), reading(*without("Givre"))) == [[]] * 4


def test_a_reading_that_is_held_confirms_no_withdrawal() -> None:
    gone = reading(*without("Givre"))
    told = lived(reading(*ROWS), gone, ListUnread("réponse vide"), gone)
    assert told == [[], [], ["held"], ["removed Givre"]]


def test_an_end_that_has_passed_is_told_once() -> None:
    over = reading(*ROWS, row("Neige", until="2026-09-01"), until=True)
    renewed = reading(*ROWS, row("Neige", until="2026-09-04"), until=True)
    assert lived(over, over, over) == [[], ["expired? Neige"], []]
    assert lived(over, over, renewed, renewed, renewed)[2:] == [
        ["changed Neige Fin: 2026-09-01 > 2026-09-04"],
        [],
        ["expired? Neige"],
    ]


# --- renames -------------------------------------------------------------------------------------------------------
def test_a_rename_is_neither_a_withdrawal_nor_a_newcomer() -> None:
    renamed = replace(row("Givre"), key=("Givre SAS", "Givre IaaS"))
    step = reading(*without("Givre"), renamed)
    assert lived(reading(*ROWS), step, step, step) == [[], [], ["renamed Givre Givre SAS | Givre IaaS"], []]


def test_hundreds_of_new_names_at_once_are_renames_and_beyond_nobody_is_compared() -> None:
    def firms(count: int) -> ListReading:
        names = (f"Firme {number}{' SAS' if number < count else ''}" for number in range(2_500))
        return reading(*(ListRow((name,), "J1") for name in names))

    told = lived(firms(0), firms(200), firms(200))
    assert [len(each) for each in told] == [0, 0, 200]
    assert told[2][0] == "renamed Firme 0 Firme 0 SAS"
    assert {each.partition(" ")[0] for each in lived(firms(0), firms(600))[1]} == {"added"}


def test_a_rename_that_is_undone_was_none() -> None:
    renamed = replace(row("Givre"), key=("Givre SAS", "Givre IaaS"))
    assert lived(reading(*ROWS), reading(*without("Givre"), renamed), reading(*ROWS)) == [[], [], []]


def test_the_old_name_back_beside_the_new_makes_it_a_newcomer() -> None:
    renamed = replace(row("Givre"), key=("Givre SAS", "Givre IaaS"))
    told = lived(reading(*ROWS), reading(*without("Givre"), renamed), reading(*ROWS, renamed))
    assert told == [[], [], ["added Givre SAS J1"]]


def test_another_firm_with_the_same_common_cells_is_no_rename() -> None:
    step = reading(*without("Givre"), row("Neige"))
    assert lived(reading(*ROWS), step, step) == [[], ["added Neige J1"], ["removed Givre"]]


def test_a_status_that_moves_with_a_rename_is_told_after_it() -> None:
    first = replace(row("Givre"), key=("Givre SAS", "Givre IaaS"))
    told = lived(
        reading(*ROWS),
        reading(*without("Givre"), first),
        reading(*without("Givre"), replace(first, status="Qualifié")),
    )
    assert told[2] == ["renamed Givre Givre SAS | Givre IaaS", "changed Givre SAS Statut: J1 > Qualifié"]


# --- what is not believed ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        ListUnread("pas de tableau"),
        reading(),
        reading(*ROWS[:6]),
        reading(*ROWS, ended=False),
        ListReading(ROWS),
        reading(*(replace(each, status="Voir fiche") for each in ROWS)),
        reading(*(replace(each, status="Voir fiche") for each in ROWS[:4]), *ROWS[4:]),
        reading(*ROWS[:8], open_ended=True),
    ],
)
def test_a_reading_that_lost_something_is_held_and_the_next_good_one_ends_it(bad: ListReading | ListUnread) -> None:
    assert lived(reading(*ROWS), bad, reading(*ROWS), reading(*ROWS, row("Neige"))) == [
        [],
        ["held"],
        [],
        ["added Neige J1"],
    ]


def test_seven_keys_in_ten_and_three_statuses_in_ten_are_still_believed() -> None:
    moved = (*(replace(each, status="J2") for each in ROWS[:3]), *ROWS[3:])
    assert [each.split()[0] for each in lived(reading(*ROWS), reading(*moved))[1]] == ["changed"] * 3
    assert lived(reading(*ROWS), reading(*without("Cirrova", "Zéphyr", "Embrun"))) == [[], []]


@pytest.mark.parametrize("left", [ROWS[:7], ROWS[3:]])
def test_several_rows_gone_from_one_end_and_none_elsewhere_are_half_a_page(left: tuple[ListRow, ...]) -> None:
    assert lived(reading(*ROWS), reading(*left), reading(*left), reading(*ROWS)) == [[], ["held"], ["held"], []]


def test_several_rows_in_sequence_gone_from_the_midst_are_lost_unless_they_are_of_one_name() -> None:
    assert lived(reading(*ROWS), *[reading(*ROWS[:4], *ROWS[7:])] * 2, reading(*ROWS)) == [[], ["held"], ["held"], []]
    services = [replace(row("Houle"), key=("Houle", f"Service {place}")) for place in range(3)]
    told = lived(reading(*ROWS[:5], *services, *ROWS[5:]), *[reading(*ROWS)] * 2)
    assert told[2] == ["removed Houle"] * 3


@pytest.mark.parametrize(
    "bad",
    [
        reading(*ROWS[:8]),
        replace(reading(*ROWS[:9]), announced=10),
        reading(*(replace(each, key=(each.key[0].replace("é", "?"), each.key[1])) for each in ROWS)),
        reading(*(replace(each, status="Qualifi\ufffd") for each in ROWS[:1]), *ROWS[1:]),
    ],
)
def test_a_reading_that_shows_that_it_lost_something_is_held(bad: ListReading) -> None:
    whole = replace(reading(*ROWS), parts=2, announced=10)
    assert lived(whole, bad, bad, whole) == [[], ["held"], ["held"], []]


def test_one_row_may_go_with_its_table_and_what_counts_another_thing_announces_nothing() -> None:
    whole = replace(reading(*ROWS), parts=2)
    assert lived(whole, *[reading(*ROWS[:9])] * 2)[2] == ["removed Embrun"]
    other = replace(reading(*ROWS), announced=250)
    assert lived(other, *[replace(other, rows=without("Givre"))] * 2)[2] == ["removed Givre"]


def test_two_rows_gone_from_one_end_or_several_beside_a_new_one_are_withdrawn() -> None:
    told = lived(reading(*ROWS), reading(*ROWS[:8]), reading(*ROWS[:8]))
    assert [each.split()[0] for each in told[2]] == ["removed"] * 2
    told = lived(reading(*ROWS), *[reading(row("Neige", "J0", version="2"), *ROWS[:7])] * 2)
    assert [each.split()[0] for each in told[2]] == ["removed"] * 3


def test_a_status_that_is_lost_on_the_way_is_no_other_status() -> None:
    blank = (replace(ROWS[0], status=""), *ROWS[1:])
    later = (replace(ROWS[0], status="J2"), *ROWS[1:])
    told = lived(reading(*ROWS), reading(*blank), reading(*ROWS), reading(*blank), reading(*later))
    assert told == [[], [], [], [], ["changed Nébulis Statut: J1 > J2"]]


@pytest.mark.parametrize("badge", [" Nouveau", " (nouveau)", " New !", " mis à jour"])
def test_what_a_page_puts_behind_a_name_is_no_new_name(badge: str) -> None:
    marked = (replace(ROWS[0], key=(f"Nébulis{badge}", ROWS[0].key[1])), *ROWS[1:])
    assert lived(reading(*ROWS), *[reading(*marked)] * 2, reading(*ROWS)) == [[], [], [], []]
    assert lived(reading(*ROWS), reading(*ROWS, row("Nouveau Nuage")))[1] == ["added Nouveau Nuage J1"]


@pytest.mark.parametrize("mark", [" (1)", "*", "¹", " [2]", " †"])
def test_the_mark_of_a_footnote_makes_no_new_name_and_no_new_status(mark: str) -> None:
    noted = (replace(ROWS[0], key=(f"Nébulis{mark}", ROWS[0].key[1]), status=f"J1{mark}"), *ROWS[1:])
    assert lived(reading(*ROWS), *[reading(*noted)] * 2, reading(*ROWS)) == [[], [], [], []]


def test_a_name_and_a_status_that_move_together_are_one_row_where_its_service_is_its_own() -> None:
    bought = replace(row("Givre", "Qualifié"), key=("Nuées SAS", "Givre IaaS"))
    told = lived(reading(*ROWS), *[reading(*without("Givre"), bought)] * 2)
    assert told[1:] == [
        [],
        ["renamed Givre Nuées SAS | Givre IaaS", "changed Nuées SAS Statut: J1 > Qualifié"],
    ]


def test_a_short_list_may_lose_one_row() -> None:
    assert lived(reading(*ROWS[:3]), reading(*ROWS[:2]), reading(*ROWS[:2])) == [[], [], ["removed Altocumul"]]
    assert lived(reading(*ROWS[:3]), reading(*ROWS[:1])) == [[], ["held"]]


def test_a_first_reading_without_rows_is_held_and_the_next_one_is_the_first() -> None:
    assert lived(ListUnread("réponse vide"), reading(), reading(*ROWS)) == [["held"], ["held"], []]


def test_a_reading_that_somebody_accepts_tells_its_absences_at_once() -> None:
    known = diff(None, reading(*ROWS), START).known
    held = diff(known, reading(*ROWS[:5]), START + DAY)
    assert isinstance(held, ListHold)
    assert (held.before, held.seen) == (10, 5)
    answer = diff(held.known, reading(*ROWS[:5]), START + 2 * DAY, accepted=True)
    assert isinstance(answer, ListMoved)
    assert {(each.kind, each.at) for each in answer.events} == {("removed", START + DAY)}
    assert len(answer.known.rows) == 5


def test_what_waits_for_a_second_reading_is_unsettled() -> None:
    known = diff(None, reading(*ROWS), START).known
    assert known is not None
    assert not known.unsettled
    gone = diff(known, reading(*without("Givre")), START + DAY).known
    assert gone is not None
    assert gone.unsettled
    assert diff(known, unchanged(known), START + DAY) == ListMoved((), replace(known, read_at=START + DAY))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("jusqu’au 1er mai 2027", date(2027, 5, 1)),
        ("du 01/02/2026 au 31/01/2029", date(2029, 1, 31)),
        ("2027-02-30", None),
        ("3.2", None),
        ("AOÛT 2027", None),
    ],
)
def test_a_day_in_a_cell(written: str, day: date | None) -> None:
    assert day_of(written) == day


# --- any history ---------------------------------------------------------------------------------------------------
def _spoilt(rows: tuple[ListRow, ...], chance: random.Random) -> ListReading | ListUnread:
    match chance.randrange(5):
        case 0:
            return ListUnread("réponse vide")
        case 1:
            return reading()
        case 2:
            return reading(*rows[: chance.randrange(len(rows))], ended=False)
        case 3:
            return reading(*(ListRow((f"Panne {place}", ""), "En cours") for place in range(8)))
        case _:
            return reading(*chance.sample(rows, len(rows) // 2))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 32), st.floats(0.0, 0.6))
def test_no_withdrawal_is_told_that_two_whole_readings_do_not_show(seed: int, bad: float) -> None:
    chance = random.Random(seed)
    rows, known, absent = ROWS, None, dict[str, int]()
    for day in range(60):
        if chance.random() < 0.1 and len(rows) > 8:
            gone = chance.choice(rows)
            rows = tuple(each for each in rows if each is not gone)
        spoilt = day > 0 and chance.random() < bad
        answer = diff(known, _spoilt(rows, chance) if spoilt else reading(*rows), START + day * DAY)
        known = answer.known
        here = {each.key[0] for each in rows}
        if not spoilt:
            absent = {name: absent.get(name, 0) + 1 for name in NAMES if name not in here}
        for event in answer.events if isinstance(answer, ListMoved) else ():
            assert event.kind == "removed"
            assert absent[event.row.key[0]] == 2


# --- old copies ----------------------------------------------------------------------------------------------------
BACK = (row("Nébulis", "Qualifié"), *ROWS[1:])


def test_a_copy_of_before_that_sets_a_status_back_tells_nothing() -> None:
    told = lived(*map(reading_of, (ROWS, BACK, ROWS, BACK, ROWS, BACK, BACK)))
    assert told == [[], ["changed Nébulis Statut: J1 > Qualifié"], [], [], [], [], []]


def test_a_copy_of_two_states_ago_tells_nothing() -> None:
    later = (*BACK[:1], row("Cirrova", "J2"), *ROWS[2:])
    assert lived(*map(reading_of, (ROWS, BACK, later, ROWS, later)))[2:] == [
        ["changed Cirrova Statut: J1 > J2"],
        [],
        [],
    ]


def test_a_status_that_truly_goes_back_is_told_at_the_second_reading_six_hours_later() -> None:
    steps = list(map(reading_of, (ROWS, BACK, ROWS, ROWS, ROWS)))
    assert lived(*steps)[2:] == [[], ["changed Nébulis Statut: Qualifié > J1"], []]
    assert lived(*steps, every=timedelta(hours=4))[2:] == [[], [], ["changed Nébulis Statut: Qualifié > J1"]]


def test_a_row_that_says_something_new_beside_what_it_said_before_is_told_at_once() -> None:
    new = (row("Nébulis", "J1", version="3.3"), *ROWS[1:])
    assert "changed Nébulis Statut: Qualifié > J1" in lived(*map(reading_of, (ROWS, BACK, new)))[2]


def test_an_end_that_an_old_copy_sets_back_is_told_to_nobody() -> None:
    def ends(end: str) -> ListReading:
        return reading(*ROWS, row("Neige", until=end), until=True)

    told = lived(ends("31/07/2027"), ends("31/07/2029"), ends("31 juil. 2027"), ends("2029-07-31"))
    assert told[2:] == [[], []]


def test_a_copy_of_before_brings_no_row_back_that_was_withdrawn() -> None:
    after = (row("Nébulis", "Qualifié"), *without("Nébulis", "Givre"), row("Neige", "J0"))
    told = lived(*map(reading_of, (ROWS, after, after, ROWS, after, ROWS, after, after)))
    assert told[2] == ["removed Givre"]
    assert told[3:] == [[]] * 5
    assert lived(*map(reading_of, (ROWS, after, after, ROWS, ROWS)))[4] == [
        "changed Nébulis Statut: Qualifié > J1",
        "added Givre J1",
        "removed Neige",
    ]


def test_what_waits_for_the_next_reading_is_unsettled_and_accepted_at_once() -> None:
    known = diff(diff(None, reading(*ROWS), START).known, reading(*BACK), START + DAY).known
    answer = diff(known, reading(*ROWS), START + 2 * DAY)
    assert answer.known is not None
    assert answer.known.unsettled
    accepted = diff(known, reading(*ROWS), START + 2 * DAY, accepted=True)
    assert isinstance(accepted, ListMoved)
    assert [each.kind for each in accepted.events] == ["changed"]


# --- filtered, in pages, renewed -----------------------------------------------------------------------------------
KINDS = tuple(row(name, status) for name, status in zip(NAMES, ["J1", "J2", "J0", "J1", "Suspendu"] * 2, strict=True))


def test_two_rows_that_alone_share_a_status_do_not_leave_together_where_nothing_else_moves() -> None:
    filtered = tuple(each for each in KINDS if each.status != "Suspendu")
    assert lived(*map(reading_of, (KINDS, filtered, filtered, KINDS, KINDS))) == [[], ["held"], ["held"], [], []]


def test_they_do_where_the_list_was_edited_or_they_are_one_firm() -> None:
    edited = (row("Nébulis", "J2"), *(each for each in KINDS[1:] if each.status != "Suspendu"))
    assert lived(*map(reading_of, (KINDS, edited, edited)))[2] == ["removed Cumulor", "removed Embrun"]
    firm = (*KINDS, *(ListRow(("Neige", offer), "Retiré") for offer in ("IaaS", "PaaS")))
    assert lived(*map(reading_of, (firm, KINDS, KINDS)))[2] == ["removed Neige", "removed Neige"]


def test_three_rows_that_alone_share_a_cell_do_not_leave_together() -> None:
    rows = tuple(row(name, version="3.1" if place in (1, 4, 8) else "3.2") for place, name in enumerate(NAMES))
    fewer = tuple(each for place, each in enumerate(rows) if place not in (1, 4, 8))
    assert lived(*map(reading_of, (rows, fewer, fewer)))[1:] == [["held"], ["held"]]


def test_rows_lack_where_a_page_says_that_it_goes_on_elsewhere() -> None:
    fewer = without("Cirrova", "Brumaire")
    first, goes_on = reading(*ROWS), replace(reading(*fewer), goes_on=True)
    assert lived(first, goes_on, goes_on)[1:] == [["held"], ["held"]]
    assert lived(replace(first, goes_on=True), goes_on, goes_on)[2] == ["removed Cirrova", "removed Brumaire"]


def test_a_view_by_the_year_of_an_end_is_held() -> None:
    ends = tuple(row(name, until=f"01/02/20{28 + (at % 4 > 0)}") for at, name in enumerate(NAMES))
    late = tuple(each for each in ends if "2029" in each.until)
    assert lived(reading(*ends, until=True), reading(*late, until=True))[1] == ["held"]


def test_a_view_stays_held_whatever_else_moves_and_believed_once_accepted() -> None:
    filtered = tuple(each for each in KINDS if each.status != "Suspendu")
    moved = (row("Nébulis", "J2"), *filtered[1:])
    assert lived(*map(reading_of, (KINDS, filtered, moved, moved)))[1:] == [["held"]] * 3
    known = diff(diff(None, reading(*KINDS), START).known, reading(*filtered), START + DAY).known
    accepted = diff(known, reading(*filtered), START + 2 * DAY, accepted=True)
    assert isinstance(accepted, ListMoved)
    assert [(each.kind, each.at) for each in accepted.events] == [("removed", START + DAY)] * 2


def test_a_page_that_counts_more_rows_than_it_has_is_held_where_it_counted_right() -> None:
    whole, part = replace(reading(*ROWS), announced=10), reading(*ROWS[:9])
    assert lived(whole, replace(part, announced=10))[1] == ["held"]
    assert lived(whole, *[replace(part, announced=9)] * 2)[2] == ["removed Embrun"]
    assert lived(reading(*ROWS), *[replace(part, announced=10)] * 2)[2] == ["removed Embrun"]


def test_rows_whose_key_lost_a_part_are_no_new_names() -> None:
    blank = tuple(replace(each, key=("", each.key[1])) for each in ROWS[:2])
    assert lived(reading(*ROWS), *[reading(*blank, *ROWS[2:])] * 2, reading(*ROWS)) == [[], ["held"], ["held"], []]


def test_what_is_missing_already_is_not_weighed_twice() -> None:
    first, more = reading(*ROWS[2:]), reading(*ROWS[2:6], *ROWS[8:])
    assert lived(reading(*ROWS), first, more)[2] == ["removed Nébulis", "removed Cirrova"]


def renewed(count: int) -> tuple[ListRow, ...]:
    return (*ROWS[count:], *(row(f"Neuve{place}", "J0", version=f"4.{place}") for place in range(count)))


def test_a_list_that_nobody_could_read_for_a_month_may_have_become_another() -> None:
    month = [ListUnread("cassée")] * 30
    assert lived(reading(*ROWS), *month, *[reading(*renewed(4))] * 2)[-1] == [
        f"removed {each.key[0]}" for each in ROWS[:4]
    ]
    assert lived(reading(*ROWS), *[reading(*renewed(4))] * 60)[-1] == ["held"]
    assert lived(reading(*ROWS), *month, *[reading(*ROWS[4:])] * 3)[-1] == ["held"]


@pytest.mark.parametrize("nothing", ["", "—", "n/a", "N.C.", "…", "-"])
def test_a_status_that_is_not_there_is_no_other_one(nothing: str) -> None:
    lost = (row("Nébulis", nothing), *ROWS[1:])
    assert lived(*map(reading_of, (ROWS, lost, ROWS))) == [[], [], []]


def test_a_picture_beside_a_word_says_nothing_and_alone_it_does() -> None:
    ticked = tuple(replace(each, status="✅ J1 ⓘ") for each in ROWS)
    assert lived(*map(reading_of, (ROWS, ticked))) == [[], []]
    pictures = [(row("Nébulis", each), *ROWS[1:]) for each in ("✅", "❌")]
    assert lived(*map(reading_of, pictures))[1] == ["changed Nébulis Statut: ✅ > ❌"]


def reading_of(rows: tuple[ListRow, ...]) -> ListReading:
    return reading(*rows)
