"""Whatever a feed holds, Telegram refuses none of what is made of it."""

import random

from tests.bot.delivery.feast import refusals
from tests.bot.delivery.poison import HAND_MADE, text


def test_hand_made_poison_is_refused_nowhere() -> None:
    assert refusals([(item, item) for item in HAND_MADE]) == []
    assert refusals([("Titre", item) for item in HAND_MADE]) == []


def test_generated_poison_is_refused_nowhere() -> None:
    chance = random.Random(1)
    assert refusals([(text(chance), text(chance, 300)) for _ in range(150)]) == []
