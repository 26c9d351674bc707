"""What a trial of the files, of a term or of an exclusion led to. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.conversation.model import View
from bot.digest import render
from bot.messages import markup, texts
from bot.model import Message
from bot.operators.reloads import PROBLEM, PROBLEMS_SHOWN, problem_lines
from bot.trials.findings import Misread, Trial, Tried, Weighed
from matchers.model import Difference

LISTS_TRIED, TITLES_TRIED = 20, 5
TRIED_NAME, TRIED_TITLE, TRIAL_ROOM = 48, 100, 2_400  # code points


def tried(found: Tried, language: str) -> Message:
    """What the files on disk would have kept and dropped of the last days, list by list, with examples of each."""
    if not isinstance(found, Trial):
        return Message("\n".join((texts.text(language, "trial.refused"), *problem_lines(found, language))))
    blocks = [_tried_list(name, changes) for name, changes in found.changes.items()]
    lines = [texts.text(language, "trial.read", n=found.read, days=found.days), *_span(found, language)]
    room = accumulate(sum(map(len, block)) for block in blocks)
    fits = [used <= TRIAL_ROOM for used in room]  # beyond, a list is its counts alone
    for block, whole in zip(blocks[:LISTS_TRIED], fits, strict=False):
        lines += ["", *block] if whole else block[:1]
    if (rest := len(blocks) - LISTS_TRIED) > 0:
        lines.append(texts.text(language, "trial.more", n=rest))
    lines += ["", texts.text(language, "trial.next" if blocks else "trial.same")]
    return Message("\n".join(lines))


def tried_without(found: Trial | None, name: str, word: str, language: str) -> Message:
    """What a watchlist in force would lose by one more exclusion."""
    if found is None:
        return Message(texts.text(language, "trial.gone"))
    values: dict[str, str | int] = {"name": markup.escape(name), "word": markup.escape(word), "days": found.days}
    lines = [texts.text(language, "trial.without", n=found.read, **values), *_span(found, language)]
    for watchlist, changes in found.changes.items():
        lines += ["", *_tried_list(watchlist, changes)]
    lines += ["", texts.text(language, "trial.to_write" if found.changes else "trial.same", word=markup.escape(word))]
    return Message("\n".join(lines))


def weighed(found: Weighed | Misread, view: View, now: datetime) -> Message:
    """How often a term is found, in how many articles of which time, and the newest of them."""
    say = view.say
    term = markup.bold(markup.cut(found.term, TRIED_TITLE))
    if isinstance(found, Misread):
        reasons = [f"• {markup.escape(markup.cut(reason, PROBLEM))}" for reason in found.reasons[:PROBLEMS_SHOWN]]
        return Message("\n".join((say("trial.misread", term=term), *reasons)))
    if found.oldest is None:
        return Message(say("search.empty"))
    zone = view.chat.timezone if view.chat else "Europe/Paris"
    first, last = (texts.day(view.language, when.astimezone(ZoneInfo(zone)).date()) for when in (found.oldest, now))
    rate = texts.decimal(view.language, found.rate)
    lines = [
        say("trial.term", term=term, n=found.hits, rate=rate),
        say("trial.among", n=found.read, first=first, last=last),
    ]
    if found.kept > found.read:
        lines.append(say("trial.newest", n=found.kept, days=found.days))
    if found.purged:
        lines.append(say("trial.purged", n=found.purged))
    for each in found.examples:
        when = texts.moment(view.language, each.published or each.first_seen, zone)
        source = markup.escape(markup.cut(each.source_name, TRIED_NAME))
        lines.append(f"• {render.title(each, view.language)} — {source}, {when}")
    return Message("\n".join(lines))


def progress(done: int, size: int, language: str) -> Message:
    """How far a trial is."""
    return Message("⏳ " + texts.text(language, "trial.progress", done=done, n=size))


def _span(found: Trial, language: str) -> list[str]:
    """Where the archive is shorter than what was asked for."""
    if found.oldest is None:
        return []
    day = texts.day(language, found.oldest.astimezone(ZoneInfo("Europe/Paris")).date())
    return [texts.text(language, "trial.short", day=day)]


def _tried_list(name: str, changes: Sequence[Difference]) -> list[str]:
    """« hds : +12 −3 », then some of the titles."""
    gained = [change for change in changes if change.gained]
    lost = [change for change in changes if not change.gained]
    examples = [
        f"{sign} {markup.escape(markup.cut(change.title, TRIED_TITLE) or change.article)}"
        for sign, side in (("+", gained), ("−", lost))
        for change in side[:TITLES_TRIED]
    ]
    return [f"{markup.bold(markup.cut(name, TRIED_NAME))}  +{len(gained)} −{len(lost)}", *examples]
