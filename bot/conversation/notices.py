"""What a reload or a trial of the files led to. Pure."""

from collections.abc import Sequence
from itertools import accumulate
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.config.yamlfile import ConfigProblem
from bot.conversation import texts
from bot.daemon.reload import Diff, Rejected, Reloaded, Verdict
from bot.digest import markup
from bot.model import Message
from bot.tools.backtest import Trial
from matchers.backtest import Change

NAMES_SHOWN = 12
PROBLEMS_SHOWN = 8
PROBLEM = 300  # code points
LISTS_TRIED, TITLES_TRIED = 20, 5
TRIED_NAME, TRIED_TITLE, TRIAL_ROOM = 48, 100, 2_400  # code points


def reloaded(verdict: Verdict, language: str) -> Message:
    """What a reload led to: what differs, or every reason why it was refused."""
    match verdict:
        case Rejected(problems):
            return Message("\n".join((texts.text(language, "reload.refused"), *_problems(problems, language))))
        case Reloaded():
            return Message("\n".join(_applied(verdict, language)))
        case _:
            assert_never(verdict)


def problems(refused: Rejected) -> str:
    """Why a reload was refused, a line each, as the journal keeps it."""
    lines = [f"• {markup.cut(str(problem), PROBLEM)}" for problem in refused.problems[:PROBLEMS_SHOWN]]
    rest = len(refused.problems) - PROBLEMS_SHOWN
    return "\n".join((*lines, f"• … (+{rest})") if rest > 0 else lines)


def _problems(problems: Sequence[ConfigProblem], language: str) -> list[str]:
    lines = [f"• {markup.escape(markup.cut(str(problem), PROBLEM))}" for problem in problems[:PROBLEMS_SHOWN]]
    if (rest := len(problems) - PROBLEMS_SHOWN) > 0:
        lines.append(texts.text(language, "reload.more", n=rest))
    return lines


def _applied(done: Reloaded, language: str) -> list[str]:
    held = done.after.rules
    count = {"examples": held.examples, "feeds": sum(feed.enabled for feed in done.after.feeds)}
    total = texts.text(language, "reload.total", watchlists=len(done.after.engine.watchlists), **count)
    if not (done.watchlists or done.feeds):
        return [texts.text(language, "reload.same"), total]
    lines = [texts.text(language, "reload.done")]
    for key, diff in (("reload.watchlists", done.watchlists), ("reload.feeds", done.feeds)):
        if diff:
            lines.append(texts.text(language, key, names=markup.escape(_listed(diff))))
    if (weighed := done.effect) is not None:
        numbers = {"gained": weighed.gained, "lost": weighed.lost, "days": weighed.days}
        lines.append(texts.text(language, "reload.effect", n=weighed.read, **numbers))
    return [*lines, total]


def _listed(diff: Diff) -> str:
    """« +cnil, −ue, hds »: came, went, changed."""
    names = [f"+{name}" for name in diff.added] + [f"−{name}" for name in diff.removed] + list(diff.changed)
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown}, … ({len(names)})" if len(names) > NAMES_SHOWN else shown


# --- a trial -------------------------------------------------------------------------------------------------------
Tried = Trial | tuple[ConfigProblem, ...]
"""What a trial led to: the problems where the files are refused."""


def tried(found: Tried, language: str) -> Message:
    """What the files on disk would have kept and dropped of the last days, list by list, with examples of each."""
    if not isinstance(found, Trial):
        return Message("\n".join((texts.text(language, "trial.refused"), *_problems(found, language))))
    lines = [texts.text(language, "trial.read", n=found.read, days=found.days)]
    if found.oldest is not None:
        day = texts.day(language, found.oldest.astimezone(ZoneInfo("Europe/Paris")).date())
        lines.append(texts.text(language, "trial.short", day=day))
    blocks = [_tried_list(name, changes) for name, changes in found.changes.items()]
    room = accumulate(sum(map(len, block)) for block in blocks)
    fits = [used <= TRIAL_ROOM for used in room]  # beyond, a list is its counts alone
    for block, whole in zip(blocks[:LISTS_TRIED], fits, strict=False):
        lines += ["", *block] if whole else block[:1]
    if (rest := len(blocks) - LISTS_TRIED) > 0:
        lines.append(texts.text(language, "trial.more", n=rest))
    lines += ["", texts.text(language, "trial.next" if blocks else "trial.same")]
    return Message("\n".join(lines))


def _tried_list(name: str, changes: Sequence[Change]) -> list[str]:
    """« hds : +12 −3 », then some of the titles."""
    gained = [change for change in changes if change.gained]
    lost = [change for change in changes if not change.gained]
    examples = [
        f"{sign} {markup.escape(markup.cut(change.title, TRIED_TITLE) or change.article)}"
        for sign, side in (("+", gained), ("−", lost))
        for change in side[:TITLES_TRIED]
    ]
    return [f"{markup.bold(markup.cut(name, TRIED_NAME))}  +{len(gained)} −{len(lost)}", *examples]
