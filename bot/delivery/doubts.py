"""What becomes of a message whose answer was lost, by what a look into its chat showed. Pure."""

from bisect import bisect
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.delivery.probe import Found, Missing, Proved, Unanswered, Unprovable
from storage.chats.model import Delivery
from storage.chats.proof import LONGEST_CALL

FIRST_LOOK = timedelta(seconds=5)  # after a lost answer; a second one once no request can be under way any more
LOOKS = 2  # in vain, and it goes out again
MOST_DOUBTS = 6  # answers lost, each message proved not to be there: there is something about it
COPIES = 2  # at most, where nobody can look
ELSEWHERE_TRIES = 10  # two days and more: a mail server that fails has nearly always sent nothing
BLIND_WAITS = (LONGEST_CALL, timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
ASK_AGAIN = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))  # between looks that nobody answered
PATIENT = (timedelta(minutes=1), timedelta(minutes=10))  # since the call: from when on which of these waits
ASKED_LONG = timedelta(minutes=45)  # since the call, and nobody answers


@dataclass(frozen=True, slots=True)
class Again:
    """It goes out once more."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is not sent again; the text says why, and the operators are told."""

    detail: str


@dataclass(frozen=True, slots=True)
class AskLater:
    """It is looked for again after `wait`. `missing`: this time it was not there. `whole_chat`: nothing goes there
    until then."""

    wait: timedelta
    missing: bool = False
    whole_chat: bool = False


def judged(delivery: Delivery, proved: Proved, now: datetime) -> Found | Again | GivenUp | AskLater:
    """What to do with a message in doubt (`looks` and `called_at` are its own)."""
    assert delivery.called_at is not None, "what was never sent is in no doubt"
    assert delivery.looks is not None, "what became of it is known"
    since = now - delivery.called_at
    match proved:
        case Found():
            return proved
        case Missing():
            return _missing(delivery, delivery.looks + 1, since)
        case Unprovable():
            return _blind(delivery, since)
        case Unanswered() if since >= ASKED_LONG:
            return GivenUp("réponse perdue, et personne ne répond plus : arrivé ou non, nul ne le sait")
        case Unanswered(after):
            return AskLater(ASK_AGAIN[bisect(PATIENT, since)]) if after is None else AskLater(after, whole_chat=True)
        case never:
            assert_never(never)


def blind_wait(doubts: int) -> timedelta:
    """How long to wait after so many lost answers (1 is the first), where nobody can look."""
    return BLIND_WAITS[min(doubts, len(BLIND_WAITS)) - 1]


def _missing(delivery: Delivery, looks: int, since: timedelta) -> Again | GivenUp | AskLater:
    if looks < LOOKS or since < LONGEST_CALL:
        return AskLater(max(FIRST_LOOK, LONGEST_CALL - since), missing=True)
    if delivery.doubts >= MOST_DOUBTS:
        return GivenUp(f"parti {delivery.doubts} fois, jamais arrivé")
    return Again()


def _blind(delivery: Delivery, since: timedelta) -> Again | GivenUp | AskLater:
    most = ELSEWHERE_TRIES if delivery.chat.kind == "elsewhere" else COPIES
    if delivery.doubts >= most:
        return GivenUp(f"réponse perdue {delivery.doubts} fois : arrivé ou non, nul ne le sait")
    wait = blind_wait(delivery.doubts)
    return Again() if since >= wait else AskLater(wait - since)
