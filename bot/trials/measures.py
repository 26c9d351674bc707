"""What watchlists are worth on labelled articles: counts, shares with their intervals, and errors. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from bot.trials.labels import Labelled
from matchers.model import Match

Z = 1.959964  # the normal deviate that leaves 2.5 % on each side

ErrorKind = Literal["false", "missed", "unjustified", "silent", "mention", "subject"]
"""kept for nothing · not kept · rang for nothing · did not ring · a mention said subject · a subject said mention"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled article and what the watchlists made of it."""

    labelled: Labelled
    matches: tuple[Match, ...]

    @property
    def is_wanted(self) -> bool:
        return self.labelled.label.label > 0

    @property
    def is_kept(self) -> bool:
        return bool(self.matches)

    @property
    def rings(self) -> bool:
        return any(match.rings for match in self.matches)

    @property
    def is_subject(self) -> bool:
        """Is it said to be about it, and not to name it in passing?"""
        return any(match.subject for match in self.matches)

    @property
    def is_about(self) -> bool:
        """Is it?"""
        return self.is_wanted and not self.labelled.label.mention


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 19 times in 20: the score interval of E. B. Wilson, Journal of the American
        Statistical Association 22 (1927), which holds for small counts and at 0 and 1. (0, 1) of nothing."""
        if not self.whole:
            return 0.0, 1.0
        share, spread = self.part / self.whole, Z * Z / self.whole
        middle = share + spread / 2
        half = Z * sqrt((share * (1 - share) + spread / 4) / self.whole)
        low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
        return (low if self.part else 0.0), (high if self.part < self.whole else 1.0)


@dataclass(frozen=True, slots=True)
class Scores:
    """The shares asked for. `false_alerts`: kept, of what is to be left alone; the others say it in their name."""

    precision: Share
    recall: Share
    core_recall: Share
    false_alerts: Share
    flashes_justified: Share
    events_rung: Share
    subject_precision: Share
    subject_recall: Share


@dataclass(frozen=True, slots=True)
class Mistake:
    """An article judged otherwise than its label says; `watchlists` are those that kept it, or should have."""

    kind: ErrorKind
    outcome: Outcome
    watchlists: tuple[str, ...]


def figures(outcomes: Sequence[Outcome]) -> Scores:
    """All of them."""
    wanted = [each for each in outcomes if each.is_wanted]
    kept = [each for each in outcomes if each.is_kept]
    about = [each for each in kept if each.is_about]
    return Scores(
        precision=_share(kept, lambda each: each.is_wanted),
        recall=_share(wanted, lambda each: each.is_kept),
        core_recall=_share([each for each in wanted if each.labelled.label.label == 2], lambda each: each.is_kept),
        false_alerts=_share([each for each in outcomes if not each.is_wanted], lambda each: each.is_kept),
        flashes_justified=_share([each for each in kept if each.rings], lambda each: each.labelled.label.flash),
        events_rung=_events_rung(outcomes),
        subject_precision=_share([each for each in kept if each.is_subject], lambda each: each.is_about),
        subject_recall=_share(about, lambda each: each.is_subject),
    )


def _share(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> Share:
    return Share(sum(map(holds, outcomes)), len(outcomes))


def _events_rung(outcomes: Iterable[Outcome]) -> Share:
    """An event rang if one of its articles that are worth a flash did."""
    rung: dict[str, bool] = {}
    for each in outcomes:
        if each.labelled.label.flash:
            event = each.labelled.label.event or f"#{each.labelled.id}"
            rung[event] = rung.get(event, False) or each.rings
    return Share(sum(rung.values()), len(rung))


def by_group(outcomes: Iterable[Outcome]) -> Mapping[str, Sequence[Outcome]]:
    """The outcomes of each group, the most numerous first; those of none under ""."""
    found: dict[str, list[Outcome]] = {}
    for each in outcomes:
        found.setdefault(each.labelled.group, []).append(each)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def by_watchlist(outcomes: Sequence[Outcome], names: Iterable[str]) -> Mapping[str, tuple[Share, Share]]:
    """Precision and recall of each: what it keeps is right if the article is wanted by any; what it should keep are
    the articles that name it."""
    found = {}
    for name in sorted(names):
        kept = [each for each in outcomes if any(match.watchlist == name for match in each.matches)]
        named = [each for each in outcomes if each.is_wanted and name in each.labelled.label.lists]
        recall = Share(sum(each in kept for each in named), len(named))
        found[name] = (_share(kept, lambda each: each.is_wanted), recall)
    return found


def mistakes(outcomes: Iterable[Outcome]) -> tuple[Mistake, ...]:
    """Every one, those of each kind together."""
    found = [mistake for each in outcomes for mistake in _mistakes(each)]
    order = ("missed", "false", "silent", "unjustified", "subject", "mention")
    return tuple(sorted(found, key=lambda mistake: order.index(mistake.kind)))


def _mistakes(each: Outcome) -> Iterable[Mistake]:
    label, keeping = each.labelled.label, tuple(match.watchlist for match in each.matches)
    if each.is_wanted and not each.is_kept:
        yield Mistake("missed", each, label.lists)
    elif each.is_kept and not each.is_wanted:
        yield Mistake("false", each, keeping)
    if label.flash and each.is_kept and not each.rings:
        yield Mistake("silent", each, keeping)
    if each.rings and not label.flash:
        yield Mistake("unjustified", each, tuple(match.watchlist for match in each.matches if match.rings))
    if each.is_kept and each.is_wanted and each.is_about != each.is_subject:
        yield Mistake("subject" if each.is_about else "mention", each, keeping)
