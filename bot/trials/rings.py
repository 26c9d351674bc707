"""`vigie backtest --rings`: which flashes each reader would have had under the edited lists, and under the old ones."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TextIO

from bot.digest import budget
from bot.ending import WRONG, CannotRun, Stop
from bot.french import counted
from bot.opening import opened
from bot.reading.matched import article_of_stored
from bot.trials import backtest
from bot.trials.backtest import SHOWN, BacktestAsked
from matchers.engine.engine import Engine, compile_engine
from matchers.trials.backtest import Lists
from storage.articles.model import StoredArticle
from storage.chats.model import Destination, Follower, KeptArticle

_DATED = "dated"  # the flag of what was old when it came: it rings nobody


@dataclass(frozen=True, slots=True)
class ReaderRings:
    """What would have rung for a chat, or a topic of it, in the order in which it came: under the lists in force
    (`before`) and under the edited ones, its budget of a week applied."""

    reader: Destination
    before: tuple[StoredArticle, ...]
    after: tuple[StoredArticle, ...]

    @property
    def gained(self) -> tuple[StoredArticle, ...]:
        return _less(self.after, self.before)

    @property
    def lost(self) -> tuple[StoredArticle, ...]:
        return _less(self.before, self.after)


def _less(some: Iterable[StoredArticle], others: Iterable[StoredArticle]) -> tuple[StoredArticle, ...]:
    known = {each.id for each in others}
    return tuple(each for each in some if each.id not in known)


def run(asked: BacktestAsked, now: datetime, out: TextIO) -> int:
    """Print what each reader gains and loses. Exit code 0. Raises Stop, or StoreError where the base can't be used."""
    if asked.watchlist is not None or asked.stream is not None:
        raise Stop(WRONG, "--rings relit toute l’archive pour toutes les veilles : ôtez la veille, ou --stream")
    after, before = backtest.folder(asked.folder), _before(asked)
    engines = tuple(compile_engine(side.watchlists, side.entities) for side in (before, after.lists))
    since = now - timedelta(days=asked.days)
    with closing(opened(asked.database, "rien à relire")) as store:
        stories, readers = store.rings.stories(since), store.chats.destinations()
        was, new = _kept(engines, store.articles.archive(since), stories)
    told = [ReaderRings(each, _rung(was, each), _rung(new, each)) for each in readers]
    if asked.as_json:
        print(
            json.dumps({"days": asked.days, "readers": [*map(_as_json, told)]}, ensure_ascii=False, indent=2), file=out
        )
        return 0
    for line in _report(told, len(stories), asked):
        print(line, file=out)
    return 0


def _before(asked: BacktestAsked) -> Lists:
    side = backtest.other(asked.against) if asked.against is not None else backtest.in_force(asked.database)
    if side is None:
        raise CannotRun(
            f"{asked.database} ne connaît aucune veille en vigueur : lancez vigie run, ou donnez --against DOSSIER"
        )
    return side.lists


def _kept(
    engines: tuple[Engine, ...], articles: Iterable[StoredArticle], stories: Mapping[int, int]
) -> tuple[list[KeptArticle], ...]:
    """What each engine keeps of the articles that could be announced: those that have a story, or stand alone."""
    found: tuple[list[KeptArticle], ...] = tuple([] for _ in engines)
    for stored in articles:
        if stored.id not in stories or _DATED in stored.flags:
            continue
        article = article_of_stored(stored)
        for engine, kept in zip(engines, found, strict=True):
            if matches := engine.match(article):
                kept.append(KeptArticle(stored, matches, stories[stored.id]))
    return found


def _rung(kept: Iterable[KeptArticle], reader: Destination) -> tuple[StoredArticle, ...]:
    """As the replay of a budget has it: each story once, and no more in a week than the reader wants."""
    followed = tuple(replace(each, since=0) for each in reader.subscriptions)
    rung = [each.article for each in budget.replay(kept, Follower(reader.chat, followed))]
    most = reader.chat.per_week
    rings = budget.rings(rung, most) if most else (True,) * len(rung)
    return tuple(each for each, does in zip(rung, rings, strict=True) if does)


# --- what is told --------------------------------------------------------------------------------------------------
def _report(told: Iterable[ReaderRings], size: int, asked: BacktestAsked) -> Iterator[str]:
    told = list(told)
    yield f"{counted(size, 'article relu', 'articles relus')}, {asked.days} jours"
    moved = [each for each in told if each.gained or each.lost]
    for each in moved:
        yield ""
        yield f"{_name(each.reader)} : {len(each.before)} → {_flashes(each)}"
        for sign, articles in (("+", each.gained), ("−", each.lost)):
            shown = articles if asked.everything else articles[:SHOWN]
            yield from (f"   {sign} [{one.id}] {' '.join(one.title.split()) or '(sans titre)'}" for one in shown)
            if len(articles) > len(shown):
                yield f"   {sign} et {len(articles) - len(shown)} de plus (--all les montre)"
    if same := len(told) - len(moved):
        yield ""
        yield f"Sans changement : {counted(same, 'lecteur', 'lecteurs')}"
    if not told:
        yield "Personne ne suit de veille."


def _flashes(told: ReaderRings) -> str:
    most = told.reader.chat.per_week
    said = counted(len(told.after), "flash", "flashes")
    return f"{said} (budget : {most} par semaine)" if most else said


def _name(reader: Destination) -> str:
    name = f"chat {reader.chat.telegram_id}"
    return f"{name}, sujet {reader.thread}" if reader.thread else name


def _as_json(told: ReaderRings) -> dict[str, Any]:
    return {
        "chat": told.reader.chat.telegram_id,
        "thread": told.reader.thread,
        "before": len(told.before),
        "after": len(told.after),
        "gained": [int(each.id) for each in told.gained],
        "lost": [int(each.id) for each in told.lost],
    }
