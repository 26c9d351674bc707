"""What readers' votes say of each watchlist, once a week, to those who run Vigie. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from zlib import crc32

from bot import search
from bot.messages import markup, texts
from bot.messages.callback_data import Press, build, token
from bot.model import Button, Message
from matchers.model import Watchlist
from storage.chats.model import VoteTally
from storage.feeds.model import Yield

LISTS, BUTTONS = 10, 9  # watchlists told of, and buttons below
NAME, BUTTON = 50, 30  # code points
ENOUGH = 10  # votes under which a percentage says nothing
SUGGESTED = 3  # noisy articles from which a word is worth excluding
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class Opinion:
    """The votes on a watchlist, its confirmed misses, and the titles voted on, each with whether it was useful."""

    watchlist: Watchlist
    tally: VoteTally
    misses: int
    titles: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A word that would have removed so much noise, and so many useful articles."""

    word: str
    noise: int
    useful: int


def message(
    opinions: Sequence[Opinion],
    week: int,
    fates: Mapping[str, int],
    today: date,
    language: str,
    yields: Sequence[Yield] = (),
    proved: Sequence[str] = (),
) -> Message:
    """Precision and declared recall with their n, the exclusions worth a try, the reviews that are overdue, how many
    sources brought nothing useful, and what is `proved` of recall, a line each."""
    say = partial(texts.text, language)
    lines = [f"📊 {markup.bold(say('quality.title', week=str(week)))}"]
    heard = [each for each in opinions if each.tally.useful + each.tally.noise or each.misses]
    rows: list[tuple[Button, ...]] = []
    for each in heard[:LISTS]:
        lines.append(f"• {markup.escape(_name(each))}{say('text.colon')} {_measured(each, language)}")
        if found := suggestion(each.titles):
            word = markup.escape(found.word)
            lines.append("  " + say("quality.exclude", word=word, noise=found.noise, useful=found.useful))
            rows.append((_attempt(each.watchlist, found.word, language),))
    if (rest := len(heard) - LISTS) > 0:
        lines.append(say("quality.more", n=rest))
    lines.append(say("quality.flatters" if heard else "quality.silent"))
    lines += proved
    if fates:
        told = ", ".join(f"{say(f'fate.short_{fate}')} {n}" for fate, n in sorted(fates.items()))
        lines.append(say("quality.misses", n=sum(fates.values()), fates=told))
    lines += _overdue(opinions, today, language)
    if idle := sum(not each.useful for each in yields):
        lines.append(say("quality.idle", n=idle))
        rows.append((Button(say("button.see"), build(Press("i"))),))
    return Message("\n".join(lines), tuple(rows[-BUTTONS:]), silent=True)


def _name(opinion: Opinion) -> str:
    return markup.cut(opinion.watchlist.name, NAME)


def _overdue(opinions: Sequence[Opinion], today: date, language: str) -> list[str]:
    lines = []
    for each in opinions:
        if (review := each.watchlist.review) is not None and review < today:
            day = f"{texts.day(language, review)} {review.year}"
            lines.append(texts.text(language, "quality.review", name=markup.escape(_name(each)), day=day))
    more = texts.text(language, "quality.more", n=len(lines) - LISTS) if len(lines) > LISTS else ""
    return [*lines[:LISTS], *filter(None, (more,))]


def _attempt(watchlist: Watchlist, word: str, language: str) -> Button:
    """Tries the exclusion: a button has no room for a word, so it carries its mark."""
    label = markup.cut(texts.text(language, "button.try", word=word), BUTTON)
    return Button(label, build(Press("b", token(watchlist.id), str(mark(word)))))


def mark(word: str) -> int:
    """Eight digits at most that stand for a word."""
    return crc32(word.encode()) % 10**8


def word_of(wanted: int, titles: Sequence[tuple[str, bool]]) -> str | None:
    """The word of these titles that has this mark; None where none has."""
    return next((word for title, _ in titles for word in _words(title) if mark(word) == wanted), None)


def _words(title: str) -> list[str]:
    return _WORD.findall(search.plain(title))


def _measured(opinion: Opinion, language: str) -> str:
    useful, votes = opinion.tally.useful, opinion.tally.useful + opinion.tally.noise
    parts = [_ratio("quality.precision", useful, votes, language)]
    if opinion.misses:
        parts.append(_ratio("quality.recall", useful, useful + opinion.misses, language))
    if early := opinion.tally.not_urgent:
        parts.append(texts.text(language, "quality.not_urgent", n=early))
    return " · ".join(parts)


def _ratio(key: str, part: int, whole: int, language: str) -> str:
    """« précision 21/24 (88 %) »; without a percentage under ten."""
    said = texts.text(language, key, part=part, whole=whole)
    return f"{said} ({round(100 * part / whole)}\u00a0%)" if whole >= ENOUGH else said


def suggestion(titles: Sequence[tuple[str, bool]]) -> Exclusion | None:
    """The word that stands in the most noisy titles; of equals the one that costs least, then the first."""
    noise, useful = Counter[str](), Counter[str]()
    for title, good in titles:
        (useful if good else noise).update(set(_words(title)))
    ranked = sorted((-(count - 3 * useful[word]), word) for word, count in noise.items() if count >= SUGGESTED)
    if not ranked or ranked[0][0] >= 0:
        return None
    word = ranked[0][1]
    return Exclusion(word, noise[word], useful[word])
