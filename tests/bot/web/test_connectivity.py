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
