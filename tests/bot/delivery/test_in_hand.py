"""No word of people is told to the server as read before it was answered, and none is answered twice."""

from bot.delivery import in_hand
from bot.delivery.in_hand import InHand


def test_what_is_before_the_first_that_waits_is_done_with() -> None:
    hand = InHand()
    assert all(hand.take(number, 0.0) for number in (5, 6, 7))
    hand.answered(6)
    assert hand.offset(1.0) == 5
    assert not any(hand.take(number, 1.0) for number in (5, 6, 7)), "they come again until the server is told"
    hand.answered(5)
    assert hand.offset(1.0) == 7
    hand.answered(7)
    assert hand.offset(1.0) == 8
    assert not hand


def test_numbers_that_begin_anew_are_new() -> None:
    hand = InHand()
    hand.take(900, 0.0)
    hand.answered(900)
    assert hand.offset(0.0) == 901
    assert hand.take(3, 1.0)
    assert hand.offset(1.0) == 3


def test_who_takes_too_long_keeps_nobody_from_being_heard() -> None:
    hand = InHand()
    hand.take(1, 0.0)
    hand.take(2, 1.0)
    assert hand.offset(in_hand.LONGEST) == 2
    many = InHand()
    for number in range(in_hand.MOST + 3):
        many.take(number, 0.0)
    assert many.offset(0.0) == 3
