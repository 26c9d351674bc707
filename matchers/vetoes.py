"""Why two articles, however alike, tell two events: other acts, other days, other actors, another step. Pure."""

import re
from collections.abc import Iterable, Sequence, Set
from datetime import date, datetime, timedelta

from matchers import act_roles
from matchers.act_roles import ActNames
from matchers.grouping import MICRO, Background, Candidate, Grouping, Member, Topic, Traits
from matchers.topics import DOES

STRANGERS = frozenset({"actors", "series", "roundup"})
"""Vetoes that leave no affair in common."""

_BULLETINS = frozenset({"cve", "certfr"})  # one number after another, without any affair in common
_DECIDED = frozenset({"grant", "reject", "punish"})
_ALIKE = frozenset(
    map(
        frozenset,
        (
            *(("grant", "reject"), ("choose", "move"), ("attack", "lose"), ("sue", "contest"), ("delay", "lose")),
            *(("lose", "move"), ("lose", "reject"), ("move", "reject")),
        ),
    )
)


def against(topic: Topic, candidate: Candidate, said: Sequence[str | None], grouping: Grouping) -> str | None:
    """What most members of a story say against it; None where nothing does. `said`: what each does."""
    found = sorted(each for each in said if each is not None)
    if len(found) * 2 > len(candidate.members):
        return found[0]
    if grouping.has("veto") and _goes_to_court(topic.step, {each.topic.step for each in candidate.members}):
        return "steps"
    return None


def veto(traits: Traits, at: datetime, member: Member, common: frozenset[str], grouping: Grouping) -> str | None:
    """Why these two articles, however alike, tell two events; None where nothing says so."""
    ours, theirs = traits.topic, member.topic
    if not grouping.has("veto"):
        return None
    if theirs.roundup:
        return "roundup"
    kinds = other_acts(ours, at, theirs, member.at)
    if not kinds <= _BULLETINS:  # a call and its award bear one title on one site
        return "acts"
    if kinds or _series(traits.text.title, member.title, same_host=bool(traits.host) and traits.host == member.host):
        return "series"
    if _other_days(_founding(ours.dates, at), _founding(theirs.dates, member.at)):
        return "dates"
    if _other_actors(ours, theirs, common):
        return "actors"
    apart = abs(at - member.at) > timedelta(days=grouping.near_days)
    if apart and is_other_step(ours.step, theirs.step):
        return "steps"
    return None


def _series(one: str, other: str, *, same_host: bool) -> bool:
    """Two numbers of one bulletin: the titles differ in figures only; or not at all, on one host."""
    if one == other:
        return same_host and bool(one)
    plain = [re.sub(r"[0-9]+", "#", title) for title in (one, other)]
    return plain[0] == plain[1] and "#" in plain[0]


def founding(topic: Topic, at: datetime) -> frozenset[str]:
    """The acts on which a text founds, which it does not only cite."""
    told = ActNames(topic.acts, topic.cited, topic.own)
    return act_roles.founding(told, at.year if at.year > _UNDATED else _UNDATED * 2)


_UNDATED = 1990  # a line without a date is of 1970: every law of its lead is one that everybody cites


def numbered(acts: Iterable[str]) -> frozenset[str]:
    """Those that are numbers of a bulletin, not acts."""
    return frozenset(act for act in acts if act.partition(":")[0] in _BULLETINS)


def is_of(act: Topic, other: Topic) -> bool:
    """Is the first text an act that the other one is too, or names in title or lead?"""
    sure = {name for name in act.own if "@" not in name}
    return bool(sure.intersection(other.own or (*other.acts, *other.cited)))


def other_acts(ours: Topic, at: datetime, theirs: Topic, then: datetime) -> set[str]:
    """The kinds of acts on which both found, where none is the same."""
    mine, yours = founding(ours, at), founding(theirs, then)
    kinds = {act.partition(":")[0] for act in mine} & {act.partition(":")[0] for act in yours}
    return set() if mine & yours else kinds


def _founding(written: Iterable[tuple[int, int, int]], at: datetime) -> set[date]:
    """The days that may be the event's: shortly before the article."""
    days = set()
    for year, month, day in written:
        try:
            found = date(year or at.year, month, day)
        except ValueError:
            continue
        if timedelta(0) <= at.date() - found <= timedelta(days=10):
            days.add(found)
    return days


def _other_days(ours: set[date], theirs: set[date]) -> bool:
    return bool(ours and theirs) and min(abs(one - two) for one in ours for two in theirs) > timedelta(days=1)


def _other_actors(ours: Topic, theirs: Topic, common: frozenset[str]) -> bool:
    """Do they tell of somebody else? Who stands in title and lead is whom an article is about."""
    mine, yours = set(ours.actors) - common, set(theirs.actors) - common
    heart, other_heart = mine & set(ours.named), yours & set(theirs.named)
    if heart and other_heart:
        return not heart & other_heart and not (heart & set(theirs.said) and other_heart & set(ours.said))
    return bool(mine and yours) and not _plain(mine) & set(theirs.said) and not _plain(yours) & set(ours.said)


def _plain(names: Set[str]) -> set[str]:
    return {name.removesuffix(DOES) for name in names}


def is_other_step(ours: str, theirs: str) -> bool:
    return bool(ours and theirs) and ours != theirs and frozenset({ours, theirs}) not in _ALIKE


def _goes_to_court(ours: str, theirs: Set[str]) -> bool:
    """A decision, and an action in court against it, are two events the same day too: does one side tell the first
    only, and the other the second?"""
    if ours == "sue":
        return bool(theirs & _DECIDED) and ours not in theirs
    return ours in _DECIDED and "sue" in theirs and not theirs & _DECIDED


def everybody(
    topic: Topic, candidates: Sequence[Candidate], background: Background, grouping: Grouping
) -> frozenset[str]:
    """The names that everybody names here: they say what the matter is, not who acts."""
    topics = [topic, *(member.topic for each in candidates for member in each.members)]
    names = {name for each in topics for name in (*each.actors, *each.named)}
    floor = background.total * grouping.common // MICRO
    return frozenset(name for name in names if name.startswith("^") and background.is_ordinary(name[1:], floor))
