"""What readers' votes say of each watchlist, once a week, to those who run Vigie. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot import search
from bot.conversation import texts
from bot.digest import markup
from bot.model import Message
from matchers.model import Watchlist
from storage.model import Tally

ENOUGH = 10  # votes under which a percentage says nothing
SUGGESTED = 3  # noisy articles from which a word is worth excluding
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class Opinion:
    """The votes on a watchlist, its confirmed misses, and the titles voted on, each with whether it was useful."""

    watchlist: Watchlist
    tally: Tally
    misses: int
    titles: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A word that would have removed so much noise, and so many useful articles."""

    word: str
    noise: int
    useful: int


def message(opinions: Sequence[Opinion], week: int, fates: Mapping[str, int], today: date, language: str) -> Message:
    """Precision and declared recall with their n, the exclusions worth a try, the reviews that are overdue."""
    say = partial(texts.text, language)
    lines = [f"📊 {markup.bold(say('quality.title', week=str(week)))}"]
    heard = [each for each in opinions if each.tally.useful + each.tally.noise or each.misses]
    for each in heard:
        lines.append(f"• {markup.escape(each.watchlist.name)} : {_measured(each, language)}")
        if found := suggestion(each.titles):
            word = markup.escape(found.word)
            lines.append("  " + say("quality.exclude", word=word, noise=found.noise, useful=found.useful))
    if not heard:
        lines.append(say("quality.silent"))
    else:
        lines.append(say("quality.flatters"))
    if fates:
        told = ", ".join(f"{say(f'fate.short_{fate}')} {n}" for fate, n in sorted(fates.items()))
        lines.append(say("quality.misses", n=sum(fates.values()), fates=told))
    for each in opinions:
        if each.watchlist.review is not None and each.watchlist.review < today:
            day = f"{texts.day(language, each.watchlist.review)} {each.watchlist.review.year}"
            lines.append(say("quality.review", name=markup.escape(each.watchlist.name), day=day))
    return Message("\n".join(lines), silent=True)


def _measured(opinion: Opinion, language: str) -> str:
    useful, votes = opinion.tally.useful, opinion.tally.useful + opinion.tally.noise
    parts = [_ratio("quality.precision", useful, votes, language)]
    if opinion.misses:
        parts.append(_ratio("quality.recall", useful, useful + opinion.misses, language))
    return " · ".join(parts)


def _ratio(key: str, part: int, whole: int, language: str) -> str:
    """« précision 21/24 (88 %) »; without a percentage under ten."""
    said = texts.text(language, key, part=part, whole=whole)
    return f"{said} ({round(100 * part / whole)}\u00a0%)" if whole >= ENOUGH else said


def suggestion(titles: Sequence[tuple[str, bool]]) -> Exclusion | None:
    """The word that stands in the most noisy titles; of equals the one that costs least, then the first."""
    noise, useful = Counter[str](), Counter[str]()
    for title, good in titles:
        (useful if good else noise).update(set(_WORD.findall(search.plain(title))))
    ranked = sorted((-(count - 3 * useful[word]), word) for word, count in noise.items() if count >= SUGGESTED)
    if not ranked or ranked[0][0] >= 0:
        return None
    word = ranked[0][1]
    return Exclusion(word, noise[word], useful[word])
