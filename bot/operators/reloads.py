"""What a reload of the configuration led to, told to those who run Vigie. Pure."""

from collections.abc import Sequence
from typing import assert_never

from bot.config.yamlfile import ConfigProblem
from bot.daemon.reloaded import Diff, Rejected, Reloaded, ReloadOutcome
from bot.messages import markup, texts
from bot.model import Message

NAMES_SHOWN = 12
PROBLEMS_SHOWN = 8
PROBLEM = 300  # code points


def reloaded(verdict: ReloadOutcome, language: str) -> Message:
    """What a reload led to: what differs, or every reason why it was refused."""
    match verdict:
        case Rejected(problems):
            return Message("\n".join((texts.text(language, "reload.refused"), *problem_lines(problems, language))))
        case Reloaded():
            return Message("\n".join(_applied(verdict, language)))
        case _:
            assert_never(verdict)


def problems(refused: Rejected) -> str:
    """Why a reload was refused, a line each, as the journal keeps it."""
    lines = [f"• {markup.cut(str(problem), PROBLEM)}" for problem in refused.problems[:PROBLEMS_SHOWN]]
    rest = len(refused.problems) - PROBLEMS_SHOWN
    return "\n".join((*lines, f"• … (+{rest})") if rest > 0 else lines)


def problem_lines(problems: Sequence[ConfigProblem], language: str) -> list[str]:
    """Why files were refused, a line each; the first ones, and how many more."""
    lines = [f"• {markup.escape(markup.cut(str(problem), PROBLEM))}" for problem in problems[:PROBLEMS_SHOWN]]
    if (rest := len(problems) - PROBLEMS_SHOWN) > 0:
        lines.append(texts.text(language, "reload.more", n=rest))
    return lines


def _applied(done: Reloaded, language: str) -> list[str]:
    held = done.after.rules
    feeds = sum(feed.enabled for feed in done.after.feeds)
    said = {
        "watchlists": texts.text(language, "reload.count_watchlists", n=len(done.after.engine.watchlists)),
        "feeds": texts.text(language, "reload.count_feeds", n=feeds),
    }
    total = texts.text(language, "reload.total", examples=held.examples, **said)
    if not done.differs:
        return [texts.text(language, "reload.same"), total]
    lines = [texts.text(language, "reload.done")]
    changed = {"watchlists": done.watchlists, "feeds": done.feeds, "places": done.places}
    for key, diff in changed.items():
        if diff:
            lines.append(texts.text(language, f"reload.{key}", names=markup.escape(_listed(diff))))
    if (weighed := done.effect) is not None:
        numbers = {"gained": weighed.gained, "lost": weighed.lost, "days": weighed.days}
        lines.append(texts.text(language, "reload.effect", n=weighed.read, **numbers))
    return [*lines, total]


def _listed(diff: Diff) -> str:
    """« +cnil, −ue, hds »: came, went, changed."""
    names = [f"+{name}" for name in diff.added] + [f"−{name}" for name in diff.removed] + list(diff.changed)
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown}, … ({len(names)})" if len(names) > NAMES_SHOWN else shown
