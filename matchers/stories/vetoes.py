"""Why two articles, however alike, tell two events: other acts, other days, other actors, another step. Pure."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matchers.acts import act_roles
from matchers.acts.act_roles import ActNames
from matchers.stories import steps
from matchers.stories.grouping import MICRO, Background, Candidate, Grouping, Topic
from matchers.stories.topics import DOES

STRANGERS = frozenset({"actors", "series", "roundup"})
"""Vetoes that leave no affair in common."""

_NUMBER = re.compile("[0-9]+")
_BULLETINS = frozenset({"cve", "certfr"})  # one number after another, without any affair in common
_DONE = frozenset({"attack", "leak", "claim", "stop"})
_DECIDED = frozenset({"grant", "reject", "punish", "lose", "choose", "adopt", "buy"})
_UNPLANNED = frozenset(
    {"reject", "sue", "contest", "react", "punish", "strike", "hire", "quit", "buy", "attack", "arrest"}
)
_LABELLED = frozenset({"grant", "lose", "apply", "stage"})
_VOTED = frozenset({"adopt", "reject", "draft", "delay"})
_CHAMBERS = {
    "lower": frozenset({"@assemblee", "assembl", "deput", "deputes"}),
    "upper": frozenset({"@senat", "senateur", "senatric", "senat"}),
    "both": frozenset({"paritair", "cmp"}),
}
_RULED = frozenset({"punish", "clear"})
_SHORT = frozenset({"stop", "strike"})
_ROUTINE = frozenset({"probe"})  # opened on every leak, and told in the same breath
_UNDONE = (
    (frozenset({"adopt"}), frozenset({"delay"})),
    (frozenset({"grant"}), frozenset({"lose"})),
    (frozenset({"attack", "leak", "stop"}), frozenset({"recover"})),
    (frozenset({"attack", "leak", "claim"}), frozenset({"punish"})),
    (frozenset({"hear"}), frozenset({"report"})),
    (frozenset({"probe"}), frozenset({"punish"})),
    (frozenset({"trial"}), frozenset({"punish", "clear"})),
)
"""What begins, and what ends it, holds it up or comes of it."""
_ALIKE = frozenset(
    map(
        frozenset,
        (
            *(("grant", "reject"), ("choose", "move"), ("attack", "lose"), ("sue", "contest"), ("delay", "lose")),
            *(("lose", "move"), ("lose", "reject"), ("move", "reject")),
            *(("quit", "move"), ("quit", "lose"), ("stop", "fire")),
        ),
    )
)


def against(ours: "ComparedText", candidate: Candidate, said: Sequence[str | None], grouping: Grouping) -> str | None:
    """What most members of a story say against it; None where nothing does. `said`: what each does."""
    found = sorted(each for each in said if each is not None)
    if len(found) * 2 > len(candidate.members):
        return found[0]
    step, theirs = ours.topic.step, {each.topic.step for each in candidate.members}
    since = ours.at - candidate.members[0].at
    if grouping.has("veto") and (
        any(two(step, theirs) for two in (_goes_to_court, _is_caught, _is_judged, _is_denied, _is_undone))
        or (since > timedelta(hours=grouping.near_hours) and _is_later_step(step, theirs))
        or _is_answered(ours.topic, candidate, theirs)
    ):
        return "steps"
    return None


@dataclass(frozen=True, slots=True, eq=False)
class ComparedText:
    """One of two texts that are held against each other: what each comparison would work out again.

    `plain`: the title, each number of it as one mark · `grounds`: the acts on which it founds · `days`: those that may
    be the event's · `actors`, `named`, `said`: of its topic.
    """

    topic: Topic
    at: datetime
    host: str
    title: str
    plain: str
    grounds: frozenset[str]
    days: frozenset[date]
    actors: frozenset[str]
    named: frozenset[str]
    said: frozenset[str]


def compared(topic: Topic, at: datetime, host: str, title: str) -> ComparedText:
    plain, days = _NUMBER.sub("#", title), frozenset(_founding(topic.dates, at))
    names = (frozenset(each) for each in (topic.actors, topic.named, topic.said))
    return ComparedText(topic, at, host, title, plain, founding(topic, at), days, *names)


def veto(ours: ComparedText, theirs: ComparedText, common: frozenset[str], grouping: Grouping) -> str | None:
    """Why these two articles, however alike, tell two events; None where nothing says so."""
    if not grouping.has("veto"):
        return None
    if theirs.topic.roundup:
        return "roundup"
    kinds = _other_grounds(ours.grounds, theirs.grounds)
    if not kinds <= _BULLETINS:  # a call and its award bear one title on one site
        return "acts"
    if kinds or _is_series(ours, theirs):
        return "series"
    if _other_days(ours.days, theirs.days):
        return "dates"
    if _other_actors(ours, theirs, common):
        return "actors"
    return _other_deed(ours, theirs, grouping)


def _other_deed(ours: ComparedText, theirs: ComparedText, grouping: Grouping) -> str | None:
    """The same people do something else, or once more."""
    if _is_other_label(ours.topic, theirs.topic):
        return "labels"
    if _is_again(ours, theirs, ours.at - theirs.at, grouping):
        return "again"
    apart = abs(ours.at - theirs.at) > timedelta(hours=grouping.near_hours)
    other = apart and is_other_step(ours.topic.step, theirs.topic.step)
    return "steps" if other or _is_other_chamber(ours.topic, theirs.topic) else None


def _is_series(one: ComparedText, other: ComparedText) -> bool:
    """Two numbers of one bulletin: the titles differ in figures only; or not at all, on one host."""
    if one.title == other.title:
        return bool(one.host and one.title) and one.host == other.host
    return one.plain == other.plain and "#" in one.plain


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
    return _other_grounds(founding(ours, at), founding(theirs, then))


def _other_grounds(mine: Set[str], yours: Set[str]) -> set[str]:
    if not (mine and yours) or mine & yours:
        return set()
    return {act.partition(":")[0] for act in mine} & {act.partition(":")[0] for act in yours}


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


def _other_days(ours: Set[date], theirs: Set[date]) -> bool:
    return bool(ours and theirs) and min(abs(one - two) for one in ours for two in theirs) > timedelta(days=1)


def _other_actors(ours: ComparedText, theirs: ComparedText, common: frozenset[str]) -> bool:
    """Do they tell of somebody else? Who stands in title and lead is whom an article is about."""
    mine, yours = ours.actors - common, theirs.actors - common
    if not (mine and yours):
        return False
    heart, other_heart = mine & ours.named, yours & theirs.named
    if heart and other_heart:
        return not heart & other_heart and not (heart & theirs.said and other_heart & ours.said)
    return not _plain(mine) & theirs.said and not _plain(yours) & ours.said


def _plain(names: Set[str]) -> set[str]:
    return {name.removesuffix(DOES) for name in names}


def is_other_step(ours: str, theirs: str) -> bool:
    if "plan" in (ours, theirs):
        return bool({ours, theirs} & _UNPLANNED)
    return bool(ours and theirs) and ours != theirs and frozenset({ours, theirs}) not in _ALIKE


def _is_later_step(ours: str, theirs: Set[str]) -> bool:
    """A story that is retold until the evening is no younger by it: is this another step than all that it tells?"""
    told = theirs - {""}
    return ours not in _ROUTINE and bool(told) and all(is_other_step(ours, each) for each in told)


def is_newly_hit(topic: Topic, candidate: Candidate) -> bool:
    """Is this a customer whom nothing named yet, hit by what befell a provider of whom the story tells?"""
    hit = set(topic.hit)
    if not hit or not any(each.topic.step in _DONE for each in candidate.members):
        return False
    through = set(topic.names).intersection(topic.title) - hit
    titles = (each.topic.title for each in candidate.members)
    known = any(not through.isdisjoint(title) for title in titles)
    return known and all(hit.isdisjoint((*each.topic.title, *each.topic.lead)) for each in candidate.members)


def _goes_to_court(ours: str, theirs: Set[str]) -> bool:
    """A decision, and an action in court against it, are two events the same day too: does one side tell the first
    only, and the other the second?"""
    if ours == "sue":
        return bool(theirs & _DECIDED) and ours not in theirs
    return ours in _DECIDED and "sue" in theirs and not theirs & _DECIDED


def _is_caught(ours: str, theirs: Set[str]) -> bool:
    """An attack or a leak, and the arrest of who is suspected of it, are two the same day too."""
    if ours == "arrest":
        return bool(theirs & _DONE) and ours not in theirs
    return ours in _DONE and "arrest" in theirs and not theirs & _DONE


def _is_judged(ours: str, theirs: Set[str]) -> bool:
    """What a prosecutor asks for, and what the court rules."""
    if ours == "plead":
        return bool(theirs & _RULED) and ours not in theirs
    return ours in _RULED and "plead" in theirs and not theirs & _RULED


def _is_denied(ours: str, theirs: Set[str]) -> bool:
    """What is told of somebody, and that he denies it."""
    if ours == "deny":
        return bool(theirs - {""}) and ours not in theirs
    return bool(ours) and theirs == {"deny"}


def _is_undone(ours: str, theirs: Set[str]) -> bool:
    """What begins, and what ends or holds it up, are two events the same day too: does one side tell only the first,
    and the other only the second?"""
    return any(
        (ours in begun and bool(theirs & ended) and not theirs & begun)
        or (ours in ended and bool(theirs & begun) and not theirs & ended)
        for begun, ended in _UNDONE
    )


def _is_answered(topic: Topic, candidate: Candidate, theirs: Set[str]) -> bool:
    """What is decided or done, and what somebody else says of it: a title that names whom no member does."""
    if topic.step != "react" or topic.step in theirs or theirs == {""}:
        return False
    known = {term for each in candidate.members for term in (*each.topic.title, *each.topic.lead)}
    return not known.issuperset(set(topic.names).intersection(topic.title))


def _is_other_label(one: Topic, other: Topic) -> bool:
    """One firm gets, or loses, two labels: do the titles name others?"""
    labelled = {one.step, other.step} <= _LABELLED and bool(one.labels and other.labels)
    return labelled and set(one.labels).isdisjoint(other.labels)


def _is_other_chamber(one: Topic, other: Topic) -> bool:
    """A bill goes from one chamber to the other: do the titles name two?"""
    if not {one.step, other.step} <= _VOTED:
        return False
    mine, yours = _chambers(one), _chambers(other)
    return bool(mine and yours) and mine.isdisjoint(yours)


def _chambers(topic: Topic) -> set[str]:
    return {chamber for chamber, terms in _CHAMBERS.items() if not terms.isdisjoint(topic.title)}


def _is_again(ours: ComparedText, theirs: ComparedText, apart: timedelta, grouping: Grouping) -> bool:
    """Does the later one tell that it happens once more, or of what does not last so long?"""
    if abs(apart) > timedelta(days=grouping.once_days) and ours.topic.step == theirs.topic.step in _SHORT:
        return True
    later, earlier = (ours, theirs) if apart > timedelta(0) else (theirs, ours)
    return (
        abs(apart) > timedelta(hours=grouping.near_hours)
        and _says_again(later.topic)
        and not _says_again(earlier.topic)
    )


def _says_again(topic: Topic) -> bool:
    return steps.AGAIN in topic.title or steps.AGAIN in topic.lead


def everybody(
    topic: Topic, candidates: Sequence[Candidate], background: Background, grouping: Grouping
) -> frozenset[str]:
    """The actors whom everybody names here: they say what the matter is, not who acts."""
    if not topic.actors:  # nobody acts who could be another
        return frozenset()
    names = set(topic.actors).union(*[member.topic.actors for each in candidates for member in each.members])
    floor = background.total * grouping.common // MICRO
    return frozenset([name for name in names if name.startswith("^") and background.is_ordinary(name[1:], floor)])
