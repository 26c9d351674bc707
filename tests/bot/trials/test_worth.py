"""Rings are weighed once an event, against wakings in vain, beside what would ring without Vigie."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.trials.labels import Label, Labelled
from bot.trials.measures import Outcome
from bot.trials.worth import policies, worth
from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.watchlists.watchlist import WatchlistFile

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FLASH = WatchlistFile.model_validate({"name": "Feu", "any": ["incendie"], "level": "flash", "threshold": 1})
DAILY = WatchlistFile.model_validate({"name": "Eau", "any": ["crue"], "level": "daily", "threshold": 1})
ENGINE = compile_engine({"fire": FLASH, "water": DAILY}, {})


def outcome(
    name: str, title: str, *, flash: bool = False, event: str = "", after: int | None = None, text: str = ""
) -> Outcome:
    published = None if after is None else NOON + timedelta(hours=after)
    read = Article(name, title, "", text, published=published)
    return Outcome(Labelled(name, read, Label(2 if flash else 0, flash=flash, event=event)), ENGINE.match(read))


def found(*outcomes: Outcome, policy: str = "vigie") -> tuple[int, int]:
    told = worth(outcomes, policies(ENGINE)[policy])
    return told.gain, told.pain


def test_an_event_is_gained_once_and_noise_costs_each_time() -> None:
    one = outcome("1", "Un incendie éclate", flash=True, event="e")
    again = outcome("2", "Le point sur l’incendie", event="e")
    vain = [outcome(str(number), f"Incendie, épisode {number}") for number in range(3, 6)]
    assert found(one, again, *vain) == (1, 3)
    assert found(again) == (0, 1), "an event of which no article is worth a ring"


@pytest.mark.parametrize(
    ("policy", "rung"), [("silence", (0, 0)), ("everything", (2, 2)), ("phrases", (1, 1)), ("vigie", (1, 1))]
)
def test_what_would_ring_without_vigie(policy: str, rung: tuple[int, int]) -> None:
    outcomes = (
        outcome("1", "Un incendie", flash=True),
        outcome("2", "Un incendie en chanson"),
        outcome("3", "Une explosion", flash=True),
        outcome("4", "Une crue, et rien qui sonne"),
    )
    assert found(*outcomes, policy=policy) == rung


def test_an_alert_on_words_reads_no_article() -> None:
    deep = outcome("1", "Nantes", text="Un incendie.", flash=True)
    assert found(deep, policy="phrases") == (0, 0)
    assert found(deep, policy="everything") == (1, 0)


def test_delay_is_counted_from_the_first_article_of_the_event() -> None:
    late = (
        outcome("1", "De la fumée", flash=True, event="e", after=0),
        outcome("2", "Un incendie", flash=True, event="e", after=5),
        outcome("3", "L’incendie, encore", flash=True, event="e", after=9),
        outcome("4", "Incendie", flash=True, event="undated"),
    )
    assert worth(late, policies(ENGINE)["vigie"]).delay == timedelta(hours=5)
    assert worth(late[3:], policies(ENGINE)["vigie"]).delay is None


def test_utility_and_the_value_from_which_on_it_beats_silence() -> None:
    good = [outcome(f"g{number}", "Un incendie", flash=True) for number in range(4)]
    vain = [outcome(f"v{number}", "Un incendie") for number in range(2)]
    told = worth([*good, *vain], policies(ENGINE)["vigie"])
    assert (told.utility, told.break_even) == (10.0, 0.5)
    assert told.least < told.utility
    assert told == worth([*good, *vain], policies(ENGINE)["vigie"]), "the same each time"
    assert worth(vain, policies(ENGINE)["vigie"]).break_even is None
    nothing = worth([], policies(ENGINE)["vigie"])
    assert (nothing.utility, nothing.least, nothing.break_even) == (0.0, 0.0, None)


def test_more_articles_of_the_same_kind_bring_the_bound_nearer() -> None:
    def share(size: int) -> float:
        good = [outcome(f"g{number}", "Un incendie", flash=True) for number in range(3 * size)]
        vain = [outcome(f"v{number}", "Un incendie") for number in range(size)]
        told = worth([*good, *vain], policies(ENGINE)["vigie"])
        return told.least / told.utility

    assert share(2) < share(20) < 1
