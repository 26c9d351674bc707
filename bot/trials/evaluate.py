"""`vigie evaluate`: the watchlists of a folder held against articles that somebody judged."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from math import floor
from pathlib import Path
from typing import Any, TextIO

from bot.ending import CannotRun
from bot.french import count, counted, span
from bot.messages.forged import harmless
from bot.trials import unseen
from bot.trials.labels import Labelled, read_labelled, unknown, voted, written
from bot.trials.measures import ErrorKind, Mistake, Outcome, Scores, Share, by_group, by_watchlist, figures, mistakes
from bot.trials.recall import Recall, measured
from bot.trials.unseen import SitemapSample
from bot.trials.worth import VALUE, Worth, policies, worth
from matchers.engine.engine import Engine
from matchers.trials.explain import explain, in_short, strongest, why
from storage import open_store
from storage.files import write
from storage.place import Place
from storage.system import said

SAID = {
    "precision": "précision",
    "recall": "rappel",
    "core_recall": "rappel de l’essentiel",
    "false_alerts": "fausses alertes, pour 1\u202f000",
    "flashes_justified": "flashs justifiés",
    "events_rung": "faits urgents qui ont sonné",
    "subject_precision": "« sujet », précision",
    "subject_recall": "« sujet », rappel",
}
"""The rows of the table, by the field of Scores."""

POLICIES = {
    "vigie": "Vigie",
    "silence": "silence",
    "everything": "tout sonne",
    "phrases": "alerte par mots (titre, chapô)",
}
"""The rows of the table of rings."""

KINDS: dict[ErrorKind, str] = {
    "missed": "Manqués",
    "false": "Retenus à tort",
    "silent": "Urgents qui n’ont pas sonné",
    "unjustified": "Flashs de trop",
    "subject": "Sujets dits « cités en passant »",
    "mention": "Cités en passant, dits sujets",
}


@dataclass(frozen=True, slots=True)
class EvaluationAsked:
    """What the call says. `file` None: the votes of the base. `out`: where to write them as a labelled file. `by`: the
    key of the file whose values are measured apart; "" for none."""

    database: Place
    file: Path | None = None
    out: Path | None = None
    as_json: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Proved:
    """What a base proves of recall: by titles not kept that were judged, and by what sitemaps list."""

    recall: Recall | None = None
    sample: SitemapSample | None = None


def run(asked: EvaluationAsked, engine: Engine, out: TextIO, notes: TextIO) -> int:
    """Print what the watchlists are worth; on `notes`, those that labels name and that are not there. Exit code 0.

    Raises Stop, or StoreError where the base can't be used."""
    rows = read_labelled(asked.file, asked.by) if asked.file else voted(asked.database)
    if not rows:
        raise CannotRun("aucun article jugé : le fichier est vide" if asked.file else "aucun vote dans la base")
    for note in unknown(asked.file, rows, engine.watchlists) if asked.file else ():
        print(note, file=notes)
    if asked.out is not None:
        _export(rows, asked.out)
    proved = _proved(asked.database) if asked.file is None else _Proved()
    outcomes = [Outcome(row, engine.match(row.article)) for row in rows]
    if asked.as_json:
        print(json.dumps(_as_json(engine, outcomes, proved, asked.by), ensure_ascii=False, indent=2), file=out)
    else:
        for line in _report(engine, outcomes, proved, asked.by):
            print(line, file=out)
    return 0


def _export(rows: Iterable[Labelled], path: Path) -> None:
    try:
        write(path, b"".join(map(written, rows)))
    except OSError as problem:
        raise CannotRun(f"impossible d’écrire {path} ({said(problem)})") from problem


# --- for people ----------------------------------------------------------------------------------------------------
def _report(engine: Engine, outcomes: list[Outcome], proved: _Proved, by: str) -> Iterator[str]:
    wanted = [each for each in outcomes if each.is_wanted]
    core = sum(each.labelled.label.label == 2 for each in wanted)
    articles, kept = counted(len(outcomes), "article jugé", "articles jugés"), f"{count(len(wanted))} à retenir"
    yield f"{articles}, {kept} dont {count(core)} au cœur du sujet ; entre crochets, l’intervalle à 95 % (Wilson)"
    yield ""
    yield from _table(figures(outcomes))
    if proved.recall is not None:
        yield _bound(proved.recall)
    if proved.sample is not None:
        yield _unseen(proved.sample)
    sure = [each for each in outcomes if each.labelled.label.sure]
    if len(sure) < len(outcomes):
        short = figures(sure)
        yield f"sans les {count(len(outcomes) - len(sure))} incertains : " + " · ".join(
            f"{SAID[name]} {_value(getattr(short, name), name)}"
            for name in ("precision", "recall", "core_recall", "false_alerts")
        )
    yield ""
    for name, (precision, recall) in by_watchlist(outcomes, engine.watchlists).items():
        yield f"{name:<28} précision {_told(precision)}   rappel {_told(recall)}"
    yield from _groups(outcomes, by) if by else ()
    yield ""
    yield from _rings(engine, outcomes)
    yield from _errors(engine, mistakes(outcomes))


def _groups(outcomes: Iterable[Outcome], by: str) -> Iterator[str]:
    """The figures that a change of sources moves, for each value of a key."""
    yield ""
    yield f"par « {harmless(by)} »"
    for group, theirs in by_group(outcomes).items():
        found = figures(theirs)
        yield f"{harmless(group) or '(rien)'}, {counted(len(theirs), 'article', 'articles')}"
        for name in ("precision", "recall", "false_alerts"):
            yield f"   {SAID[name]:<31} {_told(getattr(found, name), name)}"


def _rings(engine: Engine, outcomes: list[Outcome]) -> Iterator[str]:
    """What rings are worth, beside what would ring without Vigie."""
    value = f"{VALUE:.0f}"
    yield f"sonneries ; un fait sonné vaut {value} sonneries vaines ; entre crochets, la borne basse à 95 %"
    for name, policy in policies(engine).items():
        found = worth(outcomes, policy)
        even = f", utile si un fait vaut plus de {_number(found.break_even, 'even')}" if found.break_even else ""
        late = "" if found.delay is None else f", délai médian {span(found.delay)}"
        rung = f"{counted(found.gain, 'fait sonné', 'faits sonnés')}, {counted(found.pain, 'vaine', 'vaines')}"
        utility = f"utilité {_signed(found.utility)} [{_signed(found.least)}]"
        yield f"{POLICIES[name]:<34} {utility} : {rung}{even}{late}"


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−") if round(value) else "0"


def _bound(proved: Recall) -> str:
    """What titles not kept prove: bounds are rounded down."""
    near, low = (_number(floor(100 * share) / 100, "recall") for share in (proved.near, proved.low))
    titles = counted(proved.titles, "titre non retenu, jugé", "titres non retenus, jugés")
    return f"rappel, par {titles} : ≥ {near} de ce qui touche une veille, ≥ {low} de tout ce qui est lu (95 %)"


def _unseen(sample: SitemapSample) -> str:
    """What the sitemaps of a day list, and what of it was never seen."""
    lost = counted(sample.unseen, "titre jamais vu", "titres jamais vus")
    where = f"{count(sample.listed)} que listent les plans de site de {counted(sample.sources, 'source', 'sources')}"
    return f"{sample.day.isoformat()} : {lost}, sur {where}"


def _proved(database: Place) -> _Proved:
    with closing(open_store(database)) as store:
        return _Proved(measured(store, datetime.now(UTC)), unseen.read(store.key_values.get(unseen.MEMO)))


def _table(found: Scores) -> Iterator[str]:
    for field in fields(found):
        yield f"{SAID[field.name]:<34} {_told(getattr(found, field.name), field.name)}"


def _told(share: Share, name: str = "") -> str:
    """« 0,85 [0,79 – 0,90] 132/155 »."""
    low, high = (_number(bound, name) for bound in share.interval)
    interval = f" [{low} – {high}]" if share.whole else ""
    return f"{_value(share, name)}{interval} {count(share.part)}/{count(share.whole)}"


def _value(share: Share, name: str) -> str:
    return "–" if share.value is None else _number(share.value, name)


def _number(value: float, name: str) -> str:
    shown = f"{1000 * value:.1f}" if name == "false_alerts" else f"{value:.2f}"
    return shown.replace(".", ",")


def _errors(engine: Engine, found: Iterable[Mistake]) -> Iterator[str]:
    last = None
    for mistake in found:
        if mistake.kind != last:
            yield ""
            yield KINDS[mistake.kind]
            last = mistake.kind
        labelled = mistake.outcome.labelled
        title = " ".join(harmless(labelled.article.title).split()) or "(sans titre)"
        doubt = "" if labelled.label.sure else " (incertain)"
        yield f"   [{harmless(labelled.id)}] {title}{doubt}"
        yield from (f"       {watchlist} : {reason}" for watchlist, reason in _reasons(engine, mistake))


def _reasons(engine: Engine, mistake: Mistake) -> Iterator[tuple[str, str]]:
    """Of each watchlist that kept it, what weighed most; of each that should have, what it lacked."""
    article = mistake.outcome.labelled.article
    if mistake.kind == "missed":
        for name in mistake.watchlists:
            known = name in engine.watchlists
            yield name, in_short(why(engine, article, name)) if known else "il n’y a pas cette veille"
        return
    for each in explain(engine, article):
        if each.watchlist.id in mistake.watchlists:
            guide = " ; guide, avis ou publicité" if mistake.outcome.labelled.label.evergreen else ""
            yield each.watchlist.id, f"{strongest(each.parts)} ; score {each.match.score}{guide}"


# --- for programs --------------------------------------------------------------------------------------------------
def _as_json(engine: Engine, outcomes: list[Outcome], proved: _Proved, by: str) -> dict[str, Any]:
    found, sure = figures(outcomes), figures([each for each in outcomes if each.labelled.label.sure])
    lists = by_watchlist(outcomes, engine.watchlists).items()
    return {
        "articles": len(outcomes),
        "figures": _shares(found),
        "sure": _shares(sure),
        "watchlists": {name: {"precision": _share(one), "recall": _share(other)} for name, (one, other) in lists},
        **({"groups": {group: _group(theirs) for group, theirs in by_group(outcomes).items()}} if by else {}),
        "rings": {name: _worth(worth(outcomes, policy)) for name, policy in policies(engine).items()},
        **({} if proved.recall is None else {"recall_bound": asdict(proved.recall)}),
        **({} if proved.sample is None else {"sitemaps": json.loads(unseen.written(proved.sample))}),
        "errors": [_error(engine, mistake) for mistake in mistakes(outcomes)],
    }


def _group(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    sure = [each for each in outcomes if each.labelled.label.sure]
    return {"articles": len(outcomes), "figures": _shares(figures(outcomes)), "sure": _shares(figures(sure))}


def _shares(found: Scores) -> dict[str, Any]:
    return {field.name: _share(getattr(found, field.name)) for field in fields(found)}


def _worth(found: Worth) -> dict[str, Any]:
    delay = None if found.delay is None else found.delay.total_seconds()
    return {**asdict(found), "delay": delay, "break_even": found.break_even}


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"value": share.value, "low": low, "high": high, "part": share.part, "n": share.whole}


def _error(engine: Engine, mistake: Mistake) -> dict[str, Any]:
    labelled = mistake.outcome.labelled
    return {
        "kind": mistake.kind,
        "id": labelled.id,
        "title": labelled.article.title,
        "label": labelled.label.label,
        "sure": labelled.label.sure,
        "reasons": dict(_reasons(engine, mistake)),
    }
