"""`vigie status`: how Vigie is, on one screen."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TextIO

from bot import __version__
from bot.config.environment import ROLES
from bot.daemon.lock import holder
from bot.daemon.monitoring import resident_memory
from bot.french import count, counted, size, span
from bot.tools.sources import counted_states
from storage import open_store
from storage.operators.model import DaemonRow, Figures, OfficeRow
from storage.place import Place

LISTS_SHOWN = 12
DAEMONS_SHOWN = 6
EVERY_ROLE = ",".join(sorted(ROLES))
LATE = timedelta(minutes=1)  # a feed that waits for less is on its way
OFFICES = {"sender": "envoie", "desk": "tient le journal"}
CHATS = {"active": ("actif", "actifs"), "held": ("retenu", "retenus"), "gone": ("parti", "partis")}


@dataclass(frozen=True, slots=True)
class Seen:
    """`process` is the running daemon's, None without one; `memory` its bytes. `figures` is None without a database."""

    database: Place
    now: datetime
    process: int | None
    memory: int | None
    figures: Figures | None


def look(database: Place, now: datetime) -> Seen:
    """Look, and change nothing. Raises StoreError."""
    process = holder(database)
    return Seen(database, now, process, resident_memory(process) if process else None, _figures(database, now))


def show(seen: Seen, out: TextIO, *, as_json: bool) -> int:
    """Print it. Exit code 0: that a daemon does not run is no failure of this command."""
    if as_json:
        value = asdict(seen) | {"version": __version__}
        print(json.dumps(value, ensure_ascii=False, indent=2, default=str), file=out)
        return 0
    for name, told in _lines(seen):
        print(f"{name:<10}  {told}", file=out)
    return 0


def _figures(database: Place, now: datetime) -> Figures | None:
    if not database.exists():  # a look must not create what it looks at
        return None
    store = open_store(database)
    try:
        return store.figures(now)
    finally:
        store.close()


def _lines(seen: Seen) -> Iterator[tuple[str, str]]:
    yield "Vigie", f"{__version__} · {_running(seen)}"
    figures = seen.figures
    if figures is None:
        yield "Base", f"{seen.database} n’existe pas encore : lancez « vigie run »"
        return
    yield "Base", f"{seen.database} · {figures.engine} · {size(figures.size)} · schéma {figures.version}"
    yield from _daemons(figures)
    followed = sum(number for _, number in figures.feeds)
    states = counted_states(figures.feeds)
    yield "Sources", f"{counted(followed, 'suivie', 'suivies')}{states and f' : {states}'} · {figures.paused} en pause"
    share = f" ({figures.not_modified * 100 // figures.requests} %)" if figures.requests else ""
    yield "Requêtes", f"{count(figures.requests)}, dont {count(figures.not_modified)} sans nouveauté{share}"
    if figures.lag.longest > LATE:
        feeds = counted(figures.lag.feeds, "source attend", "sources attendent")
        yield "Retard", f"{feeds} leur tour, la première depuis {span(figures.lag.longest)}"
    yield "Articles", f"{count(figures.articles)} · le dernier {_since(figures.newest, seen.now)}"
    yield "Veilles", _lists(figures)
    yield from _messages(figures, seen.now)


def _messages(figures: Figures, now: datetime) -> Iterator[tuple[str, str]]:
    waiting = figures.waiting
    age = f" (la plus ancienne depuis {span(now - waiting.oldest)})" if waiting.oldest else ""
    held = counted(waiting.held, "retenue", "retenues")
    yield "File", f"{count(waiting.queued)} en attente{age}, {count(waiting.due)} à envoyer maintenant, {held}"
    for each in figures.stuck:
        messages = counted(each.messages, "message attend", "messages attendent")
        yield "Attente", f"{each.detail} ; {messages} depuis {span(now - each.since)}"
    if figures.lag.waves:
        yield "Annonces", f"{counted(figures.lag.waves, 'en cours', 'en cours')} à plus de 500 chats"
    if figures.paused_until is not None:
        yield (
            "Pause",
            f"rien ne part encore {span(figures.paused_until - now)} ; un rattrapage par chat ensuite (/pause)",
        )
    doubts = counted(waiting.doubts, "incertain", "incertains")
    yield "Envois", f"{count(figures.sent)} remis, {doubts}, {counted(waiting.dead, 'abandonné', 'abandonnés')}"
    chats = ", ".join(counted(number, *CHATS[state]) for state, number in figures.chats if state in CHATS)
    yield "Chats", chats or "aucun"
    yield "Digest", f"le dernier {_since(figures.last_digest, now)}"


def _daemons(figures: Figures) -> Iterator[tuple[str, str]]:
    """Who works on a shared base, who does what only one may, and who went without a word."""
    for each in figures.daemons[:DAEMONS_SHOWN]:
        yield "Démon", " · ".join((each.machine, *_said_of(each, figures.offices)))
    if (rest := len(figures.daemons) - DAEMONS_SHOWN) > 0:
        yield "", f"et {counted(rest, 'autre', 'autres')}"
    senders = [each for each in figures.daemons if "messages" in each.roles and each.alive]
    if senders and not any(each.name == "sender" and each.held for each in figures.offices):
        yield "Envoi", "personne n’envoie en ce moment : la relève prend dix secondes"


def _said_of(daemon: DaemonRow, offices: Iterable[OfficeRow]) -> Iterator[str]:
    yield "tout" if daemon.roles == EVERY_ROLE else f"VIGIE_ROLES={daemon.roles}"
    if not daemon.alive:
        yield f"sans nouvelles depuis {span(-daemon.left)}"
        return
    held = [each for each in offices if each.holder == daemon.run and each.held]
    yield from (f"{OFFICES[each.name]} (mandat {each.term})" for each in held if each.name in OFFICES)
    if daemon.astray:
        yield f"horloge en {'avance' if daemon.ahead > timedelta() else 'retard'} de {span(abs(daemon.ahead))}"


def _running(seen: Seen) -> str:
    if seen.figures is not None and seen.figures.shared:
        alive = sum(each.alive for each in seen.figures.daemons)
        return counted(alive, "démon en marche", "démons en marche") if alive else "à l’arrêt"
    if seen.process is None:
        return "à l’arrêt"
    memory = f", {size(seen.memory)} de mémoire" if seen.memory is not None else ""
    return f"en marche (processus {seen.process}{memory})" if seen.process else "en marche"


def _lists(figures: Figures) -> str:
    ranked = _by_number(figures.matches)
    shown = " · ".join(f"{name} {count(number)}" for name, number in ranked[:LISTS_SHOWN])
    return (shown or "rien de retenu") + (
        f" · et {counted(len(ranked) - LISTS_SHOWN, 'autre', 'autres')}" if len(ranked) > LISTS_SHOWN else ""
    )


def _by_number(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _since(moment: datetime | None, now: datetime) -> str:
    return "n’est pas encore venu" if moment is None else f"il y a {span(now - moment)}"
