"""What a change of the configuration led to, as values: what is in force now beside what was, or why nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.config.configuration import Configuration
from bot.config.yamlfile import ConfigProblem
from bot.trials.findings import Effect


@dataclass(frozen=True, slots=True)
class Diff:
    """Names that came, went, or stayed and changed."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What is in force now, beside what was. Nothing at all may differ. `places` are those of destinations.yaml.

    `effect`: what it would have changed of the past; None where that is nothing, or could not be told.
    """

    before: Configuration
    after: Configuration
    feeds: Diff
    watchlists: Diff
    places: Diff = Diff()
    effect: Effect | None = None

    @property
    def differs(self) -> bool:
        return bool(self.feeds or self.watchlists or self.places)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Everything stays as it was. `problems` are the errors, each with its file and line."""

    problems: tuple[ConfigProblem, ...]


ReloadOutcome = Reloaded | Rejected


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> Diff:
    """By name, in alphabetical order."""
    return Diff(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(name for name in after.keys() & before.keys() if after[name] != before[name])),
    )


def compared(before: Configuration, after: Configuration) -> Reloaded:
    """The two side by side. A watchlist is another one if its version, i.e. what decides, is another, or its card."""
    return Reloaded(
        before,
        after,
        feeds=difference({feed.id: feed for feed in before.feeds}, {feed.id: feed for feed in after.feeds}),
        watchlists=difference(before.engine.watchlists, after.engine.watchlists),
        places=difference({each.name: each for each in before.places}, {each.name: each for each in after.places}),
    )
