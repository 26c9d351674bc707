"""What the operators are told of Vigie itself. Pure."""

from typing import assert_never

from bot.conversation import texts
from bot.digest import markup
from bot.model import Message
from bot.reload import Diff, Rejected, Reloaded, Verdict

NAMES_SHOWN = 12
PROBLEMS_SHOWN = 8
PROBLEM = 300  # code points


def reloaded(verdict: Verdict, language: str) -> Message:
    """What a reload led to: what differs, or every reason why it was refused."""
    match verdict:
        case Rejected(problems):
            lines = [f"• {markup.escape(markup.cut(str(problem), PROBLEM))}" for problem in problems[:PROBLEMS_SHOWN]]
            if (rest := len(problems) - PROBLEMS_SHOWN) > 0:
                lines.append(texts.text(language, "reload.more", n=rest))
            return Message("\n".join((texts.text(language, "reload.refused"), *lines)))
        case Reloaded():
            return Message("\n".join(_applied(verdict, language)))
        case _:
            assert_never(verdict)


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
    return [*lines, total]


def _listed(diff: Diff) -> str:
    """« +cnil, −ue, hds »: came, went, changed."""
    names = [f"+{name}" for name in diff.added] + [f"−{name}" for name in diff.removed] + list(diff.changed)
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown}, … ({len(names)})" if len(names) > NAMES_SHOWN else shown
