"""When nobody answers, it is us."""

from datetime import UTC, datetime, timedelta

from bot.web.connectivity import WINDOW, Connectivity

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def link(*answered, now=NOW):
    made = Connectivity()
    for number, fine in enumerate(answered):
        made.heard(f"site{number}.example", now, answered=fine)
    return made


def test_more_than_half_of_the_hosts_silent_is_our_own_link():
    assert link(False, False, False, True).down(NOW)
    assert not link(False, False, True, True).down(NOW)


def test_a_few_hosts_prove_nothing():
    assert not link(False, False, False).down(NOW)


def test_a_host_that_is_asked_again_and_again_counts_once_as_it_was_last():
    made = link(True, True, True, True)
    for _ in range(9):
        made.heard("dead.example", NOW, answered=False)
    assert not made.down(NOW)
    made = link(False, False, False, False)
    for number in range(4):
        made.heard(f"site{number}.example", NOW, answered=True)
    assert not made.down(NOW)


def test_what_is_long_past_is_forgotten():
    assert not link(False, False, False, False).down(NOW + WINDOW + timedelta(seconds=1))


def test_that_the_link_went_down_or_came_back_is_said_once() -> None:
    made = Connectivity()
    turns = []
    for number in range(8):
        made.heard(f"site{number}.example", NOW, answered=False)
        turns.append(made.turned(NOW))
    assert turns == [False] * 3 + [True] + [False] * 4
    for number in range(8):
        made.heard(f"site{number}.example", NOW, answered=True)
    assert [made.turned(NOW) for _ in range(3)] == [True, False, False]


def turns(*heard):
    """`heard`: minutes, first and last site, whether they answer; what is said of the link, and when."""
    made, said = Connectivity(), []
    for minutes, first, last, fine in heard:
        for number in range(first, last):
            now = NOW + timedelta(minutes=minutes)
            made.heard(f"site{number}.example", now, answered=fine)
            if made.turned(now):
                said.append((minutes, made.down(now)))
    return said


def test_an_outage_of_hours_is_said_once_and_so_is_its_end():
    quarters = [(minutes, 0, 9, False) for minutes in range(0, 600, 16)]
    assert turns(*quarters, (610, 0, 9, True)) == [(0, True), (610, False)]


def test_one_site_that_still_answers_does_not_end_it():
    night = [(minutes, first, last, fine) for minutes in range(0, 300, 16)
             for first, last, fine in ((0, 8, False), (8, 9, True))]  # fmt: skip
    assert turns(*night) == [(0, True)]


def test_sites_that_are_dead_while_others_answer_prove_nothing_by_being_so_again():
    both = [(0, 0, 5, False), (0, 5, 12, True)]
    again = [(minutes, 0, 5, False) for minutes in range(20, 200, 20)]
    assert turns((0, 5, 12, True), *both, *again) == []
    assert turns((0, 5, 12, True), *both, *again, (210, 5, 12, False)) == [(210, True)]
